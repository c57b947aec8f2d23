// The page in a frame of somebody else's page.
import { test, expect } from './fixtures.mjs';
import { Headroom, changed, inLink, linkTo, scenario } from './headroom.mjs';
import { notesUrl } from '../browser.mjs';

async function note(page, query, fragment = '', sandbox) {
  const wish = new URLSearchParams({ query });
  if (sandbox !== undefined) wish.set('sandbox', sandbox);
  // Another fragment alone would not load the note again.
  await page.goto('about:blank');
  await page.goto(`${notesUrl}note.html?${wish}${fragment && `#${fragment}`}`);
  const app = new Headroom(page, page.frameLocator('iframe'));
  await app.ready();
  return app;
}

const small = linkTo(await changed('single-server', (d) => (d.run = { until_s: 30 })));

test('a frame in a note shows canvas, one chart and play, and no more', async ({ page, context }) => {
  const app = await note(page, 'embed=1', small);
  await expect(app.node('server')).toBeVisible();
  await expect(app.scope.locator('.chart')).toHaveCount(1);
  for (const gone of ['palette', 'share', 'scenarios', 'file', 'undo', 'title']) await expect(app.id(gone), gone).toHaveCount(0);
  // It stands still until it is asked.
  await app.expectState('paused');
  expect(await app.nowS()).toBe(0);
  await app.id('embed-play').click();
  await expect(app.id('embed-play')).toHaveCount(0);
  await expect.poll(() => app.nowS()).toBeGreaterThan(0.3);
  await app.id('play').click();
  await app.expectState('paused');
  const hash = await app.runToEnd();

  const [full] = await Promise.all([context.waitForEvent('page'), app.id('open-full').click()]);
  const editor = new Headroom(full);
  await editor.ready();
  expect(full.url()).not.toContain('embed');
  expect(inLink(full.url()).nodes).toEqual(inLink(`#${small}`).nodes);
  await expect(editor.id('palette')).toBeVisible();
  expect(await editor.runToEnd()).toBe(hash);
});

test('an embed does as its address says', async ({ page }) => {
  const auto = await note(page, 'embed=1&run=auto&lang=ko&theme=dark', small);
  await auto.expectState('playing');
  await expect(auto.root).toHaveAttribute('lang', 'ko');
  await expect(auto.root).toHaveAttribute('data-theme', 'dark');
  await expect(auto.id('embed-play')).toHaveCount(0);
  await expect(auto.id('open-full')).toContainText('전체 편집기에서 열기');

  const still = await note(page, 'embed=1&run=off&ui=min', small);
  await expect(still.node('server')).toBeVisible();
  await expect(still.id('play')).toHaveCount(0);
  await expect(still.id('embed-play')).toHaveCount(0);
  await expect(still.scope.locator('.chart')).toHaveCount(0);
  expect(await still.nowS()).toBe(0);

  const moment = await note(page, 'embed=1&t=12.5&focus=server', small);
  await expect(moment.root).toHaveAttribute('data-now-ns', String(12.5e9));
  await moment.expectState('paused');
  await expect(moment.node('server')).toHaveAttribute('aria-pressed', 'true');
});

test('an embed cannot be edited, unless its address says so', async ({ page }) => {
  const fixed = await note(page, 'embed=1', small);
  const before = await fixed.node('server').boundingBox();
  await fixed.drag(await fixed.centre(fixed.node('server')), { x: before.x + 20, y: before.y + 100 });
  expect(await fixed.node('server').boundingBox()).toEqual(before);
  await page.keyboard.press('Delete');
  await expect(fixed.nodes()).toHaveCount(2);

  const open = await note(page, 'embed=1&edit=1', small);
  const at = await open.centre(open.node('server'));
  await open.drag(at, { x: at.x, y: at.y + 60 });
  expect((await open.centre(open.node('server'))).y).toBeGreaterThan(at.y + 30);
});

test('a frame lets the note scroll until somebody works in it', async ({ page }) => {
  const app = await note(page, 'embed=1', small);
  const zoomed = () => app.canvas.locator('.cv-nodes').evaluate((e) => /scale\(([\d.]+)/.exec(e.style.transform)[1]);
  const zoom = await zoomed();
  const box = await app.canvas.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 30);
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(50);
  expect(await zoomed()).toBe(zoom);

  await page.evaluate(() => scrollTo(0, 0));
  await app.node('server').click();
  await page.mouse.wheel(0, 200);
  await expect.poll(zoomed).not.toBe(zoom);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('a frame of the strictest sandbox still runs, to the same hash', async ({ page }) => {
  const app = await note(page, 'embed=1', small, 'allow-scripts');
  await expect(app.node('server')).toBeVisible();
  await app.id('embed-play').click();
  await expect.poll(() => app.nowS()).toBeGreaterThan(0.3);
  const sandboxed = await app.runToEnd();
  const free = await note(page, 'embed=1', small);
  expect(await free.runToEnd()).toBe(sandboxed);
});

test('an embed without a design, or with a broken one, shows the default scenario', async ({ page }) => {
  const app = await note(page, 'embed=1');
  await expect(app.node('cache')).toBeVisible();
  const broken = await note(page, 'embed=1', small.slice(0, 40));
  await expect(broken.faults).toBeVisible();
  await broken.id('close').click();
  await expect(broken.node('cache')).toBeVisible();
});

test('two frames in one note, and the editor beside them, do not disturb each other', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.id('title').fill('Mine');
  await app.expectKept((d) => d.title === 'Mine');
  const embed = await note(page, 'embed=1&edit=1', linkTo(await scenario('celebrity-shard')));
  await embed.node('db').click();
  await page.keyboard.press('Delete');
  await expect(embed.node('db')).toHaveCount(0);
  await page.goto('about:blank');
  await app.open();
  await expect(app.id('title')).toHaveValue('Mine');
});
