// What a device comes back as: calls that were cut at the left, the situations they lead to at the right.

const LINE_HEIGHT = 15;

// Nodes that only stand for a call that was cut have their edges' name.
function splitGraph(graph, marks) {
    const isCall = new Set(
        graph.edges.filter((edge) => edge.label === graph.nodes[edge.from].label).map((edge) => edge.from),
    );
    const nodes = graph.nodes.map((node, index) => ({...node, index, isCall: isCall.has(index), again: 0}));
    const firstMark = (node) => marks.findIndex((mark) => node.label === `cut in ${mark.call}`);
    const rank = (node) => OUTCOMES.findIndex(({name}) => name === node.outcome);
    for (const edge of graph.edges) if (edge.from === edge.to) nodes[edge.to].again += edge.count;
    return {
        nodes,
        calls: nodes.filter((node) => node.isCall).sort((a, b) => firstMark(a) - firstMark(b)),
        situations: nodes
            .filter((node) => !node.isCall)
            .sort((a, b) => rank(a) - rank(b) || b.states - a.states || a.index - b.index),
        edges: graph.edges.filter((edge) => edge.from !== edge.to),
    };
}

// Names have few blanks: they also break after an underscore.
function wrapped(text, most) {
    const lines = [''];
    for (const word of text.split(/(?<=[ _])/)) {
        if (lines.at(-1) && (lines.at(-1) + word).trimEnd().length > most) lines.push('');
        lines[lines.length - 1] += word;
    }
    return lines.map((line) => line.trim());
}

function situationLines(node) {
    const outcome = OUTCOMES.find(({name}) => name === node.outcome);
    return [
        outcome.short,
        counted(node.states, 'crash state'),
        node.again > 0 && `${count(node.again)} × cut again, same end`,
    ].filter(Boolean);
}

// Places boxes one below the other; returns the height used.
function stack(nodes, left, width, moreOf) {
    const letters = Math.floor((width - 20) / 7.2);
    let top = 4;
    for (const node of nodes) {
        node.name = wrapped(node.label.replace(/^cut in /, ''), letters);
        node.lines = [...node.name, ...moreOf(node).flatMap((line) => wrapped(line, letters + 2))];
        node.box = {left, top, width, height: 14 + LINE_HEIGHT * node.lines.length};
        top += node.box.height + 14;
    }
    return top - 10;
}

function layOut(graph, width) {
    const arcs = graph.edges.some((edge) => !graph.nodes[edge.from].isCall);
    const margin = arcs ? Math.min(70, width * 0.1) : 2,
        gap = Math.max(width * 0.14, 44);
    const left = Math.min((width - gap - margin) * 0.46, 330),
        right = Math.min(width - gap - margin - left, 380);
    const heights = [
        stack(graph.calls, 1, left, () => []),
        stack(graph.situations, width - margin - right, right, situationLines),
    ];
    const height = Math.max(...heights);
    const lower = (nodes, by) => nodes.forEach((node) => (node.box.top += by));
    lower(heights[0] < heights[1] ? graph.calls : graph.situations, (height - Math.min(...heights)) / 2);
    spreadEnds(graph);
    return {height, margin};
}

// Ends of lines spread along the side of their box, those that come from above at the top.
function spreadEnds(graph) {
    const middle = (index) => graph.nodes[index].box.top + graph.nodes[index].box.height / 2;
    const spread = (ends, box, set) =>
        ends.forEach((edge, i) =>
            set(edge, box.top + box.height * (ends.length === 1 ? 0.5 : 0.2 + (0.6 * i) / (ends.length - 1))),
        );
    for (const {index, box, isCall} of graph.nodes) {
        const out = graph.edges
            .filter((edge) => edge.from === index)
            .sort((a, b) => middle(a.to) - middle(b.to));
        const into = graph.edges
            .filter((edge) => edge.to === index)
            .sort((a, b) => middle(a.from) - middle(b.from));
        const fromRun = into.filter((edge) => graph.nodes[edge.from].isCall),
            again = into.filter((edge) => !fromRun.includes(edge));
        spread(fromRun, box, (edge, y) => (edge.endY = y));
        if (isCall) {
            spread(out, box, (edge, y) => (edge.startY = y));
            continue;
        }
        const right = [
            ...out.map((edge) => [edge, 'startY', edge.to]),
            ...again.map((edge) => [edge, 'endY', edge.from]),
        ];
        right.sort((a, b) => middle(a[2]) - middle(b[2]));
        spread(right, box, ([edge, end], y) => (edge[end] = y));
    }
}

function pathOf(edge, nodes, margin) {
    const from = nodes[edge.from].box,
        to = nodes[edge.to].box,
        {startY, endY} = edge,
        startX = from.left + from.width;
    if (nodes[edge.from].isCall) {
        const endX = to.left - 6,
            bend = (endX - startX) / 2;
        return `M${startX},${startY} C${startX + bend},${startY} ${endX - bend},${endY} ${endX},${endY}`;
    }
    // Between situations: round the outside, the further the longer.
    const endX = startX + 6,
        out = startX + margin * (0.45 + Math.min(Math.abs(endY - startY) / 500, 0.8));
    return `M${startX},${startY} C${out},${startY} ${out},${endY} ${endX},${endY}`;
}

function edgeShape(edge, graph, margin) {
    const target = graph.nodes[edge.to];
    const shape = svg('path', {
        class: `edge ${target.outcome}${graph.nodes[edge.from].isCall ? '' : ' again'}`,
        d: pathOf(edge, graph.nodes, margin),
        'marker-end': `url(#tip-${target.outcome})`,
        'data-from': edge.from,
        'data-to': edge.to,
        'stroke-width': 1 + Math.min(Math.log10(edge.count + 1), 5) * 0.7,
    });
    shape.append(svg('title', {}, `${edge.label}: ${count(edge.count)}`));
    return shape;
}

function tips() {
    return svg(
        'defs',
        {},
        OUTCOMES.map(({name}) =>
            svg(
                'marker',
                {
                    id: `tip-${name}`,
                    class: `tip ${name}`,
                    viewBox: '0 0 8 8',
                    refX: 2,
                    refY: 4,
                    markerWidth: 9,
                    markerHeight: 9,
                    markerUnits: 'userSpaceOnUse',
                    orient: 'auto-start-reverse',
                },
                svg('path', {d: 'M0,0 L8,4 L0,8 z'}),
            ),
        ),
    );
}

function nodeShape(node, choose) {
    const {left, top, width, height} = node.box;
    const act = () => choose(node);
    const group = svg(
        'g',
        {
            class: `node ${node.isCall ? 'cut' : node.outcome}`,
            tabindex: 0,
            role: 'button',
            'data-node': node.index,
            'aria-pressed': 'false',
            'aria-label': node.isCall ? node.label : `${node.label}: ${situationLines(node).join(', ')}`,
            onclick: act,
            onkeydown: (event) =>
                (event.key === 'Enter' || event.key === ' ') && (event.preventDefault(), act()),
        },
        svg('rect', {x: left, y: top, width, height, rx: 6}),
        node.isCall ? null : svg('rect', {class: 'stripe', x: left, y: top, width: 5, height, rx: 2}),
    );
    node.lines.forEach((line, i) =>
        group.append(
            svg(
                'text',
                {x: left + 13, y: top + 19 + i * LINE_HEIGHT, class: i < node.name.length ? 'label' : 'more'},
                line,
            ),
        ),
    );
    return group;
}

// ---- what is told about a chosen node ---------------------------------------------------------------

function storyOf(node, graph) {
    const name = (index) => graph.nodes[index].label;
    const list = (edges, word) =>
        edges
            .sort((a, b) => b.count - a.count)
            .map((edge) => `${word(edge)} (${count(edge.count)})`)
            .join('; ');
    const out = graph.edges.filter((edge) => edge.from === node.index),
        into = graph.edges.filter((edge) => edge.to === node.index);
    if (node.isCall)
        return `${node.label}, then a boot: the device comes back as ${list(out, (edge) => name(edge.to))}.`;
    return [
        `${node.label}. `,
        into.length > 0 && `Reached from: ${list(into, (edge) => name(edge.from))}. `,
        out.length > 0 && `Cut again while it recovers, it becomes: ${list(out, (edge) => name(edge.to))}.`,
    ]
        .filter(Boolean)
        .join('');
}

function stateGraphPanel(scenario) {
    const data = scenario.exploration.graph;
    if (data.nodes.length === 0) return null;
    const graph = splitGraph(data, marksOf(scenario.timeline));
    const stage = el('div', {class: 'graph'});
    const detail = el(
        'p',
        {class: 'detail', role: 'status'},
        'Choose a box to see where it comes from and leads to.',
    );
    let chosen = null;
    const show = () => {
        for (const shape of stage.querySelectorAll('.edge'))
            shape.classList.toggle(
                'dim',
                chosen !== null && ![shape.dataset.from, shape.dataset.to].includes(String(chosen)),
            );
        for (const shape of stage.querySelectorAll('.node'))
            shape.setAttribute('aria-pressed', String(Number(shape.dataset.node) === chosen));
    };
    const choose = (node) => {
        chosen = chosen === node.index ? null : node.index;
        detail.textContent = chosen === null ? 'All boots and cuts are shown.' : storyOf(node, graph);
        show();
    };
    whenSized(stage, (width) => {
        const {height, margin} = layOut(graph, width);
        stage.replaceChildren(
            svg(
                'svg',
                {
                    width,
                    height,
                    viewBox: `0 0 ${width} ${height}`,
                    role: 'group',
                    'aria-label': 'State graph',
                },
                tips(),
                graph.edges.map((edge) => edgeShape(edge, graph, margin)),
                [...graph.calls, ...graph.situations].map((node) => nodeShape(node, choose)),
            ),
        );
        show();
    });
    return section(
        'State graph',
        'Left: where the power goes in the run. Right: as what the device boots and comes to rest. Dashed' +
            ' lines: it is cut again while it recovers.' +
            ' The more crash states, the thicker the line.',
        el(
            'div',
            {class: 'columns', 'aria-hidden': 'true'},
            el('span', {}, 'cut in'),
            el('span', {}, 'comes back as'),
        ),
        stage,
        detail,
    );
}
