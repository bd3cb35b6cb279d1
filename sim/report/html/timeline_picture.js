// The recorded run on simulated time: every operation a mark, in the row of what a cut there leads to.

const ROW = {label: 15, band: 20, gap: 8};
const FIRST_ROW = 22; // below the axis
const CROWD = 500; // marks in a row

// The report's columns to one object a mark.
function marksOf(timeline) {
    return (timeline.start || []).map((start, i) => ({
        start,
        end: start + timeline.duration[i],
        kind: timeline.kind[i],
        call: timeline.call[i],
        address: timeline.address[i],
        length: timeline.length[i],
        line: timeline.line[i],
        operations: timeline.operations[i],
        states: timeline.states[i],
        outcomes: Object.fromEntries(OUTCOMES.map(({name}) => [name, timeline[name][i]])),
    }));
}

function spanName(span) {
    return span.count > 1 ? `${span.name} × ${count(span.count)}` : span.name;
}

// ---- drawing -------------------------------------------------------------------------------------

class TimelinePicture {
    constructor(marks, spans, view) {
        this.marks = marks;
        this.view = view;
        this.outcomes = OUTCOMES.filter(({name}) => marks.some((mark) => mark.outcomes[name] > 0));
        const lanes = [
            ['boots', 'what runs'],
            ['calls', 'firmware calls'],
        ].map(([track, label]) => ({label, spans: spans.filter((span) => span.track === track)}));
        this.lanes = lanes.filter((lane) => lane.spans.length > 0);
        this.cuts = spans.filter((span) => span.track === 'power');
        this.height = this.bandTop(this.lanes.length + 1 + this.outcomes.length) - ROW.label + 2;
        this.svg = svg('svg', {class: 'time', 'aria-hidden': 'true'});
    }

    bandTop(row) {
        return FIRST_ROW + ROW.label + row * (ROW.label + ROW.band + ROW.gap);
    }

    x(ns) {
        return ((ns - this.view.from) / this.view.span) * this.width;
    }

    sees(span) {
        return span.end >= this.view.from && span.start <= this.view.to;
    }

    draw(width, chosen) {
        this.width = width;
        fill(this.svg, {width, height: this.height, viewBox: `0 0 ${width} ${this.height}`}, []);
        const share = (name) => (mark) =>
            mark.outcomes[name] > 0 ? 0.35 + (0.65 * mark.outcomes[name]) / mark.states : 0;
        const kind = (mark) => (mark.kind === 'program' ? 0.55 : 1);
        const first = this.lanes.length;
        this.svg.replaceChildren(
            ...this.axis(),
            ...this.choice(chosen),
            ...this.lanes.flatMap((lane, i) => this.lane(i, lane)),
            ...this.row(first, 'flash operations: erases high, programs low', 'operation', kind),
            ...this.outcomes.flatMap(({name, long}, i) => this.row(first + 1 + i, long, name, share(name))),
            ...this.powerCuts(),
        );
    }

    axis() {
        return this.view.ticks(this.width).map(({at, label}) => {
            const x = this.x(at),
                end = x > this.width - 30,
                start = x < 12;
            return svg(
                'g',
                {class: 'tick'},
                svg('line', {x1: x, x2: x, y1: 16, y2: this.height}),
                svg('text', {x, y: 11, 'text-anchor': end ? 'end' : start ? 'start' : 'middle'}, label),
            );
        });
    }

    choice(mark) {
        if (!mark || !this.sees(mark)) return [];
        const x = this.x(mark.start);
        return [
            svg('rect', {
                class: 'chosen',
                x: x - 1.5,
                y: 16,
                width: Math.max(this.x(mark.end) - x, 0) + 3,
                height: this.height - 16,
            }),
        ];
    }

    lane(index, {label, spans}) {
        const top = this.bandTop(index),
            parts = [svg('text', {class: 'row', x: 0, y: top - 5}, label)];
        for (const span of spans.filter((candidate) => this.sees(candidate))) {
            const left = Math.max(this.x(span.start), 0),
                right = Math.min(this.x(span.end), this.width);
            const shape = svg('rect', {
                class: 'span',
                x: left,
                y: top,
                width: Math.max(right - left - 0.5, 1),
                height: ROW.band,
                rx: 2,
            });
            shape.append(svg('title', {}, spanName(span)));
            parts.push(shape);
            const name = spanName(span).replace(/^esp_ota_/, '');
            if (right - left > 6.4 * name.length + 8)
                parts.push(svg('text', {class: 'name', x: left + 4, y: top + 14}, name));
        }
        return parts;
    }

    powerCuts() {
        return this.cuts
            .filter((cut) => this.sees(cut))
            .map((cut) => {
                const x = this.x(cut.start),
                    shape = svg(
                        'g',
                        {class: 'power'},
                        svg('line', {x1: x, x2: x, y1: 16, y2: this.height}),
                        svg('path', {d: `M${x - 5},16 h10 l-5,8 z`}),
                    );
                shape.append(svg('title', {}, spanName(cut)));
                return shape;
            });
    }

    // Marks of a row; share(mark), 0 to 1, is how high one is. In a crowd, those that the screen cannot tell
    // apart are one rectangle, as high as the highest.
    row(index, label, className, share) {
        const top = this.bandTop(index),
            boxes = [],
            seen = this.marks.filter((mark) => this.sees(mark) && share(mark) > 0);
        for (const mark of seen) {
            const high = share(mark);
            const left = Math.max(this.x(mark.start), -2),
                right = Math.min(Math.max(this.x(mark.end), left + 1.5), this.width + 2);
            const last = boxes.at(-1);
            if (last && seen.length > CROWD && right - left < 3 && left - last.right < 0.7) {
                last.right = Math.max(right, last.right);
                last.high = Math.max(high, last.high);
            } else {
                boxes.push({left, right, high});
            }
        }
        return [
            svg('text', {class: 'row', x: 0, y: top - 5}, label),
            svg('line', {class: 'base', x1: 0, x2: this.width, y1: top + ROW.band, y2: top + ROW.band}),
            ...boxes.map(({left, right, high}) =>
                svg('rect', {
                    class: `mark ${className}`,
                    x: left.toFixed(2),
                    width: Math.max(right - left - (right - left > 4 ? 0.6 : 0), 1).toFixed(2),
                    y: (top + ROW.band * (1 - high)).toFixed(2),
                    height: (ROW.band * high).toFixed(2),
                }),
            ),
        ];
    }
}
