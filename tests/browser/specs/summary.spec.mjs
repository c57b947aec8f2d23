// The summary of the run: the numbers of the command line, as tables.
import { readFile } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { Headroom, changed } from './headroom.mjs';

class Summary extends Headroom {
  constructor(page) {
    super(page);
    this.dialog = this.id('summary-dialog');
    this.moment = this.id('summary-moment');
  }

  async openSummary() {
    await this.id('summary-open').click();
    await expect(this.moment).toBeVisible();
  }

  async number(testid) {
    return Number((await this.id(testid).innerText()).replaceAll(',', ''));
  }

  // What the page saves, of this button.
  async saved(testid) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.id(testid).click()]);
    return readFile(await download.path(), 'utf8');
  }

  line(node) {
    return this.id(`summary-node-${node}`);
  }

  async openNode(node) {
    await this.line(node).locator('summary').click();
    await expect(this.line(node)).toHaveAttribute('open', '');
  }

  overflow() {
    return this.page.evaluate(() => {
      const wider = (e) => e.scrollWidth - e.clientWidth;
      return Math.max(wider(document.documentElement), wider(document.querySelector('dialog')));
    });
  }
}

const TOTALS = [['total-arrived', 'summary-arrivals'], ['total-completed', 'summary-completions'], ['total-failed', 'summary-failures_total'], ['total-in-flight', 'summary-in_flight']];

test('the summary says what the page says, of the same moment of the same run', async ({ page }) => {
  const app = new Summary(page);
  await app.open('?scenario=replicas-write-burst');
  await app.seek(60);
  await app.selectNothing();
  const shown = [];
  for (const [total] of TOTALS) shown.push(await app.number(total));
  expect(shown[0]).toBeGreaterThan(1000);

  await app.openSummary();
  await expect(app.moment).toHaveAttribute('data-until-s', '60');
  await expect(app.moment).toHaveAttribute('data-hash', await app.hash());
  for (const [i, [, total]] of TOTALS.entries()) expect(await app.number(total), total).toBe(shown[i]);

  // The tables and both files say the same.
  const summary = JSON.parse(await app.saved('summary-json'));
  expect(summary.users.arrivals).toBe(shown[0]);
  expect(summary.hash).toBe(await app.hash());
  const db = summary.nodes.find((n) => n.id === 'db');
  const rows = (await app.saved('summary-csv')).trimEnd().split('\n');
  expect(rows[0]).toBe('part,node,kind,class,field,value');
  expect(rows).toContain(`users,,,,arrivals,${shown[0]}`);
  expect(rows).toContain(`node,db,relational,,lost_writes,${db.lost_writes}`);
  expect(rows).toContain(`node,db,relational,,lag_p99_s,${db.lag_p99_s}`);
  expect(rows).toContain(`node,db,relational,write,completions,${db.classes.write.completions}`);

  await app.openNode('db');
  const own = app.line('db').getByTestId('summary-own');
  await expect(own).toContainText(`${db.commits.toLocaleString('en')}`);
  await expect(own).toContainText('Lost writes');
  await expect(own.getByRole('columnheader', { name: 'p99.9', exact: true })).toBeVisible();
  const replica = own.getByRole('row').filter({ hasText: db.replicas[0].behind.toLocaleString('en') });
  await expect(replica.first()).toBeVisible();
  const flow = app.line('db').getByRole('group', { name: 'Requests', exact: true }).getByRole('row');
  await expect(flow.filter({ hasText: 'writes' })).toContainText(db.classes.write.arrivals.toLocaleString('en'));
  // Wires call their ends by name.
  await app.id('summary-wires').locator('summary').click();
  const wires = app.id('summary-wires').getByRole('row');
  await expect(wires).toHaveCount(summary.wires.length + 1);
  await expect(wires.filter({ hasText: 'Relational DB' })).toContainText(summary.wires.find((w) => w.to === 'db').calls.toLocaleString('en'));
});

test('a run of its own gives the same summary, and refreshing takes it again', async ({ page }) => {
  const app = new Summary(page);
  await app.open('?scenario=cache-aside');
  await app.seek(20);
  await app.openSummary();
  const first = await app.saved('summary-json');
  await page.keyboard.press('Escape');
  await app.seek(30);
  await app.openSummary();
  expect(await app.saved('summary-json')).not.toBe(first);
  await page.keyboard.press('Escape');
  // Back in time is a replay from 0.
  await app.seek(20);
  await app.openSummary();
  expect(await app.saved('summary-json')).toBe(first);
  await page.keyboard.press('Escape');

  await app.id('play').click();
  await app.expectState('playing');
  await app.openSummary();
  const before = Number(await app.moment.getAttribute('data-until-s'));
  await expect
    .poll(async () => {
      await app.id('summary-refresh').click();
      return Number(await app.moment.getAttribute('data-until-s'));
    })
    .toBeGreaterThan(before);
});

test('by keys: opened, walked through and closed', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const app = new Summary(page);
  await app.open('?scenario=celebrity-shard');
  await app.seek(10);
  await app.canvas.focus();
  await page.keyboard.press('s');
  await expect(app.moment).toBeVisible();
  // The line of a node opens by its keys.
  const line = app.line('db').locator('summary');
  await line.focus();
  await page.keyboard.press('Enter');
  await expect(app.line('db').getByRole('group', { name: 'Shards', exact: true }).getByRole('row')).toHaveCount(5);
  await app.id('summary-copy').focus();
  await page.keyboard.press('Enter');
  await expect(app.id('summary-copy')).toHaveText('Copied');
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  expect(copied.nodes.find((n) => n.id === 'db').shards).toHaveLength(4);
  await page.keyboard.press('Escape');
  await expect(app.dialog).toHaveCount(0);

  // From its button, to which the focus comes back.
  await app.id('summary-open').focus();
  await page.keyboard.press('Enter');
  await expect(app.moment).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(app.dialog).toHaveCount(0);
  await expect(app.id('summary-open')).toBeFocused();
});

test('labels are text and never markup', async ({ page }) => {
  const label = '<img src=x onerror=alert(1)>';
  const app = new Summary(page);
  await app.openDesign(await changed('single-server', (d) => d.nodes.forEach((n) => Object.assign(n, { label }))));
  await app.seek(5);
  await app.openSummary();
  await expect(app.dialog.locator('.sum-name').first()).toHaveText(label);
  await expect(app.dialog.locator('img')).toHaveCount(0);
});

test('a design without a node says so', async ({ page }) => {
  const app = new Summary(page);
  await app.openDesign({ version: 1, nodes: [], wires: [] });
  await app.openSummary();
  await expect(app.dialog).toContainText('There are no nodes yet.');
});

test('in Korean', async ({ page }) => {
  const app = new Summary(page);
  await app.open('?scenario=replicas-write-burst&lang=ko');
  await app.seek(60);
  await app.openSummary();
  await expect(app.dialog.getByRole('heading', { level: 2 })).toHaveText('실행 요약');
  for (const node of ['users', 'web', 'db']) await app.openNode(node);
  await expect(app.dialog).toContainText('복제 지연');
  await expect(app.dialog).toContainText('재시도');
  // Nothing is left in English but names and units.
  const words = (await app.dialog.innerText()).match(/[A-Za-z]{3,}/g) ?? [];
  const known = ['JSON', 'CSV', 'RTO', 'RPO'];
  const design = (await changed('replicas-write-burst', () => {})).nodes.map((n) => n.label ?? '').join(' ');
  expect(words.filter((w) => !known.includes(w) && !design.includes(w) && !/^[0-9a-f]+$/.test(w))).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  for (const lang of ['en', 'ko'])
    test(`nothing is wider than the screen: ${lang}`, async ({ page }) => {
      const app = new Summary(page);
      await app.open(`?scenario=replicas-write-burst&lang=${lang}`);
      await app.seek(50);
      await app.id('summary-open').tap();
      await expect(app.moment).toBeVisible();
      expect(await app.overflow()).toBe(0);
      for (const node of ['users', 'web', 'db']) await app.line(node).locator('summary').tap();
      await expect(app.line('db').getByTestId('summary-own')).toBeVisible();
      expect(await app.overflow()).toBe(0);
      await app.id('close').tap();
      await expect(app.dialog).toHaveCount(0);
    });
});
