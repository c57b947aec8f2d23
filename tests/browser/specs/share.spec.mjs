// A link holds the whole run: whoever opens it sees the very same one.
import { test, expect, watch } from './fixtures.mjs';
import { Headroom, changed, inLink, linkTo, node } from './headroom.mjs';

// A page of somebody who has never been here.
async function friend(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(url);
  const app = new Headroom(page);
  await app.ready();
  return { app, complaints, close: () => context.close() };
}

test('a copied link gives a friend the very same run, what was done by hand included', async ({ page, context, browser }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const app = new Headroom(page);
  await app.openDesign(await changed('replicas-write-burst', (d) => (d.run = { until_s: 60, seed: 9001 })));

  // Three things by hand: a setting, a node of one's own, a primary killed at a moment of one's choice.
  await app.seek(20);
  await app.select('web');
  await app.id('param-instances').fill('5');
  await app.id('param-instances').press('Enter');
  await app.expectKept((d) => node(d, 'web').params.instances === 5);
  const cache = await app.dragIn('cache', await app.place(0.5, 0.15));
  await app.dragWire('web', cache);
  await app.seek(45);
  await app.select('db');
  await app.id('part-0-kill').click();
  await expect(app.node('db').locator('[data-part="0"]')).toHaveAttribute('data-part-state', 'down');

  await app.id('share').click();
  await app.id('share-link-copy').click();
  await expect(app.id('share-link-copy')).toContainText('Copied');
  const url = await page.evaluate(() => navigator.clipboard.readText());
  expect(url).toBe(await app.id('share-link').inputValue());
  await expect(app.id('link-length')).toContainText(new Intl.NumberFormat('en').format(url.length));
  await app.id('close').click();
  const hash = await app.runToEnd();

  const other = await friend(browser, url);
  await expect(other.app.node(cache)).toBeVisible();
  expect(inLink(url).timeline.filter((e) => e.do === 'kill')).toHaveLength(1);
  expect(await other.app.runToEnd()).toBe(hash);
  expect((await other.app.windows()).at(-1)).toEqual((await app.windows()).at(-1));
  // Also when it is played in pieces.
  await other.app.restart();
  await other.app.seek(13.7);
  await other.app.id('step').click();
  await other.app.seek(50);
  expect(await other.app.runToEnd()).toBe(hash);
  // Another seed is another run.
  await other.app.id('run-seed').fill('9002');
  await other.app.settled();
  await other.app.seek(0);
  expect(await other.app.runToEnd()).not.toBe(hash);
  expect(other.complaints).toEqual([]);
  await other.close();
});

test('a link can hold the moment: it opens paused there', async ({ page, browser }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.seek(42.5);
  const hash = await app.hash();
  const url = await app.shareLink({ atThisMoment: true });
  expect(inLink(url).view.open_at_s).toBe(42.5);

  const other = await friend(browser, url);
  await other.app.expectState('paused');
  await expect(other.app.root).toHaveAttribute('data-now-ns', String(42.5e9));
  expect(await other.app.hash()).toBe(hash);
  expect(other.complaints).toEqual([]);
  await other.close();
});

test('a link that is pasted into the open page opens at once, and undo brings back what was there', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await expect(app.node('server')).toBeVisible();
  const other = await changed('celebrity-shard', (d) => (d.title = 'Pasted'));
  await page.evaluate((hash) => (location.hash = hash), linkTo(other));
  await expect(app.id('title')).toHaveValue('Pasted');
  await expect(app.node('db')).toBeVisible();
  await app.id('undo').click();
  await expect(app.node('server')).toBeVisible();
  await expect(app.node('db')).toHaveCount(0);
});

test('the frame of the share dialog shows the same design in an embed', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.id('share').click();
  const html = await app.id('share-frame').inputValue();
  await page.goto('../../../notes/blank.html');
  await page.setContent(html);
  const inside = new Headroom(page, page.frameLocator('iframe'));
  await inside.ready();
  await expect(inside.node('server')).toBeVisible();
  await expect(inside.id('embed-play')).toBeVisible();
  await expect(page.locator('iframe')).toHaveAttribute('title', 'Single server');
});
