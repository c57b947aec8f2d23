// The map of the world: where users and data centres are, and who is served where.
import { AxeBuilder } from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom, scenario } from './headroom.mjs';

const row = (app, from) => app.id('world-table').locator('tbody tr', { has: app.page.getByRole('rowheader', { name: new RegExp(`^${from}`) }) });

test('who is served where before and after a data centre dies, as a map and as a table', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(await scenario('two-data-centres'));
  await app.seek(35);
  await app.id('canvas-world').click();
  const box = app.id('world');
  await expect(box.getByTestId('world-map')).toHaveAttribute('aria-label', /Asia: (up|busy), Europe: (up|busy)/);
  await expect(row(app, 'Asia').locator('td').first()).toHaveText('Asia');
  await expect(row(app, 'Asia')).toContainText('100%');
  expect((await new AxeBuilder({ page }).include('dialog[open]').analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(box).toHaveCount(0);
  // Half a minute after Seoul has died, Asia is served in Europe, and the way alone takes longer than all did before.
  await app.seek(85);
  await app.id('canvas-world').click();
  await expect(box.getByTestId('world-map')).toHaveAttribute('aria-label', /Asia: down/);
  const far = row(app, 'Asia').filter({ hasText: 'Europe' });
  await expect(far).toContainText('ms');
  await expect(box.locator('.world-site[data-health=down]')).toHaveCount(1);
});

test('a design that is nowhere has no map', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await expect(app.id('canvas-fit')).toBeVisible();
  await expect(app.id('canvas-world')).toHaveCount(0);
});

test('in Korean and on a phone nothing sticks out', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = new Headroom(page);
  await app.openDesign(await scenario('two-data-centres'), '?lang=ko');
  await app.seek(60);
  await app.id('canvas-world').click();
  await expect(app.id('world')).toContainText('누가 어디에서 응답을 받나');
  await expect(app.id('world-table')).toBeVisible();
  expect(await app.id('world').evaluate((d) => d.scrollWidth - d.clientWidth)).toBeLessThanOrEqual(1);
});
