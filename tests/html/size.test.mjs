// A million crash states fit into two megabytes, and equal runs give equal bytes.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {closePage, makeReport, openPage, scenarios, scratch, startBrowser} from './browser.mjs';

const MEGABYTE = 1_000_000;

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser.close());

test('a million crash states: below 2 MB, and it opens', async () => {
    const report = makeReport('long', join(scenarios, 'long.yaml'));
    assert.ok(report.data.scenarios[0].exploration.crash_states > MEGABYTE);
    assert.ok(Buffer.byteLength(report.text) < 2 * MEGABYTE);
    const page = await openPage(browser, report);
    assert.equal(await page.locator('h1').textContent(), 'The scenario did not pass');
    assert.equal(await page.locator('nav').count(), 0);
    assert.ok((await page.locator('.mark.old').count()) > 0);
    await closePage(page);
});

test('two hundred updates in forty scenarios: operations are put together, below 2 MB', async () => {
    const folder = join(scratch, 'many');
    mkdirSync(folder);
    const text = readFileSync(join(scenarios, 'unmet.yaml'), 'utf8')
        .replaceAll('64K', '256K')
        .replaceAll('size: 6K', 'size: 200K')
        .replace(
            /^steps:[^]*/m,
            'steps:\n  - boot:\n  - repeat:\n      count: 5\n' +
                '      steps: [update: second, restart: , update: third, restart: ]\n',
        );
    for (let i = 0; i < 40; i++) writeFileSync(join(folder, `${i}.yaml`), text);
    const report = makeReport('many', folder);
    assert.ok(Buffer.byteLength(report.text) < 2 * MEGABYTE);
    const {timeline, flash} = report.data.scenarios[0];
    assert.ok(timeline.operations.some((operations) => operations > 1));
    assert.ok(flash.programs + flash.sector_erases > 5000);
    const page = await openPage(browser, report);
    assert.equal(await page.locator('nav li').count(), 40);
    await page.getByRole('button', {name: 'Next operation'}).click();
    assert.match(await page.locator('.stage + .detail').textContent(), /^\d+ × /);
    await closePage(page);
});

test('equal runs give equal bytes, time on the clock aside', () => {
    const [first, second] = ['one', 'two'].map(
        (name) => makeReport(name, join(scenarios, 'violated.yaml')).text,
    );
    const timeless = (text) => text.replace(/"elapsed_s":[\d.e+-]+/g, '"elapsed_s":0');
    assert.equal(timeless(first), timeless(second));
});
