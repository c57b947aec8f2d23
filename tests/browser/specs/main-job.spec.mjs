// What Headroom is for: draw it, load it, watch it.
import { readdir } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { Headroom, mean } from './headroom.mjs';

const withoutCache = {
  version: 1,
  title: 'No cache yet',
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { preset: 'constant', rps: 500 }, write_share: 0.02, items: 2000, zipf_s: 1 } },
    { id: 'web', kind: 'web', x: 300, y: 0, params: { instances: 2, workers: 16, service: { law: 'exponential', mean_ms: 2 } } },
    { id: 'db', kind: 'relational', x: 640, y: 0, params: { workers: 4, read: { law: 'exponential', mean_ms: 6 } } },
  ],
  wires: [{ from: 'users', to: 'web' }, { from: 'web', to: 'db' }],
  run: { until_s: 60 },
};

test('a cache dragged in between web tier and database warms up and takes load off it', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(withoutCache);
  await app.seek(20);
  const before = mean((await app.windows()).map((w) => w['db.arrivals_rps']));
  expect(before).toBeGreaterThan(450);
  await expect(app.id('chart-hit-rate')).toHaveCount(0);

  const [web, db] = [await app.centre(app.node('web')), await app.centre(app.node('db'))];
  const cache = await app.dragIn('cache', { x: (web.x + db.x) / 2, y: (await app.place(0, 0.2)).y });
  await expect(app.node(cache)).toHaveAttribute('aria-pressed', 'true');
  await app.dragWire('web', cache);
  await expect(app.wire('web', cache)).toHaveCount(1);

  // Another structure is another run: it starts at 0, with a cold cache.
  await app.seek(50);
  const windows = await app.windows();
  const hits = windows.map((w) => w[`${cache}.hit_ratio`]);
  const [cold, warm] = [mean(hits.slice(0, 2)), mean(hits.slice(-10))];
  expect(cold).toBeLessThan(0.5);
  expect(warm).toBeGreaterThan(0.75);
  expect(mean(hits.slice(5, 10))).toBeGreaterThan(cold);
  const load = windows.map((w) => w['db.arrivals_rps']);
  expect(mean(load.slice(-10))).toBeLessThan(0.35 * before);
  expect(mean(load.slice(-10))).toBeLessThan(0.6 * load[0]);
  // The same is seen on the chart, on the canvas and in the inspector.
  expect(Number(await app.id('chart-hit-rate').getAttribute('data-last'))).toBeCloseTo(hits.at(-1), 4);
  const percent = Math.round(hits.at(-1) * 100);
  await expect(app.node(cache).locator('.cv-value')).toHaveText(`${percent}%`);
  await expect(app.id('metric-hit_ratio')).toContainText('%');
});

test('a design drawn from nothing answers its users', async ({ page }) => {
  const app = new Headroom(page);
  await app.open();
  await app.id('file').click();
  await app.id('file-new').click();
  await expect(app.nodes()).toHaveCount(0);
  await expect(app.id('canvas-empty')).toBeVisible();

  const users = await app.dragIn('users', await app.place(0.2, 0.5));
  const web = await app.dragIn('web', await app.place(0.5, 0.5));
  const db = await app.dragIn('relational', await app.place(0.8, 0.5));
  await app.dragWire(users, web);
  await app.dragWire(web, db);
  await expect(app.wires()).toHaveCount(2);
  await app.restart();
  await app.seek(10);
  await app.selectNothing();
  const arrived = Number((await app.id('total-arrived').innerText()).replaceAll(',', ''));
  const completed = Number((await app.id('total-completed').innerText()).replaceAll(',', ''));
  expect(arrived).toBeGreaterThan(100);
  expect(completed).toBeGreaterThan(0.9 * arrived);
});

test('a wire that makes no sense is refused and says why', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  const wires = await app.wires().count();
  // The database answers: it has no port to call from. From its only port a wire is drawn to its caller.
  const from = await app.centre(app.node('db').locator('[data-port=in]'));
  const to = await app.centre(app.node('users'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await expect(app.canvas.locator('.cv-tip')).toHaveAttribute('data-shown', 'true');
  await expect(app.canvas.locator('.cv-tip')).toContainText('Users cannot call Relational');
  await page.mouse.up();
  await expect(app.wires()).toHaveCount(wires);
  await expect(app.id('undo')).toBeDisabled();

  // A pair that is wired already.
  await app.dragWire('web', 'db');
  await expect(app.wires()).toHaveCount(wires);
  await expect(app.id('undo')).toBeDisabled();
});

test('the page opens on a running scenario, and the first scenarios of the menu run', async ({ page }) => {
  test.setTimeout(400_000);
  const app = new Headroom(page);
  await app.open();
  await app.expectState('playing');
  await expect(app.node('cache')).toBeVisible();
  await app.id('scenarios').click();
  const ids = await page.locator('[data-testid^="scenario-"]').evaluateAll((all) => all.map((e) => e.dataset.testid.slice('scenario-'.length)));
  expect(ids).toEqual(expect.arrayContaining(['single-server', 'load-balanced', 'cache-aside', 'replicas-write-burst', 'celebrity-shard']));
  expect(ids.length).toBe((await readdir(new URL('../../../scenarios/', import.meta.url))).length);
  await page.keyboard.press('Escape');
  for (const id of ['single-server', 'load-balanced', 'cache-aside', 'replicas-write-burst', 'celebrity-shard']) {
    await app.openScenario(id);
    await expect(app.id('hint')).toBeVisible();
    await app.expectState('playing');
    await app.seek(2);
    const windows = await app.windows();
    expect(Math.max(...windows.map((w) => w.served_rps)), id).toBeGreaterThan(1);
  }
});
