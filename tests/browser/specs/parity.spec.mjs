import { readFile } from 'node:fs/promises';
import { test, expect } from './fixtures.mjs';
import { notesUrl, probeUrl } from '../browser.mjs';

test('every number is the same in Chromium as natively', async ({ page }) => {
  const native = (await readFile(new URL('../../../target/probe/native.txt', import.meta.url), 'utf8')).trimEnd().split('\n');
  expect(native.length).toBeGreaterThan(0);
  await page.goto(`${notesUrl}blank.html`);
  const found = await page.evaluate(async (probe) => {
    const { lines, open } = await import(`${probe}module.mjs`);
    return lines(await open(await (await fetch(`${probe}module.wasm`)).arrayBuffer()));
  }, probeUrl);
  expect(found).toEqual(native);
});
