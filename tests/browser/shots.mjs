// Screenshots of the page in screenshots/: desktop and phone, light and dark, English and Korean.
// Use: ./dev shots [PART OF A NAME]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions, port, siteUrl } from './browser.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', '..', 'screenshots');
const screens = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
// Seconds of watching before the picture, so that charts have something to show.
const WATCH_MS = 6_000;

const shots = [];
for (const screen of Object.keys(screens))
  for (const scheme of ['light', 'dark'])
    for (const lang of ['en', 'ko']) shots.push({ name: `${screen}-${scheme}-${lang}`, screen, scheme, lang, query: `?lang=${lang}` });
for (const lang of ['en', 'ko']) shots.push({ name: `embed-light-${lang}`, screen: 'desktop', scheme: 'light', lang, query: `?embed=1&run=auto&lang=${lang}` });

const wanted = shots.filter(({ name }) => name.includes(process.argv[2] ?? ''));
await mkdir(out, { recursive: true });
const server = spawn(process.execPath, [join(here, 'server.mjs'), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
await once(server.stdout, 'data');
const browser = await chromium.launch(launchOptions);
try {
  for (const { name, screen, scheme, lang, query } of wanted) {
    const context = await browser.newContext({ ...screens[screen], colorScheme: scheme, locale: lang === 'ko' ? 'ko-KR' : 'en-GB' });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    await page.goto(siteUrl + query);
    await page.waitForTimeout(WATCH_MS);
    await page.screenshot({ path: join(out, `${name}.png`) });
    console.log(`screenshots/${name}.png`);
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
}
