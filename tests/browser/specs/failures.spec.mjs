// Things that go wrong by hand: a famous key, a dead primary.
import { test, expect } from './fixtures.mjs';
import { Headroom, changed, mean, node } from './headroom.mjs';

const between = (windows, from, to) => windows.filter((w) => w.end_s > from && w.end_s <= to);
const shards = [0, 1, 2, 3];
const load = (windows) => shards.map((i) => mean(windows.map((w) => w[`db[${i}].utilization`])));

test('a key made famous by hand turns exactly one of four shards red', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(
    await changed('celebrity-shard', (d) => {
      delete node(d, 'users').params.celebrity_share;
      delete node(d, 'users').params.celebrity_at_s;
    }),
  );
  await app.seek(20);
  const hot = app.node('db').locator('[data-part][data-hot]');
  await expect(app.node('db').locator('[data-part]')).toHaveCount(4);
  await expect(hot).toHaveCount(0);

  await app.select('users');
  await app.id('act-go_viral').click();
  await app.id('act-share').fill('0.35');
  await app.id('act-item').fill('7');
  await app.id('act-apply').click();
  await app.selectNothing();
  await expect(app.id('entry')).toHaveCount(1);
  await app.seek(40);
  await expect(hot).toHaveCount(1);
  const windows = await app.windows();
  const [calm, loud] = [load(between(windows, 5, 20)), load(between(windows, 25, 40))];
  expect(Math.max(...calm)).toBeLessThan(1.3 * Math.min(...calm));
  const hottest = loud.indexOf(Math.max(...loud));
  for (const i of shards.filter((i) => i !== hottest)) expect(loud[hottest]).toBeGreaterThan(1.8 * loud[i]);
  expect(await hot.getAttribute('data-part')).toBe(String(hottest));
  const heat = page.locator('[data-testid^="chart-heat"]');
  await expect(heat).toHaveAttribute('data-hottest', String(hottest));

  // The default hash function does not move: the same key is famous in the same shard after a restart.
  await app.restart();
  await app.seek(40);
  await expect(hot).toHaveAttribute('data-part', String(hottest));
});

test('a killed primary is replaced, and the acknowledged writes that are lost are counted', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=replicas-write-burst');
  await app.seek(55);
  await app.select('db');
  const states = app.node('db').locator('[data-part]');
  await expect(states.nth(0)).toHaveAttribute('data-part-state', 'primary');
  await app.id('part-0-kill').click();
  await expect(states.nth(0)).toHaveAttribute('data-part-state', 'down');

  await app.seek(70);
  const promoted = await states.evaluateAll((all) => all.map((e) => e.dataset.partState).indexOf('primary'));
  expect(promoted).toBeGreaterThan(0);
  await app.selectNothing();
  const words = await app.id('log').innerText();
  const lost = Number(/([\d,]+) acknowledged writes lost/.exec(words)[1].replaceAll(',', ''));
  expect(lost).toBeGreaterThan(5);
  expect(words).toContain('was killed');
  expect(words).toContain('was noticed');
  // The inspector of the database counts them too.
  expect((await app.windows()).at(-1)['db.lost_writes']).toBe(lost);
  await app.select('db');
  await expect(app.id('metric-lost_writes')).not.toHaveText('0');

  // Where the requests went meanwhile: every one is accounted for, each failure with its reason.
  await app.selectNothing();
  await expect(page.locator('[data-reason=no_primary]')).toBeVisible();
  const count = async (id) => Number((await app.id(id).innerText()).replaceAll(',', ''));
  expect(await count('total-failed')).toBeGreaterThan(1000);
  expect(await count('total-arrived')).toBe((await count('total-completed')) + (await count('total-failed')) + (await count('total-in-flight')));
  const reasons = await page.locator('[data-reason] summary b').allInnerTexts();
  expect(reasons.map((n) => Number(n.replaceAll(',', ''))).reduce((a, b) => a + b)).toBe(await count('total-failed'));
});

test('a killed cache is seen at once, and the database takes the load', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(30);
  await app.select('cache');
  await app.id('act-kill').click();
  await expect(app.node('cache')).toHaveAttribute('data-state', 'down');
  await app.seek(40);
  const windows = await app.windows();
  const db = (from, to) => mean(between(windows, from, to).map((w) => w['db.arrivals_rps']));
  expect(db(32, 40)).toBeGreaterThan(1.5 * db(20, 30));
});

test('what was done by hand happens again when the run is restarted, and not after undo', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.seek(20);
  await app.select('server');
  await app.id('act-kill').click();
  await expect(app.node('server')).toHaveAttribute('data-state', 'down');
  await app.seek(25);
  await app.id('act-revive').click();
  await app.seek(40);
  const [hash, windows] = [await app.hash(), await app.windows()];
  expect(mean(between(windows, 21, 25).map((w) => w.served_rps))).toBe(0);
  expect(mean(between(windows, 30, 40).map((w) => w.served_rps))).toBeGreaterThan(40);
  await app.restart();
  await app.seek(40);
  expect(await app.hash()).toBe(hash);

  // Undone one by one: first the revival, then the death.
  await app.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect(app.node('server')).toHaveAttribute('data-state', 'down');
  expect(await app.nowS()).toBe(40);
  await page.keyboard.press('Control+z');
  await expect(app.node('server')).not.toHaveAttribute('data-state', 'down');
  await expect(app.id('undo')).toBeDisabled();
  await app.seek(40);
  expect(mean(between(await app.windows(), 21, 25).map((w) => w.served_rps))).toBeGreaterThan(40);
  expect(await app.hash()).not.toBe(hash);
});

test('a change of a setting while it plays keeps the moment; a change of the structure starts again', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.seek(50);
  await app.id('play').click();
  await app.expectState('playing');
  await app.select('server');
  await app.id('param-workers').fill('2');
  await app.id('param-workers').press('Enter');
  await app.expectKept((d) => node(d, 'server').params.workers === 2);
  await app.expectState('playing');
  await expect.poll(() => app.nowS()).toBeGreaterThan(50);
  await app.dragIn('cache', await app.place(0.5, 0.9));
  await expect.poll(() => app.nowS()).toBeLessThan(20);
  await expect(app.toasts.filter({ hasText: 'Restarted with the new design' })).toBeVisible();
});
