// English and Korean, light and dark.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

// Everything that is shown or read out: texts, names, titles, placeholders.
const allTexts = (page) =>
  page.evaluate(() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      if (n.parentElement.closest('noscript, script, style, body [lang], .hash, textarea')) continue;
      if (n.data.trim()) found.push(n.data.trim());
    }
    for (const e of document.body.querySelectorAll('[title], [aria-label], [placeholder], [aria-valuetext]'))
      for (const name of ['title', 'aria-label', 'placeholder', 'aria-valuetext']) {
        const text = e.getAttribute(name)?.trim();
        if (text) found.push(text);
      }
    return [...new Set(found)];
  });

// Words that Korean engineers write in Latin letters too, and keys.
const SAME = /\b(Headroom|W-TinyLFU|TinyLFU|CLOCK|USD|vCPU|Mbit|TTL|LRU|SIEVE|LFU|FIFO|CSV|PNG|CPU|JSON|SVG|HTML|DNS|CDN|Zipf|Che|Erlang|Pollaczek|Khinchine|English|Ctrl|Shift|Enter|Esc|Tab|Delete|Del|Space|Mac|Poisson|Bounded|Pareto|max|cv|p50|p95|p99|rps|ms|TCP|IP|ID|id|RTT|SLO|Web|MMC|MM1|h1|web|db|lb|cache|users|items)\b/g;
const english = (texts) => texts.filter((text) => /[a-z]{3,}/i.test(text.replace(SAME, '')) && !/^[A-Z]+\d/.test(text));
// In sentences that are Korean an English name is no leftover.
const leftovers = (texts) => english(texts).filter((text) => !/[가-힣]/.test(text));

test('the page switches to Korean and back, and remembers', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await expect(app.root).toHaveAttribute('lang', 'en');
  await expect(app.id('share')).toHaveText('Share');
  await app.id('language').click();
  await app.id('lang-ko').click();
  await expect(app.root).toHaveAttribute('lang', 'ko');
  await expect(app.id('share')).toHaveText('공유');
  await expect(app.node('cache').locator('.cv-name')).toHaveText('캐시');
  await expect(app.id('palette-cache')).toContainText('캐시');
  await page.goto('?scenario=single-server');
  await app.ready();
  await expect(app.root).toHaveAttribute('lang', 'ko');
  await app.id('language').click();
  await app.id('lang-en').click();
  await expect(app.id('share')).toHaveText('Share');
});

test('no English is left on the Korean page', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside&lang=ko');
  await app.seek(10);
  // What the design itself says is the user's.
  const ours = (texts) => leftovers(texts).filter((t) => !['Cache-aside'].includes(t));
  expect(ours(await allTexts(page)), 'design').toEqual([]);
  for (const id of ['users', 'lb', 'web', 'cache', 'db']) {
    await app.select(id);
    expect(ours(await allTexts(page)), id).toEqual([]);
  }
  await app.id('share').click();
  await expect(app.id('share-dialog')).toBeVisible();
  expect(ours(await allTexts(page)), 'share').toEqual([]);
  await app.id('close').click();
  await app.id('shortcuts').click();
  expect(ours(await allTexts(page)), 'shortcuts').toEqual([]);
  await page.keyboard.press('Escape');
  for (const menu of ['scenarios', 'file', 'language', 'theme']) {
    await app.id(menu).click();
    expect(ours(await allTexts(page)), menu).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await app.open('?scenario=celebrity-shard&lang=ko');
  await app.seek(10);
  await app.select('db');
  expect(ours(await allTexts(page)), 'sharded').toEqual([]);
});

test('no Korean is left on the English page, but the name of the language', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.seek(10);
  const korean = async () => (await allTexts(page)).filter((t) => /[가-힣]/.test(t));
  expect(await korean()).toEqual([]);
  for (const id of ['users', 'lb', 'web', 'cache', 'db']) {
    await app.select(id);
    expect(await korean(), id).toEqual([]);
  }
  await app.id('language').click();
  expect(await korean()).toEqual(['한국어']);
});

test('a refusal speaks the language of the page', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside&lang=ko');
  const from = await app.centre(app.node('db').locator('[data-port=in]'));
  const to = await app.centre(app.node('users'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await expect(app.canvas.locator('.cv-tip')).toContainText('연결할 수 없습니다');
  await page.mouse.up();
});

const brightness = (page) =>
  page.evaluate(() => {
    const colour = document.createElement('canvas').getContext('2d');
    colour.fillStyle = getComputedStyle(document.querySelector('.topbar')).backgroundColor;
    colour.fillRect(0, 0, 1, 1);
    return colour.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((a, b) => a + b) / 3;
  });

test('dark and light by choice, and as the system has it', async ({ page }) => {
  const app = new Headroom(page);
  await app.open();
  expect(await brightness(page)).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => brightness(page)).toBeLessThan(80);
  await app.id('theme').click();
  await app.id('theme-light').click();
  await expect(app.root).toHaveAttribute('data-theme', 'light');
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
  await app.id('theme').click();
  await app.id('theme-dark').click();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('');
  await app.ready();
  await expect(app.root).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => brightness(page)).toBeLessThan(80);
});
