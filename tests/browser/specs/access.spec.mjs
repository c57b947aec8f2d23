// Without a mouse, and for those who listen: axe finds nothing, and the whole job is done by keys.
import { AxeBuilder } from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom, changed } from './headroom.mjs';

async function expectAccessible(page, where) {
  // What is still sliding in is half transparent.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((a) => Number.isFinite(a.effect.getComputedTiming().endTime)).map((a) => a.finished)));
  const { violations } = await new AxeBuilder({ page }).analyze();
  const words = (n) => `${n.target.join(' ')} (${n.failureSummary.split('\n').at(-1).trim()})`;
  const found = violations.map((v) => `${where}: ${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map(words).join(' | ')}`);
  expect(found).toEqual([]);
}

for (const theme of ['light', 'dark'])
  for (const lang of ['en', 'ko'])
    test(`axe finds nothing: ${theme}, ${lang}`, async ({ page }) => {
      const app = new Headroom(page);
      await app.open(`?scenario=replicas-write-burst&theme=${theme}&lang=${lang}`);
      await app.seek(60);
      await expectAccessible(page, 'main');
      // The rest depends on colours and on texts, not on each pair of them.
      if ((theme === 'dark') !== (lang === 'ko')) return;
      await app.select('db');
      await expectAccessible(page, 'node');
      await app.wire('web', 'db').focus();
      await page.keyboard.press('Enter');
      await expectAccessible(page, 'wire');
      await app.id('chart-table').click();
      await expectAccessible(page, 'table');
      await app.id('share').click();
      await expect(app.id('share-dialog')).toBeVisible();
      await expectAccessible(page, 'share');
      await page.keyboard.press('Escape');
      await app.id('summary-open').click();
      await app.id('summary-node-db').locator('summary').click();
      await expect(app.id('summary-own')).toBeVisible();
      await expectAccessible(page, 'summary');
      await page.keyboard.press('Escape');
      await app.id('file').click();
      await expectAccessible(page, 'menu');
    });

for (const [theme, lang] of [['light', 'en'], ['dark', 'ko']])
  test(`axe finds nothing on many seeds and their bands: ${theme}, ${lang}`, async ({ page }) => {
    const app = new Headroom(page);
    await app.openDesign(await changed('cache-aside', (d) => (d.run = { until_s: 10 })), `?theme=${theme}&lang=${lang}`);
    await app.pause();
    await page.keyboard.press('Shift+S');
    await expectAccessible(page, 'before');
    await app.id('seeds-5').click();
    await app.id('seeds-start').click();
    await expect(app.id('seeds-result')).toBeVisible();
    await expectAccessible(page, 'result');
    await page.keyboard.press('Escape');
    await expect(app.id('bands-off')).toBeVisible();
    await expectAccessible(page, 'bands');
  });

test('axe finds nothing on the messages of broken links, an empty design, and an embed', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('', 'h1=broken');
  await expect(app.faults).toBeVisible();
  await expectAccessible(page, 'faults');
  await app.id('close').click();
  await app.id('file').click();
  await app.id('file-new').click();
  await expect(app.id('canvas-empty')).toBeVisible();
  await expectAccessible(page, 'empty');
  await app.open('?embed=1&scenario=cache-aside');
  await expectAccessible(page, 'embed');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  for (const [theme, lang] of [['light', 'en'], ['dark', 'ko']])
    test(`axe finds nothing: ${theme}, ${lang}`, async ({ page }) => {
      const app = new Headroom(page);
      await app.open(`?scenario=celebrity-shard&theme=${theme}&lang=${lang}`);
      await app.seek(50);
      await expectAccessible(page, 'main');
      for (const tab of ['tab-palette', 'tab-inspector']) {
        await app.id(tab).tap();
        await expectAccessible(page, tab);
        await app.id(tab).tap();
      }
      await app.id('summary-open').tap();
      await app.id('summary-node-db').locator('summary').tap();
      await expectAccessible(page, 'summary');
      await page.keyboard.press('Escape');
      await app.id('menu').tap();
      await expectAccessible(page, 'menu');
    });
});

// Presses Tab until this has the focus: that it can be reached is part of the test.
async function tabTo(page, locator, key = 'Tab') {
  for (let i = 0; i < 150; i++) {
    if (await locator.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${locator} cannot be reached by ${key}`);
}

test('the main job by keys alone', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(
    await changed('cache-aside', (d) => {
      d.nodes = d.nodes.filter((n) => n.id !== 'cache');
      d.wires = d.wires.filter((w) => w.to !== 'cache');
      d.timeline = [];
    }),
  );
  // A cache from the palette.
  await tabTo(page, app.id('palette-cache'));
  await page.keyboard.press('Enter');
  await expect(app.node('cache')).toHaveAttribute('aria-pressed', 'true');
  await expect(app.node('cache')).toBeFocused();
  // It is moved.
  const place = () => app.node('cache').getAttribute('style');
  const before = await place();
  await page.keyboard.press('Shift+ArrowUp');
  await expect.poll(place).not.toBe(before);

  // A wire from the web tier to it.
  await tabTo(page, app.node('web'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(app.node('web')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('c');
  await expect(app.node('web')).toHaveAttribute('data-link', 'source');
  for (let i = 0; i < 5 && (await app.node('cache').getAttribute('data-link')) !== 'chosen'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(app.wire('web', 'cache')).toHaveCount(1);
  await expect(app.node('web')).toBeFocused();

  // Play and pause by the space bar, from the canvas.
  await page.keyboard.press('Escape');
  await app.canvas.focus();
  const state = await app.state();
  await page.keyboard.press('Space');
  await expect(app.root).not.toHaveAttribute('data-run-state', state);
  await page.keyboard.press('Space');
  await app.expectState(state);

  // A setting.
  await app.node('cache').focus();
  await page.keyboard.press('Enter');
  await tabTo(page, app.id('param-capacity_items'));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('123');
  await page.keyboard.press('Enter');
  await app.expectKept((d) => d.nodes.some((n) => n.params?.capacity_items === 123));

  // A point of the traffic curve.
  await app.id('curve-point-0').focus();
  const rps = await app.id('curve-point-0').getAttribute('data-rps');
  await page.keyboard.press('ArrowUp');
  await expect(app.id('curve-point-0')).not.toHaveAttribute('data-rps', rps);

  // Sharing; the focus stays inside the dialog and comes back afterwards.
  await tabTo(page, app.id('share'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(app.id('share-dialog')).toBeVisible();
  await tabTo(page, app.id('share-link-copy'));
  await page.keyboard.press('Escape');
  await expect(app.id('share-dialog')).toHaveCount(0);
  await expect(app.id('share')).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, app.id('close'));
  await page.keyboard.press('Enter');
  await expect(app.id('share-dialog')).toHaveCount(0);
  await expect(app.id('share')).toBeFocused();
});

test('menus by keys', async ({ page }) => {
  const app = new Headroom(page);
  await app.open();
  await tabTo(page, app.id('scenarios'));
  await page.keyboard.press('Enter');
  await expect(app.id('scenario-single-server')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(app.id('scenarios')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(app.id('title')).toHaveValue('Load-balanced web tier');
});

test('keys mean nothing to the page while one types', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await app.select('server');
  await app.id('label').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('r. [c] server?');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Space');
  await expect(app.id('label')).toHaveValue('r. [c] server ');
  await expect(app.nodes()).toHaveCount(2);
  await app.expectState('paused');
  await expect(app.id('speed')).toHaveValue('1');
});
