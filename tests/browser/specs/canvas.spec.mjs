// Editing on the canvas: by mouse, by keys alone, by touch.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const selected = (app) => app.scope.locator('[data-node-id][aria-pressed="true"]');
const transform = (app) => app.canvas.locator('.cv-nodes').evaluate((e) => e.style.transform);
const zoom = async (app) => Number(/scale\(([\d.]+)/.exec(await transform(app))[1]);

// A click in the middle of a wire, with Shift: so it is the wire that is meant, and not a request that moves there.
async function clickWire(app, from, to) {
  const at = await app.wire(from, to).locator('.cv-wire-line').evaluate((line) => {
    const [p, m] = [line.getPointAtLength(line.getTotalLength() / 2), line.getScreenCTM()];
    return { x: p.x * m.a + m.e, y: p.y * m.d + m.f };
  });
  await app.page.keyboard.down('Shift');
  await app.page.mouse.click(at.x, at.y);
  await app.page.keyboard.up('Shift');
}

test('by mouse: move, undo, select by rectangle, duplicate, delete, pan and zoom', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.pause();
  const before = await app.node('lb').boundingBox();
  const from = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
  await app.drag(from, { x: from.x + 10, y: from.y + 90 });
  const after = await app.node('lb').boundingBox();
  expect(after.y - before.y).toBeGreaterThan(60);
  await expect(app.node('lb')).toHaveAttribute('aria-pressed', 'true');
  await app.expectKept((design) => design.nodes.find((n) => n.id === 'lb').y % 4 === 0);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await app.node('lb').boundingBox()).y).toBeCloseTo(before.y, 0);

  const [corner, opposite] = [await app.place(0.99, 0.02), await app.place(0.01, 0.97)];
  await page.keyboard.down('Shift');
  await app.drag(opposite, corner);
  await page.keyboard.up('Shift');
  await expect(selected(app)).toHaveCount(5);
  await page.keyboard.press('Control+d');
  await expect(app.nodes()).toHaveCount(10);
  await expect(app.wires()).toHaveCount(8);
  await expect(selected(app)).toHaveCount(5);
  await page.keyboard.press('Delete');
  await expect(app.nodes()).toHaveCount(5);

  const still = await transform(app);
  const free = await app.place(0.1, 0.9);
  await app.drag(free, { x: free.x + 60, y: free.y - 40 });
  expect(await transform(app)).not.toBe(still);
  const near = await zoom(app);
  await page.mouse.wheel(0, -240);
  await expect.poll(() => zoom(app)).toBeGreaterThan(near);
  await app.id('canvas-fit').click();
  await expect.poll(() => transform(app)).toBe(still);
});

test('a wire is drawn by two clicks, selected and deleted, and brought back', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.pause();
  await clickWire(app, 'web', 'db');
  await expect(app.wire('web', 'db')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Delete');
  await expect(app.wires()).toHaveCount(3);

  const out = await app.centre(app.node('web').locator('[data-port=out]'));
  await page.mouse.click(out.x, out.y);
  await expect(app.node('db')).toHaveAttribute('data-link', 'target');
  await expect(app.node('users')).not.toHaveAttribute('data-link', /./);
  const db = await app.centre(app.node('db'));
  await page.mouse.click(db.x, db.y);
  await expect(app.wire('web', 'db')).toHaveCount(1);

  // Given up with Escape, no wire is drawn.
  await app.node('cache').locator('[data-port=out]').click();
  await page.keyboard.press('Escape');
  await expect(app.canvas).not.toHaveAttribute('data-linking', /./);
  await expect(app.wires()).toHaveCount(4);
});

test('by keys alone: a cache is added, wired, moved and deleted', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await app.id('palette-cache').focus();
  await page.keyboard.press('Enter');
  await expect(app.node('cache')).toBeFocused();
  await expect(app.node('cache')).toHaveAttribute('aria-pressed', 'true');

  await app.node('server').focus();
  await page.keyboard.press('c');
  await expect(app.node('cache')).toHaveAttribute('data-link', 'chosen');
  await page.keyboard.press('Enter');
  await expect(app.wire('server', 'cache')).toHaveCount(1);
  await expect(app.node('server')).toBeFocused();

  const before = await app.node('server').boundingBox();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(async () => (await app.node('server').boundingBox()).y).toBeGreaterThan(before.y + 20);
  await expect(app.node('server')).toHaveAttribute('aria-label', /Everything server/);

  // Enter selects; once more, it opens the inspector.
  await page.keyboard.press('Enter');
  await expect(app.id('label')).toBeFocused();

  await app.node('cache').focus();
  await page.keyboard.press('Delete');
  await expect(app.node('cache')).toHaveCount(0);
  await expect(app.wires()).toHaveCount(1);
  await expect(app.canvas).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(app.wire('server', 'cache')).toHaveCount(1);
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('one finger pans and drags, two pinch, a long press selects more, two taps wire', async ({ page }) => {
    const app = new Headroom(page);
    await app.open('?scenario=cache-aside');
    await app.pause();
    const client = await page.context().newCDPSession(page);
    const touch = (type, ...points) =>
      client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map((p, id) => ({ ...p, id })) });
    const middle = await app.place(0.5, 0.1);
    const at = (x, y = 0) => ({ x: middle.x + x, y: middle.y + y });

    const still = await transform(app);
    await touch('touchStart', at(0));
    await touch('touchMove', at(10, 5));
    await touch('touchMove', at(40, 15));
    await touch('touchEnd');
    await expect.poll(() => transform(app)).not.toBe(still);

    const far = await zoom(app);
    await touch('touchStart', at(-40), at(40));
    await touch('touchMove', at(-60), at(60));
    await touch('touchMove', at(-100), at(100));
    await touch('touchEnd');
    await expect.poll(() => zoom(app)).toBeGreaterThan(far * 1.5);
    await app.id('canvas-fit').click();

    const lb = await app.centre(app.node('lb'));
    await touch('touchStart', lb);
    await touch('touchMove', { x: lb.x, y: lb.y + 15 });
    await touch('touchMove', { x: lb.x, y: lb.y + 50 });
    await touch('touchEnd');
    await expect.poll(async () => (await app.centre(app.node('lb'))).y).toBeGreaterThan(lb.y + 20);

    await app.node('web').tap();
    await expect(selected(app)).toHaveCount(1);
    const cache = await app.centre(app.node('cache'));
    await touch('touchStart', cache);
    await expect(selected(app)).toHaveCount(2);
    await touch('touchEnd');

    const port = await app.centre(app.node('cache').locator('[data-port=out]'));
    await page.touchscreen.tap(port.x, port.y);
    await expect(app.node('db')).toHaveAttribute('data-link', 'target');
    const db = await app.centre(app.node('db'));
    await page.touchscreen.tap(db.x - 8, db.y);
    await expect(app.wire('cache', 'db')).toHaveCount(1);
  });
});
