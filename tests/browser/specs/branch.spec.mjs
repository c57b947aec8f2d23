// Back in time, something else is done there, and the run goes on from there as another.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

test('what is done after going back branches the run at that moment; undo brings the former one back', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=replicas-write-burst');
  await app.seek(60);
  const before = await app.windows();
  const hash = await app.hash();

  await app.seek(30);
  await app.select('db');
  await app.id('part-0-kill').click();
  await expect(app.node('db').locator('[data-part]').nth(0)).toHaveAttribute('data-part-state', 'down');
  // The entry stands in the timeline at the moment to which was gone back.
  await app.expectKept((d) => d.timeline.some((e) => e.do === 'kill' && Math.abs(e.at_s - 30) < 1e-6));
  await app.seek(60);
  expect(await app.hash()).not.toBe(hash);
  const after = await app.windows();

  // What was before it is the same to the last digit; what comes after is not.
  const until = (windows, s) => JSON.stringify(windows.filter((w) => w.end_s <= s));
  expect(until(after, 30)).toBe(until(before, 30));
  expect(until(after, 60)).not.toBe(until(before, 60));

  await app.id('undo').click();
  await app.settled();
  await app.seek(60);
  expect(await app.hash()).toBe(hash);
});
