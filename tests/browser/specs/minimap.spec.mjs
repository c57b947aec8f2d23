// The minimap: there while something is out of view; a drag in it moves the picture.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

test('it appears when something is out of view, and goes where it is pressed', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.pause();
  const map = app.id('minimap');
  await expect(map).toBeHidden();
  for (let i = 0; i < 5; i++) await app.id('canvas-zoom-in').click();
  await expect(map).toBeVisible();

  // Dragged to its left edge, the users come into view; to the right, the database does.
  const seen = async (id) => {
    const [canvas, box] = [await app.canvas.boundingBox(), await app.node(id).boundingBox()];
    return box.x + box.width > canvas.x && box.x < canvas.x + canvas.width;
  };
  const box = await map.boundingBox();
  const y = box.y + box.height / 2;
  await app.drag({ x: box.x + box.width / 2, y }, { x: box.x + 20, y });
  await expect.poll(() => seen('users')).toBe(true);
  const now = await map.boundingBox();
  await app.drag({ x: now.x + now.width / 2, y }, { x: now.x + now.width - 20, y });
  await expect.poll(() => seen('users')).toBe(false);
  // Nothing was selected or moved by that.
  await expect(app.id('undo')).toBeDisabled();
  await app.id('canvas-fit').click();
  await expect(map).toBeHidden();
});

test('neither a phone nor an embed has it', async ({ browser }) => {
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const app = new Headroom(await phone.newPage());
  await app.open('?scenario=cache-aside');
  for (let i = 0; i < 4; i++) await app.id('canvas-zoom-in').tap();
  await expect(app.id('minimap')).toBeHidden();
  await phone.close();
});
