// A window on simulated time: what of it is seen, and where its ticks are.

const WINDOW_MIN_NS = 5000; // ticks are a microsecond apart then

class TimeWindow {
    constructor(end) {
        this.end = Math.max(end, WINDOW_MIN_NS);
        this.all();
    }

    all() {
        this.from = 0;
        this.to = this.end;
    }

    get span() {
        return this.to - this.from;
    }

    get whole() {
        return this.span >= this.end;
    }

    // By `factor` (below 1: closer), with the time at `share` of the window staying where it is.
    zoom(factor, share = 0.5) {
        const span = Math.min(Math.max(this.span * factor, WINDOW_MIN_NS), this.end);
        this.show(this.from + (this.span - span) * share, span);
    }

    pan(share) {
        this.show(this.from + this.span * share, this.span);
    }

    show(from, span) {
        const wide = Math.min(Math.max(span, WINDOW_MIN_NS), this.end);
        this.from = Math.min(Math.max(from, 0), this.end - wide);
        this.to = this.from + wide;
    }

    // So that [start, end] stands in the middle, with some room around it.
    center(start, end) {
        const span = Math.max((end - start) * 3, WINDOW_MIN_NS);
        this.show((start + end) / 2 - span / 2, span);
    }

    contains(start, end) {
        return start >= this.from && end <= this.to;
    }

    // Round times, at most one for each 90 pixels.
    ticks(width) {
        const rough = this.span / Math.max(Math.floor(width / 90), 1);
        const power = 10 ** Math.floor(Math.log10(rough));
        const step = Math.max([1, 2, 5, 10].find((factor) => factor * power >= rough) * power, 1000);
        const ticks = [];
        for (let i = Math.ceil(this.from / step); i * step <= this.to; i++)
            ticks.push({at: i * step, label: tickLabel(i * step, step)});
        return ticks;
    }
}

// As exact as the distance to the next tick asks for.
function tickLabel(ns, step) {
    if (ns === 0) return '0';
    const [unit, size] = ns >= 1e9 ? ['s', 1e9] : ns >= 1e6 ? ['ms', 1e6] : ['µs', 1e3];
    const decimals = Math.max(Math.round(Math.log10(size) - Math.floor(Math.log10(step))), 0);
    return `${(ns / size).toLocaleString('en-US', {maximumFractionDigits: decimals})} ${unit}`;
}
