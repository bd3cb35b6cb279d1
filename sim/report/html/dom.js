'use strict';
// Elements of the page. Whatever a report says arrives as text nodes and attribute values, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

// attributes: {class: 'card', hidden: true, onclick: f}; false and null leave one out.
function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
        if (value === false || value === null || value === undefined) continue;
        if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
        else node.setAttribute(name, value === true ? '' : String(value));
    }
    for (const child of children.flat(Infinity))
        if (child !== null && child !== undefined && child !== false) node.append(child);
    return node;
}

function el(name, attributes, ...children) {
    return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
    return fill(document.createElementNS(SVG, name), attributes, children);
}

// A list of numbers with their names: [['crash states', '14,210'], ...]. A third entry explains.
function facts(rows, className) {
    return el(
        'dl',
        {class: className || 'facts'},
        rows
            .filter(Boolean)
            .map(([name, value, note]) =>
                el('div', {}, el('dt', {}, name), el('dd', {}, value, note && el('small', {}, note))),
            ),
    );
}

// A stretch of text that keeps its lines and scrolls sideways, reachable by keyboard.
function block(label, ...lines) {
    return el('pre', {tabindex: 0, role: 'group', 'aria-label': label}, lines);
}

function section(title, intro, ...children) {
    return el(
        'section',
        {class: 'panel'},
        el('h3', {}, title),
        intro && el('p', {class: 'intro'}, intro),
        children,
    );
}

// Calls draw(width) now and whenever the element's width changes.
function whenSized(element, draw) {
    let width = 0;
    new ResizeObserver(() => {
        if (element.clientWidth > 0 && element.clientWidth !== width) {
            width = element.clientWidth;
            draw(width);
        }
    }).observe(element);
}

// Web links only: a scenario may say anything under `link`.
function link(address) {
    if (!/^https?:\/\//i.test(address)) return el('span', {}, address);
    return el('a', {href: address, rel: 'noreferrer noopener'}, address);
}
