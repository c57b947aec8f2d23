// Times the module of tests/wasm in a worker of Chromium; prints JSON. Use: node bench.mjs [STARTS]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions, notesUrl, port, probeUrl } from './browser.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const server = spawn(process.execPath, [join(here, 'server.mjs'), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
await once(server.stdout, 'data');
const browser = await chromium.launch(launchOptions);
try {
  const page = await browser.newPage();
  await page.goto(`${notesUrl}blank.html`);
  const job = { probe: probeUrl, starts: process.argv[2] ?? '', rounds: Number(process.env.HEADROOM_BENCH_ROUNDS ?? 5) };
  const found = await page.evaluate(async ({ probe, starts, rounds }) => {
    // A page of another path may not start the worker's file as it is; a worker that imports it may be started.
    const source = new Blob([`import('${probe}worker.mjs').then(() => postMessage('ready'))`], { type: 'text/javascript' });
    const worker = new Worker(URL.createObjectURL(source), { type: 'module' });
    const next = () => new Promise((done, failed) => Object.assign(worker, { onmessage: (m) => done(m.data), onerror: (e) => failed(e.message) }));
    await next();
    worker.postMessage({ wasm: `${probe}module-opt.wasm`, starts, rounds });
    return next();
  }, job);
  console.log(JSON.stringify(found));
} finally {
  await browser.close();
  server.kill();
}
