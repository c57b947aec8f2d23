// Places on the canvas: drawn, nested, resized, filled, killed and cut off, by mouse, by keys and by touch.
import AxeBuilder from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom, mean } from './headroom.mjs';

const box = (app, id) => app.scope.locator(`[data-place="${id}"]`);
const frame = (app, id) => box(app, id).locator('.cv-place-box').boundingBox();
const handle = (app, name) => app.scope.locator(`[data-handle="${name}"]`);
const placeOf = (design, id) => design.nodes.find((n) => n.id === id)?.place;
const placeIn = (design, id) => design.places?.find((p) => p.id === id);

// By its title, a little to the right of the icon.
async function title(app, id) {
  const at = await frame(app, id);
  return { x: at.x + at.width * 0.6, y: at.y + 8 };
}

async function dropPlace(app, kind, to) {
  const item = app.id(`palette-${kind}`);
  await item.scrollIntoViewIfNeeded();
  await app.drag(await app.centre(item), to);
}

// Users, a web server and a database, far enough apart to draw boxes around the last two.
const design = () => ({
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 300, params: { traffic: { preset: 'constant', rps: 50 }, retries: 0 } },
    { id: 'web', kind: 'web', x: 500, y: 300, params: { instances: 2 } },
    { id: 'db', kind: 'relational', x: 900, y: 300 },
  ],
  wires: [{ from: 'users', to: 'web' }, { from: 'web', to: 'db' }],
  view: { camera: { x: 600, y: 150, zoom: 0.5 } },
});

test.use({ viewport: { width: 1440, height: 1000 } });

test('by mouse: a zone is drawn, resized, filled and killed; requests fail; it comes back to life', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design());
  await app.pause();

  // Dropped beside everything it holds nothing.
  const web = await app.centre(app.node('web'));
  await dropPlace(app, 'zone', { x: web.x + 20, y: web.y - 220 });
  await expect(box(app, 'zone')).toHaveAttribute('aria-pressed', 'true');
  await expect(box(app, 'zone')).toHaveAttribute('aria-label', /holds nodes: 0/);
  await expect(app.id('place-inside').locator('li')).toHaveCount(0);

  // Pulled down over the web server by its lower handle, it takes it in.
  const before = await frame(app, 'zone');
  const s = await app.centre(handle(app, 's'));
  await app.drag(s, { x: s.x, y: web.y + 90 });
  await expect.poll(async () => (await frame(app, 'zone')).height).toBeGreaterThan(before.height + 60);
  await app.expectKept((d) => placeOf(d, 'web') === 'zone' && placeOf(d, 'users') === undefined);
  await expect(app.id('place-inside').locator('li')).toHaveCount(1);

  // The database is dragged in.
  const db = await app.centre(app.node('db'));
  const at = await frame(app, 'zone');
  await app.drag(db, { x: at.x + at.width / 2, y: at.y + 60 });
  await app.expectKept((d) => placeOf(d, 'db') === 'zone');

  // A click on its title selects it, and the inspector can kill it.
  const grip = await title(app, 'zone');
  await page.mouse.click(grip.x, grip.y);
  await expect(box(app, 'zone')).toHaveAttribute('aria-pressed', 'true');
  await app.seek(10);
  await expect(app.id('place-failures')).toHaveText(/^0/);
  await expect(app.id('place-cost')).toHaveText(/\$/);
  await expect(box(app, 'zone')).toHaveAttribute('data-state', 'ok');
  await app.id('act-kill').click();
  await app.settled();
  await app.seek(20);
  await expect(box(app, 'zone')).toHaveAttribute('data-state', 'down');
  await expect(app.id('place-parts')).toHaveText(/^0 \//);
  await app.id('act-revive').click();
  await app.settled();
  // The database comes up again in its own time.
  await app.seek(45);
  await expect(box(app, 'zone')).toHaveAttribute('data-state', 'ok');

  const windows = await app.windows();
  const failed = (from, to) => mean(windows.filter((w) => w.end_s > from && w.end_s <= to).map((w) => w.failed_rps));
  expect(failed(2, 10)).toBe(0);
  expect(failed(11, 20)).toBeGreaterThan(30);
  expect(failed(35, 45)).toBe(0);

  // The timeline says what was done, and undo takes it all back: the deeds, the nodes, the box.
  await app.expectKept((d) => d.timeline?.map((entry) => `${entry.do} ${entry.node}`).join() === 'kill zone,revive zone');
  for (let i = 0; i < 8 && (await box(app, 'zone').count()) > 0; i++) await page.keyboard.press('Control+z');
  await expect(box(app, 'zone')).toHaveCount(0);
  await app.expectKept((d) => placeOf(d, 'web') === undefined && placeOf(d, 'db') === undefined && !d.places?.length);
  await page.keyboard.press('Control+y');
  await expect(box(app, 'zone')).toHaveCount(1);
});

test('places nest; what they hold moves along, and stays when they are deleted; what makes no sense is refused', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=two-data-centres');
  await app.pause();
  const was = await frame(app, 'dc_asia');
  const web = await app.node('web_asia').boundingBox();
  const grip = await title(app, 'seoul');
  await app.drag({ x: (await frame(app, 'seoul')).x + 60, y: grip.y }, { x: (await frame(app, 'seoul')).x + 60, y: grip.y + 60 });
  await expect.poll(async () => (await frame(app, 'dc_asia')).y - was.y).toBeGreaterThan(45);
  expect((await app.node('web_asia').boundingBox()).y - web.y).toBeGreaterThan(45);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await frame(app, 'dc_asia')).y).toBeCloseTo(was.y, 0);

  // A region in a region.
  const inside = await frame(app, 'seoul');
  await dropPlace(app, 'region', { x: inside.x + inside.width * 0.4, y: inside.y + inside.height * 0.6 });
  await expect(app.toasts.last()).toContainText('lies in no other place');
  await expect(app.scope.locator('[data-place]')).toHaveCount(4);

  // A subnet in a data centre nests in it, and is no larger.
  const dc = await frame(app, 'dc_europe');
  await dropPlace(app, 'machine', { x: dc.x + dc.width / 2 - 4, y: dc.y + dc.height * 0.6 });
  await app.expectKept((d) => placeIn(d, 'machine')?.parent === 'dc_europe');
  await page.keyboard.press('Control+z');

  const own = await title(app, 'dc_asia');
  await page.mouse.click(own.x, own.y);
  await expect(app.id('place-parent')).toHaveValue('seoul');
  await page.keyboard.press('Delete');
  await app.expectKept((d) => placeOf(d, 'web_asia') === 'seoul' && !d.timeline?.length && d.places.length === 3);
  await page.keyboard.press('Control+z');
  await app.expectKept((d) => placeOf(d, 'web_asia') === 'dc_asia' && d.timeline?.length === 2);
});

test('by keys alone: a place around what is selected, renamed, moved, resized, copied and deleted', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design());
  await app.pause();
  await app.node('web').focus();
  await page.keyboard.press('Enter');
  await app.node('db').focus();
  await page.keyboard.press('Shift+Enter');
  await app.id('palette-region').focus();
  await page.keyboard.press('Enter');
  await expect(box(app, 'region')).toBeFocused();
  await app.expectKept((d) => placeOf(d, 'web') === 'region' && placeOf(d, 'db') === 'region');

  // While it is selected, a zone goes into it.
  await app.id('palette-zone').focus();
  await page.keyboard.press('Enter');
  await expect(box(app, 'zone')).toBeFocused();
  await app.expectKept((d) => placeIn(d, 'zone')?.parent === 'region');

  await box(app, 'region').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(app.id('label')).toBeFocused();
  await page.keyboard.type('Asia');
  await expect(box(app, 'region')).toHaveAttribute('aria-label', /^Asia · Region/);
  await app.id('place-site').selectOption('seoul');
  await app.expectKept((d) => placeIn(d, 'region').params?.site === 'seoul' && placeIn(d, 'region').label === 'Asia');

  await box(app, 'region').focus();
  const [was, web] = [await frame(app, 'region'), await app.node('web').boundingBox()];
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(async () => (await app.node('web').boundingBox()).y).toBeGreaterThan(web.y + 20);
  await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('Control+ArrowRight');
  await expect.poll(async () => (await frame(app, 'region')).width).toBeGreaterThan(was.width + 25);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await frame(app, 'region')).width).toBeLessThan(was.width + 30);

  await page.keyboard.press('Control+d');
  await expect(app.nodes()).toHaveCount(5);
  await expect(app.scope.locator('[data-place]')).toHaveCount(4);
  await page.keyboard.press('Control+z');
  await box(app, 'zone').focus();
  await page.keyboard.press('Delete');
  await expect(app.scope.locator('[data-place]')).toHaveCount(1);
  await expect(app.canvas).toBeFocused();
});

test('two places are cut off from each other, and a tier is spread over zones', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign({
    nodes: [
      { id: 'users', kind: 'users', x: 0, y: 300, params: { traffic: { preset: 'constant', rps: 50 }, retries: 0 } },
      { id: 'web', kind: 'web', x: 400, y: 300, place: 'a', params: { instances: 4 } },
      { id: 'db', kind: 'relational', x: 900, y: 300, place: 'b' },
    ],
    wires: [{ from: 'users', to: 'web' }, { from: 'web', to: 'db' }],
    places: [
      { id: 'r', kind: 'region', x: 300, y: 180, w: 900, h: 340 },
      { id: 'a', kind: 'zone', parent: 'r', x: 340, y: 230, w: 340, h: 240 },
      { id: 'b', kind: 'zone', parent: 'r', x: 820, y: 230, w: 340, h: 240 },
    ],
  });
  await app.seek(5);
  const grip = await title(app, 'a');
  await page.mouse.click(grip.x, grip.y);
  await expect(app.id('place-other')).toHaveValue('b');
  await expect(app.id('place-rtt')).toHaveText(/1\.55 ms/);
  await app.id('act-partition').click();
  await app.settled();
  await app.seek(20);
  await expect(app.id('place-cut')).toBeVisible();
  await app.expectKept((d) => d.timeline?.[0].do === 'partition' && d.timeline[0].from === 'a' && d.timeline[0].to === 'b');
  const windows = await app.windows();
  expect(mean(windows.filter((w) => w.end_s > 8 && w.end_s <= 20).map((w) => w.failed_rps))).toBeGreaterThan(30);

  await app.select('web');
  await expect(app.id('node-place')).toHaveValue('a');
  await app.id('spread-a').check();
  await app.id('spread-b').check();
  await app.expectKept((d) => d.nodes.find((n) => n.id === 'web').spread?.join() === 'a,b');
  await app.id('node-place').selectOption('r');
  await app.expectKept((d) => placeOf(d, 'web') === 'r');
});

test('the menu of a place does what the keys do', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=two-data-centres');
  await app.pause();
  const grip = await title(app, 'dc_europe');
  await page.mouse.click(grip.x, grip.y, { button: 'right' });
  await expect(app.id('canvas-menu')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include('[data-testid="canvas-menu"]').analyze();
  expect(violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(app.id('canvas-menu')).toHaveCount(0);

  await page.mouse.click(grip.x, grip.y, { button: 'right' });
  await app.id('menu-duplicate').click();
  await expect(app.scope.locator('[data-place]')).toHaveCount(5);
  await page.keyboard.press('Control+z');
  await box(app, 'dc_europe').focus();
  await page.keyboard.press('Shift+F10');
  await expect(app.id('canvas-menu').getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await app.expectKept((d) => d.places.length === 3 && placeOf(d, 'web_europe') === 'ireland');

  // On nothing: a place is drawn there.
  await page.keyboard.press('Control+z');
  const free = await app.place(0.5, 0.5);
  await page.mouse.click(free.x, free.y, { button: 'right' });
  await app.id('menu-draw-machine').click();
  await app.expectKept((d) => placeIn(d, 'machine'));
});

test('nothing on a page with a selected place offends axe, in either theme', async ({ page }) => {
  const app = new Headroom(page);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    await app.open('?scenario=shared-machine');
    await app.seek(10);
    const grip = await title(app, 'machine');
    await page.mouse.click(grip.x, grip.y);
    await expect(app.id('place-cpu')).toHaveText(/%/);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => [v.id, v.nodes.map((n) => n.html)])).toEqual([]);
  }
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a box is added, selected by a tap and pulled by a handle; a swipe over a box only pans', async ({ page }) => {
    const app = new Headroom(page);
    await app.open('?scenario=two-data-centres');
    await app.pause();
    const client = await page.context().newCDPSession(page);
    const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    const swipe = async (from, to) => {
      await touch('touchStart', from);
      for (let i = 1; i <= 6; i++) await touch('touchMove', { x: from.x + ((to.x - from.x) * i) / 6, y: from.y + ((to.y - from.y) * i) / 6 });
      await touch('touchEnd');
    };
    const hint = app.id('hint-dismiss');
    if (await hint.isVisible()) await hint.tap();
    const rects = () => app.kept().then((d) => JSON.stringify(d?.places));
    const at = await frame(app, 'ireland');
    const grip = { x: at.x + 30, y: at.y + 3 };
    await swipe(grip, { x: grip.x, y: grip.y + 40 });
    await expect.poll(async () => (await frame(app, 'ireland')).y).toBeGreaterThan(at.y + 25);
    await app.id('canvas-fit').tap();
    const now = await frame(app, 'ireland');
    await page.touchscreen.tap(now.x + 30, now.y + 3);
    await expect(box(app, 'ireland')).toHaveAttribute('aria-pressed', 'true');
    const before = await rects();
    const s = await app.centre(handle(app, 's'));
    await swipe(s, { x: s.x, y: s.y + 40 });
    await expect.poll(rects).not.toBe(before);
    await expect.poll(async () => (await frame(app, 'ireland')).height).toBeGreaterThan(at.height + 20);
  });
});
