// Makes reports with ota-sim and opens them from disk in Chromium.
import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';

export const here = dirname(fileURLToPath(import.meta.url));
export const scenarios = join(here, 'scenarios');
const otaSim = process.env.OTA_SIM;
assert.ok(otaSim, 'OTA_SIM names the program to test');

export const scratch = mkdtempSync(join(tmpdir(), 'ota-sim-html-'));
process.on('exit', () => rmSync(scratch, {recursive: true, force: true}));

// Runs scenarios to a page in the scratch folder. Returns its path, its text and what its script is given.
export function makeReport(name, ...operands) {
    const path = join(scratch, `${name}.html`);
    const run = spawnSync(otaSim, ['run', '--html', path, ...operands], {encoding: 'utf8'});
    assert.ok(run.status === 0 || run.status === 1 || run.status === 2, run.stderr);
    const text = readFileSync(path, 'utf8');
    return {path, text, data: dataOf(text)};
}

export function dataOf(text) {
    return JSON.parse(/<script type="application\/json" id="report">(.*?)<\/script>/s.exec(text)[1]);
}

// Runs a line of shell in which `ota-sim` is the program under test.
export function shell(line) {
    const folder = join(scratch, 'bin');
    if (!existsSync(folder)) {
        mkdirSync(folder);
        symlinkSync(otaSim, join(folder, 'ota-sim'));
    }
    const env = {...process.env, PATH: `${folder}:${process.env.PATH}`};
    return execFileSync('/bin/sh', ['-c', line], {encoding: 'utf8', env});
}

export function startBrowser() {
    return chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
        ],
    });
}

// Opens a report as a file. What the browser complains about and what it asks the network for is collected in
// page.complaints; closePage() asserts that there is nothing.
export async function openPage(
    browser,
    report,
    {width = 1280, height = 900, scheme = 'light', hash = '', ...more} = {},
) {
    const context = await browser.newContext({viewport: {width, height}, colorScheme: scheme, ...more});
    const page = await context.newPage();
    page.complaints = [];
    page.on('console', (message) => page.complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => page.complaints.push(String(error.stack)));
    page.on('dialog', (dialog) => page.complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
        if (!/^(file|data):/.test(request.url())) page.complaints.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(report.path) + hash);
    return page;
}

export async function closePage(page) {
    const complaints = page.complaints;
    await page.context().close();
    assert.deepEqual(complaints, []);
}

// Waits until `ask` of the page says true. Playwright's own way to wait evaluates text, which the page forbids.
export async function until(page, ask, argument) {
    for (const end = Date.now() + 5000; Date.now() < end; await page.waitForTimeout(20))
        if (await page.evaluate(ask, argument)) return;
    assert.fail(`in vain waited for ${ask}`);
}

// Shows the scenario of that number.
export async function showScenario(page, index) {
    await page.evaluate((number) => (location.hash = `#/${number}`), index);
    await until(
        page,
        (name) => document.querySelector('h2').textContent === name && document.querySelector('.time rect'),
        await page.locator(`nav a[href="#/${index}"] .name`).textContent(),
    );
}

// Pixels by which the page is wider than its window, and what sticks out.
export function overflow(page) {
    return page.evaluate(() => {
        const wide = document.documentElement.clientWidth;
        return {
            by: document.documentElement.scrollWidth - wide,
            what: [...document.querySelectorAll('body *')]
                .filter(
                    (node) => node.getBoundingClientRect().right > wide + 1 && !node.closest('pre, .list'),
                )
                .map((node) => node.className.toString() || node.tagName)
                .slice(0, 5),
        };
    });
}
