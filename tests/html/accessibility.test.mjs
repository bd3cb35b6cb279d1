// axe-core finds nothing wrong, in each kind of scenario, light and dark, wide and narrow.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {after, before, test} from 'node:test';
import {closePage, makeReport, openPage, scenarios, showScenario, startBrowser} from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser, report;
before(async () => {
    browser = await startBrowser();
    report = makeReport('accessibility', scenarios);
});
after(() => browser.close());

async function complaintsOf(page) {
    const {violations} = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
    return violations.map(
        ({id, nodes}) =>
            `${id}: ${nodes
                .map((node) => node.html)
                .slice(0, 3)
                .join(' ')}`,
    );
}

for (const [width, scheme] of [
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
])
    test(`axe-core at ${width} pixels, ${scheme}`, async () => {
        const page = await openPage(browser, report, {width, scheme});
        await page.evaluate(axe);
        for (let i = 0; i < report.data.scenarios.length; i++) {
            await showScenario(page, i);
            await page.evaluate(() =>
                document.querySelectorAll('details').forEach((details) => (details.open = true)),
            );
            assert.deepEqual(await complaintsOf(page), [], report.data.scenarios[i].file);
        }
        await closePage(page);
    });
