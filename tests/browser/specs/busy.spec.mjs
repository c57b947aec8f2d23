// The page stays a page while the simulator works as hard as it can.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const flood = {
  version: 1,
  title: 'A hundred thousand a second',
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { preset: 'constant', rps: 100_000 }, items: 100_000 } },
    { id: 'lb', kind: 'load_balancer', x: 260, y: 0 },
    { id: 'web', kind: 'web', x: 520, y: 0, params: { instances: 20, workers: 32, service: { law: 'exponential', mean_ms: 3 } } },
    { id: 'cache', kind: 'cache', x: 800, y: -80, params: { capacity_items: 50_000, workers: 8 } },
    { id: 'db', kind: 'relational', x: 800, y: 100, params: { workers: 400, read: { law: 'exponential', mean_ms: 2 } } },
  ],
  wires: [{ from: 'users', to: 'lb' }, { from: 'lb', to: 'web' }, { from: 'web', to: 'cache' }, { from: 'web', to: 'db' }],
  run: { until_s: 600 },
};

test('100,000 requests a second flat out: the page answers', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(flood);
  await app.id('speed').selectOption('max');
  await app.expectState('playing');
  const arrived = async () => Number((await app.id('total-arrived').innerText()).replaceAll(',', ''));
  await expect.poll(arrived).toBeGreaterThan(100_000);

  // Time from one picture to the next, and from a pointer's event to the next picture.
  const [frames, answers] = await page.evaluate(
    () =>
      new Promise((done) => {
        const [frames, answers] = [[], []];
        let last = performance.now();
        addEventListener('pointermove', (e) => requestAnimationFrame(() => answers.push(performance.now() - e.timeStamp)));
        const turn = () => {
          const now = performance.now();
          frames.push(now - last);
          last = now;
          const canvas = document.querySelector('.canvas');
          canvas.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX: 300 + (frames.length % 50), clientY: 200 }));
          if (frames.length < 90) requestAnimationFrame(turn);
          else done([frames, answers]);
        };
        requestAnimationFrame(turn);
      }),
  );
  const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)].toFixed(1);
  const words = `median ${median(frames)} ms from picture to picture, ${median(answers)} ms from input to picture, ${await app.id('reached').innerText()}`;
  console.log(words.replaceAll('\n', ', '));
  test.info().annotations.push({ type: 'measured', description: words });

  // While it runs: counters go on, a node is looked at, a text is typed, another node is added and taken away.
  const before = await arrived();
  await app.select('web');
  await expect(app.id('metric-utilization')).toContainText('%');
  await app.id('title').fill('Still here');
  await expect(app.id('title')).toHaveValue('Still here');
  await app.selectNothing();
  await expect.poll(arrived).toBeGreaterThan(before);

  await app.id('play').click();
  await app.expectState('paused');
  const [now, hash] = [await app.nowS(), await app.hash()];
  expect(now).toBeLessThan(600);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  expect(await app.nowS()).toBe(now);
  expect(await app.hash()).toBe(hash);
  await app.id('restart').click();
  await expect.poll(() => app.nowS()).toBeLessThan(now);
});
