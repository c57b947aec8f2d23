// The charts: a pinned run to compare with, objectives, zooming in time, percentiles, files, lines that show their node.
import { readFile } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { Headroom, inLink } from './headroom.mjs';

const number = async (locator, name) => Number(await locator.getAttribute(name));
// What all charts show of the time.
const spans = (page) => page.locator('.chart').evaluateAll((all) => [...new Set(all.map((c) => `${c.dataset.t0}-${c.dataset.t1}`))]);
// A place on a chart's plot, as a share of its width.
async function onPlot(chart, share) {
  const box = await chart.boundingBox();
  return { x: box.x + 64 + (box.width - 76) * share, y: box.y + box.height * 0.6 };
}

async function smallerCache(app) {
  await app.select('cache');
  await app.id('param-capacity_items').fill('200');
  await app.id('param-capacity_items').press('Enter');
  await app.settled();
}

test('a pinned run is a ghost behind the next, with the differences at the same moment', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(40);
  const before = (await app.windows()).at(-1);
  await app.id('chart-baseline').click();
  const hits = app.id('delta-hits');
  await expect(hits).toHaveAttribute('data-turn', 'same');
  expect(await number(hits, 'data-now')).toBeCloseTo(before['cache.hit_ratio'], 4);
  await expect(app.id('chart-latency')).toHaveAttribute('data-ghosts', /[1-9]/);

  await smallerCache(app);
  const after = (await app.windows()).at(-1);
  expect(after.end_s).toBe(before.end_s);
  await expect(hits).toHaveAttribute('data-turn', 'worse');
  await expect.poll(() => number(hits, 'data-now')).toBeCloseTo(after['cache.hit_ratio'], 4);
  expect(await number(hits, 'data-before')).toBeCloseTo(before['cache.hit_ratio'], 4);
  expect(await number(app.id('delta-p99'), 'data-before')).toBeCloseTo(before.p99_s, 4);
  expect(await number(app.id('delta-p99'), 'data-now')).toBeCloseTo(after.p99_s, 4);
  await expect(hits).toContainText('pp');

  // It outlives a restart, and is read at the moment that the reader points at.
  await app.seek(20);
  await expect.poll(() => number(app.id('deltas'), 'data-at')).toBe(20);
  await expect.poll(() => number(hits, 'data-now')).not.toBeNaN();
  expect(await number(hits, 'data-before')).not.toBeNaN();
  const at = await onPlot(app.id('chart-latency'), 10 / 120);
  await page.mouse.move(at.x, at.y);
  await expect.poll(() => number(app.id('deltas'), 'data-at')).toBeLessThan(12);

  // The table has both.
  await app.id('chart-table').click();
  await expect(app.id('panel-table').getByRole('columnheader', { name: 'p99 (baseline)' })).toBeVisible();
  await app.id('chart-table').click();

  await app.id('baseline-unpin').click();
  await expect(app.id('deltas')).toHaveCount(0);
  await expect(app.id('chart-latency')).not.toHaveAttribute('data-ghosts');
  await expect(app.id('chart-baseline')).toHaveAttribute('aria-pressed', 'false');
});

test('objectives are lines in the charts, kept with the design, and change no run', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(60);
  const hash = await app.hash();
  const windows = await app.windows();
  const sorted = windows.map((w) => w.p99_s).filter((v) => !Number.isNaN(v)).sort((a, b) => a - b);
  const ms = Math.round(sorted[Math.floor(sorted.length / 2)] * 1e3);
  await app.chartOptions(true);
  await app.id('slo-p99-none').uncheck();
  await app.id('slo-p99').fill(String(ms));
  await app.id('slo-p99').press('Enter');
  await app.id('slo-errors-none').uncheck();
  await app.id('slo-errors').fill('2.5');
  await app.id('slo-errors').press('Enter');
  await app.chartOptions(false);

  const met = sorted.filter((v) => v <= ms / 1e3).length / sorted.length;
  await expect.poll(() => number(app.id('chart-latency'), 'data-met')).toBeCloseTo(met, 6);
  await expect(app.id('chart-latency').locator('canvas')).toHaveAttribute('aria-label', /SLO p99 .* met .* of the time/);
  await app.id('chart-toggle-errors').click();
  await expect(app.id('chart-errors')).toHaveAttribute('data-met', /\d/);
  expect(await app.hash()).toBe(hash);
  expect(await app.nowS()).toBe(60);
  expect(await app.state()).toBe('paused');

  await app.expectKept((d) => d.view.objectives?.p99_ms === ms && d.view.objectives?.error_share === 0.025);
  expect(inLink(await app.shareLink()).view.objectives.p99_ms).toBe(ms);
  await app.open();
  await app.chartOptions(true);
  await expect(app.id('slo-p99')).toHaveValue(String(ms));
  await app.id('slo-p99-none').check();
  await app.chartOptions(false);
  await expect(app.id('chart-latency')).not.toHaveAttribute('data-met');
});

test('a drag shows a stretch of time on all charts, a double click all of it', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(60);
  const chart = app.id('chart-latency');
  await expect.poll(() => spans(page)).toEqual(['0-120']);
  const [from, to] = [await onPlot(chart, 0.25), await onPlot(chart, 0.5)];
  await app.drag(from, to);
  await expect(app.id('chart-zoom-reset')).toBeVisible();
  await expect.poll(async () => (await spans(page)).length).toBe(1);
  expect(await number(chart, 'data-t0')).toBeCloseTo(30, 0);
  expect(await number(chart, 'data-t1')).toBeCloseTo(60, 0);
  // A drag is not a click: nothing has been pinned.
  await expect(app.id('seek-here')).toHaveCount(0);

  // The traffic curve shows the same, and stretches of it can be chosen there too.
  expect(await number(app.id('chart-rates'), 'data-t0')).toBe(await number(chart, 'data-t0'));
  const curve = await app.id('chart-rates').boundingBox();
  await app.drag({ x: curve.x + 64 + (curve.width - 76) * 0.5, y: curve.y + 20 }, { x: curve.x + curve.width - 13, y: curve.y + 20 });
  await expect.poll(() => number(chart, 'data-t0')).toBeGreaterThan(40);

  const middle = await onPlot(chart, 0.4);
  await page.mouse.dblclick(middle.x, middle.y);
  await expect.poll(() => spans(page)).toEqual(['0-120']);
  await expect(app.id('seek-here')).toHaveCount(0);
  await expect(app.id('chart-zoom-reset')).toHaveCount(0);

  // By keys.
  await chart.focus();
  await page.keyboard.press('+');
  await expect.poll(async () => (await number(chart, 'data-t1')) - (await number(chart, 'data-t0'))).toBeCloseTo(60, 6);
  await page.keyboard.press('-');
  await expect.poll(() => spans(page)).toEqual(['0-120']);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await page.keyboard.press('Home');
  await expect.poll(() => number(chart, 'data-t0')).toBe(0);
  await page.keyboard.press('0');
  await expect.poll(() => spans(page)).toEqual(['0-120']);

  // Escape gives up a drag.
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect.poll(() => spans(page)).toEqual(['0-120']);
  await app.drag(from, to);
  await app.id('chart-zoom-reset').click();
  await expect.poll(() => spans(page)).toEqual(['0-120']);
});

test('percentiles are shown as chosen, also on the next visit', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(30);
  const words = app.id('chart-latency').locator('canvas');
  await expect(words).toHaveAttribute('aria-label', /p50 .*p95 .*p99 /);
  await app.chartOptions(true);
  await app.id('percentile-p99.9').click();
  await app.id('percentile-p50').click();
  await app.id('chart-log').click();
  await app.chartOptions(false);
  await expect(words).toHaveAttribute('aria-label', /: p95 .*p99 .*p99\.9 /);
  const last = (await app.windows()).at(-1);
  expect(last.p50_s <= last.p90_s && last.p90_s <= last.p95_s && last.p99_s <= last.p999_s).toBe(true);
  // The number that stands for the chart is p99, whatever is shown.
  expect(await number(app.id('chart-latency'), 'data-last')).toBeCloseTo(last.p99_s, 6);
  await page.reload();
  await app.ready();
  await app.chartOptions(true);
  await expect(app.id('percentile-p99.9')).toHaveAttribute('aria-pressed', 'true');
  await expect(app.id('percentile-p50')).toHaveAttribute('aria-pressed', 'false');
  await expect(app.id('chart-log')).toHaveAttribute('aria-pressed', 'true');
  // One stays.
  for (const name of ['p95', 'p99', 'p99.9']) await app.id(`percentile-${name}`).click();
  await expect(app.id('percentile-p99.9')).toHaveAttribute('aria-pressed', 'true');
});

test('the series as JSON, the charts as SVG', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(30);
  const windows = await app.windows();
  const file = JSON.parse(await readFile(await (await app.saved('json')).path(), 'utf8'));
  expect(file.series.end_s).toEqual(windows.map((w) => w.end_s));
  expect(file.series['cache.hit_ratio'].map((v) => v ?? NaN)).toEqual(windows.map((w) => w['cache.hit_ratio']));
  expect(file.design.nodes.map((n) => n.id)).toContain('cache');
  const picture = await app.saved('svg');
  expect(picture.suggestedFilename()).toMatch(/-seed-1\.svg$/);
  const svg = await readFile(await picture.path(), 'utf8');
  for (const words of ['Latency', 'Cache hit rate', 'Traffic', 'p99', 'seed 1']) expect(svg).toContain(words);
  const read = await page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.nodeName, svg);
  expect(read).toBe('svg');
  expect((await app.saved('png')).suggestedFilename()).toMatch(/\.png$/);
});

test('a line that is pointed at shows its node on the canvas', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=celebrity-shard');
  await app.seek(60);
  const lit = page.locator('[data-node-id][data-pointed]');
  const heat = app.id('chart-heat');
  await expect(heat).toHaveAttribute('data-windows', /[1-9]/);
  const at = await onPlot(heat, 0.3);
  await page.mouse.move(at.x, at.y);
  await expect(lit).toHaveAttribute('data-node-id', 'db');
  const away = await app.place(0.5, 0.05);
  await page.mouse.move(away.x, away.y);
  await expect(lit).toHaveCount(0);
  // By keys: each line in turn.
  await app.id('chart-toggle-utilization').click();
  await app.id('chart-utilization').focus();
  const seen = new Set();
  for (let i = 0; i < 3; i++) {
    const before = (await lit.count()) ? await lit.getAttribute('data-node-id') : '';
    await page.keyboard.press('ArrowDown');
    await expect(lit).toHaveCount(1);
    await expect(lit).not.toHaveAttribute('data-node-id', before);
    seen.add(await lit.getAttribute('data-node-id'));
  }
  expect([...seen].sort()).toEqual(['db', 'lb', 'web']);
  await page.keyboard.press('Escape');
  await expect(lit).toHaveCount(0);
});

test('of many charts those out of view are left out, and come up to date when they are scrolled to', async ({ page }) => {
  const cells = [...Array(9).keys()];
  const nodes = cells.flatMap((c) => [
    { id: `users${c}`, kind: 'users', x: 0, y: c * 200, params: { traffic: { preset: 'constant', rps: 20 } } },
    { id: `web${c}`, kind: 'web', x: 300, y: c * 200 },
    { id: `db${c}`, kind: 'relational', x: 600, y: c * 200, params: { replicas: 1 } },
  ]);
  const wires = cells.flatMap((c) => [{ from: `users${c}`, to: `web${c}` }, { from: `web${c}`, to: `db${c}` }]);
  const app = new Headroom(page);
  await app.openDesign({ version: 1, title: 'Nine', nodes, wires, run: { until_s: 300, seed: 1 } });
  const charts = page.locator('.charts .chart');
  const painted = (chart) =>
    chart.locator('canvas').evaluate((c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v !== 0));
  await expect(charts.first().locator('canvas')).not.toHaveAttribute('data-away', /./);
  await expect(charts.last().locator('canvas')).toHaveAttribute('data-away', '');
  // It still has a name for those who do not see it, and tells it anew while the run plays.
  await app.expectState('playing');
  await expect(charts.last().locator('canvas')).toHaveRole('img');
  await expect.poll(async () => Number(await charts.last().getAttribute('data-windows')), { timeout: 30_000 }).toBeGreaterThan(2);
  await charts.last().scrollIntoViewIfNeeded();
  await expect(charts.last().locator('canvas')).not.toHaveAttribute('data-away', /./);
  await expect(charts.first().locator('canvas')).toHaveAttribute('data-away', '');
  expect(await painted(charts.last())).toBe(true);
});

test('every chart has a table', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(30);
  await app.id('chart-table').click();
  const table = app.id('panel-table');
  const charts = await table.locator('option').evaluateAll((all) => all.map((o) => o.value));
  expect(charts.length).toBeGreaterThan(6);
  for (const chart of charts) {
    await table.locator('select').selectOption(chart);
    await expect.poll(() => table.locator('tbody tr').count()).toBeGreaterThan(5);
    await expect.poll(() => table.locator('thead th').count()).toBeGreaterThan(1);
    expect(await table.locator('tbody tr').first().locator('td').count()).toBe((await table.locator('thead th').count()) - 1);
  }
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('two fingers zoom in time, one scrolls', async ({ page }) => {
    const app = new Headroom(page);
    await app.open('?scenario=cache-aside');
    await app.seek(30);
    const chart = app.id('chart-latency');
    await expect(chart).toHaveAttribute('data-t1', '120');
    const canvas = chart.locator('canvas');
    expect(await canvas.evaluate((e) => getComputedStyle(e).touchAction)).toBe('pan-y');
    const client = await page.context().newCDPSession(page);
    const touch = async (type, shares) => client.send('Input.dispatchTouchEvent', { type, touchPoints: await Promise.all(shares.map((s, id) => onPlot(chart, s).then((p) => ({ ...p, id })))) });
    await touch('touchStart', [0.4]);
    await touch('touchStart', [0.4, 0.6]);
    for (let i = 1; i <= 6; i++) await touch('touchMove', [0.4 - 0.05 * i, 0.6 + 0.05 * i]);
    await touch('touchEnd', []);
    await expect.poll(async () => (await number(chart, 'data-t1')) - (await number(chart, 'data-t0'))).toBeLessThan(60);
    expect(await number(chart, 'data-t0')).toBeGreaterThan(10);
    await app.id('chart-zoom-reset').tap();
    await expect(chart).toHaveAttribute('data-t0', '0');
    await expect(chart).toHaveAttribute('data-t1', '120');
    await app.chartOptions(true);
    await app.id('chart-baseline').tap();
    await expect(app.id('delta-p99')).toBeVisible();
    await expect(app.id('chart-svg')).toBeInViewport();
    await app.chartOptions(false);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  });
});
