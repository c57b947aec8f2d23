// Single requests: the list, the way one went, and where the time of slow ones goes.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const design = {
  version: 1,
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { preset: 'constant', rps: 40 }, timeout_ms: 400, write_share: 0.2 } },
    { id: 'web', kind: 'web', label: '<b>Front</b>', x: 320, y: 0, params: { workers: 8, service: { law: 'deterministic', mean_ms: 2 } } },
    { id: 'db', kind: 'relational', x: 640, y: 0, params: { workers: 1, replicas: 0, read: { law: 'exponential', mean_ms: 20 } } },
  ],
  wires: [{ from: 'users', to: 'web', latency_ms: 5 }, { from: 'web', to: 'db', latency_ms: 1 }],
  run: { until_s: 60 },
};

test('a slow request shows its way, and why it was slow', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(design);
  await app.seek(50);
  await page.keyboard.press('m');
  const box = app.id('microscope');
  await expect(box).toBeVisible();
  await expect(box.getByTestId('requests').locator('tbody tr').first()).toBeVisible();
  expect(await box.getByTestId('requests').locator('tbody tr').count()).toBeGreaterThan(20);

  // The way: users → web → database, named as on the canvas; a label is text, never markup.
  const way = box.getByTestId('waterfall').locator('li');
  expect(await way.count()).toBeGreaterThanOrEqual(2);
  await expect(way.first()).toContainText('<b>Front</b>');
  await expect(box.locator('b', { hasText: 'Front' })).toHaveCount(0);

  // What makes slow requests slow here is the queue of the database, and the account says so first.
  const where = box.getByTestId('where-time-goes').locator('ul').first().locator('li').first();
  await expect(where).toContainText('queue');

  await box.getByTestId('list-failed').click();
  await expect(box.getByTestId('requests').locator('tbody tr').first()).toContainText('timed out');
  await page.keyboard.press('Escape');
  await expect(box).toHaveCount(0);
});

test('in Korean and on a phone nothing sticks out', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = new Headroom(page);
  await app.openDesign(design, '?lang=ko');
  await app.seek(30);
  await page.keyboard.press('m');
  const box = app.id('microscope');
  await expect(box).toContainText('요청 들여다보기');
  await expect(box.getByTestId('waterfall')).toBeVisible();
  const wide = await box.evaluate((d) => d.scrollWidth - d.clientWidth);
  expect(wide).toBeLessThanOrEqual(1);
});
