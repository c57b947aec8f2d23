// Screenshots of the page in screenshots/: a dozen situations, each light and dark, in English and Korean.
// Use: ./dev shots [PART OF A NAME], such as `menu`, `phone` or `dark-ko`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions, port, siteUrl } from './browser.mjs';
import { Headroom, linkTo, scenario } from './specs/headroom.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', '..', 'screenshots');
const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
// How long a run is watched before its picture, so that charts have something to show.
const WATCH_MS = 6_000;

const desktop = (act, more = {}) => ({ screen: 'desktop', act, ...more });
const phone = (act, more = {}) => ({ screen: 'phone', act, ...more });
const watch = (app) => app.page.waitForTimeout(WATCH_MS);
// A scenario at one moment of its run.
const at = (id, seconds, then = async () => {}) => ({
  design: () => scenario(id),
  act: async (app) => {
    await app.seek(seconds);
    await then(app);
  },
});

const situations = {
  first: desktop(watch),
  menu: desktop((app) => app.id('scenarios').click()),
  node: { screen: 'desktop', ...at('cache-aside', 60, (app) => app.node('cache').click()) },
  wire: { screen: 'desktop', ...at('retry-storm', 40, (app) => app.wires().first().click()) },
  shards: { screen: 'desktop', ...at('celebrity-shard', 60) },
  replicas: { screen: 'desktop', ...at('replicas-write-burst', 60) },
  places: { screen: 'desktop', ...at('two-data-centres', 60) },
  summary: { screen: 'desktop', ...at('cache-aside', 100, (app) => app.page.keyboard.press('s')) },
  microscope: { screen: 'desktop', ...at('cache-aside', 60, (app) => app.page.keyboard.press('m')) },
  share: { screen: 'desktop', ...at('cache-aside', 30, (app) => app.id('share').click()) },
  'phone-first': phone(watch),
  'phone-node': { screen: 'phone', ...at('cache-aside', 60, (app) => app.node('db').click()) },
  'phone-microscope': { screen: 'phone', ...at('cache-aside', 60, (app) => app.page.keyboard.press('m')) },
  embed: desktop(watch, { query: '&embed=1&run=auto' }),
};

const shots = [];
for (const [situation, what] of Object.entries(situations))
  for (const scheme of ['light', 'dark'])
    for (const lang of ['en', 'ko']) shots.push({ ...what, name: `${situation}-${scheme}-${lang}`, scheme, lang });

const wanted = shots.filter(({ name }) => name.includes(process.argv[2] ?? ''));
await mkdir(out, { recursive: true });
const server = spawn(process.execPath, [join(here, 'server.mjs'), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
await once(server.stdout, 'data');
const browser = await chromium.launch(launchOptions);
try {
  for (const { name, screen, scheme, lang, query = '', design, act } of wanted) {
    const context = await browser.newContext({ ...screens[screen], colorScheme: scheme, locale: lang === 'ko' ? 'ko-KR' : 'en-GB', baseURL: siteUrl });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    const app = new Headroom(page);
    await page.goto(`?lang=${lang}${query}${design ? `#${linkTo(await design())}` : ''}`);
    await app.ready();
    await act(app);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log(`screenshots/${name}.png`);
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
}
