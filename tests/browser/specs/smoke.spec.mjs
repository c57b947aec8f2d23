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
