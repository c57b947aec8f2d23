// Design files, undo and redo, and what the browser keeps.
import { readFile } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { Headroom, node, scenario } from './headroom.mjs';

async function save(app) {
  await app.id('file').click();
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.id('file-save').click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

async function openFile(app, name, text) {
  await app.id('file').click();
  const [chooser] = await Promise.all([app.page.waitForEvent('filechooser'), app.id('file-open').click()]);
  await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('a saved file opens again as the same design', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.pause();
  await app.select('cache');
  await app.id('label').fill('Hot things');
  await app.id('param-capacity_items').fill('777');
  await app.id('param-capacity_items').press('Enter');
  await app.id('title').fill('Cache: a/b "c"');
  const first = await save(app);
  expect(first.name).toBe('Cache-a-b-c.headroom.json');
  const design = JSON.parse(first.text);
  expect(node(design, 'cache')).toMatchObject({ label: 'Hot things', params: { capacity_items: 777 } });

  await app.id('file').click();
  await app.id('file-new').click();
  await expect(app.nodes()).toHaveCount(0);
  await openFile(app, first.name, first.text);
  await expect(app.node('cache').locator('.cv-name')).toHaveText('Hot things');
  await expect(app.id('title')).toHaveValue('Cache: a/b "c"');
  expect((await save(app)).text).toBe(first.text);
});

test('a bad file lists every fault with its place, and leaves the design as it was', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  const bad = await scenario('cache-aside');
  bad.nodes[0].params.zipf_s = -3;
  bad.nodes[2].params.instances = 'many';
  bad.nodes[3].kind = 'teapot';
  bad.wires[1].to = 'nobody';
  bad.timeline[0].at_s = 'soon';
  await openFile(app, 'bad.json', JSON.stringify(bad));
  await expect(app.faults).toBeVisible();
  await expect(app.faults).toContainText('bad.json');
  const paths = await app.faults.locator('code').allInnerTexts();
  for (const part of ['zipf_s', 'instances', 'kind', 'wires[1]', 'timeline[0]']) expect(paths.some((p) => p.includes(part)), `${part} in ${paths}`).toBe(true);
  await page.keyboard.press('Escape');
  await expect(app.faults).toHaveCount(0);
  await expect(app.nodes()).toHaveCount(5);
  await expect(app.id('undo')).toBeDisabled();
  await app.expectState('playing');

  await openFile(app, 'picture.json', '\u0089PNG');
  await expect(app.faults).toBeVisible();
  await app.id('close').click();
  await openFile(app, 'huge.json', ' '.repeat(3 << 20));
  await expect(app.faults).toContainText('huge.json');
});

test('a file that is dropped on the page is opened', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  const text = JSON.stringify(await scenario('celebrity-shard'));
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
    for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, text);
  await expect(app.id('title')).toHaveValue('Four shards with a celebrity');
});

test('every change can be undone and redone, one by one', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  const undo = () => page.keyboard.press('Control+z');
  const redo = () => page.keyboard.press('Control+Shift+z');

  const db = await app.dragIn('relational', await app.place(0.5, 0.2));
  await app.dragWire('server', db);
  await expect(app.wire('server', db)).toHaveCount(1);
  await app.select('server');
  await app.id('param-workers').fill('7');
  await app.id('param-workers').press('Enter');
  await app.expectKept((d) => node(d, 'server').params.workers === 7);
  await app.canvas.focus();
  // Where it lies on the board, wherever the camera looks.
  const place = () => app.node(db).getAttribute('style');
  const [at, before] = [await app.centre(app.node(db)), await place()];
  await app.drag(at, { x: at.x + 30, y: at.y + 40 });
  const moved = await place();
  expect(moved).not.toBe(before);
  await app.select('users');
  await page.keyboard.press('Delete');
  await expect(app.node('users')).toHaveCount(0);
  await expect(app.wires()).toHaveCount(1);

  await undo();
  await expect(app.node('users')).toHaveCount(1);
  await expect(app.wire('users', 'server')).toHaveCount(1);
  await undo();
  await expect.poll(place).toBe(before);
  await undo();
  await app.expectKept((d) => node(d, 'server').params.workers === 1);
  await undo();
  await expect(app.wire('server', db)).toHaveCount(0);
  await undo();
  await expect(app.node(db)).toHaveCount(0);
  await expect(app.id('undo')).toBeDisabled();

  await redo();
  await expect(app.node(db)).toHaveCount(1);
  await redo();
  await expect(app.wire('server', db)).toHaveCount(1);
  await redo();
  await app.expectKept((d) => node(d, 'server').params.workers === 7);
  await redo();
  await expect.poll(place).toBe(moved);
  await app.id('redo').click();
  await expect(app.node('users')).toHaveCount(0);
  await expect(app.id('redo')).toBeDisabled();
});

test('the design of the last visit is back, with what was done by hand', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.seek(12);
  const cache = await app.dragIn('cache', await app.place(0.4, 0.85));
  await app.select('server');
  await app.id('act-slow').click();
  await app.id('act-factor').fill('4');
  await app.id('act-apply').click();
  await app.expectKept((d) => d.timeline?.length === 1 && d.nodes.some((n) => n.id === cache));
  const kept = await app.kept();
  await page.goto('');
  await app.ready();
  await expect(app.node(cache)).toBeVisible();
  await expect(app.toasts).toContainText('Your last design is back');
  await expect(app.id('entry')).toHaveCount(1);
  expect((await app.kept()).nodes).toEqual(kept.nodes);
  await app.id('toast-action').click();
  await expect(app.id('title')).toHaveValue('Cache-aside');
});

test('several nodes are copied, pasted and deleted together', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await app.node('users').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await expect(app.nodes()).toHaveCount(4);
  await expect(app.wires()).toHaveCount(2);
  await page.keyboard.press('Delete');
  await expect(app.nodes()).toHaveCount(2);
  await expect(app.node('server')).toBeVisible();
});
