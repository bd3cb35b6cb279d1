// A report with failures of each kind: what is on the page, and that it answers to mouse and keyboard.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {
    closePage,
    makeReport,
    openPage,
    overflow,
    scenarios,
    scratch,
    shell,
    showScenario,
    startBrowser,
    until,
} from './browser.mjs';

let browser, report;
before(async () => {
    browser = await startBrowser();
    report = makeReport('all', scenarios);
});
after(() => browser.close());

// Opens the page, hands it to `body`, and sees that the browser had nothing to complain about.
function onPage(name, options, body) {
    test(name, async () => {
        const page = await openPage(browser, report, options);
        await body(page);
        await closePage(page);
    });
}

const indexOf = (file) => report.data.scenarios.findIndex((scenario) => scenario.file.endsWith(file));
const choose = (page, file) => page.locator(`nav a[href="#/${indexOf(file)}"]`).click();

describe('verdict and list', () => {
    onPage('the verdict is the heading, with its numbers', {}, async (page) => {
        assert.equal(await page.locator('h1').textContent(), '3 of 4 scenarios did not pass');
        const total = report.data.scenarios.reduce(
            (sum, {exploration}) => sum + (exploration?.crash_states ?? 0),
            0,
        );
        assert.match(await page.locator('.totals').textContent(), new RegExp(total.toLocaleString('en-US')));
        assert.match(await page.title(), /1 passed, 3 failed/);
    });

    onPage('failures come first, and the first one is open', {}, async (page) => {
        const states = await page.locator('nav .dot .spoken').allTextContents();
        assert.deepEqual(states, ['Failed: ', 'Failed: ', 'Failed: ', 'Passed, known issue: ']);
        assert.equal(
            await page.locator('h2').textContent(),
            await page.locator('nav .name').first().textContent(),
        );
    });

    onPage('words and verdicts filter the list', {}, async (page) => {
        const shown = () => page.locator('nav li:visible').count();
        await page.getByLabel('Filter scenarios').fill('MEGABYTE down');
        assert.equal(await shown(), 1);
        await page.getByLabel('Filter scenarios').fill('no such thing');
        assert.equal(await shown(), 0);
        assert.equal(await page.locator('.shown').textContent(), '0 of 4');
        await page.getByLabel('Filter scenarios').fill('');
        await page.getByRole('button', {name: 'Known'}).click();
        assert.equal(await shown(), 1);
        await page.getByRole('button', {name: 'Failed'}).click();
        assert.equal(await shown(), 3);
    });

    onPage('choosing a scenario shows it, and its address leads back to it', {}, async (page) => {
        await choose(page, 'known.yaml');
        assert.equal(await page.locator('h2').textContent(), 'The same with the violation declared');
        assert.equal(await page.locator('nav a[aria-current]').count(), 1);
        await page.reload();
        assert.equal(await page.locator('h2').textContent(), 'The same with the violation declared');
        await page.goBack();
        assert.notEqual(await page.locator('h2').textContent(), 'The same with the violation declared');
    });

    onPage('without scripts the verdicts are there', {javaScriptEnabled: false}, async (page) => {
        assert.match(await page.locator('noscript').textContent(), /fail: .*violated\.yaml \[v6\.0\]/);
    });
});

describe('findings', () => {
    onPage('a violation tells its story, bytes, decision and numbers', {}, async (page) => {
        await choose(page, 'violated.yaml');
        const violation = report.data.scenarios[indexOf('violated.yaml')].violations[0];
        const card = page.locator('details.card[open]');
        assert.equal(await card.count(), 1);
        const text = await card.textContent();
        for (const part of [
            violation.story,
            violation.decision,
            'update-not-lost',
            violation.states.toLocaleString('en-US'),
            'of a million updates',
        ])
            assert.ok(text.includes(part), part);
        // What a cut changed is marked; one between two operations changes nothing.
        for (const side of ['Before the cut', 'What the cut left']) {
            const marks = await card.getByRole('group', {name: side}).locator('mark').count();
            assert.equal(marks > 0, violation.before !== violation.after, side);
        }
    });

    onPage('a card closes and opens, by mouse and by keyboard', {}, async (page) => {
        const card = page.locator('details.card').first(),
            summary = card.locator('summary');
        await summary.click();
        assert.equal(await card.getAttribute('open'), null);
        await summary.focus();
        await page.keyboard.press('Enter');
        assert.notEqual(await card.getAttribute('open'), null);
    });

    onPage(
        'the copied command replays the crash state',
        {permissions: ['clipboard-read', 'clipboard-write']},
        async (page) => {
            await choose(page, 'violated.yaml');
            await page.getByRole('button', {name: 'Copy'}).click();
            await page.getByText('copied').waitFor();
            const command = await page.evaluate(() => navigator.clipboard.readText());
            assert.match(command, /^ota-sim replay --release v6\.0 \S+violated\.yaml \S+$/);
            assert.match(shell(command), /the end: settled/);
        },
    );

    onPage('without a clipboard, copying still works', {}, async (page) => {
        await page.evaluate(() => {
            Object.defineProperty(navigator, 'clipboard', {value: undefined});
            document.addEventListener('copy', () => (window.copied = document.activeElement.value));
        });
        await page.getByRole('button', {name: 'Copy'}).first().click();
        await page.getByText('copied').waitFor();
        assert.match(await page.evaluate(() => window.copied), /^ota-sim replay/);
    });

    onPage('the source stands beside it, its line marked and in view', {}, async (page) => {
        await choose(page, 'violated.yaml');
        const source = page.locator('.source');
        const lines = readFileSync(`${scenarios}/violated.yaml`, 'utf8').trimEnd().split('\n');
        assert.deepEqual(
            (await source.locator('.code').allTextContents()).map((line) => line.slice(0, -1)),
            lines,
        );
        const wrong = source.locator('.line.wrong');
        assert.equal(await wrong.getAttribute('data-line'), String(lines.indexOf('  - restart:') + 1));
        const card = await page.locator('.findings').boundingBox(),
            beside = await source.boundingBox();
        assert.ok(beside.x > card.x + card.width - 1, 'on a wide page it is to the right');
    });

    onPage('an expectation that is not met: expected and got, its line marked', {}, async (page) => {
        await choose(page, 'unmet.yaml');
        const [failure] = report.data.scenarios[indexOf('unmet.yaml')].failures;
        const text = await page.locator('details.card[open]').textContent();
        for (const part of [failure.message, failure.expected, failure.actual, failure.otadata])
            assert.ok(text.includes(part), part);
        assert.equal(await page.locator('.line.wrong').getAttribute('data-line'), String(failure.line));
        assert.equal(await page.locator('.note.wrong').textContent(), `${failure.message}\n`);
    });

    test('a file that is no scenario: its error, at its line', async () => {
        const text = readFileSync(join(scenarios, 'violated.yaml'), 'utf8').replace('update: third', 'update: fourth');
        writeFileSync(join(scratch, 'broken.yaml'), text);
        const page = await openPage(browser, makeReport('broken', join(scratch, 'broken.yaml')));
        assert.equal(await page.locator('h1').textContent(), 'The scenario did not pass');
        assert.match(await page.getByRole('alert').textContent(), /could not be run.*broken\.yaml:27:\d+: .*fourth/s);
        assert.equal(await page.locator('.line.wrong').getAttribute('data-line'), '27');
        await closePage(page);
    });

    onPage('a declared violation says why, with its link', {}, async (page) => {
        await choose(page, 'known.yaml');
        assert.match(await page.locator('.why').first().textContent(), /the record is rewritten in place/);
        assert.equal(await page.locator('.why a').first().getAttribute('href'), 'https://example.com/1');
        assert.equal(await page.locator('.badge.known').first().textContent(), 'Passed, known issue');
    });
});

describe('timeline', () => {
    const range = (page) => page.locator('.range').textContent();
    const ticks = (page) => page.locator('.tick text').allTextContents();

    onPage('every operation is a mark, in the rows of its outcomes', {}, async (page) => {
        await choose(page, 'violated.yaml');
        const {timeline} = report.data.scenarios[indexOf('violated.yaml')];
        assert.ok(timeline.operations.every((operations) => operations === 1));
        assert.equal(await page.locator('.mark.operation').count(), timeline.start.length);
        for (const outcome of ['old', 'new', 'third', 'brick', 'loop'])
            assert.equal(
                (await page.locator(`.mark.${outcome}`).count()) > 0,
                timeline[outcome].some(Boolean),
                outcome,
            );
        const legend = await page.locator('.legend').textContent();
        assert.match(legend, /the old version runs: [\d,]+/);
        assert.match(legend, /nothing boots any more: never/);
    });

    onPage('buttons zoom down to the microsecond and back', {}, async (page) => {
        assert.match(await range(page), /^all of/);
        for (let i = 0; i < 30; i++) await page.getByRole('button', {name: 'Zoom in'}).click();
        const labels = await ticks(page);
        assert.ok(labels.length > 1 && new Set(labels).size === labels.length, labels.join(' '));
        assert.match(await range(page), /\(5 µs\)$/);
        await page.getByRole('button', {name: 'Zoom out'}).click();
        assert.match(await range(page), /\(10 µs\)$/);
        await page.getByRole('button', {name: 'Show the whole run'}).click();
        assert.match(await range(page), /^all of/);
    });

    onPage('the wheel zooms where it is; zoomed out, it scrolls the page', {}, async (page) => {
        const stage = page.locator('.stage');
        await stage.scrollIntoViewIfNeeded();
        await stage.hover({position: {x: 200, y: 60}});
        await page.mouse.wheel(0, -600);
        await until(page, () => !document.querySelector('.range').textContent.startsWith('all'));
        const top = await page.evaluate(() => scrollY);
        await page.mouse.wheel(0, 600);
        await until(page, () => document.querySelector('.range').textContent.startsWith('all'));
        assert.equal(await page.evaluate(() => scrollY), top);
        await page.mouse.wheel(0, 100);
        await until(page, (before) => scrollY > before, top);
    });

    onPage('keys zoom, pan and step; the chosen operation shows its line', {}, async (page) => {
        await choose(page, 'violated.yaml');
        await page.locator('.stage').focus();
        await page.keyboard.press('+');
        await page.keyboard.press('+');
        const zoomed = await range(page);
        await page.keyboard.press('ArrowRight');
        assert.notEqual(await range(page), zoomed);
        await page.keyboard.press('0');
        await page.keyboard.press('.');
        const {timeline} = report.data.scenarios[indexOf('violated.yaml')];
        assert.match(
            await page.locator('.stage + .detail').textContent(),
            /^erase, 4 KB at 0x20000 \(ota_1\), in esp_ota_write, line/,
        );
        assert.equal(await page.locator('.line.now').getAttribute('data-line'), String(timeline.line[0]));
        await page.keyboard.press('.');
        assert.match(await page.locator('.stage + .detail').textContent(), /^program/);
        await page.keyboard.press('Enter');
        assert.doesNotMatch(await range(page), /^all of/);
    });

    onPage('a click chooses, a drag pans', {}, async (page) => {
        const stage = page.locator('.stage');
        await stage.scrollIntoViewIfNeeded();
        const {x, y, width} = await stage.boundingBox();
        await page.mouse.click(x + width / 4, y + 120);
        assert.match(await page.locator('.stage + .detail').textContent(), /crash state/);
        await page.locator('.stage').focus();
        await page.keyboard.press('+');
        const zoomed = await range(page);
        await page.mouse.move(x + width / 2, y + 60);
        await page.mouse.down();
        await page.mouse.move(x + width / 3, y + 60, {steps: 4});
        await page.mouse.up();
        assert.notEqual(await range(page), zoomed);
    });

    onPage('a run that was not explored shows its operations without outcomes', {}, async (page) => {
        await choose(page, 'unmet.yaml');
        assert.ok((await page.locator('.mark.operation').count()) > 10);
        assert.equal(await page.locator('.legend').count(), 0);
        assert.match(
            await page.locator('.stage').locator('..').textContent(),
            /Power cuts were not explored/,
        );
        assert.equal(await page.locator('.graph').count(), 0);
    });
});

describe('other pictures', () => {
    onPage('the state graph: every situation and call; a chosen one tells its edges', {}, async (page) => {
        await choose(page, 'violated.yaml');
        const {nodes} = report.data.scenarios[indexOf('violated.yaml')].exploration.graph;
        assert.equal(await page.locator('.graph .node').count(), nodes.length);
        const node = page.getByRole('button', {name: /^cut in esp_ota_set_boot_partition/});
        await node.click();
        assert.equal(await node.getAttribute('aria-pressed'), 'true');
        assert.match(
            await page.locator('.graph + .detail').textContent(),
            /comes back as first 1\.0\.0 in ota_0, VALID/,
        );
        assert.ok((await page.locator('.edge.dim').count()) > 0);
        await node.focus();
        await page.keyboard.press('Enter');
        assert.equal(await page.locator('.edge.dim').count(), 0);
    });

    onPage('the flash map is to scale and tells contents and wear', {}, async (page) => {
        await choose(page, 'violated.yaml');
        const {partitions, flash} = report.data.scenarios[indexOf('violated.yaml')];
        const bar = await page.locator('.flash-map .bar').boundingBox();
        for (const {label, address, size} of partitions) {
            const rect = await page.locator(`.part[data-label="${label}"] rect`).boundingBox();
            assert.ok(
                Math.abs(rect.x - bar.x - (bar.width * address) / flash.size) < 1.5,
                `${label} begins elsewhere`,
            );
            assert.ok(
                Math.abs(rect.width - Math.max((bar.width * size) / flash.size, 2)) < 1.5,
                `${label} is wider`,
            );
        }
        const otadata = await page.locator('.flash-map li[data-label="otadata"]').textContent();
        assert.match(otadata, /seq 3 {2}VALID/);
        assert.match(otadata, /[1-9]\d* sector erases, at most [1-9]/);
    });

    onPage('what was explored, with fault models and notes', {}, async (page) => {
        await choose(page, 'violated.yaml');
        const panel = page.locator('section', {hasText: 'What was explored'});
        const text = await panel.textContent();
        const {exploration} = report.data.scenarios[indexOf('violated.yaml')];
        for (const number of [exploration.crash_states, exploration.distinct_states, exploration.recoveries])
            assert.ok(text.includes(number.toLocaleString('en-US')), String(number));
        assert.match(text, /holds for any number/);
        assert.equal(await panel.locator('.faults li').count(), 3);
    });
});

describe('everywhere', () => {
    onPage('Tab reaches everything that can be used', {}, async (page) => {
        const reached = new Set();
        for (let i = 0; i < 80; i++) {
            await page.keyboard.press('Tab');
            reached.add(
                await page.evaluate(() => {
                    const node = document.activeElement;
                    return node.classList[0] || node.id || node.tagName.toLowerCase();
                }),
            );
        }
        for (const place of ['skip', 'filter', 'a', 'summary', 'copy', 'source', 'stage', 'node'])
            assert.ok(reached.has(place), `${place} is not among ${[...reached].join(', ')}`);
    });

    onPage('dark when the system is dark', {scheme: 'dark'}, async (page) => {
        const light = (selector, property) =>
            page.evaluate(
                ([found, name]) =>
                    Math.max(
                        ...getComputedStyle(document.querySelector(found))
                            [name].match(/\d+/g)
                            .slice(0, 3)
                            .map(Number),
                    ),
                [selector, property],
            );
        assert.ok((await light('body', 'backgroundColor')) < 60);
        assert.ok((await light('body', 'color')) > 200);
    });

    for (const width of [390, 768, 1280])
        onPage(`nothing sticks out at ${width} pixels`, {width}, async (page) => {
            for (let i = 0; i < report.data.scenarios.length; i++) {
                await showScenario(page, i);
                assert.deepEqual(await overflow(page), {by: 0, what: []}, report.data.scenarios[i].file);
            }
        });

    onPage(
        'on a phone the list folds up and a tap works',
        {width: 390, height: 844, hasTouch: true, isMobile: true},
        async (page) => {
            assert.equal(await page.locator('nav li:visible').count(), 0);
            await page.locator('nav summary').tap();
            await page.locator(`nav a[href="#/${indexOf('known.yaml')}"]`).tap();
            assert.equal(await page.locator('h2').textContent(), 'The same with the violation declared');
            assert.equal(await page.locator('nav li:visible').count(), 0);
            await page.locator('.stage').tap();
            assert.match(await page.locator('.stage + .detail').textContent(), /crash state/);
        },
    );
});
