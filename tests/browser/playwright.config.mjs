import { defineConfig } from '@playwright/test';
import { launchOptions, port, siteUrl } from './browser.mjs';

// Generous times, no retries, one worker: the machine may be slow and shared, and a test that fails sometimes is a bug.
export default defineConfig({
  testDir: 'specs',
  outputDir: 'out',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions,
    baseURL: siteUrl,
    locale: 'en-GB',
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  webServer: { command: `node server.mjs ${port}`, url: siteUrl, reuseExistingServer: false, timeout: 30_000 },
});
