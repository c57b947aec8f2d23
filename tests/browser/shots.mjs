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

// Five seeds, to the end.
async function runSeeds(app) {
  await app.page.keyboard.press('Shift+S');
  await app.id('seeds-5').click();
  await app.id('seeds-start').click();
  await app.id('seeds-result').waitFor({ timeout: 300_000 });
}

const situations = {
  first: desktop(watch),
  menu: desktop((app) => app.id('scenarios').click()),
  node: { screen: 'desktop', ...at('cache-aside', 60, (app) => app.node('cache').click()) },
  wire: { screen: 'desktop', ...at('retry-storm', 40, (app) => app.wires().first().click({ modifiers: ['Shift'] })) },
  shards: { screen: 'desktop', ...at('celebrity-shard', 60) },
  replicas: { screen: 'desktop', ...at('replicas-write-burst', 60) },
  moving: { screen: 'desktop', ...at('photo-queue', 20, async (app) => {
    await app.id('play').click();
    await watch(app);
    await app.id('legend-why').click();
  }) },
  failing: { screen: 'desktop', ...at('retry-storm', 40, async (app) => {
    await app.id('play').click();
    await watch(app);
    await app.id('play').click();
  }) },
  world: { screen: 'desktop', ...at('two-data-centres', 60, (app) => app.id('canvas-world').click()) },
  'phone-world': { screen: 'phone', ...at('two-data-centres', 60, (app) => app.id('canvas-world').click()) },
  quick: { screen: 'desktop', ...at('cache-aside', 20, async (app) => {
    await app.node('web').click();
    await app.page.keyboard.press('a');
    await app.page.keyboard.type('db');
  }) },
  'phone-moving': { screen: 'phone', ...at('cache-aside', 60, async (app) => {
    await app.id('play').click();
    await watch(app);
  }) },
  places: { screen: 'desktop', ...at('two-data-centres', 60) },
  charts: {
    screen: 'desktop',
    ...at('cache-aside', 60, async (app) => {
      await app.id('chart-baseline').click();
      await app.select('cache');
      await app.id('param-capacity_items').fill('1500');
      await app.id('param-capacity_items').press('Enter');
      await app.settled();
      await app.chartOptions(true);
      await app.id('slo-p99-none').uncheck();
      await app.chartOptions(false);
      const box = await app.id('chart-latency').boundingBox();
      await app.page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.6);
    }),
  },
  'charts-more': { screen: 'desktop', ...at('cache-aside', 60, (app) => app.chartOptions(true)) },
  'phone-charts': {
    screen: 'phone',
    ...at('cache-aside', 60, async (app) => {
      await app.chartOptions(true);
      await app.id('chart-baseline').tap();
      await app.chartOptions(false);
    }),
  },
  'phone-charts-more': { screen: 'phone', ...at('cache-aside', 60, (app) => app.chartOptions(true)) },
  summary: { screen: 'desktop', ...at('cache-aside', 100, (app) => app.page.keyboard.press('s')) },
  seeds: { screen: 'desktop', ...at('cache-aside', 60, (app) => runSeeds(app)) },
  bands: {
    screen: 'desktop',
    ...at('cache-aside', 60, async (app) => {
      await runSeeds(app);
      await app.id('close').click();
    }),
  },
  'phone-seeds': { screen: 'phone', ...at('cache-aside', 60, (app) => runSeeds(app)) },
  microscope: { screen: 'desktop', ...at('cache-aside', 60, (app) => app.page.keyboard.press('m')) },
  why: { screen: 'desktop', ...at('retry-storm', 60, (app) => app.page.keyboard.press('w')) },
  'why-errors': { screen: 'desktop', ...at('retry-storm', 60, (app) => app.id('vital-errors').click()) },
  checklist: {
    screen: 'desktop',
    ...at('cache-aside', 30, async (app) => {
      await app.id('file').click();
      await app.id('file-checklist').click();
    }),
  },
  'phone-why': { screen: 'phone', ...at('cache-aside', 60, (app) => app.id('vital-p99').click()) },
  share: { screen: 'desktop', ...at('cache-aside', 30, (app) => app.id('share').click()) },
  notes: { screen: 'desktop', ...at('stampede', 30, (app) => app.scope.locator('[data-note=note]').click()) },
  several: { screen: 'desktop', ...at('stateless-servers', 20, async (app) => {
    await app.page.keyboard.press('Control+a');
    await app.node('web').click();
    await app.page.keyboard.press('Control+d');
    await app.node('web').click({ modifiers: ['Shift'], position: { x: 40, y: 8 } });
  }) },
  minimap: { screen: 'desktop', ...at('two-data-centres', 20, async (app) => {
    for (let i = 0; i < 3; i++) await app.id('canvas-zoom-in').click();
  }) },
  library: desktop(async (app) => {
    await app.id('file').click();
    await app.id('file-library').click();
    for (const name of ['Shop', 'Diary']) {
      await app.id('library-name').fill(name);
      await app.id('library-save').click();
      await app.scope.locator(`[data-saved="${name}"]`).waitFor();
    }
    await app.id('library-rename').first().click();
  }),
  empty: desktop(async (app) => {
    await app.id('file').click();
    await app.id('file-new').click();
  }),
  palette: desktop((app) => app.id('palette-search').fill('cache')),
  tour: desktop(watch, { query: '&tour=1' }),
  'tour-inspector': desktop(async (app) => {
    await app.id('tour-next').click();
    await app.id('tour-next').click();
  }, { query: '&tour=1' }),
  'phone-tour': phone(async (app) => app.id('tour-next').click(), { query: '&tour=1' }),
  'phone-library': phone(async (app) => {
    await app.id('menu').click();
    await app.id('file-library').click();
  }),
  'phone-palette': phone((app) => app.id('tab-palette').click()),
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
