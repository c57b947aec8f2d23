// `test` with a page that fails the test when the page itself complains: an uncaught error, a console error, or a
// request that leaves the site. Import it instead of Playwright's own.
import { test as base, expect } from '@playwright/test';
import { port } from '../browser.mjs';

export { expect };

export const test = base.extend({
  // Complaints that the test expects: `test.use({ allowed: /not a share link/ })`.
  allowed: [undefined, { option: true }],

  page: async ({ page, allowed }, use) => {
    const complaints = watch(page);
    await use(page);
    expect(complaints.filter((line) => !allowed?.test(line))).toEqual([]);
  },
});

// Collects the complaints of any page, also one that a test opens itself.
export function watch(page) {
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    const local = ['data:', 'blob:'].includes(url.protocol) || (url.hostname === '127.0.0.1' && url.port === String(port));
    if (!local) complaints.push(`request to another origin: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return complaints;
}
