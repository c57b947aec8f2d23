// Several nodes of one kind: one value for all of them.
import { test, expect } from './fixtures.mjs';
import { Headroom } from './headroom.mjs';

test('two web servers: what differs is said to, and one value for both is one step back', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign({
    nodes: [
      { id: 'users', kind: 'users', x: 0, y: 100, params: { traffic: { preset: 'constant', rps: 50 } } },
      { id: 'a', kind: 'web', x: 320, y: 0, params: { instances: 2, workers: 4 } },
      { id: 'b', kind: 'web', x: 320, y: 200, params: { instances: 3, workers: 4 } },
    ],
    wires: [{ from: 'users', to: 'a' }, { from: 'users', to: 'b' }],
  });
  await app.pause();
  await app.select('a');
  await app.node('b').click({ modifiers: ['Shift'] });
  await expect(app.id('settings-of-all')).toContainText('2');
  await expect(app.id('mixed-instances')).toHaveText('mixed');
  await expect(app.id('param-instances')).toHaveValue('');
  await expect(app.id('mixed-workers')).toHaveCount(0);
  await expect(app.id('param-workers')).toHaveValue('4');

  const of = (d, id, name) => d.nodes.find((n) => n.id === id).params[name];
  await app.id('param-instances').fill('7');
  await app.id('param-instances').press('Enter');
  await app.expectKept((d) => of(d, 'a', 'instances') === 7 && of(d, 'b', 'instances') === 7);
  await expect(app.id('mixed-instances')).toHaveCount(0);
  await app.id('undo').click();
  await app.expectKept((d) => of(d, 'a', 'instances') === 2 && of(d, 'b', 'instances') === 3);

  // A value that none may have changes none, and says why.
  await app.id('param-workers').fill('-3');
  await expect(app.id('param-workers-error')).toBeVisible();
  // Another kind among them has no settings in common.
  await app.node('users').click({ modifiers: ['Shift'] });
  await expect(app.id('settings-of-all')).toHaveCount(0);
  await expect(app.id('selected-many')).toContainText('nodes: 3');
});
