// The recorded run on simulated time: every operation a mark, in the row of what a cut there leads to.

const ROW = {label: 15, band: 20, gap: 7};
const CALLS_BAND = 19;
const KIND_WORDS = {program: 'program', erase: 'erase', efuse: 'eFuse burn', several: 'erases and programs'};

// The report's columns to one object a mark.
function marksOf(timeline) {
    return (timeline.start || []).map((start, i) => ({
        start, end: start + timeline.duration[i], kind: timeline.kind[i], call: timeline.call[i],
        address: timeline.address[i], length: timeline.length[i], line: timeline.line[i],
        operations: timeline.operations[i], states: timeline.states[i],
        outcomes: Object.fromEntries(OUTCOMES.map(({name}) => [name, timeline[name][i]])),
    }));
}

// Neighbours of the same call and step, as one span.
function callSpans(marks) {
    const spans = [];
    for (const mark of marks) {
        const last = spans.at(-1);
        if (last && last.call === mark.call && last.line === mark.line)
            last.end = mark.end;
        else
            spans.push({call: mark.call, line: mark.line, start: mark.start, end: mark.end});
    }
    return spans;
}

function describeMark(mark, scenario) {
    const outcomes = OUTCOMES.filter(({name}) => mark.outcomes[name] > 0)
        .map(({name, long}) => `${count(mark.outcomes[name])}: ${long}`);
    const home = scenario.partitions.find((p) => mark.address >= p.address && mark.address < p.address + p.size);
    const where = mark.kind === 'efuse' ? '' : `, ${bytes(mark.length)} at ${hex(mark.address)}${home ? ` (${home.label})` : ''},`;
    const what = mark.operations > 1 ? `${count(mark.operations)} × ${KIND_WORDS[mark.kind]}` : KIND_WORDS[mark.kind];
    return [
        el('b', {}, what), `${where} in `, el('code', {}, mark.call || 'the app'), mark.line ? `, line ${mark.line}. ` : '. ',
        `From ${duration(mark.start, 9)}, for ${duration(mark.end - mark.start)}. `,
        mark.states > 0 ? `${counted(mark.states, 'crash state')}: ${outcomes.join('; ')}.` : 'No cut was tried here.',
    ];
}

// ---- drawing -------------------------------------------------------------------------------------

class TimelinePicture {
    constructor(marks, view) {
        this.marks = marks;
        this.view = view;
        this.spans = callSpans(marks);
        this.outcomes = OUTCOMES.filter(({name}) => marks.some((mark) => mark.outcomes[name] > 0));
        this.rowTop = (row) => 24 + ROW.label + CALLS_BAND + ROW.gap + row * (ROW.label + ROW.band + ROW.gap);
        this.height = this.rowTop(this.outcomes.length + 1);
        this.svg = svg('svg', {class: 'time', 'aria-hidden': 'true'});
    }

    x(ns) {
        return (ns - this.view.from) / this.view.span * this.width;
    }

    draw(width, chosen) {
        this.width = width;
        fill(this.svg, {width, height: this.height, viewBox: `0 0 ${width} ${this.height}`}, []);
        this.svg.replaceChildren(...this.axis(), ...this.choice(chosen), ...this.calls(),
            ...this.row(0, 'flash operations', 'operation', (mark) => mark.kind === 'program' ? 0.55 : 1),
            ...this.outcomes.flatMap((outcome, i) => this.row(i + 1, outcome.long, outcome.name, (mark) =>
                mark.states > 0 && mark.outcomes[outcome.name] > 0 ? 0.35 + 0.65 * mark.outcomes[outcome.name] / mark.states : 0)));
    }

    axis() {
        return this.view.ticks(this.width).map(({at, label}) => {
            const x = this.x(at), end = x > this.width - 30, start = x < 12;
            return svg('g', {class: 'tick'}, svg('line', {x1: x, x2: x, y1: 16, y2: this.height}),
                svg('text', {x, y: 11, 'text-anchor': end ? 'end' : start ? 'start' : 'middle'}, label));
        });
    }

    choice(mark) {
        if (!mark || mark.end < this.view.from || mark.start > this.view.to)
            return [];
        const x = this.x(mark.start);
        return [svg('rect', {class: 'chosen', x: x - 1.5, y: 16, width: Math.max(this.x(mark.end) - x, 0) + 3, height: this.height - 16})];
    }

    calls() {
        const top = 24 + ROW.label, parts = [svg('text', {class: 'row', x: 0, y: top - 5}, 'firmware calls')];
        for (const span of this.spans) {
            if (span.end < this.view.from || span.start > this.view.to)
                continue;
            const left = Math.max(this.x(span.start), 0), right = Math.min(this.x(span.end), this.width);
            parts.push(svg('rect', {class: 'call', x: left, y: top, width: Math.max(right - left - 0.5, 1), height: CALLS_BAND, rx: 2}));
            const name = span.call.replace(/^esp_ota_/, '');
            if (right - left > 6.4 * name.length + 8)
                parts.push(svg('text', {class: 'name', x: left + 4, y: top + 13}, name));
        }
        return parts;
    }

    // Marks of a row; share(mark) 0 to 1 is how high one is. Those closer together than the screen can tell are
    // one rectangle, as high as the highest.
    row(index, label, className, share) {
        const top = this.rowTop(index), boxes = [];
        for (const mark of this.marks) {
            const high = share(mark);
            if (high === 0 || mark.end < this.view.from || mark.start > this.view.to)
                continue;
            const left = Math.max(this.x(mark.start), -2), right = Math.min(Math.max(this.x(mark.end), left + 1.5), this.width + 2);
            const last = boxes.at(-1);
            if (last && right - left < 3 && left - last.right < 0.7) {
                last.right = Math.max(right, last.right);
                last.high = Math.max(high, last.high);
            } else {
                boxes.push({left, right, high});
            }
        }
        return [svg('text', {class: 'row', x: 0, y: top - 5}, label),
            svg('line', {class: 'base', x1: 0, x2: this.width, y1: top + ROW.band, y2: top + ROW.band}),
            ...boxes.map(({left, right, high}) => svg('rect', {
                class: `mark ${className}`, x: left.toFixed(2), width: Math.max(right - left - (right - left > 4 ? 0.6 : 0), 1).toFixed(2),
                y: (top + ROW.band * (1 - high)).toFixed(2), height: (ROW.band * high).toFixed(2)}))];
    }
}

// ---- the timeline with its controls -----------------------------------------------------------------

class Timeline {
    constructor(scenario, chosen) {
        this.scenario = scenario;
        this.marks = marksOf(scenario.exploration.timeline);
        this.view = new TimeWindow(Math.max(scenario.exploration.run_us * 1000, ...this.marks.slice(-1).map((mark) => mark.end)));
        this.picture = new TimelinePicture(this.marks, this.view);
        this.chosen = -1;
        this.tellChosen = chosen; // called with the chosen mark
        this.stage = el('div', {class: 'stage', tabindex: 0, role: 'group',
            'aria-label': 'Timeline of the recorded run', 'aria-describedby': 'timeline-keys'}, this.picture.svg);
        this.range = el('span', {class: 'range'});
        this.detail = el('p', {class: 'detail', role: 'status'}, 'Choose a mark to see what was done there and what a cut leads to.');
        this.listen();
        whenSized(this.stage, () => this.draw());
    }

    listen() {
        const draw = () => this.draw();
        zoomByWheel(this.stage, this.view, draw);
        zoomByFingers(this.stage, this.view, draw, (event) => this.choose(this.nearest(shareAt(this.stage, event))));
        actOnKeys(this.stage, {
            '+': () => this.zoom(0.5), '=': () => this.zoom(0.5), '-': () => this.zoom(2),
            '0': () => this.all(), Home: () => this.all(),
            ArrowLeft: () => this.pan(-0.2), ArrowRight: () => this.pan(0.2),
            'Shift+ArrowLeft': () => this.next(-1), 'Shift+ArrowRight': () => this.next(1),
            ',': () => this.next(-1), '.': () => this.next(1), Enter: () => this.closeUp(),
        });
    }

    draw() {
        this.picture.draw(this.stage.clientWidth, this.marks[this.chosen]);
        this.range.textContent = this.view.whole ? `all of ${duration(this.view.end)}`
            : `${duration(this.view.from, 8)} to ${duration(this.view.to, 8)} (${duration(this.view.span, 3)})`;
    }

    // Around the chosen mark when it is seen, else around the middle.
    zoom(factor) {
        const mark = this.marks[this.chosen], seen = mark && this.view.contains(mark.start, mark.end);
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
        const time = this.view.from + share * this.view.span, reach = 12 / this.stage.clientWidth * this.view.span;
        let best = -1, distance = reach;
        this.marks.forEach((mark, i) => {
            const away = Math.max(mark.start - time, time - mark.end, 0);
            if (away < distance)
                [best, distance] = [i, away];
        });
        return best;
    }

    choose(index) {
        this.chosen = index;
        const mark = this.marks[index];
        this.detail.replaceChildren(...(mark ? describeMark(mark, this.scenario).filter(Boolean) : ['No mark there.']));
        if (mark)
            this.tellChosen(mark);
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
        if (mark)
            this.view.center(mark.start, mark.end);
        this.draw();
    }

    controls() {
        const button = (text, label, action) => el('button', {type: 'button', 'aria-label': label, title: label, onclick: action}, text);
        return el('div', {class: 'controls'},
            button('−', 'Zoom out', () => this.zoom(2)), button('+', 'Zoom in', () => this.zoom(0.5)),
            button('All', 'Show the whole run', () => this.all()),
            button('‹', 'Previous operation', () => this.next(-1)), button('›', 'Next operation', () => this.next(1)),
            button('Close-up', 'Zoom to the chosen operation', () => this.closeUp()), this.range);
    }
}

function timelineLegend(marks) {
    const totals = Object.fromEntries(OUTCOMES.map(({name}) => [name, marks.reduce((sum, mark) => sum + mark.outcomes[name], 0)]));
    return el('ul', {class: 'legend'}, OUTCOMES.map(({name, long}) =>
        el('li', {class: totals[name] > 0 ? '' : 'none'}, el('span', {class: `swatch ${name}`, 'aria-hidden': 'true'}),
            `${long}: ${totals[name] > 0 ? count(totals[name]) : 'never'}`)));
}

function timelinePanel(scenario, chosen) {
    const marks = marksOf(scenario.exploration.timeline);
    if (marks.length === 0)
        return null;
    const timeline = new Timeline(scenario, chosen);
    const grouped = marks.some((mark) => mark.operations > 1);
    return section('Timeline', `The recorded run on simulated time. Every request to the flash is a mark; it stands in the row of each way that a power cut there can end,`
        + ` as high as its share of the crash states.${grouped ? ' The run is long: neighbouring operations that lead to the same are one mark.' : ''}`,
    timelineLegend(marks), timeline.controls(), timeline.stage, timeline.detail,
    el('p', {class: 'keys', id: 'timeline-keys'}, 'Wheel or ', el('kbd', {}, '+'), ' ', el('kbd', {}, '−'), ' zooms down to the microsecond, dragging or ',
        el('kbd', {}, '←'), ' ', el('kbd', {}, '→'), ' pans, ', el('kbd', {}, ','), ' ', el('kbd', {}, '.'),
        ' step through the operations, ', el('kbd', {}, 'Enter'), ' goes close, ', el('kbd', {}, '0'), ' shows all.'));
}
