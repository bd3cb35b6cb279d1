// The timeline with its controls, its legend and what is told about a chosen operation.

const KIND_WORDS = {program: 'program', erase: 'erase', efuse: 'eFuse burn', several: 'erases and programs'};

// What was running or being called at that time.
function spanAt(scenario, track, time) {
    return scenario.spans.find((span) => span.track === track && time >= span.start && time < span.end);
}

function describeMark(mark, scenario) {
    const outcomes = OUTCOMES.filter(({name}) => mark.outcomes[name] > 0).map(
        ({name, long}) => `${count(mark.outcomes[name])}: ${long}`,
    );
    const home = scenario.partitions.find(
        (p) => mark.address >= p.address && mark.address < p.address + p.size,
    );
    const where =
        mark.kind === 'efuse'
            ? ''
            : `, ${bytes(mark.length)} at ${hex(mark.address)}${home ? ` (${home.label})` : ''},`;
    const what =
        mark.operations > 1 ? `${count(mark.operations)} × ${KIND_WORDS[mark.kind]}` : KIND_WORDS[mark.kind];
    const call =
        mark.call ||
        spanAt(scenario, 'calls', mark.start)?.name ||
        spanAt(scenario, 'boots', mark.start)?.name ||
        'the app';
    return [
        el('b', {}, what),
        `${where} in `,
        el('code', {}, call),
        mark.line ? `, line ${mark.line}. ` : '. ',
        `From ${duration(mark.start, 9)}, for ${duration(mark.end - mark.start)}. `,
        mark.states > 0 ? `${counted(mark.states, 'crash state')}: ${outcomes.join('; ')}.` : '',
    ];
}

class Timeline {
    constructor(scenario, marks, chosen) {
        this.scenario = scenario;
        this.marks = marks;
        this.view = new TimeWindow(
            Math.max(scenario.flash.time_us * 1000, ...marks.slice(-1).map((mark) => mark.end)),
        );
        this.picture = new TimelinePicture(marks, scenario.spans, this.view);
        this.chosen = -1;
        this.tellChosen = chosen; // called with the chosen mark
        this.stage = el(
            'div',
            {
                class: 'stage',
                tabindex: 0,
                role: 'group',
                'aria-label': 'Timeline of the recorded run',
                'aria-describedby': 'timeline-keys',
            },
            this.picture.svg,
        );
        this.range = el('span', {class: 'range'});
        this.detail = el(
            'p',
            {class: 'detail', role: 'status'},
            'Choose an operation to see what it was and what a cut there leads to.',
        );
        this.listen();
        whenSized(this.stage, () => this.draw());
    }

    listen() {
        const draw = () => this.draw();
        zoomByWheel(this.stage, this.view, draw);
        zoomByFingers(this.stage, this.view, draw, (event) =>
            this.choose(this.nearest(shareAt(this.stage, event))),
        );
        actOnKeys(this.stage, {
            '+': () => this.zoom(0.5),
            '=': () => this.zoom(0.5),
            '-': () => this.zoom(2),
            0: () => this.all(),
            Home: () => this.all(),
            ArrowLeft: () => this.pan(-0.2),
            ArrowRight: () => this.pan(0.2),
            'Shift+ArrowLeft': () => this.next(-1),
            'Shift+ArrowRight': () => this.next(1),
            ',': () => this.next(-1),
            '.': () => this.next(1),
            Enter: () => this.closeUp(),
        });
    }

    draw() {
        this.picture.draw(this.stage.clientWidth, this.marks[this.chosen]);
        this.range.textContent = this.view.whole
            ? `all of ${duration(this.view.end)}`
            : `${duration(this.view.from, 8)} to ${duration(this.view.to, 8)}` +
              ` (${duration(this.view.span, 3)})`;
    }

    // Around the chosen mark when it is seen, else around the middle.
    zoom(factor) {
        const mark = this.marks[this.chosen],
            seen = mark && this.view.contains(mark.start, mark.end);
        this.view.zoom(factor, seen ? ((mark.start + mark.end) / 2 - this.view.from) / this.view.span : 0.5);
        this.draw();
    }

    all() {
        this.view.all();
        this.draw();
    }

    pan(share) {
        this.view.pan(share);
        this.draw();
    }

    nearest(share) {
        const time = this.view.from + share * this.view.span,
            reach = (12 / this.stage.clientWidth) * this.view.span;
        let best = -1,
            distance = reach;
        this.marks.forEach((mark, i) => {
            const away = Math.max(mark.start - time, time - mark.end, 0);
            if (away < distance) [best, distance] = [i, away];
        });
        return best;
    }

    choose(index) {
        this.chosen = index;
        const mark = this.marks[index];
        this.detail.replaceChildren(
            ...(mark ? describeMark(mark, this.scenario).filter(Boolean) : ['No mark there.']),
        );
        if (mark) this.tellChosen(mark);
        this.draw();
    }

    next(step) {
        const start = this.chosen < 0 ? (step > 0 ? -1 : this.marks.length) : this.chosen;
        this.choose(Math.min(Math.max(start + step, 0), this.marks.length - 1));
        const mark = this.marks[this.chosen];
        if (!this.view.contains(mark.start, mark.end))
            this.view.show((mark.start + mark.end) / 2 - this.view.span / 2, this.view.span);
        this.draw();
    }

    closeUp() {
        const mark = this.marks[this.chosen];
        if (mark) this.view.center(mark.start, mark.end);
        this.draw();
    }

    controls() {
        const button = (text, label, action) =>
            el('button', {type: 'button', 'aria-label': label, title: label, onclick: action}, text);
        return el(
            'div',
            {class: 'controls'},
            button('−', 'Zoom out', () => this.zoom(2)),
            button('+', 'Zoom in', () => this.zoom(0.5)),
            button('All', 'Show the whole run', () => this.all()),
            button('‹', 'Previous operation', () => this.next(-1)),
            button('›', 'Next operation', () => this.next(1)),
            button('Close-up', 'Zoom to the chosen operation', () => this.closeUp()),
            this.range,
        );
    }
}

function timelineLegend(marks) {
    const totals = Object.fromEntries(
        OUTCOMES.map(({name}) => [name, marks.reduce((sum, mark) => sum + mark.outcomes[name], 0)]),
    );
    return el(
        'ul',
        {class: 'legend'},
        OUTCOMES.map(({name, long}) =>
            el(
                'li',
                {class: totals[name] > 0 ? '' : 'none'},
                el('span', {class: `swatch ${name}`, 'aria-hidden': 'true'}),
                `${long}: ${totals[name] > 0 ? count(totals[name]) : 'never'}`,
            ),
        ),
    );
}

const TIMELINE_INTRO = {
    explored:
        'The recorded run on simulated time. Every request to the flash is a mark; it stands in the row of each' +
        ' way that a power cut there can end,' +
        ' as high as its share of the crash states.',
    plain:
        'The run on simulated time: what runs, what it calls, every request to the flash. Power cuts were not' +
        ' explored, as the scenario has no “explore” or the run was told not to.',
    grouped: ' The run is long: neighbouring operations are put together.',
};

function keyHelp() {
    const key = (name) => el('kbd', {}, name);
    return el(
        'p',
        {class: 'keys', id: 'timeline-keys'},
        'Wheel or ',
        key('+'),
        ' ',
        key('−'),
        ' zooms down to the microsecond, dragging or ',
        key('←'),
        ' ',
        key('→'),
        ' pans, ',
        key(','),
        ' ',
        key('.'),
        ' step through the operations, ',
        key('Enter'),
        ' goes close, ',
        key('0'),
        ' shows all.',
    );
}

// chosen(mark) is called when somebody chooses an operation. null when nothing was recorded.
function timelinePanel(scenario, chosen) {
    const marks = marksOf(scenario.timeline),
        explored = scenario.exploration !== null;
    if (marks.length === 0) return null;
    const timeline = new Timeline(scenario, marks, chosen),
        grouped = marks.some((mark) => mark.operations > 1);
    return section(
        'Timeline',
        (explored ? TIMELINE_INTRO.explored : TIMELINE_INTRO.plain) + (grouped ? TIMELINE_INTRO.grouped : ''),
        explored && timelineLegend(marks),
        timeline.controls(),
        timeline.stage,
        timeline.detail,
        keyHelp(),
    );
}
