// The traffic curve, drawn by hand under the charts.
import { test, expect } from './fixtures.mjs';
import { Headroom, changed, mean, node } from './headroom.mjs';

const handle = (app, n) => app.id(`curve-point-${n}`);
const at = async (app, n) => ({ t: Number(await handle(app, n).getAttribute('data-t')), rps: Number(await handle(app, n).getAttribute('data-rps')) });
const between = (windows, from, to) => windows.filter((w) => w.end_s > from && w.end_s <= to);
const design = {
  version: 1,
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { points: [[0, 100], [20, 100], [40, 100], [60, 100]] } } },
    { id: 'web', kind: 'web', x: 320, y: 0, params: { instances: 4, workers: 8, service: { law: 'exponential', mean_ms: 2 } } },
  ],
  wires: [{ from: 'users', to: 'web' }],
  run: { until_s: 60 },
};

test('a point dragged by the mouse bends the traffic, and undo bends it back', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  await app.seek(60);
  expect(mean(between(await app.windows(), 35, 45).map((w) => w.offered_rps))).toBeLessThan(115);

  // Higher than the axis reaches, so that it has to grow.
  const grip = await app.centre(handle(app, 2));
  await app.drag(grip, { x: grip.x, y: grip.y - 30 });
  const bent = await at(app, 2);
  expect(bent.rps).toBeGreaterThan(125);
  await expect(app.id('curve-editor')).toHaveAttribute('data-shape', 'points');
  await app.seek(60);
  const windows = await app.windows();
  const near = between(windows, bent.t - 2, bent.t + 2);
  expect(Math.abs(mean(near.map((w) => w.offered_rps)) / bent.rps - 1)).toBeLessThan(0.12);
  expect(Math.abs(mean(near.map((w) => w.served_rps)) / bent.rps - 1)).toBeLessThan(0.12);
  expect(mean(between(windows, 0, 15).map((w) => w.offered_rps))).toBeLessThan(115);

  await app.id('undo').click();
  await expect(handle(app, 2)).toHaveAttribute('data-rps', '100');
  await expect(app.id('undo')).toBeDisabled();
  await app.seek(60);
  expect(mean(between(await app.windows(), 35, 45).map((w) => w.offered_rps))).toBeLessThan(115);
  await app.id('redo').click();
  await expect(handle(app, 2)).toHaveAttribute('data-rps', String(bent.rps));
});

test('a double click adds a point, Delete removes it, arrow keys move it', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  await app.pause();
  const editor = app.id('curve-editor');
  await expect(editor).toHaveAttribute('data-points', '4');
  const [left, right] = [await app.centre(handle(app, 1)), await app.centre(handle(app, 2))];
  await page.mouse.dblclick((left.x + right.x) / 2, left.y - 15);
  await expect(editor).toHaveAttribute('data-points', '5');
  await expect(editor).toHaveAttribute('data-selected', '2');
  const added = await at(app, 2);
  expect(added.t).toBeGreaterThan(25);
  expect(added.t).toBeLessThan(35);
  expect(added.rps).toBeGreaterThan(105);
  await app.expectKept((d) => node(d, 'users').params.traffic.points.length === 5);

  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await at(app, 2)).rps).toBeGreaterThan(added.rps);
  await page.keyboard.press('Delete');
  await expect(editor).toHaveAttribute('data-points', '4');
  await app.expectKept((d) => node(d, 'users').params.traffic.points.length === 4);
  // Nothing but the point was deleted.
  await expect(app.nodes()).toHaveCount(2);
});

test('a preset takes the place of a drawn curve', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  await app.pause();
  await app.id('curve-shape').selectOption('ramp');
  await expect(app.id('curve-editor')).toHaveAttribute('data-shape', 'ramp');
  await app.seek(60);
  const windows = await app.windows();
  const [early, late] = [between(windows, 0, 5), between(windows, 54, 59)].map((part) => mean(part.map((w) => w.offered_rps)));
  expect(Math.abs(late / early - 1)).toBeGreaterThan(0.5);
});

test('writes that come in a burst make replicas lag, and the lag drains afterwards', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(
    await changed('replicas-write-burst', (d) => {
      node(d, 'writers').params.traffic = { points: [[0, 500], [20, 500], [24, 500], [44, 500], [48, 500], [110, 500]] };
    }),
  );
  await app.seek(60);
  const lag = (windows, from, to) => mean(between(windows, from, to).map((w) => w['db.lag_max_s']));
  expect(lag(await app.windows(), 40, 46)).toBeLessThan(0.2);

  // More than the 1,000 writes/s that a replica can apply.
  await app.select('writers');
  await expect(app.id('curve-editor')).toHaveAttribute('data-node', 'writers');
  const level = await app.centre(handle(app, 2));
  await app.drag(level, { x: level.x, y: level.y - 45 });
  await expect.poll(async () => (await at(app, 2)).rps).toBeGreaterThan(550);
  // By the field to just where it shall be: a point's neighbours follow by keys, one step of the axis each.
  for (const n of [2, 3]) {
    await handle(app, n).focus();
    for (let i = 0; i < 80 && (await at(app, n)).rps < 1150; i++) {
      await page.keyboard.press('Shift+ArrowUp');
    }
    expect((await at(app, n)).rps).toBeGreaterThan(1100);
  }
  await app.seek(110);
  const burst = await app.windows();
  expect(lag(burst, 15, 20)).toBeLessThan(0.2);
  expect(lag(burst, 42, 46)).toBeGreaterThan(1);
  expect(lag(burst, 42, 46)).toBeGreaterThan(2 * lag(burst, 28, 32));
  expect(lag(burst, 105, 110)).toBeLessThan(0.2);

  // It is seen while it is there: on the canvas and on the chart.
  await app.seek(46);
  await expect(app.node('db')).toHaveAttribute('data-state', /lagging|saturated/);
  await expect(app.node('db').locator('[data-part][data-lagging]')).toHaveCount(2);
  // One replica's lag, a moment after the other numbers: less than the worst of both, and far above the 0.2 s of before.
  const chart = app.id('chart-lag-db').or(app.id('chart-lag'));
  await expect.poll(async () => Number(await chart.getAttribute('data-last'))).toBeGreaterThan(0.5);
});

test('fewer writes by the inspector end the lag', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(
    await changed('replicas-write-burst', (d) => {
      node(d, 'writers').params.traffic = { preset: 'constant', rps: 1200 };
    }),
  );
  await app.seek(30);
  expect((await app.windows()).at(-1)['db.lag_max_s']).toBeGreaterThan(2);
  await app.select('writers');
  await app.id('param-traffic-rps').fill('400');
  await app.id('param-traffic-rps').press('Enter');
  // The same moment of the changed run.
  await expect(app.root).toHaveAttribute('data-now-ns', String(30e9));
  await expect.poll(async () => (await app.windows()).at(-1)['db.lag_max_s']).toBeLessThan(0.2);
  expect(await app.nowS()).toBe(30);
});
