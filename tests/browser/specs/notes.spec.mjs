// Notes on the canvas: written, moved, resized, copied, deleted, shared; by mouse, by keys and by touch.
import AxeBuilder from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom, inLink } from './headroom.mjs';

const note = (app, id = 'note') => app.scope.locator(`[data-note="${id}"]`);
const field = (app) => app.id('note-write');

test('by mouse: a note is dragged in, written, moved, resized and shared, and the run is the same', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server&run=off');
  await app.settled();
  const plain = await app.runToEnd();

  const item = app.id('palette-note');
  await item.scrollIntoViewIfNeeded();
  await app.drag(await app.centre(item), await app.place(0.5, 0.2));
  await expect(field(app)).toBeFocused();
  await page.keyboard.type('<b>Look here</b>');
  await page.keyboard.press('Enter');
  await page.keyboard.type('and s, r, m, Delete are words');
  await page.keyboard.press('Escape');
  await expect(field(app)).toHaveCount(0);
  // Text, never markup.
  await expect(note(app).locator('b')).toHaveCount(0);
  await expect(note(app)).toContainText('<b>Look here</b>');
  await expect(note(app)).toBeFocused();
  await app.expectKept((d) => d.notes?.length === 1 && d.notes[0].text === '<b>Look here</b>\nand s, r, m, Delete are words');

  const before = await note(app).boundingBox();
  await app.drag(await app.centre(note(app)), { x: before.x + before.width / 2 + 40, y: before.y + before.height / 2 + 24 });
  await expect.poll(async () => (await note(app).boundingBox()).x).toBeGreaterThan(before.x + 20);
  const grip = await app.centre(app.scope.locator('[data-handle="se"]'));
  await app.drag(grip, { x: grip.x + 60, y: grip.y + 40 });
  await expect.poll(async () => (await note(app).boundingBox()).width).toBeGreaterThan(before.width + 30);

  // A double click writes on.
  const at = await app.centre(note(app));
  await page.mouse.dblclick(at.x, at.y);
  await expect(field(app)).toBeFocused();
  await field(app).fill('Only this');
  await app.id('title').focus();
  await expect(field(app)).toHaveCount(0);
  await expect(note(app)).toHaveText('Only this');

  // It goes along in the link, and the run does not mind it.
  const link = await app.shareLink();
  expect(inLink(link).notes[0].text).toBe('Only this');
  expect(await app.hash()).toBe(plain);
  await app.id('undo').click();
  await expect(note(app)).toContainText('Look here');
});

test('by keys: N puts a note, Enter writes, arrows move and resize, copies, Delete; the inspector has its words', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await app.node('server').focus();
  await page.keyboard.press('n');
  await expect(field(app)).toBeFocused();
  await page.keyboard.type('First');
  await page.keyboard.press('Control+Enter');
  await expect(note(app)).toBeFocused();
  await expect(note(app)).toHaveAttribute('aria-label', 'Note: First');
  await page.keyboard.press('Enter');
  await expect(field(app)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.type(' words');
  await page.keyboard.press('Escape');
  await expect(note(app)).toHaveText('First words');

  const design = async () => (await app.kept()).notes[0];
  await app.expectKept((d) => d.notes[0].text === 'First words');
  const before = await design();
  await page.keyboard.press('ArrowRight');
  await app.expectKept((d) => d.notes[0].x === before.x + 8);
  await page.keyboard.press('Control+ArrowDown');
  await app.expectKept((d) => (d.notes[0].h ?? 112) === (before.h ?? 112) + 8);
  await page.keyboard.press('Control+d');
  await expect(note(app, 'note2')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(note(app, 'note2')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await expect(note(app, 'note2')).toHaveText('First words');

  // Its copy lies over it, a little lower and to the right.
  await note(app).click({ position: { x: 6, y: 6 } });
  await app.id('label').fill('From the inspector');
  await expect(note(app)).toHaveText('From the inspector');
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
});

test('a scenario has notes in both languages; they can be read and not written where nothing may be changed', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=stampede&lang=ko&edit=0');
  await expect(note(app)).toContainText('리스 없음');
  const at = await app.centre(note(app));
  await page.mouse.dblclick(at.x, at.y);
  await expect(field(app)).toHaveCount(0);
});

test('by touch: a note is added, written and moved', async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const app = new Headroom(await context.newPage());
  await app.open('?scenario=single-server');
  await app.pause();
  await app.id('tab-palette').tap();
  await app.id('palette-note').tap();
  await expect(field(app)).toBeFocused();
  await field(app).fill('By touch');
  await app.id('title').tap();
  await expect(note(app)).toHaveText('By touch');
  await context.close();
});

test('a canvas with nothing but a note comes back with the next visit', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await app.id('file').click();
  await app.id('file-new').click();
  const item = app.id('palette-note');
  await item.scrollIntoViewIfNeeded();
  await app.drag(await app.centre(item), await app.place(0.3, 0.3));
  await expect(field(app)).toBeFocused();
  await page.keyboard.type('A plan');
  await app.expectKept((d) => d.notes?.[0].text === 'A plan');
  await page.goto('?');
  await app.ready();
  await expect(note(app)).toHaveText('A plan');
});
