// Quick add: type a name where something is to be added.
import { AxeBuilder } from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const design = {
  version: 1,
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0 },
    { id: 'web', kind: 'web', x: 320, y: 0 },
  ],
  wires: [{ from: 'users', to: 'web' }],
  run: { until_s: 20 },
};

const option = (app, kind) => app.id('quick').locator(`[role=option][data-kind=${kind}]`);

test('A beside a selected node adds what is typed, wired, in one step', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  await app.select('web');
  await page.keyboard.press('a');
  await expect(app.id('quick-field')).toBeFocused();
  // What could not be wired says why, and comes last.
  await expect(option(app, 'users')).toContainText('without a wire');
  await expect(option(app, 'cache')).toContainText('wired from Web servers');
  await page.keyboard.type('cach');
  await expect(app.id('quick').locator('[role=option]').first()).toHaveAttribute('data-kind', 'cache');
  expect((await new AxeBuilder({ page }).include('[data-testid=quick]').analyze()).violations).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(app.id('quick')).toHaveCount(0);
  await expect(app.node('cache')).toHaveAttribute('aria-pressed', 'true');
  await expect(app.wire('web', 'cache')).toHaveCount(1);
  const [web, cache] = [await app.node('web').boundingBox(), await app.node('cache').boundingBox()];
  expect(cache.x).toBeGreaterThan(web.x + web.width);
  // Another one beside it, by arrows: the list goes round.
  await app.select('web');
  await page.keyboard.press('a');
  await page.keyboard.type('database');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(app.nodes()).toHaveCount(4);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(app.nodes()).toHaveCount(2);
  await expect(app.wire('web', 'cache')).toHaveCount(0);
});

test('on empty canvas a double click or Ctrl and a click ask what to add there; Escape adds nothing', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design, '?lang=ko');
  const at = await app.place(0.5, 0.2);
  await page.mouse.dblclick(at.x, at.y);
  await expect(app.id('quick-field')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(app.id('quick')).toHaveCount(0);
  await page.keyboard.down('Control');
  await page.mouse.click(at.x, at.y);
  await page.keyboard.up('Control');
  await expect(app.id('quick-field')).toBeFocused();
  await app.id('quick-field').fill('메시지');
  await page.keyboard.press('Enter');
  const box = await app.node('queue').boundingBox();
  expect(Math.abs(box.x + box.width / 2 - at.x)).toBeLessThan(30);
  expect(Math.abs(box.y + box.height / 2 - at.y)).toBeLessThan(30);
  // What is found by no name is said.
  await page.keyboard.press('Escape');
  await app.canvas.focus();
  await page.keyboard.press('a');
  await app.id('quick-field').fill('xyzzy');
  await expect(app.id('quick').getByRole('status')).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(app.nodes()).toHaveCount(3);
});

test('a wire that is dropped on empty canvas offers only what it can go to', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  const out = await app.centre(app.node('web').locator('[data-port=out]'));
  await app.drag(out, await app.place(0.72, 0.75));
  await expect(app.id('quick-field')).toBeFocused();
  await expect(option(app, 'relational')).toHaveCount(1);
  await expect(option(app, 'users')).toHaveCount(0);
  await expect(option(app, 'region')).toHaveCount(0);
  await option(app, 'relational').click();
  await expect(app.wire('web', 'relational')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(app.nodes()).toHaveCount(2);
});

test.describe('with a finger', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('a long press on nothing opens the menu, and there it adds', async ({ page }) => {
    const app = new Headroom(page);
    await app.openDesign(design);
    const at = await app.place(0.5, 0.15);
    const client = await page.context().newCDPSession(page);
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await expect(app.id('canvas-menu')).toBeVisible();
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await app.id('menu-add').tap();
    await expect(app.id('quick-field')).toBeVisible();
    await app.id('quick-field').fill('cdn');
    await option(app, 'cdn').tap();
    await expect(app.node('cdn')).toBeVisible();
    const wide = await app.id('canvas').evaluate((d) => d.scrollWidth - d.clientWidth);
    expect(wide).toBeLessThanOrEqual(1);
  });
});
