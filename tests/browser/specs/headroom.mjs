// The page as its tests see it: what a user does to it, and what it says of itself. Numbers are read from attributes,
// from tables and from the CSV that the page saves; time is moved by the page's own slider, never by waiting.
import { readFile } from 'node:fs/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect } from '@playwright/test';

// The fragment of a share link that holds this design, or this text in its place.
export const linkTo = (design) =>
  `h1=${deflateRawSync(typeof design === 'string' ? design : JSON.stringify(design), { level: 9 }).toString('base64url')}`;

// What a share link holds.
export const inLink = (url) => JSON.parse(inflateRawSync(Buffer.from(/#h1=([\w-]+)/.exec(url)[1], 'base64url')).toString());

export const scenario = async (id) => JSON.parse(await readFile(new URL(`../../../scenarios/${id}.json`, import.meta.url), 'utf8'));

// A scenario that is changed first.
export async function changed(id, change) {
  const design = await scenario(id);
  change(design);
  return design;
}

export const node = (design, id) => design.nodes.find((n) => n.id === id);

export const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

export class Headroom {
  // `scope` is the page, or a frame of another page that holds it.
  constructor(page, scope = page) {
    this.page = page;
    this.scope = scope;
    this.root = scope.locator('html');
    this.canvas = this.id('canvas');
    this.faults = this.id('faults');
    this.toasts = this.id('toast');
  }

  id(testid) {
    return this.scope.getByTestId(testid);
  }

  async open(query = '', fragment = '') {
    await this.page.goto(query + (fragment && `#${fragment}`));
    await this.ready();
  }

  openDesign(design, query = '') {
    return this.open(query, linkTo(design));
  }

  async ready() {
    await expect(this.root).toHaveAttribute('data-ready', '1', { timeout: 60_000 });
  }

  async openScenario(id) {
    await this.id('scenarios').click();
    await this.id(`scenario-${id}`).click();
  }

  // The run.

  async state() {
    return this.root.getAttribute('data-run-state');
  }

  async expectState(state) {
    await expect(this.root).toHaveAttribute('data-run-state', state, { timeout: 60_000 });
  }

  async nowS() {
    return Number(await this.root.getAttribute('data-now-ns')) / 1e9;
  }

  async hash() {
    return this.root.getAttribute('data-run-hash');
  }

  // Waits until what is shown is the run of the present design, and it has caught up.
  async settled() {
    await expect.poll(() => this.root.evaluate((e) => `${e.dataset.run === e.dataset.runWanted} ${e.dataset.runState}`), { timeout: 60_000 }).toMatch(/^true (paused|playing|finished)$/);
  }

  async pause() {
    await this.settled();
    if ((await this.state()) === 'playing') await this.id('play').click();
    await expect(this.root).toHaveAttribute('data-run-state', /paused|finished/);
  }

  // Stands at this moment.
  async seek(seconds) {
    await this.pause();
    await this.id('progress').fill(String(seconds));
    await this.settled();
    await expect(this.root).toHaveAttribute('data-now-ns', String(Math.round(seconds * 1e9)), { timeout: 60_000 });
    await expect(this.root).toHaveAttribute('data-run-state', /paused|finished/);
  }

  // Plays as fast as it goes to the end; gives the hash of the whole run.
  async runToEnd() {
    await this.id('speed').selectOption('max');
    await this.settled();
    if ((await this.state()) === 'paused') await this.id('play').click();
    await this.expectState('finished');
    return this.hash();
  }

  async restart() {
    await this.id('restart').click();
    await this.settled();
  }

  // All windows of the run so far, as the page saves them: an object for each, by column.
  async windows() {
    await this.settled();
    const download = await this.saved('csv');
    const [head, ...rows] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n').map((line) => line.split(','));
    return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head[i], cell === '' ? NaN : Number(cell)])));
  }

  // What the charts save: csv, json, png or svg.
  async saved(what) {
    await this.chartOptions(true);
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.id(`chart-${what}`).click()]);
    await this.chartOptions(false);
    return download;
  }

  // Opens or closes what the charts have behind a button.
  async chartOptions(open) {
    const list = this.id('chart-options-list');
    if ((await list.isVisible()) !== open) await this.id('chart-options').click();
    await expect(list).toBeVisible({ visible: open });
  }

  // The canvas.

  node(id) {
    return this.scope.locator(`[data-node-id="${id}"]`);
  }

  nodes() {
    return this.scope.locator('[data-node-id]');
  }

  wire(from, to) {
    return this.scope.locator(`[data-wire="${from}->${to}"]`);
  }

  wires() {
    return this.scope.locator('[data-wire]');
  }

  async centre(locator) {
    const box = await locator.boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  // A free place on the canvas, given as shares of its width and height.
  async place(x, y) {
    const box = await this.canvas.boundingBox();
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }

  async drag(from, to) {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
  }

  // Drags a kind from the palette to a place of the canvas; gives the id of the new node.
  async dragIn(kind, to) {
    const before = await this.nodes().evaluateAll((all) => all.map((n) => n.dataset.nodeId));
    const item = this.id(`palette-${kind}`);
    // The palette scrolls.
    await item.scrollIntoViewIfNeeded();
    await this.drag(await this.centre(item), to);
    await expect(this.nodes()).toHaveCount(before.length + 1);
    const after = await this.nodes().evaluateAll((all) => all.map((n) => n.dataset.nodeId));
    return after.find((id) => !before.includes(id));
  }

  // Drags from the port out of which one node calls to the port at which another is called.
  async dragWire(from, to) {
    const out = this.node(from).locator('[data-port=out]');
    const into = this.node(to).locator('[data-port=in]');
    await this.drag(await this.centre(out), await this.centre(into));
  }

  async select(id) {
    await this.node(id).click();
    await expect(this.node(id)).toHaveAttribute('aria-pressed', 'true');
  }

  async selectNothing() {
    const at = await this.place(0.5, 0.97);
    await this.page.mouse.click(at.x, at.y);
    await expect(this.id('total-arrived')).toBeVisible();
  }

  // The design, as the browser keeps it.

  kept() {
    return this.page.evaluate(() => JSON.parse(localStorage.getItem('headroom.design')));
  }

  // Waits until the kept design is as wanted.
  async expectKept(wanted) {
    await expect.poll(async () => {
      const design = await this.kept();
      return design && wanted(design);
    }).toBeTruthy();
  }

  // The link of the share dialog.
  async shareLink({ atThisMoment = false } = {}) {
    await this.id('share').click();
    if (atThisMoment) await this.id('share-moment').check();
    const link = await this.id('share-link').inputValue();
    await this.id('close').click();
    await expect(this.id('share-dialog')).toHaveCount(0);
    return link;
  }
}
