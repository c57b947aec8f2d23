// Designs that the browser keeps under a name, with their versions; and designs to start from.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const open = async (app) => {
  await app.id('file').click();
  await app.id('file-library').click();
  await expect(app.id('library')).toBeVisible();
};
const row = (app, name) => app.id('library').locator(`[data-saved="${name}"]`);
const close = async (app) => {
  await app.id('close').click();
  await expect(app.id('library')).toHaveCount(0);
};

test('a design is saved, changed, brought back, renamed and deleted', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await open(app);
  await expect(app.id('library-name')).toHaveValue('Single server');
  await app.id('library-name').fill('Shop');
  await app.id('library-name').press('Enter');
  await expect(app.id('library-said')).toHaveText('Saved: Shop.');
  await expect(row(app, 'Shop')).toHaveCount(1);
  await close(app);

  // A second version without the server.
  await app.select('server');
  await page.keyboard.press('Delete');
  await expect(app.nodes()).toHaveCount(1);
  await open(app);
  await app.id('library-name').fill('Shop');
  await expect(app.id('library-save')).toHaveText('Save as a new version');
  await app.id('library-save').click();
  await expect(app.id('library-versions')).toHaveText('Versions: 2');

  // After a new start of the page both are still there; the older one opens, and undo brings back what was open.
  await page.goto('?scenario=cache-aside');
  await app.ready();
  await app.pause();
  await open(app);
  await app.id('library-versions').click();
  await app.id('library-version').nth(1).click();
  await expect(app.id('library')).toHaveCount(0);
  await expect(app.node('server')).toBeVisible();
  await expect(app.nodes()).toHaveCount(2);
  await app.id('undo').click();
  await expect(app.node('cache')).toBeVisible();

  await open(app);
  await app.id('library-rename').click();
  await app.id('library-new-name').fill('Diary');
  await app.id('library-rename-do').click();
  await expect(row(app, 'Diary')).toHaveCount(1);
  await app.id('library-delete').click();
  await app.id('library-delete-do').click();
  await expect(row(app, 'Diary')).toHaveCount(0);
  await expect(app.id('library-said')).toHaveText('Deleted: Diary.');
});

test('a full storage is said, and loses nothing', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await app.pause();
  await open(app);
  await app.id('library-name').fill('First');
  await app.id('library-save').click();
  await expect(row(app, 'First')).toHaveCount(1);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await app.id('library-name').fill('Second');
  await app.id('library-save').click();
  await expect(app.id('library-error')).toContainText('no room left');
  await expect(row(app, 'Second')).toHaveCount(0);
  await expect(row(app, 'First')).toHaveCount(1);
});

test('a forbidden storage is said', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('denied', 'SecurityError'); } });
  });
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await open(app);
  await expect(app.id('library-error')).toContainText('keeps nothing');
});

test('an empty canvas offers designs to start from', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.pause();
  await app.id('file').click();
  await app.id('file-new').click();
  await app.id('template-load-balanced').click();
  await expect(app.node('lb')).toBeVisible();
  await app.settled();
  await app.id('undo').click();
  await expect(app.id('canvas-empty')).toBeVisible();
});
