// What only a browser can tell of the status page: that it loads nothing else, fits a phone, is reached by
// keyboard, is named for screen readers, and can be read in both colour schemes.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { withBrowser } from './chromium.js';

const url = process.argv[2];
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const paths = ['/', '/?verdict=ok&q=h', '/links/expired', '/links/berlin/eu', '/links/cut-short', '/links/one-of-two',
  '/links/new-remote', '/findings', '/findings/certificate-expired', '/nowhere'];

await withBrowser(async (browser) => {
  await content(browser);
  paths.push(await hostile(browser));
  for (const path of paths) {
    for (const colorScheme of ['light', 'dark']) await accessible(browser, path, colorScheme);
    await quiet(browser, path);
    await keyboard(browser, path);
  }
  console.log(`${paths.length} pages in Chromium ${browser.version()}: passed`);
});

/** A reader goes from the answer to the broken link, to the finding, and filters. */
async function content(browser) {
  const page = await browser.newPage();
  await page.goto(url);
  assert.match(await page.title(), /^\d+ of \d+ links are broken — farlink$/);
  const sections = await page.locator('h2').allTextContents();
  assert.equal(sections[0], 'Root causes');
  assert.match(await page.locator('.cause').first().innerText(), /8 links share a cause/);
  await page.getByRole('link', { name: 'expired', exact: true }).click();
  assert.equal(await page.title(), 'broken: expired — farlink');
  assert.match(await page.locator('.lead').innerText(), /expired on 2026-11-23/);
  assert.match(await page.locator('.fixes').innerText(), /install a renewed certificate/);
  assert.match(await page.locator('.path li.bad').innerText(), /certificate/);
  await page.getByRole('link', { name: 'certificate-expired' }).first().click();
  assert.match(await page.locator('main').innerText(), /Links that have it now\s+expired/);
  await page.getByRole('link', { name: 'Links', exact: true }).click();
  await page.getByLabel('Name or cause').fill('berlin');
  await page.getByRole('button', { name: 'Filter' }).click();
  assert.match(await page.getByRole('status').innerText(), /^1 link of \d+ shown/);
  await page.close();
}

/** Where the link is whose name tries to be markup: shown as it is written, on one page like any other. */
async function hostile(browser) {
  const page = await browser.newPage();
  await page.goto(`${url}/?q=script`);
  const link = page.locator('.names a');
  assert.match(await link.innerText(), /^<script>alert\('x'\)<\/script>" onfocus="alert\(1\)" \\u\{202e\}desrever/);
  const path = await link.getAttribute('href');
  await link.click();
  assert.match(await page.title(), /^ok: <script>/);
  await page.close();
  return path;
}

/** No message on the console, no request elsewhere, no sideways scrolling on a phone. */
async function quiet(browser, path) {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const messages = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(String(error)));
  page.on('request', (request) => assert.ok(request.url().startsWith(`${url}/`), `${path} asks for ${request.url()}`));
  await page.goto(url + path);
  if (path !== '/nowhere') assert.deepEqual(messages, [], path);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${path} is ${width} px wide on a phone of 360`);
  await page.close();
}

/** Tab reaches every link, field and summary in their order, each is named, and the focus is seen. */
async function keyboard(browser, path) {
  const page = await browser.newPage();
  await page.goto(url + path);
  const all = 'a[href], input, select, button, summary';
  const wanted = await page.locator(all).count();
  const reached = new Set();
  for (let step = 0; step < wanted + 20; step++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate((all) => {
      const focus = document.activeElement;
      return { index: [...document.querySelectorAll(all)].indexOf(focus), outline: getComputedStyle(focus).outlineStyle };
    }, all);
    if (here.index < 0) continue;
    assert.notEqual(here.outline, 'none', `${path}: the focus cannot be seen on element ${here.index}`);
    reached.add(here.index);
  }
  assert.equal(reached.size, wanted, `${path}: Tab reaches ${reached.size} of ${wanted}`);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const roles = ['link', 'button', 'searchbox', 'combobox', 'DisclosureTriangle', 'region', 'table'];
  for (const node of nodes.filter((node) => !node.ignored && roles.includes(node.role?.value))) {
    assert.ok(node.name?.value?.trim(), `${path}: a ${node.role.value} has no name`);
  }
  const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((it) => Number(it.tagName[1])));
  assert.equal(levels.filter((level) => level === 1).length, 1, `${path}: one h1`);
  levels.forEach((level, at) => assert.ok(at === 0 ? level === 1 : level <= levels[at - 1] + 1, `${path}: headings ${levels}`));
  await page.close();
}

/** axe finds nothing serious, and text is at least 4.5 times as bright or dark as its ground. */
async function accessible(browser, path, colorScheme) {
  const context = await browser.newContext({ colorScheme, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(url + path);
  await page.locator('details').evaluateAll((all) => all.forEach((it) => { it.open = true; }));
  const ground = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(ground, colorScheme === 'dark' ? 'rgb(16, 19, 22)' : 'rgb(246, 247, 248)');
  await page.addScriptTag({ path: axe });
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  const grave = violations.filter((it) => ['moderate', 'serious', 'critical'].includes(it.impact));
  const words = grave.map((it) => `${it.id}: ${it.help}\n  ${it.nodes.map((node) => node.html).slice(0, 4).join('\n  ')}`);
  assert.deepEqual(words, [], `${path} (${colorScheme})`);
  assert.ok(passes.some((it) => it.id === 'color-contrast'), `${path} (${colorScheme}): contrast was not computed`);
  await context.close();
}
