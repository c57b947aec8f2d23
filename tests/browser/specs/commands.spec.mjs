// The command palette: all that can be done, found by a part of its name.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

const command = async (app, words) => {
  await app.page.keyboard.press('Control+k');
  await expect(app.id('command-search')).toBeFocused();
  await app.page.keyboard.type(words);
  await app.page.keyboard.press('Enter');
  await expect(app.id('commands')).toHaveCount(0);
};

test('nodes are added, put in order and killed by typing', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=cache-aside');
  await app.pause();
  await command(app, 'add queue');
  await expect(app.node('queue')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(app.node('queue')).toHaveCount(0);

  await command(app, 'go load');
  await expect(app.node('lb')).toHaveAttribute('aria-pressed', 'true');
  await command(app, 'leads here');
  await expect(app.scope.locator('[data-node-id][aria-pressed="true"]')).toHaveCount(2);
  await command(app, 'go cache');
  await command(app, 'kill');
  await expect(app.node('cache')).toHaveAttribute('data-state', 'down');

  // All in one row, and back in order.
  await command(app, 'select all');
  await command(app, 'one row');
  const spread = () =>
    app.nodes().evaluateAll((nodes) => {
      const tops = nodes.map((n) => n.getBoundingClientRect().top);
      return Math.max(...tops) - Math.min(...tops);
    });
  await expect.poll(spread).toBeLessThan(4);
  await command(app, 'tidy');
  await expect.poll(spread).toBeGreaterThan(40);
});

test('names of the other language work, and what is not there is said', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?lang=ko');
  await page.keyboard.press('/');
  await page.keyboard.type('nothing like that');
  await expect(app.id('commands')).toContainText('그런 이름의 명령이 없습니다');
  await app.id('command-search').fill('shards celebrity');
  await page.keyboard.press('Enter');
  await expect(app.node('shards').or(app.scope.locator('[data-kind="sharded"]')).first()).toBeVisible();
});

test('a node that is deleted may leave its wires joined; one dropped on a wire stands in it', async ({ page }) => {
  const app = new Headroom(page);
  await app.open('?scenario=load-balanced');
  await app.pause();
  await app.select('lb');
  await page.keyboard.press('Shift+Delete');
  await expect(app.wire('users', 'web')).toHaveCount(1);
  await expect(app.node('lb')).toHaveCount(0);
  const [users, web] = [await app.centre(app.node('users')), await app.centre(app.node('web'))];
  const lb = await app.dragIn('load_balancer', { x: (users.x + web.x) / 2, y: (users.y + web.y) / 2 });
  await expect(app.wire('users', lb)).toHaveCount(1);
  await expect(app.wire(lb, 'web')).toHaveCount(1);
  await expect(app.wire('users', 'web')).toHaveCount(0);
});
