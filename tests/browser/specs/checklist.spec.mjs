// The checklist: rules judged from the present design, and the scenarios that show them.
import { test, expect } from './fixtures.mjs';
import { Headroom, changed } from './headroom.mjs';

test('rules are judged from the design, and fall when it changes', async ({ page }) => {
  const app = new Headroom(page);
  await app.openDesign(await changed('cache-aside', () => {}));
  await app.pause();
  await app.id('file').click();
  await app.id('file-checklist').click();
  const box = app.id('checklist');
  await expect(box.getByTestId('rule-cache')).toHaveAttribute('data-verdict', 'yes');
  await expect(box.getByTestId('rule-redundant')).toHaveAttribute('data-verdict', 'partly');
  await expect(box.getByTestId('rule-watched')).toHaveAttribute('data-verdict', 'no');

  // What is named is one click away; without it the rule falls.
  await box.getByTestId('rule-cache').locator('button.link').click();
  await expect(box).toHaveCount(0);
  await expect(app.node('cache')).toHaveAttribute('aria-pressed', 'true');
  await app.node('cache').focus();
  await page.keyboard.press('Delete');
  await expect(app.node('cache')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('ready for millions');
  await page.keyboard.press('Enter');
  await expect(box.getByTestId('rule-cache')).toHaveAttribute('data-verdict', 'no');

  // The scenario that shows a rule.
  await box.getByTestId('see-queues').click();
  await expect(box).toHaveCount(0);
  await expect(app.id('title')).toHaveValue(/queue/i);
});
