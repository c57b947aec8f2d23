// Where the browser forbids something the page does without it and says so.
import { test, expect } from './fixtures.mjs';
import { Headroom, changed, linkTo, scenario } from './headroom.mjs';

const design = await changed('single-server', (d) => (d.run = { until_s: 20 }));

test.describe('without a worker', () => {
  test.use({ allowed: /worker|net::ERR/i });
  test('the page computes the run itself, to the same hash', async ({ page, context }) => {
    const app = new Headroom(await context.newPage());
    await app.openDesign(design);
    const hash = await app.runToEnd();
    await page.route('**/worker.js*', (route) => route.abort());
    const alone = new Headroom(page);
    await alone.openDesign(design);
    await expect(alone.toasts).toContainText('Workers are not allowed here');
    expect(await alone.runToEnd()).toBe(hash);
  });
});

test('without storage nothing is kept, nothing breaks, and the user is told', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['getItem', 'setItem']) Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };
  });
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.id('title').fill('Changed');
  await expect(app.toasts).toContainText('This browser keeps nothing here');
  await app.id('theme').click();
  await app.id('theme-dark').click();
  await expect(app.root).toHaveAttribute('data-theme', 'dark');
});

test('without the clipboard the link is selected, to be copied by hand', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    Document.prototype.execCommand = () => false;
  });
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.id('share').click();
  await app.id('share-link-copy').click();
  await expect(app.toasts).toContainText('press Ctrl+C');
  const [chosen, all] = await app.id('share-link').evaluate((e) => [e.value.slice(e.selectionStart, e.selectionEnd), e.value]);
  expect(chosen).toBe(all);
});

test('with less motion wished for, nothing moves by itself but the numbers', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.expectState('playing');
  await expect(app.canvas).toHaveAttribute('data-still', 'true');
  await expect.poll(() => app.nowS()).toBeGreaterThan(1);
  const dots = await app.canvas.locator('.cv-flow').evaluate((c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v !== 0));
  expect(dots).toBe(false);
});

test('a design of an earlier visit stays within reach when a link is worked on', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.id('title').fill('My own work');
  await app.expectKept((d) => d.title === 'My own work');
  await page.goto('about:blank');
  await app.open('', linkTo(await scenario('celebrity-shard')));
  await app.id('title').fill('Somebody else’s');
  await app.expectKept((d) => d.title === 'Somebody else’s');
  await app.id('file').click();
  await app.id('file-before').click();
  await expect(app.id('title')).toHaveValue('My own work');
});

test.describe('without the simulator', () => {
  test.use({ allowed: /worker|net::ERR/i });
  test('a simulator that cannot be loaded is told, and can be started later', async ({ page }) => {
    await page.route('**/*worker*', (route) => route.abort());
    const app = new Headroom(page);
    await page.goto('?scenario=single-server');
    await expect(app.toasts.filter({ hasText: 'broke down' })).toBeVisible();
    await expect(app.id('reached')).toHaveText('broken down');
    // The design can be worked on meanwhile.
    const cache = await app.dragIn('cache', await app.place(0.5, 0.9));
    await page.unroute('**/*worker*');
    await app.toasts.filter({ hasText: 'broke down' }).getByTestId('toast-action').click();
    await app.ready();
    await expect(app.node(cache)).toBeVisible();
    await app.seek(5);
    expect((await app.windows()).at(-1).served_rps).toBeGreaterThan(10);
  });
});
