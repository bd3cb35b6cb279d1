// Scenarios that try to become part of the page.
import assert from 'node:assert/strict';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {
    closePage,
    makeReport,
    openPage,
    overflow,
    scenarios,
    scratch,
    shell,
    startBrowser,
} from './browser.mjs';

const attack = `</script><!--<script><img src=x onerror="window.hacked=1"><svg onload=alert(1)>'"&lt;\${alert(2)}`;
const quoted = JSON.stringify(attack);

let browser, report;
before(async () => {
    const folder = join(scratch, 'hostile');
    mkdirSync(folder);
    const text = readFileSync(join(scenarios, 'known.yaml'), 'utf8')
        .replace(/^name:.*/, `name: ${quoted}\nabout: ${quoted}\nlink: "javascript:window.hacked=2"`)
        .replace(/why:.*/, `why: ${quoted}`)
        .replace(/link: https.*/, 'link: "JavaScript:window.hacked=3"')
        .replace('version: 2.0.0, size', 'version: "2<b>\'`$(id)", size')
        .replace('version: 2.0.0}', `version: ${quoted.slice(0, 20)}"}`);
    // A file may be called almost anything; a slash it cannot hold.
    writeFileSync(join(folder, `${attack.replaceAll('/', '|')}.yaml`), text);
    writeFileSync(join(folder, 'no-scenario.yaml'), `${attack}: [`);
    browser = await startBrowser();
    report = makeReport('hostile', folder);
});
after(() => browser.close());

test('what a scenario says stays text', async () => {
    const page = await openPage(browser, report);
    assert.equal(await page.locator('h2').textContent(), attack);
    assert.ok((await page.locator('.about').first().textContent()).includes(attack));
    await page.evaluate(() =>
        document.querySelectorAll('details').forEach((details) => (details.open = true)),
    );
    assert.equal(await page.locator('img, iframe, object, #page script, a[href^="javascript" i]').count(), 0);
    assert.equal(await page.locator('body > *').count(), 5);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.deepEqual(await overflow(page), {by: 0, what: []});
    await closePage(page);
});

test('without scripts, too', async () => {
    const page = await openPage(browser, report, {javaScriptEnabled: false});
    assert.equal(await page.locator('noscript img, noscript script').count(), 0);
    assert.ok((await page.locator('noscript').textContent()).includes(attack.replaceAll('/', '|')));
    await closePage(page);
});

test('the data holds no markup at all', () => {
    const data = /id="report">(.*?)<\/script>/s.exec(report.text)[1];
    assert.ok(!data.includes('<'));
    assert.equal(report.data.scenarios[0].name, attack);
});

test('the page forbids what it does not bring along', () => {
    assert.match(
        report.text,
        /Content-Security-Policy" content="default-src 'none'; style-src 'nonce-([0-9a-f]{32})'; script-src 'nonce-\1'/,
    );
    assert.ok(!/\b(src|href)="(https?:)?\/\//.test(report.text));
});

test('the replay command quotes the file name for a shell', () => {
    const [violation] = report.data.scenarios[0].violations;
    assert.match(shell(violation.replay), /before the cut:/);
});
