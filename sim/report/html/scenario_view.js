// One scenario, from its verdict down to its notes.

function scenarioFacts(scenario) {
    const {met, failed} = scenario.expectations,
        exploration = scenario.exploration;
    const fresh = scenario.violations.filter((violation) => !violation.known).length;
    return facts([
        [
            'expectations',
            failed > 0 ? `${count(failed)} of ${count(met + failed)}` : count(met),
            failed > 0 ? 'not met' : 'all met',
        ],
        exploration && [
            'crash states',
            count(exploration.crash_states),
            `${count(exploration.distinct_states)} distinct`,
        ],
        exploration && [
            'invariants violated',
            count(fresh),
            scenario.violations.length > fresh && `and ${count(scenario.violations.length - fresh)} known`,
        ],
        ['boots', count(scenario.boots)],
        ['flash operations', count(scenario.flash.operations), duration(scenario.flash.time_us * 1000)],
        scenario.flash.efuse_burns > 0 && ['eFuse burns', count(scenario.flash.efuse_burns)],
    ]);
}

function reach(exploration) {
    if (exploration.partial) return ['not all', 'interrupted before it was through'];
    const cuts = counted(exploration.depth, 'cut');
    return exploration.closed
        ? ['closed', `nothing new after ${cuts} in a row: holds for any number`]
        : [`${cuts} in a row`, 'not closed: further ones were not tried'];
}

function faultList(models) {
    const asked = models.filter((model) => model.requested || model.fired > 0);
    return el(
        'ul',
        {class: 'faults'},
        asked.map(({model, fired}) =>
            el(
                'li',
                {class: fired > 0 ? '' : 'none'},
                el('span', {}, model),
                el('span', {}, fired > 0 ? count(fired) : 'never fired'),
            ),
        ),
    );
}

function explorationPanel(scenario) {
    const exploration = scenario.exploration,
        [word, meaning] = reach(exploration);
    const wanted = exploration.recoveries + exploration.recoveries_saved;
    return section(
        'What was explored',
        null,
        facts([
            ['crash states', count(exploration.crash_states)],
            ['distinct', count(exploration.distinct_states)],
            ['recoveries run', count(exploration.recoveries)],
            [
                'recoveries saved',
                percent(exploration.recoveries_saved, wanted),
                count(exploration.recoveries_saved),
            ],
            ['cuts in a row', word, meaning],
            exploration.cuts_per_hour > 0 && [
                'power cuts an hour',
                digits(exploration.cuts_per_hour, 4),
                'taken for expected numbers',
            ],
            exploration.elapsed_s !== null && [
                'time',
                `${digits(exploration.elapsed_s, 3)} s`,
                'on the clock of the machine that ran it',
            ],
        ]),
        el('h4', {}, 'Fault models and how often each fired'),
        faultList(exploration.fault_models),
        exploration.notes && [
            el('h4', {}, 'Notes'),
            el(
                'ul',
                {class: 'notes'},
                linesOf(exploration.notes)
                    .filter(Boolean)
                    .map((note) => el('li', {}, note)),
            ),
        ],
    );
}

function heading(scenario) {
    const state = stateOf(scenario);
    return el(
        'header',
        {},
        el(
            'p',
            {class: 'file'},
            el('span', {class: `badge ${state}`}, STATE_WORDS[state]),
            ' ',
            el('code', {}, scenario.file),
            scenario.release && [' ', el('span', {class: 'release'}, scenario.release)],
        ),
        el('h2', {id: 'scenario', tabindex: -1}, titleOf(scenario)),
        scenario.about && el('p', {class: 'about'}, scenario.about),
        scenario.link && el('p', {class: 'about'}, link(scenario.link)),
    );
}

function scenarioView(scenario, sourceText) {
    const source = sourceText === null ? null : new SourceView(scenario, sourceText);
    const cards = findingCards(scenario),
        explored = scenario.exploration;
    const pictures = [
        timelinePanel(scenario, (mark) => source?.show(mark.line)),
        explored && stateGraphPanel(scenario),
        flashMap(scenario),
        explored && explorationPanel(scenario),
    ];
    const beside =
        cards.length > 0
            ? el(
                  'div',
                  {class: 'beside'},
                  el(
                      'div',
                      {class: 'findings'},
                      el('h3', {}, scenario.verdict === 'pass' ? 'Known' : 'What went wrong'),
                      cards,
                  ),
                  source?.panel(),
              )
            : null;
    queueMicrotask(() => source?.showFirstNote());
    return el(
        'article',
        {},
        heading(scenario),
        scenario.boots > 0 && scenarioFacts(scenario),
        beside,
        pictures,
        beside ? null : source?.panel(),
    );
}
