// The page on a phone, by touch.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

// A finger that goes from one place to another.
async function swipe(page, from, to) {
  const client = await page.context().newCDPSession(page);
  const touch = (type, points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [from]);
  for (let i = 1; i <= 8; i++) await touch('touchMove', [{ x: from.x + ((to.x - from.x) * i) / 8, y: from.y + ((to.y - from.y) * i) / 8 }]);
  await touch('touchEnd', []);
  await client.detach();
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('the main job by touch', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.expectState('playing');
  expect(await overflow(page)).toBe(0);
  const hint = app.id('hint-dismiss');
  if (await hint.isVisible()) await hint.tap();

  await app.id('tab-palette').tap();
  await expect(app.id('drawer-palette')).toHaveClass(/open/);
  expect(await overflow(page)).toBe(0);
  await app.id('palette-relational').tap();
  await expect(app.nodes()).toHaveCount(3);
  await expect(app.id('drawer-palette')).not.toHaveClass(/open/);

  const db = app.node('relational');
  const place = () => db.getAttribute('style');
  const [before, at] = [await place(), await app.centre(db)];
  await swipe(page, at, { x: at.x + 10, y: at.y - 60 });
  await expect.poll(place).not.toBe(before);

  await app.id('canvas-fit').tap();
  await swipe(page, await app.centre(app.node('server').locator('[data-port=out]')), await app.centre(db.locator('[data-port=in]')));
  await expect(app.wire('server', 'relational')).toHaveCount(1);

  await db.tap();
  await app.id('tab-inspector').tap();
  await expect(app.id('drawer-inspector')).toHaveClass(/open/);
  await expect(app.id('label')).toBeVisible();
  await app.id('label').fill('Store');
  expect(await overflow(page)).toBe(0);
  await app.id('tab-inspector').tap();
  await expect(db.locator('.cv-name')).toHaveText('Store');

  await app.id('play').tap();
  await app.expectState('paused');
  await app.id('play').tap();
  await app.expectState('playing');
});

test('two fingers zoom, one finger shifts the picture', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  // Where the picture stands, and how large: translate(x,y) scale(zoom).
  const [SHIFT, ZOOM] = [1, 2];
  const read = async (at) => Number((await app.canvas.locator('.cv-nodes').evaluate((e) => e.style.transform)).match(/-?[\d.]+/g)[at]);
  const box = await app.canvas.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height * 0.85];
  const shift = await read(SHIFT);
  await swipe(page, { x, y }, { x, y: y - 50 });
  await expect.poll(() => read(SHIFT)).toBeLessThan(shift - 30);

  const zoom = await read(ZOOM);
  const client = await page.context().newCDPSession(page);
  const fingers = (gap) => [{ x: x - gap, y: y - 40, id: 1 }, { x: x + gap, y: y - 40, id: 2 }];
  await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(30) });
  for (const gap of [45, 60, 90]) await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(gap) });
  await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect.poll(() => read(ZOOM)).toBeGreaterThan(zoom * 1.5);
  // The page itself has not been zoomed.
  expect(await page.evaluate(() => visualViewport.scale)).toBe(1);
});

test('nothing is wider than the screen, in either language', async ({ page }) => {
  const app = new Headroom(page);
  for (const lang of ['en', 'ko']) {
    await app.open(`?scenario=replicas-write-burst&lang=${lang}`);
    await app.seek(50);
    expect(await overflow(page), 'main').toBe(0);
    await app.id('menu').tap();
    await expect(app.id('drawer-menu')).toBeVisible();
    expect(await overflow(page), 'menu').toBe(0);
    await app.id('scenario-celebrity-shard').tap();
    await expect(app.node('db').locator('[data-part]')).toHaveCount(4);
    await app.id('share').tap();
    await expect(app.id('share-dialog')).toBeVisible();
    expect(await overflow(page), 'share').toBe(0);
    await app.id('close').tap();
    await app.node('db').tap();
    await app.id('tab-inspector').tap();
    expect(await overflow(page), 'inspector').toBe(0);
  }
});

test('charts and the traffic curve by touch', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.seek(20);
  if (!(await page.locator('[data-testid^="chart-tab-"]').first().isVisible())) await app.id('tab-charts').tap();
  await expect(page.locator('.chart')).toHaveCount(1);
  await app.id('chart-tab-rates').tap();
  await expect(app.id('curve-editor')).toBeVisible();
  const point = app.id('curve-point-2');
  const before = Number(await point.getAttribute('data-rps'));
  const at = await app.centre(point);
  await swipe(page, at, { x: at.x, y: at.y + 40 });
  await expect.poll(async () => Number(await point.getAttribute('data-rps'))).toBeLessThan(before);
});
