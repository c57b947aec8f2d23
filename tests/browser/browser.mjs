// What the tests and the screenshots share: which browser, how it is started, and where the site is served.
export const launchOptions = {
  executablePath: process.env.CHROMIUM || undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};

// One port for the runner and its workers: the runner chooses, the workers inherit.
process.env.HEADROOM_TEST_PORT ??= String(20000 + (process.pid % 20000));
export const port = Number(process.env.HEADROOM_TEST_PORT);
export const siteUrl = `http://127.0.0.1:${port}/some/sub/path/`;
export const notesUrl = `http://127.0.0.1:${port}/notes/`;
export const probeUrl = `http://127.0.0.1:${port}/probe/`;
