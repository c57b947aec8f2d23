// Why is it red? The account of slow requests, the formula with live numbers in it, and what to try.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const design = (rps = 60) => ({
  version: 1,
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { preset: 'constant', rps }, timeout_ms: 400, write_share: 0 } },
    { id: 'web', kind: 'web', x: 320, y: 0, params: { instances: 2, service: { law: 'deterministic', mean_ms: 2 } } },
    { id: 'db', kind: 'relational', x: 640, y: 0, params: { workers: 1, read: { law: 'exponential', mean_ms: 20 } } },
  ],
  wires: [{ from: 'users', to: 'web', latency_ms: 5 }, { from: 'web', to: 'db', latency_ms: 1 }],
  run: { until_s: 60 },
});

test('a click on a red badge says where the time goes, with the formula, and leads to the setting', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design());
  await app.seek(40);
  await expect(app.node('db')).toHaveAttribute('data-state', 'saturated');
  await app.node('db').locator('.cv-badge').click();
  const box = app.id('why');
  await expect(box.getByTestId('why-verdict')).toContainText('queue');

  // The parts add up to the whole, to the nanosecond.
  const list = box.getByTestId('why-parts').locator('ul');
  const { whole, sum } = await list.evaluate((ul) => ({
    whole: ul.dataset.wholeNs,
    sum: String([...ul.querySelectorAll('li')].reduce((a, li) => a + BigInt(li.dataset.ns), 0n)),
  }));
  expect(Number(whole)).toBeGreaterThan(1e9);
  expect(sum).toBe(whole);

  // λ·S/c with its numbers: 60 requests a second of 20 ms at one worker.
  await expect(box.getByTestId('why-laws')).toContainText(/ρ = λ · S \/ c = .*\/s × .*ms \/ 1 = 1\./);

  await box.getByTestId('why-errors').click();
  await expect(box.getByTestId('why-verdict')).toContainText('requests failed');
  await expect(box.getByTestId('why-first')).toContainText('gave up in: queue');
  await expect(box.getByTestId('why-full')).toContainText('100%');
  await box.getByTestId('why-money').click();
  await expect(box.getByTestId('why-laws')).toContainText('730 h');

  // What to try leads to the setting.
  await box.getByTestId('why-slow').click();
  await box.getByTestId('why-tries').getByTestId('why-show').first().click();
  await expect(box).toHaveCount(0);
  await expect(app.node('db')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('#param-workers')).toBeFocused();
});

test('by key, by the numbers in the bar and by command; from there to the slowest request', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design());
  await app.seek(30);
  await page.keyboard.press('w');
  await expect(app.id('why')).toContainText('Where their time goes');
  await page.keyboard.press('Escape');
  await expect(app.id('why')).toHaveCount(0);
  await expect(app.id('vital-errors')).toHaveClass(/red/);
  await app.id('vital-errors').click();
  await expect(app.id('why-errors')).toHaveAttribute('aria-pressed', 'true');
  await app.id('why-slow').click();
  await app.id('why-slowest').click();
  await expect(app.id('microscope').getByTestId('waterfall')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(app.id('microscope')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('cost so much');
  await page.keyboard.press('Enter');
  await expect(app.id('why-money')).toHaveAttribute('aria-pressed', 'true');
});

test('in Korean and on a phone nothing sticks out', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = new Headroom(page);
  await app.openDesign(design(), '?lang=ko');
  await app.seek(30);
  await app.id('vital-p99').click();
  const box = app.id('why');
  await expect(box).toContainText('왜 느린가요?');
  await expect(box.getByTestId('why-laws')).toBeVisible();
  expect(await box.evaluate((d) => d.scrollWidth - d.clientWidth)).toBeLessThanOrEqual(1);
});
