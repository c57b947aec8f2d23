// The palette's search field: components by name, in either language.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const shown = (app) => app.id('palette').locator('[data-kind]').evaluateAll((all) => all.map((e) => e.dataset.kind));

test('what is typed filters the components, Enter adds the first, Escape brings all back', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  const all = await shown(app);
  const field = app.id('palette-search');
  await field.fill('load bal');
  await expect.poll(() => shown(app)).toEqual(['load_balancer']);
  await expect(app.id('palette-found').getByRole('status')).toContainText('Found: 1');
  // The Korean name works in the English page too.
  await field.fill('캐시');
  await expect.poll(async () => (await shown(app))[0]).toBe('cache');
  await field.press('Enter');
  await expect(app.node('cache')).toHaveAttribute('aria-pressed', 'true');
  await expect(field).toHaveValue('');
  await expect.poll(() => shown(app)).toEqual(all);
  await field.fill('nothing like that');
  await expect(app.id('palette-found')).toContainText('Nothing is called that');
  // Nothing is found, so nothing is added.
  const nodes = await app.nodes().count();
  await field.press('Enter');
  await field.press('Escape');
  await expect.poll(() => shown(app)).toEqual(all);
  await expect(app.nodes()).toHaveCount(nodes);
  // Keys typed there are words and no shortcuts.
  await field.pressSequentially('s r m');
  await expect(app.page.locator('dialog[open]')).toHaveCount(0);
});

test('a phone has the field too', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'ko-KR' });
  const app = new Headroom(await context.newPage());
  await app.open('?scenario=single-server');
  await app.id('tab-palette').tap();
  await app.id('palette-search').fill('큐');
  await app.id('palette-queue').tap();
  await expect(app.node('queue')).toBeVisible();
  await context.close();
});
