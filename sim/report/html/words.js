// Numbers and situations as people say them.

const OUTCOMES = [
    {name: 'old', short: 'old version', long: 'the old version runs'},
    {name: 'new', short: 'new version', long: 'the new version runs'},
    {name: 'third', short: 'third version', long: 'a version runs that is neither the old nor the new one'},
    {name: 'brick', short: 'brick', long: 'nothing boots any more'},
    {name: 'loop', short: 'boot loop', long: 'it boots again and again and never stays up'},
];

function count(number) {
    return Math.round(number).toLocaleString('en-US');
}

function counted(number, one, many) {
    return `${count(number)} ${number === 1 ? one : many || one + 's'}`;
}

function digits(number, most) {
    return number.toLocaleString('en-US', {maximumSignificantDigits: most});
}

// 45,000,000 ns → "45 ms"
function duration(ns, most = 4) {
    const [unit, size] =
        ns >= 1e9 ? ['s', 1e9] : ns >= 1e6 ? ['ms', 1e6] : ns >= 1e3 ? ['µs', 1e3] : ['ns', 1];
    return `${digits(ns / size, most)} ${unit}`;
}

function percent(part, whole) {
    const share = whole > 0 ? (100 * part) / whole : 0;
    return `${share > 99 && share < 100 ? digits(Math.floor(share * 100) / 100, 4) : digits(share, 3)} %`;
}

function bytes(size) {
    if (size >= 1 << 20 && size % (1 << 18) === 0) return `${digits(size / (1 << 20), 4)} MB`;
    return size >= 1024 && size % 1024 === 0 ? `${count(size / 1024)} KB` : counted(size, 'byte');
}

function hex(address) {
    return `0x${address.toString(16)}`;
}

function titleOf(scenario) {
    return scenario.name || scenario.file;
}

// "fail", "error", "known" (it passes, with declared bugs or violations) or "pass"
function stateOf(scenario) {
    if (scenario.verdict !== 'pass') return scenario.verdict;
    return scenario.known_bugs.length > 0 || scenario.violations.some((violation) => violation.known)
        ? 'known'
        : 'pass';
}

const STATE_WORDS = {fail: 'Failed', incomplete: 'Incomplete', error: 'Error', known: 'Passed, known issue', pass: 'Passed'};

// Text of several lines to lines, without the last one's end.
function linesOf(text) {
    return (text || '').replace(/\n$/, '').split('\n');
}
