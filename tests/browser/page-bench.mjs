// How long the page takes to show a running scenario, how evenly it draws, and how soon it answers; prints a table.
// Use: ./dev bench page
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { launchOptions, port, siteUrl } from './browser.mjs';
import { Headroom, linkTo } from './specs/headroom.mjs';

const ROUNDS = Number(process.env.HEADROOM_BENCH_ROUNDS ?? 5);
const WATCH_MS = 10_000;
const INPUTS = 40;

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
const ms = (x) => (x === undefined ? '-' : `${x.toFixed(1)} ms`);
const print = (what, value) => console.log(`${what.padEnd(58)} ${value}`);

// Cells of five nodes each, every one wired to the next: 200 nodes and 300 wires in all.
function crowd(cells) {
  const nodes = [];
  const wires = [];
  for (let c = 0; c < cells; c += 1) {
    const [x, y] = [(c % 5) * 1300, Math.floor(c / 5) * 420];
    const node = (kind, n, dx, dy, params = {}) => nodes.push({ id: `${n}${c}`, kind, x: x + dx, y: y + dy, params });
    node('users', 'users', 0, 80, { traffic: { preset: 'constant', rps: 400 }, items: 10_000 });
    node('load_balancer', 'lb', 260, 80);
    node('web', 'web', 520, 80, { instances: 3 });
    node('cache', 'cache', 780, 0, { capacity_items: 1000 });
    node('relational', 'db', 780, 180, { replicas: 1 });
    const next = (c + 1) % cells;
    for (const [from, to] of [['users', 'lb'], ['lb', 'web'], ['web', 'cache'], ['web', 'db']]) wires.push({ from: `${from}${c}`, to: `${to}${c}` });
    for (const [from, to] of [['lb', 'web'], ['users', 'lb'], ['web', 'cache'], ['web', 'db']].slice(0, c % 2 ? 4 : 3)) wires.push({ from: `${from}${c}`, to: `${to}${next}` });
  }
  return { version: 1, title: '200 nodes', nodes, wires, run: { until_s: 3600, seed: 1 } };
}

const here = dirname(fileURLToPath(import.meta.url));
const server = spawn(process.execPath, [join(here, 'server.mjs'), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
await once(server.stdout, 'data');
const browser = await chromium.launch(launchOptions);
const open = async (fragment = '') => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: siteUrl });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`?lang=en${fragment && `#${fragment}`}`);
  return { context, page, app: new Headroom(page) };
};
try {
  const dist = process.env.HEADROOM_DIST ?? join(here, '..', '..', 'dist');
  const files = (await readdir(dist, { withFileTypes: true })).filter((f) => f.isFile()).map((f) => f.name);
  const zipped = async (names) => {
    const sizes = await Promise.all(names.map(async (name) => gzipSync(await readFile(join(dist, name)), { level: 9 }).length));
    return `${(sizes.reduce((sum, n) => sum + n, 0) / 1024).toFixed(0)} KB gzip, ${names.length} files`;
  };
  const firsts = [];
  let loaded = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: siteUrl });
    const page = await context.newPage();
    const asked = new Set();
    // What the worker loads is seen here too, other than in the page's own list of resources.
    context.on('request', (request) => asked.add(basename(new URL(request.url()).pathname)));
    await page.goto('?lang=en');
    await page.waitForFunction(() => Number(document.documentElement.dataset.nowNs) > 0);
    firsts.push(await page.evaluate(() => performance.now()));
    loaded = files.filter((name) => asked.has(name) || name === 'index.html');
    await context.close();
  }
  print('first running scenario, nothing cached: median', ms(quantile(firsts, 0.5)));
  print('first running scenario, nothing cached: worst', ms(Math.max(...firsts)));
  print('loaded until then (aim 350 KB)', await zipped(loaded));
  print('all files of the site (aim 700 KB)', await zipped(files));

  const { page, app } = await open(linkTo(crowd(40)));
  await app.ready();
  if ((await app.nodes().count()) !== 200) throw new Error('the design with 200 nodes was not taken');
  await page.keyboard.press('Shift+1');
  await page.evaluate(() => {
    const seen = (window.seen = { inputs: [], frames: [] });
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) if (e.interactionId) seen.inputs.push(e.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
    let last = performance.now();
    const frame = (now) => {
      seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  for (const [name, speed] of [['at real time', '1'], ['flat out', 'max']]) {
    await app.id('speed').selectOption(speed);
    await page.waitForTimeout(2_000);
    await page.evaluate(() => (window.seen.frames.length = 0));
    const from = await app.nowS();
    await page.waitForTimeout(WATCH_MS);
    const to = await app.nowS();
    const frames = await page.evaluate(() => window.seen.frames);
    const shape = await page.evaluate(() => ['node-id', 'wire'].map((what) => document.querySelectorAll(`[data-${what}]`).length));
    print(`${name}: ${shape[0]} nodes, ${shape[1]} wires`, `${((to - from) / (WATCH_MS / 1000)).toFixed(2)} x real time`);
    print(`${name}: frame, median (aim 16.7 ms)`, ms(quantile(frames, 0.5)));
    print(`${name}: frame, 95% (aim 33 ms)`, ms(quantile(frames, 0.95)));
    print(`${name}: frame, longest`, ms(Math.max(...frames)));
  }
  // Inputs while it runs flat out: a node is selected, another by its key, the canvas is moved and zoomed.
  // Found once: a locator would search all nodes again at each step, and the page would do that between the inputs.
  const nodes = await app.nodes().elementHandles();
  for (let i = 0; i < INPUTS; i += 1) {
    if (i % 2 === 0) await nodes[(i * 7) % nodes.length].dispatchEvent('focus');
    const box = await nodes[(i * 7) % nodes.length].boundingBox();
    if (box && i % 2 === 0) await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    else await page.keyboard.press(i % 4 === 1 ? 'ArrowRight' : '+');
    await page.waitForTimeout(60);
  }
  await page.waitForTimeout(500);
  const inputs = await page.evaluate(() => window.seen.inputs);
  print(`flat out: input to next paint, median of ${inputs.length} over 16 ms`, ms(quantile(inputs, 0.5)));
  print('flat out: input to next paint, 95% (aim 100 ms)', ms(quantile(inputs, 0.95)));
} finally {
  await browser.close();
  server.kill();
}
