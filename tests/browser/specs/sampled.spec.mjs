// Sampled detail: how it is asked for, and how the page says what was simulated.
import { readFile } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { Headroom, mean } from './headroom.mjs';

const design = {
  version: 1,
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { preset: 'constant', rps: 300 } } },
    { id: 'web', kind: 'web', x: 320, y: 0, params: { instances: 2, workers: 8 } },
  ],
  wires: [{ from: 'users', to: 'web' }],
  run: { until_s: 600 },
};

test('sampled detail is chosen among the run settings, and the page says how much was simulated', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  const badge = app.id('detail-badge');
  await expect(badge).toHaveCount(0);
  await app.selectNothing();
  await app.id('run-detail').selectOption('sampled');
  await app.expectKept((d) => d.run.detail === 'sampled');
  await app.runToEnd();

  // The badge, the windows and the summary say the same.
  const windows = await app.windows();
  expect(windows.every((w) => w.simulated_share >= 0 && w.simulated_share <= 1)).toBe(true);
  const share = mean(windows.map((w) => w.simulated_share));
  expect(share).toBeGreaterThan(0.02);
  expect(share).toBeLessThan(0.7);
  await expect(badge).toHaveText(/^sampled: \d+(\.\d+)?% simulated$/);
  expect(Math.abs(Number(/[\d.]+/.exec(await badge.innerText())[0]) / 100 - share)).toBeLessThan(0.02);
  // Windows in a skip are like the one before; the rate is that of the traffic throughout.
  expect(Math.abs(mean(windows.map((w) => w.offered_rps)) / 300 - 1)).toBeLessThan(0.05);

  await badge.click();
  await expect(app.id('summary-sampled')).toContainText('Sampled detail');
  const [download] = await Promise.all([page.waitForEvent('download'), app.id('summary-json').click()]);
  const summary = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(Math.abs(summary.detail.simulated_time_share - share)).toBeLessThan(0.01);
  expect(Math.abs(summary.users.arrivals / 180_000 - 1)).toBeLessThan(0.05);
  await page.keyboard.press('Escape');

  // The table of a chart has a column for it.
  await app.id('run-detail').selectOption('exact');
  await expect(badge).toHaveCount(0);
  await app.runToEnd();
  expect((await app.windows())[0]).not.toHaveProperty('simulated_share');
});

test('the badge and the setting speak Korean, and a link carries the setting', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign({ ...design, run: { until_s: 60, detail: 'sampled' } }, '?lang=ko');
  await app.pause();
  await expect(app.id('detail-badge')).toHaveText(/^표본: .+% 시뮬레이션$/);
  await app.selectNothing();
  await expect(app.id('run-detail')).toHaveValue('sampled');
  await expect(app.id('run-detail').locator('option:checked')).toHaveText('표본');
});
