// The flash to scale, and what lies in each partition at the end of the run.

function kindClass(partition) {
    if (partition.kind === 'data/ota') return 'otadata';
    return partition.kind.startsWith('app/') ? 'app' : 'data';
}

function mapBar(scenario, width, showLabel) {
    const height = 46,
        size = scenario.flash.size;
    const x = (address) => (address / size) * width;
    const labels = scenario.partitions.map((partition) => partition.label).join(', ');
    const picture = svg(
        'svg',
        {
            width,
            height,
            viewBox: `0 0 ${width} ${height}`,
            role: 'img',
            'aria-label': `Flash of ${bytes(size)}, to scale: ${labels}`,
        },
        svg('rect', {class: 'gap', x: 0, y: 0, width, height}),
    );
    for (const partition of scenario.partitions) {
        const left = x(partition.address),
            wide = Math.max(x(partition.size), 2);
        const group = svg(
            'g',
            {class: `part ${kindClass(partition)}`, 'data-label': partition.label},
            svg('rect', {x: left, y: 0, width: wide, height}),
        );
        if (showLabel && wide > 9 + 7 * partition.label.length)
            group.append(svg('text', {x: left + 7, y: height / 2 + 4}, partition.label));
        picture.append(group);
    }
    return picture;
}

function wear(partition) {
    if (partition.erases === 0) return 'not erased';
    const sectors = Math.ceil(partition.size / 4096);
    return sectors === 1
        ? `erased ${counted(partition.erases, 'time')}`
        : `${counted(partition.erases, 'sector erase')}, at most ${count(partition.erases_max)} of a sector`;
}

function partitionRow(partition, wornMost) {
    const share = wornMost > 0 ? partition.erases_max / wornMost : 0;
    const meter = el('span', {class: 'meter', 'aria-hidden': 'true'}, el('span', {}));
    meter.firstChild.style.width = `${100 * share}%`;
    return el(
        'li',
        {'data-label': partition.label},
        el('span', {class: `swatch ${kindClass(partition)}`, 'aria-hidden': 'true'}),
        el(
            'span',
            {class: 'where'},
            el('b', {}, partition.label),
            el('small', {}, `${partition.kind} · ${hex(partition.address)} · ${bytes(partition.size)}`),
        ),
        el(
            'span',
            {class: 'what'},
            linesOf(partition.contents).map((line) => el('span', {}, line)),
        ),
        el('span', {class: 'wear'}, meter, el('small', {}, wear(partition))),
    );
}

// Pointing at a partition's row shows it in the bar, and the other way round.
function linkRows(box) {
    box.addEventListener('pointerover', (event) => {
        const label = event.target.closest('[data-label]')?.dataset.label;
        for (const part of box.querySelectorAll('[data-label]'))
            part.classList.toggle('on', part.dataset.label === label);
    });
}

function flashMap(scenario) {
    if (scenario.partitions.length === 0 || scenario.flash.size === 0) return null;
    const bar = el('div', {class: 'bar'});
    whenSized(bar, (width) => bar.replaceChildren(mapBar(scenario, width, true)));
    const wornMost = Math.max(...scenario.partitions.map((partition) => partition.erases_max));
    const box = el(
        'div',
        {class: 'flash-map'},
        bar,
        el(
            'div',
            {class: 'scale', 'aria-hidden': 'true'},
            el('span', {}, '0x0'),
            el('span', {}, hex(scenario.flash.size)),
        ),
        el(
            'ul',
            {},
            scenario.partitions.map((partition) => partitionRow(partition, wornMost)),
        ),
    );
    linkRows(box);
    return section(
        'Flash map',
        `The ${bytes(scenario.flash.size)} of flash to scale, with what is in it when the run is over.` +
            ' The bars at the right are wear: erases of the most worn sector.',
        box,
    );
}
