// Cards for what went wrong: a violated invariant or an expectation that is not met.

// ---- the command that shows it again ------------------------------------------------------------------

function copyByHand(text) {
    const area = el('textarea', {class: 'hidden', 'aria-hidden': 'true'}, text);
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
}

async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return copyByHand(text); // pages from disk may lack the clipboard of secure pages
    }
}

function commandLine(command) {
    const said = el('span', {class: 'said', role: 'status'});
    const copy = el(
        'button',
        {
            type: 'button',
            class: 'copy',
            onclick: async () => {
                said.textContent = (await copyText(command)) ? 'copied' : 'select it and copy by hand';
            },
        },
        'Copy',
    );
    return el('div', {class: 'command'}, el('code', {tabindex: 0}, command), copy, said);
}

// ---- before and after --------------------------------------------------------------------------------

// A line with the words marked that its counterpart does not have in their place.
function compared(line, other) {
    const words = line.split(/(\s+)/),
        others = (other ?? '').split(/(\s+)/);
    return [words.map((word, i) => (word.trim() && word !== others[i] ? el('mark', {}, word) : word)), '\n'];
}

function beforeAfter(violation) {
    if (violation.cuts === 0) return null; // nothing was cut
    const before = linesOf(violation.before),
        after = linesOf(violation.after);
    const side = (title, lines, others) =>
        el(
            'div',
            {},
            el('h4', {}, title),
            block(
                // of several cards that are open at once
                `${title}, ${violation.address}`,
                lines.map((line, i) => compared(line, others[i])),
            ),
        );
    return el(
        'div',
        {class: 'sides'},
        side('Before the cut', before, after),
        side('What the cut left', after, before),
    );
}

// ---- cards ----------------------------------------------------------------------------------------------

function violationFacts(scenario, violation) {
    const run = scenario.exploration.run_us;
    return facts([
        ['crash states', count(violation.states)],
        [
            'exposed for',
            duration(violation.exposure_us * 1000),
            run > 0 && `${percent(violation.exposure_us, run)} of the run`,
        ],
        violation.per_million !== null && ['of a million updates', digits(violation.per_million, 3)],
        ['power cuts it takes', count(violation.cuts)],
    ]);
}

function card(kind, badge, title, subtitle, open, ...body) {
    return el(
        'details',
        {class: `card ${kind}`, open},
        el(
            'summary',
            {},
            el('span', {class: `badge ${kind}`}, badge),
            el('span', {class: 'title'}, title),
            subtitle && el('span', {class: 'subtitle'}, subtitle),
        ),
        el('div', {class: 'body'}, body),
    );
}

function violationCard(scenario, violation, open) {
    const kind = violation.known ? 'known' : 'fail';
    return card(
        kind,
        violation.known ? 'known' : 'violated',
        violation.invariant,
        violation.meaning,
        open,
        violation.why &&
            el(
                'p',
                {class: 'why'},
                el(
                    'b',
                    {},
                    violation.hazard ? `ESP-IDF ${violation.hazard.id}, not your code: ` : 'Declared as known: ',
                ),
                violation.why,
                violation.link && [' ', link(violation.link)],
                violation.hazard && [' ', el('i', {}, 'What to do: '), violation.hazard.remedy],
            ),
        el('p', {class: 'cause'}, `To blame: ${violation.cause.words}.`),
        violation.mismatch && el('p', {class: 'why'}, violation.mismatch),
        el('p', {class: 'story'}, violation.story || ''),
        violationFacts(scenario, violation),
        beforeAfter(violation),
        violation.decision && [
            el('h4', {}, 'What the device decides when it is back'),
            block(`Boot decision, ${violation.address}`, violation.decision),
        ],
        el('h4', {}, 'See it happen'),
        commandLine(violation.replay),
        !violation.known && [el('h4', {}, 'To declare it as known'), block('Entry', violation.entry)],
    );
}

function failureCard(failure, open) {
    return card(
        'fail',
        'not met',
        failure.message,
        failure.step && `in ${failure.step}`,
        open,
        failure.source !== null &&
            failure.line > 0 && [
                el('h4', {}, `Line ${failure.line}`),
                block(`Line ${failure.line}`, failure.source),
            ],
        failure.expected !== null &&
            el(
                'dl',
                {class: 'expected'},
                el('dt', {}, 'expected'),
                el('dd', {}, failure.expected),
                el('dt', {}, 'got'),
                el('dd', {}, failure.actual ?? ''),
            ),
        failure.said && [el('h4', {}, 'What the device said'), block('What the device said', failure.said)],
        failure.otadata && [el('h4', {}, 'otadata'), block('otadata', failure.otadata)],
        failure.operations && [
            el('h4', {}, 'Last flash operations'),
            block('Last flash operations', failure.operations),
        ],
    );
}

// New violations first, the first card open; known ones stay closed.
function findingCards(scenario) {
    const fresh = scenario.violations.filter((violation) => !violation.known),
        known = scenario.violations.filter((violation) => violation.known);
    const first = fresh.length + scenario.failures.length > 0;
    return [
        scenario.error &&
            el(
                'div',
                {class: 'card error', role: 'alert'},
                el(
                    'div',
                    {class: 'body'},
                    el('span', {class: 'badge error'}, 'could not be run'),
                    block('Error', scenario.error),
                ),
            ),
        ...fresh.map((violation, i) => violationCard(scenario, violation, i === 0)),
        ...scenario.failures.map((failure, i) => failureCard(failure, fresh.length === 0 && i === 0)),
        ...known.map((violation, i) => violationCard(scenario, violation, !first && i === 0)),
        ...scenario.known_bugs.map((bug) =>
            card(
                'known',
                'known bug',
                bug,
                null,
                false,
                el('p', {}, 'It is there, as the scenario declares; it does not fail the run.'),
            ),
        ),
    ].filter(Boolean);
}
