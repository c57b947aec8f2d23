import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, expect } from './fixtures.mjs';

test('the page opens from a sub-path without a complaint', async ({ page }) => {
  await page.goto('');
  await expect(page).toHaveTitle(/Headroom/);
  await expect(page.locator('#app').locator('*').first()).toBeAttached();
});

test('every file of the site is asked for by a relative address', async ({ page }) => {
  await page.goto('');
  const absolute = await page.evaluate(() =>
    [...document.querySelectorAll('[src], [href], [data-js], [data-wasm]')]
      .flatMap((e) => [e.getAttribute('src'), e.getAttribute('href'), e.dataset.js, e.dataset.wasm])
      .filter((url) => url && (url.startsWith('/') || /^https?:/.test(url) && !url.startsWith(location.origin))),
  );
  expect(absolute).toEqual([]);
});

// What `./dev test web` counts as first sight (site_kb in ./dev) is all but the schema.
test('the first running scenario takes these files, each of them once', async ({ page, context }) => {
  const dist = process.env.HEADROOM_DIST ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'dist');
  const files = (await readdir(dist, { withFileTypes: true })).filter((f) => f.isFile()).map((f) => f.name);
  const asked = [];
  context.on('request', (request) => asked.push(basename(new URL(request.url()).pathname).replace(/^path$/, 'index.html')));
  await page.goto('');
  await expect.poll(() => page.evaluate(() => Number(document.documentElement.dataset.nowNs))).toBeGreaterThan(0);
  expect(asked.filter((name) => files.includes(name)).sort()).toEqual(files.filter((name) => name !== 'design.schema.json').sort());
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the page says what it needs, in English and Korean', async ({ page }) => {
    await page.goto('');
    await expect(page.locator('noscript p').first()).toBeVisible();
    const texts = (await page.locator('noscript p').allInnerTexts()).join(' ');
    expect(texts).toContain('allow JavaScript');
    expect(texts).toContain('JavaScript를 허용해 주세요');
  });
});
