// The scenario's text with line numbers; lines that something is said about are marked and say it.

function commentStart(line) {
    const at = line.search(/(^|\s)#/);
    return at < 0 ? line.length : at;
}

function sourceLine(text, number, notes) {
    const at = commentStart(text),
        kind = notes.some((note) => note.kind === 'wrong') ? 'wrong' : notes.length > 0 ? 'noted' : '';
    return [
        el(
            'span',
            {class: `line ${kind}`, 'data-line': number},
            el('span', {class: 'number', 'aria-hidden': 'true'}, String(number)),
            el(
                'span',
                {class: 'code'},
                text.slice(0, at),
                at < text.length && el('span', {class: 'comment'}, text.slice(at)),
                '\n',
            ),
        ),
        ...notes.map((note) => el('span', {class: `note ${note.kind}`}, note.text, '\n')),
    ];
}

// Lines of errors, of failures, and of the steps in which a violation's power cut falls.
function sourceNotes(scenario) {
    const error = (scenario.error || '').replace(/^.*:\d+:\d+: /, '');
    return [
        {line: scenario.error_line, kind: 'wrong', text: error},
        ...scenario.failures.map((failure) => ({line: failure.line, kind: 'wrong', text: failure.message})),
        ...scenario.violations.map((violation) => ({
            line: violation.line,
            kind: violation.known ? 'noted' : 'wrong',
            text: `${violation.invariant}: the power goes in this step`,
        })),
    ].filter((note) => note.line > 0);
}

class SourceView {
    constructor(scenario, text) {
        const notes = sourceNotes(scenario);
        const lines = linesOf(text).flatMap((line, i) =>
            sourceLine(
                line,
                i + 1,
                notes.filter((note) => note.line === i + 1),
            ),
        );
        this.pre = block(`Source of ${scenario.file}`, lines);
        this.pre.classList.add('source');
        this.firstNote = Math.min(...notes.map((note) => note.line));
    }

    panel() {
        return el('section', {class: 'panel source-panel'}, el('h3', {}, 'Scenario'), this.pre);
    }

    // Marks a line for the moment and brings it into view within the source, not moving the page.
    show(number) {
        for (const line of this.pre.querySelectorAll('.line.now')) line.classList.remove('now');
        const line = this.pre.querySelector(`[data-line="${number}"]`);
        if (line) {
            line.classList.add('now');
            this.scrollTo(line);
        }
    }

    scrollTo(line) {
        const above = line.offsetTop - this.pre.offsetTop,
            seen = this.pre.clientHeight;
        if (above < this.pre.scrollTop || above > this.pre.scrollTop + seen - 30)
            this.pre.scrollTop = above - seen / 3;
    }

    showFirstNote() {
        const line =
            Number.isFinite(this.firstNote) && this.pre.querySelector(`[data-line="${this.firstNote}"]`);
        if (line) this.scrollTo(line);
    }
}
