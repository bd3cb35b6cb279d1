// The page: the verdict, the list of scenarios, and the one that is chosen. The address says which: #/3.

const STATE_ORDER = ['fail', 'error', 'incomplete', 'known', 'pass'];

function verdictSentence(scenarios, partial) {
    const wrong = scenarios.filter((scenario) => scenario.verdict !== 'pass').length;
    const all = scenarios.length;
    const sentence =
        all === 0
            ? 'No scenario was run'
            : wrong === 0
              ? all === 1
                  ? 'The scenario passed'
                  : `All ${count(all)} scenarios passed`
              : all === 1
                ? 'The scenario did not pass'
                : `${count(wrong)} of ${count(all)} scenarios did not pass`;
    return partial ? `${sentence}, but the run was interrupted` : sentence;
}

function totalFacts(scenarios) {
    const explored = scenarios.map((scenario) => scenario.exploration).filter(Boolean);
    const sum = (list, value) => list.reduce((total, entry) => total + value(entry), 0);
    const of = (state) => scenarios.filter((scenario) => stateOf(scenario) === state).length;
    const saved = sum(explored, (entry) => entry.recoveries_saved),
        run = sum(explored, (entry) => entry.recoveries);
    return facts(
        [
            [
                'passed',
                count(of('pass') + of('known')),
                of('known') > 0 && `${count(of('known'))} with known issues`,
            ],
            ['failed', count(of('fail'))],
            of('error') > 0 && ['errors', count(of('error'))],
            [
                'expectations',
                count(sum(scenarios, (scenario) => scenario.expectations.met + scenario.expectations.failed)),
            ],
            explored.length > 0 && [
                'crash states',
                count(sum(explored, (entry) => entry.crash_states)),
                `in ${counted(explored.length, 'scenario')}`,
            ],
            explored.length > 0 && ['recoveries run', count(run), `${percent(saved, saved + run)} saved`],
        ],
        'facts totals',
    );
}

function masthead(report) {
    const bad = report.scenarios.some((scenario) => scenario.verdict !== 'pass');
    const shard = report.shards > 0 && `shard ${report.shard} of ${report.shards}`;
    const seed = report.seed > 0 && `seed ${report.seed}`;
    return el(
        'header',
        {class: 'masthead'},
        el('p', {class: 'program'}, ['ota-sim ' + report.version, shard, seed].filter(Boolean).join(' · ')),
        el(
            'h1',
            {class: report.partial || report.scenarios.length === 0 ? 'partial' : bad ? 'fail' : 'pass'},
            verdictSentence(report.scenarios, report.partial),
        ),
        totalFacts(report.scenarios),
    );
}

// ---- the list -----------------------------------------------------------------------------------------

class ScenarioList {
    constructor(scenarios, order) {
        this.scenarios = scenarios;
        this.links = order.map((index) => this.entry(index));
        this.search = el('input', {
            type: 'search',
            id: 'filter',
            placeholder: 'Name, file or release',
            autocomplete: 'off',
            oninput: () => this.filter(),
        });
        this.state = 'all';
        this.shown = el('span', {class: 'shown', role: 'status'});
        this.buttons = [
            'all',
            ...STATE_ORDER.filter((state) => scenarios.some((scenario) => stateOf(scenario) === state)),
        ].map((state) =>
            el(
                'button',
                {
                    type: 'button',
                    'data-state': state,
                    'aria-pressed': String(state === 'all'),
                    onclick: () => this.only(state),
                },
                state === 'all'
                    ? 'All'
                    : {fail: 'Failed', error: 'Errors', incomplete: 'Incomplete', known: 'Known', pass: 'Passed'}[state],
            ),
        );
    }

    entry(index) {
        const scenario = this.scenarios[index],
            state = stateOf(scenario);
        return {
            index,
            state,
            words: [titleOf(scenario), scenario.file, scenario.release].join(' ').toLowerCase(),
            item: el(
                'li',
                {},
                el(
                    'a',
                    {href: `#/${index}`},
                    el(
                        'span',
                        {class: `dot ${state}`},
                        el('span', {class: 'spoken'}, STATE_WORDS[state] + ': '),
                    ),
                    el('span', {class: 'name'}, titleOf(scenario)),
                    el('small', {}, scenario.file, scenario.release && ` · ${scenario.release}`),
                ),
            ),
        };
    }

    only(state) {
        this.state = state;
        for (const button of this.buttons)
            button.setAttribute('aria-pressed', String(button.dataset.state === state));
        this.filter();
    }

    filter() {
        const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const entry of this.links) {
            const fits =
                (this.state === 'all' || this.state === entry.state) &&
                words.every((word) => entry.words.includes(word));
            entry.item.hidden = !fits;
            shown += fits;
        }
        this.shown.textContent =
            shown === this.links.length
                ? `all ${count(shown)}`
                : `${count(shown)} of ${count(this.links.length)}`;
    }

    choose(index) {
        for (const entry of this.links) {
            const link = entry.item.firstChild;
            if (entry.index === index) link.setAttribute('aria-current', 'page');
            else link.removeAttribute('aria-current');
        }
        this.links.find((entry) => entry.index === index)?.item.scrollIntoView({block: 'nearest'});
    }

    element() {
        this.filter();
        const wide = matchMedia('(min-width: 900px)');
        const fold = el(
            'details',
            {class: 'list', open: wide.matches},
            el('summary', {}, 'Scenarios ', this.shown),
            el(
                'div',
                {class: 'filter'},
                el('label', {for: 'filter', class: 'spoken'}, 'Filter scenarios'),
                this.search,
                el('div', {class: 'states', role: 'group', 'aria-label': 'Verdict'}, this.buttons),
            ),
            el(
                'ol',
                {},
                this.links.map((entry) => entry.item),
            ),
        );
        wide.addEventListener('change', () => (fold.open = wide.matches));
        this.fold = fold;
        return el('nav', {'aria-label': 'Scenarios'}, fold);
    }
}

// ---- the whole ------------------------------------------------------------------------------------------

function worstFirst(scenarios) {
    const rank = (index) => STATE_ORDER.indexOf(stateOf(scenarios[index]));
    return scenarios.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
}

function start(report) {
    const scenarios = report.scenarios,
        order = worstFirst(scenarios);
    const main = el('main', {}),
        list = scenarios.length > 1 ? new ScenarioList(scenarios, order) : null;
    const chosenByAddress = () => {
        const index = Number(/^#\/(\d+)$/.exec(location.hash)?.[1] ?? NaN);
        return index in scenarios ? index : order[0];
    };
    const show = () => {
        const index = chosenByAddress(),
            scenario = scenarios[index];
        main.replaceChildren(scenario ? scenarioView(scenario, report.sources[scenario.source]) : '');
        list?.choose(index);
    };
    window.addEventListener('hashchange', () => {
        if (location.hash && !location.hash.startsWith('#/')) return; // a link within the page
        show();
        document.getElementById('scenario').focus({preventScroll: true});
        main.scrollIntoView();
        if (list && !matchMedia('(min-width: 900px)').matches) list.fold.open = false;
    });
    document
        .getElementById('page')
        .append(
            masthead(report),
            el('div', {class: list ? 'columns-page' : 'single'}, list?.element(), main),
        );
    show();
}

start(JSON.parse(document.getElementById('report').textContent));
