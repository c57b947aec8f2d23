// The moving requests: each is one that is simulated, and a click shows that very one.
import { AxeBuilder } from '@axe-core/playwright';
import { test, expect } from './fixtures.mjs';
import { Headroom, changed } from './headroom.mjs';

const shop = (rps, more = {}) => ({
  version: 1,
  nodes: [
    { id: 'users', kind: 'users', x: 0, y: 0, params: { traffic: { preset: 'constant', rps }, write_share: 0.3, ...more } },
    { id: 'web', kind: 'web', x: 360, y: 0, params: { service: { law: 'deterministic', mean_ms: 2 } } },
    { id: 'db', kind: 'relational', x: 720, y: 0, params: { workers: 4, read: { law: 'deterministic', mean_ms: 40 }, write: { law: 'deterministic', mean_ms: 60 } } },
  ],
  wires: [{ from: 'users', to: 'web', latency_ms: 20 }, { from: 'web', to: 'db', latency_ms: 5 }],
  run: { until_s: 120 },
});

// Where something is drawn in a colour, as the eye finds it: page points in the middle of spots of the style sheet's colour.
const spots = (app, colour) =>
  app.canvas.locator('.cv-flow').evaluate((canvas, colour) => {
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(canvas).getPropertyValue(colour).trim();
    probe.fillRect(0, 0, 1, 1);
    const ink = probe.getImageData(0, 0, 1, 1).data;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const is = (x, y) => [0, 1, 2].every((i) => Math.abs(data[(y * width + x) * 4 + i] - ink[i]) < 6) && data[(y * width + x) * 4 + 3] > 250;
    const box = canvas.getBoundingClientRect();
    const found = [];
    for (let y = 1; y < height - 1; y += 1)
      for (let x = 1; x < width - 1; x += 1) {
        const whole = is(x, y) && is(x - 1, y) && is(x + 1, y) && is(x, y - 1) && is(x, y + 1);
        const near = found.some((f) => Math.hypot(f.px - x, f.py - y) < 12);
        if (!whole || near) continue;
        // The middle of the spot: how far it goes to the right, and down.
        let [w, h] = [0, 0];
        while (is(x + w + 1, y) && w < 8) w += 1;
        while (is(x, y + h + 1) && h < 8) h += 1;
        found.push({ px: x, py: y, x: box.x + ((x + w / 2) / width) * box.width, y: box.y + ((y + h / 2) / height) * box.height });
      }
    return found;
  }, colour);

// Clicks on spots until one opens; spots at the end of a wire belong to its port.
async function clickOne(app, colour) {
  const box = app.id('microscope');
  await expect.poll(async () => (await spots(app, colour)).length).toBeGreaterThan(0);
  for (const at of await spots(app, colour)) {
    await app.page.mouse.click(at.x, at.y);
    if (await box.isVisible()) return box;
    await app.page.keyboard.press('Escape');
  }
  throw new Error(`none of the spots of ${colour} opened`);
}

test('a click on a moving request opens that very request, with its path', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(shop(8));
  await app.seek(20);
  await app.id('play').click();
  await expect(app.id('legend')).toContainText('reads');
  await expect(app.id('legend')).toContainText('writes');
  await expect(app.id('legend-sample')).toContainText(/every request|1 in \d/);
  await app.pause();
  // Squares are writes: what opens is one.
  const box = await clickOne(app, '--class-write');
  await expect(box.getByTestId('list-this')).toHaveAttribute('aria-pressed', 'true');
  await expect(box.getByTestId('picked')).toHaveAttribute('data-ended', 'true');
  await expect(box.getByTestId('picked')).toContainText('writes');
  await expect(box.getByTestId('path')).toContainText('Users → Web servers → Relational DB');
  await expect(box.getByTestId('waterfall').locator('li')).toHaveCount(2);
  expect((await new AxeBuilder({ page }).include('dialog[open]').analyze()).violations).toEqual([]);
  // Others that went over the same wire are at hand.
  await box.getByTestId('list-wire').click();
  await expect(box.getByTestId('requests').locator('tbody tr').first()).toBeVisible();
  await page.keyboard.press('Escape');
  // Its way stays marked until something else is clicked.
  await expect(app.wire('users', 'web')).toHaveAttribute('data-path', 'true');
  await expect(app.wire('web', 'db')).toHaveAttribute('data-path', 'true');
  await app.selectNothing();
  await expect(app.wire('users', 'web')).not.toHaveAttribute('data-path', 'true');
});

test('in slow motion a request is seen on its way, and is said not to have ended', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(shop(60));
  await app.seek(10);
  await app.id('speed').selectOption('0.001');
  await app.id('play').click();
  await expect(app.id('legend-sample')).toContainText('own time');
  await expect.poll(async () => (await spots(app, '--class-read')).length).toBeGreaterThan(1);
  await app.pause();
  const box = await clickOne(app, '--class-read');
  await expect(box.getByTestId('picked')).toHaveAttribute('data-ended', 'false');
  await expect(box.getByTestId('picked')).toContainText('It has not ended yet');
  await expect(box.getByTestId('waterfall').locator('li').first()).toContainText('still going on');
});

test('requests that fail are crosses in red, and the legend says so', async ({ page }) => {
  const app = new Headroom(page);
  // The database can do 100/s.
  await app.openDesign(shop(300, { timeout_ms: 300, retries: 0 }));
  await app.seek(20);
  await app.id('play').click();
  await expect(app.id('legend')).toContainText('failed');
  await expect.poll(async () => (await spots(app, '--bad')).length, { timeout: 15_000 }).toBeGreaterThan(3);
  await app.pause();
  const box = await clickOne(app, '--bad');
  await expect(box.getByTestId('picked')).toHaveAttribute('data-ended', 'true');
  await expect(box.locator('#waterfall-title')).toContainText(/timed out|queue full/);
});

test('a run that stands at a moment shows its latest requests, and what the marks mean is said', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(await changed('photo-queue', (d) => (d.view = { open_at_s: 30 })), '?lang=ko');
  await app.expectState('paused');
  await expect(app.id('legend-sample')).toContainText('최근 요청들');
  // Workers at the far side of the queue have their share of it.
  await expect.poll(async () => (await spots(app, '--class-job')).length).toBeGreaterThan(2);
  await app.id('legend-why').click();
  await expect(app.id('legend-help')).toContainText('표시 하나는 시뮬레이션한 요청 하나');
  await app.id('legend-why').click();
  await expect(app.id('legend-help')).toHaveCount(0);
});

test('with less motion wished for, the legend says why nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const app = new Headroom(page);
  await app.open('?scenario=single-server');
  await expect(app.id('legend')).toContainText('requests stand still');
});
