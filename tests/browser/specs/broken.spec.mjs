// What cannot be opened says so in words, changes nothing and loses nothing. What can be opened is data, never code.
import { deflateRawSync } from 'node:zlib';
import { test, expect } from './fixtures.mjs';
import { notesUrl } from '../browser.mjs';
import { Headroom, changed, linkTo, node, scenario } from './headroom.mjs';

const pack = (bytes) => `h1=${deflateRawSync(bytes, { level: 9 }).toString('base64url')}`;
const good = linkTo(await scenario('celebrity-shard'));
const middle = Math.floor(good.length / 2);
const evil = '<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>';

const links = {
  'one character changed to another alphabet': [`${good.slice(0, middle)}*${good.slice(middle + 1)}`, /damaged/],
  'a stretch overwritten': [`${good.slice(0, middle)}AAAAAAAAAAAAAAAA${good.slice(middle + 16)}`, /damaged|not JSON|JSON/],
  'cut short': [good.slice(0, middle), /damaged|cut short/],
  'of a newer version': [good.replace('h1=', 'h2='), /newer Headroom/],
  'a bomb': [pack(Buffer.alloc(40 << 20, ' ')), /damaged|cut short|larger/],
  'longer than any link': [`h1=${'A'.repeat(70_000)}`, /longer than any/],
  'no link at all': ['come-and-see', /not a Headroom link/],
  'bytes that are no text': [pack(Buffer.from([0xff, 0xfe, 0xfd, 0x80])), /not text/],
  'no JSON': [pack('{"nodes": ['), /./],
  'JSON of another kind': [pack('[1, 2, 3]'), /./],
  'a design of a newer version': [pack('{"version": 99, "nodes": []}'), /version|newer/],
  'infinite numbers': [pack('{"version": 1, "nodes": [{"id": "u", "kind": "users", "x": 1e999, "y": 0}]}'), /./],
};

for (const [name, [link, words]] of Object.entries(links)) {
  test(`a broken link is told and the default scenario runs: ${name}`, async ({ page }) => {
    const app = new Headroom(page);
    await app.open('', link);
    await expect(app.faults).toBeVisible();
    await expect(app.faults.locator('li').first()).toHaveText(words);
    await expect(app.faults).toContainText('Nothing was changed or lost');
    await app.id('close').click();
    await expect(app.faults).toHaveCount(0);
    await expect(app.id('title')).toHaveValue('Cache-aside');
    await app.expectState('playing');
    await expect.poll(() => app.nowS()).toBeGreaterThan(0.2);
  });
}

test('a broken link loses nothing of what was kept before', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.id('title').fill('My own work');
  await app.expectKept((d) => d.title === 'My own work');

  await page.goto('about:blank');
  await app.open('', good.slice(0, middle));
  await expect(app.faults).toBeVisible();
  await app.id('close').click();
  await expect(app.node('cache')).toBeVisible();
  await page.goto('about:blank');
  expect(await app.open().then(() => app.id('title').inputValue())).toBe('My own work');
  await expect(app.toasts).toContainText('Your last design is back');

  // A broken link in the open page leaves it as it is.
  const nodes = await app.nodes().count();
  await page.evaluate((hash) => (location.hash = hash), good.slice(0, middle));
  await expect(app.faults).toBeVisible();
  await app.id('close').click();
  await expect(app.id('title')).toHaveValue('My own work');
  await expect(app.nodes()).toHaveCount(nodes);
});

test('what the browser keeps may be broken too', async ({ page }) => {
  const app = new Headroom(page);
  await page.goto('');
  await app.ready();
  for (const text of ['', 'no design', '{"version": 1, "nodes": [{}]}', '{"version": 99}']) {
    await page.goto('about:blank');
    await page.goto(`${notesUrl}blank.html`);
    await page.evaluate((text) => {
      localStorage.setItem('headroom.design', text);
      localStorage.setItem('headroom.panel', 'h12e9 +nothing log - +');
      localStorage.setItem('headroom.theme', 'pink');
      localStorage.setItem('headroom.lang', 'tlh');
    }, text);
    await app.open();
    await expect(app.id('title')).toHaveValue('Cache-aside');
    await app.expectState('playing');
  }
});

test('text from a link is text, wherever it is shown', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(
    await changed('load-balanced', (d) => {
      d.title = evil;
      d.note = evil;
      for (const n of d.nodes) n.label = evil;
    }),
  );
  await expect(app.node('web').locator('.cv-name')).toHaveText(evil);
  await expect(app.id('title')).toHaveValue(evil);
  await expect(app.id('note')).toHaveValue(evil);
  await app.seek(50);
  await expect(app.id('log')).toContainText(evil);
  await expect(app.id('timeline')).toContainText(evil);
  await app.id('chart-table').click();
  await app.select('web');
  await app.id('share').click();
  await expect(app.id('share-frame')).toHaveValue(/&lt;img/);
  await app.id('close').click();
  // Wired by keys, the names are read out.
  await app.node('users').focus();
  await page.keyboard.press('c');
  await page.keyboard.press('Escape');

  // A fault names what it found.
  await page.evaluate((hash) => (location.hash = hash), linkTo(`{"version": 1, "nodes": [{"id": "a", "kind": ${JSON.stringify(evil)}, "x": 0, "y": 0}], ${JSON.stringify(evil)}: 1}`));
  await expect(app.faults).toBeVisible();
  await expect(app.faults).toContainText('<img');
  expect(await page.locator('img, body script').count()).toBe(0);
  expect(await page.evaluate(() => globalThis.broken)).toBeUndefined();
});

test('labels with right-to-left marks, emoji and very long words do not break the page', async ({ page }) => {
  const app = new Headroom(page);
  const long = 'Donaudampfschifffahrtsgesellschaft'.repeat(5);
  await app.openDesign(
    await changed('cache-aside', (d) => {
      node(d, 'web').label = long;
      node(d, 'db').label = '\u202egnirts 👩‍👩‍👧‍👦';
    }),
  );
  await expect(app.node('web').locator('.cv-name')).toHaveText(long);
  const box = await app.node('web').boundingBox();
  const name = await app.node('web').locator('.cv-name').boundingBox();
  expect(name.x + name.width).toBeLessThanOrEqual(box.x + box.width);
  await app.select('web');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
});
