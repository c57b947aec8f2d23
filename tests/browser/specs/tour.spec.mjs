// The tour: for those who come for the first time, and for those who ask; Escape ends it at any time.
import AxeBuilder from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

// Browsers tell the page that a program drives them, and it then offers no tour by itself.
const asByHand = (page) => page.addInitScript(() => Object.defineProperty(navigator, 'webdriver', { get: () => false }));

test('it shows itself once, goes on and back, and Escape ends it for good', async ({ page }) => {
  await asByHand(page);
  const app = new Headroom(page);
  await app.open();
  await expect(app.id('tour')).toBeVisible();
  await expect(app.id('tour-next')).toBeFocused();
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
  for (let step = 2; step <= 5; step++) {
    await page.keyboard.press('Enter');
    await expect(app.id('tour-step')).toHaveText(`${step} of 5`);
    // The card is on the screen as a whole.
    const box = await app.id('tour').boundingBox();
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 1280 && box.y + box.height <= 800).toBe(true);
  }
  await app.id('tour-back').click();
  await expect(app.id('tour-step')).toHaveText('4 of 5');
  await page.keyboard.press('Escape');
  await expect(app.id('tour')).toHaveCount(0);
  await page.reload();
  await app.ready();
  await expect(app.id('play')).toBeVisible();
  await expect(app.id('tour')).toHaveCount(0);

  // It comes back when it is asked for.
  await app.id('file').click();
  await app.id('file-tour').click();
  await expect(app.id('tour')).toBeVisible();
  await app.id('tour-leave').click();
  await expect(app.id('tour')).toHaveCount(0);
});

test('links, scenarios, embeds and tests are not shown around', async ({ page }) => {
  const app = new Headroom(page);
  await app.open();
  await expect(app.id('tour')).toHaveCount(0);
  await asByHand(page);
  await app.open('?scenario=cache-aside');
  await expect(app.id('play')).toBeVisible();
  await expect(app.id('tour')).toHaveCount(0);
  await app.open('?embed=1&tour=1');
  await expect(app.canvas).toBeVisible();
  await expect(app.id('tour')).toHaveCount(0);
});

test('a phone has it too', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'ko-KR' });
  const app = new Headroom(await context.newPage());
  await app.open('?tour=1');
  for (let step = 1; step <= 5; step++) {
    await expect(app.id('tour-step')).toHaveText(`5개 중 ${step}`);
    const box = await app.id('tour').boundingBox();
    expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844).toBe(true);
    await app.id('tour-next').tap();
  }
  await expect(app.id('tour')).toHaveCount(0);
  await context.close();
});
