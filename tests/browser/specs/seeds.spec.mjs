// Many seeds: the numbers of the command line with their intervals, made beside the run on the canvas, and bands on the charts.
import { readFile } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { Headroom, changed } from './headroom.mjs';

// `expected` is what `headroom run --replications 5 --json` prints of `design`; a native test holds it.
const { design, expected } = JSON.parse(await readFile(new URL('../fixtures/seeds.json', import.meta.url), 'utf8'));
const heavy = await changed('cache-aside', (d) => (d.run = { until_s: 3_000 }));

class Seeds extends Headroom {
  constructor(page) {
    super(page);
    this.dialog = this.id('seeds-dialog');
    this.result = this.id('seeds-result');
    this.running = this.id('seeds-running');
  }

  async run(count) {
    await this.page.keyboard.press('Shift+S');
    await this.id(`seeds-${count}`).click();
    await this.id('seeds-start').click();
  }

  async finished(count) {
    await expect(this.result).toHaveAttribute('data-seeds', String(count), { timeout: 60_000 });
  }

  row(of, field) {
    return this.id(`seeds-row-${of}.${field}`);
  }

  // What the page saves by this button.
  async file(testid) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.id(testid).click()]);
    return readFile(await download.path(), 'utf8');
  }

  async close() {
    await this.id('close').click();
    await expect(this.dialog).toHaveCount(0);
  }
}

// A machine with so many processors.
const processors = (page, n) => page.addInitScript((n) => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => n }), n);

test('five seeds give the very numbers of the command line, beside the run on the canvas', async ({ page }) => {
  await processors(page, 4);
  let workers = 0;
  page.on('worker', () => (workers += 1));
  const app = new Seeds(page);
  await app.openDesign(design);
  await app.seek(7);
  const before = await app.hash();
  const own = workers;
  await app.run(5);
  await app.finished(5);
  // One processor is left to the page.
  expect(workers - own).toBe(3);
  expect([await app.hash(), await app.nowS()]).toEqual([before, 7]);

  expect(JSON.parse(await app.file('seeds-json'))).toEqual(expected);
  for (const field of ['response_p50_s', 'response_p95_s', 'response_p99_s', 'failure_share', 'completions']) {
    await expect(app.row('users', field)).toHaveAttribute('data-mean', String(expected.users[field].mean));
    await expect(app.row('users', field)).toHaveAttribute('data-half', String(expected.users[field].ci95));
  }
  const cache = expected.nodes.find((n) => n.id === 'cache');
  await expect(app.row('cache', 'hit_ratio')).toHaveAttribute('data-mean', String(cache.hit_ratio.mean));
  await expect(app.row('cache', 'utilization')).toHaveAttribute('data-half', String(cache.utilization.ci95));
  await expect(app.row('users', 'usd_per_hour')).toHaveAttribute('data-mean', String(expected.cost.usd_per_hour.mean));
  // What is not sure is marked, and only that.
  for (const row of await app.result.locator('tr[data-wide]').all()) {
    const [mean, half, wide] = await row.evaluate((e) => [e.dataset.mean, e.dataset.half, e.dataset.wide]);
    expect(wide).toBe(String(Number(half) > 0.1 * Math.abs(Number(mean))));
    const mark = row.getByText('run longer or use more seeds');
    if (wide === 'true') await expect(mark).toBeVisible();
    else await expect(mark).toHaveCount(0);
  }

  const [head, ...rows] = (await app.file('seeds-csv')).trimEnd().split('\n').map((line) => line.split(','));
  const p99 = Object.fromEntries(rows.find((r) => r[0] === '' && r[1] === 'response_p99_s').map((cell, i) => [head[i], cell]));
  expect([Number(p99.mean), Number(p99.ci95), Number(p99.n)]).toEqual([expected.users.response_p99_s.mean, expected.users.response_p99_s.ci95, 5]);

  // The worst seed is shown on the canvas, and its summary has the number.
  const worst = app.row('users', 'response_p99_s').getByTestId('seeds-most');
  expect(await worst.getAttribute('data-seed')).toBe(p99.most_seed);
  await worst.click();
  await expect(app.dialog).toHaveCount(0);
  await app.expectKept((d) => String(d.run.seed) === p99.most_seed);
  await app.settled();
  await app.runToEnd();
  await page.keyboard.press('s');
  const summary = JSON.parse(await app.file('summary-json'));
  expect(summary.users.response_p99_s).toBe(Number(p99.most));
});

test('the charts show what the seeds lie between, and no more after a click', async ({ page }) => {
  const app = new Seeds(page);
  await app.openDesign(design);
  await app.seek(20);
  await app.id('chart-toggle-errors').click();
  const latency = app.id('chart-latency');
  await expect(latency).toBeVisible();
  await expect(latency).not.toHaveAttribute('data-bands');
  const ink = (chart) => chart.locator('canvas').evaluate((c) => {
    let n = 0;
    const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
    for (let i = 3; i < data.length; i += 4) n += data[i] > 0;
    return n;
  });
  await app.run(5);
  await app.finished(5);
  await app.close();
  for (const chart of ['latency', 'errors']) await expect(app.id(`chart-${chart}`)).toHaveAttribute('data-bands', '20');
  await expect(app.id('chart-hit-rate')).not.toHaveAttribute('data-bands');
  // The legend is text of the drawing: the saved one has it as text.
  const drawing = async () => readFile(await (await app.saved('svg')).path(), 'utf8');
  expect(await drawing()).toContain('5 seeds, least to most');
  const tinted = await ink(latency);

  // A changed design is compared with the seeds of the one before.
  await app.selectNothing();
  await app.id('run-seed').fill('12');
  await app.settled();
  expect(await drawing()).toContain('5 seeds, least to most');
  await app.select('cache');
  await app.id('param-capacity_items').fill('50');
  await app.id('param-capacity_items').press('Enter');
  await app.settled();
  expect(await drawing()).toContain('5 seeds before the change');
  await app.id('undo').click();
  await app.id('undo').click();
  await app.settled();
  await expect.poll(() => ink(latency)).toBe(tinted);

  await app.id('bands-off').click();
  await expect(app.id('bands-off')).toHaveCount(0);
  await expect(latency).not.toHaveAttribute('data-bands');
  await expect.poll(() => ink(latency)).toBeLessThan(tinted);
  expect(await drawing()).not.toContain('5 seeds');
  // And on again, from what is still known; another design forgets it.
  await page.keyboard.press('Shift+S');
  await app.id('seeds-bands').click();
  await expect(latency).toHaveAttribute('data-bands', '20');
  await app.close();
  await app.openScenario('single-server');
  await expect(app.id('bands-off')).toHaveCount(0);
  await page.keyboard.press('Shift+S');
  await expect(app.id('seeds-start')).toBeVisible();
  await expect(app.result).toHaveCount(0);
});

test('what takes long says how far it is, can be left alone and can be given up', async ({ page }) => {
  await processors(page, 2);
  const app = new Seeds(page);
  await app.openDesign(heavy);
  await app.pause();
  const alive = page.workers().length;
  await app.run(40);
  await expect(app.running).toHaveAttribute('data-workers', '1');
  await expect(app.running.getByRole('status')).toHaveText('0 of 40 seeds done');
  await expect.poll(async () => Number(await app.running.getByRole('progressbar').getAttribute('value'))).toBeGreaterThan(0);
  await expect(app.running).toContainText('left');
  await expect(app.running).toContainText('That is long');
  // Closed and opened again, it goes on.
  await app.close();
  await page.keyboard.press('Shift+S');
  await expect(app.running).toBeVisible();
  await app.id('seeds-cancel').click();
  await expect(app.running).toHaveCount(0);
  await expect(app.id('seeds-start')).toBeEnabled();
  await expect(app.result).toHaveCount(0);
  await expect.poll(() => page.workers().length).toBe(alive);
  await expect(app.id('bands-off')).toHaveCount(0);
});

test('whoever closed the window is told when the seeds are done', async ({ page }) => {
  const app = new Seeds(page);
  await app.openDesign(await changed('single-server', (d) => (d.run = { until_s: 400 })));
  await app.pause();
  await app.id('file').click();
  await app.id('file-seeds').click();
  await app.id('seeds-5').click();
  await app.id('seeds-start').click();
  await app.close();
  const toast = app.toasts.filter({ hasText: '5 seeds are done' });
  await toast.getByTestId('toast-action').click();
  await expect(app.result).toBeVisible();
});

test.describe('without a worker', () => {
  test.use({ allowed: /worker|net::ERR/i });
  test('the page makes the runs one after the other, says so, and can stop', async ({ page }) => {
    await processors(page, 8);
    await page.route('**/worker.js*', (route) => route.abort());
    const app = new Seeds(page);
    await app.openDesign(design);
    await expect(app.toasts).toContainText('Workers are not allowed here');
    await app.pause();
    await app.run(40);
    await expect(app.running).toContainText('the page makes the runs itself');
    await expect(app.running).toHaveAttribute('data-workers', '1');
    await app.id('seeds-cancel').click();
    await app.id('seeds-5').click();
    await app.id('seeds-start').click();
    await app.finished(5);
    expect(JSON.parse(await app.file('seeds-json'))).toEqual(expected);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  for (const lang of ['en', 'ko'])
    test(`many seeds from the menu, and nothing is wider than the screen: ${lang}`, async ({ page }) => {
      const app = new Seeds(page);
      await app.openDesign(design, `?lang=${lang}`);
      await app.pause();
      await app.id('menu').tap();
      await app.id('file-seeds').tap();
      await app.id('seeds-5').tap();
      await app.id('seeds-start').tap();
      await app.finished(5);
      const wider = await page.evaluate(() => Math.max(...[document.documentElement, document.querySelector('dialog')].map((e) => e.scrollWidth - e.clientWidth)));
      expect(wider).toBe(0);
      await app.row('cache', 'hit_ratio').getByTestId('seeds-least').tap();
      await expect(app.dialog).toHaveCount(0);
      await expect(app.id('bands-off')).toBeVisible();
      await app.id('bands-off').tap();
      await expect(app.id('bands-off')).toHaveCount(0);
    });
});
