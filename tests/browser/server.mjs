// A tiny static server for the browser tests, on the loopback only. The site lies under a sub-path, as on a project
// page of a code host, and hosts that send `Access-Control-Allow-Origin: *` are imitated because sandboxed frames need it.
//   /some/sub/path/...  the built site
//   /notes/...          pages of other people that embed it (fixtures/)
//   /probe/...          the module of tests/wasm
// Use: node server.mjs PORT [FOLDER], or HEADROOM_DIST=FOLDER for the tests
import { createServer } from 'node:http';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const port = Number(process.argv[2] ?? 8080);
const roots = [
  ['/some/sub/path/', process.argv[3] ?? process.env.HEADROOM_DIST ?? join(here, '..', '..', 'dist')],
  ['/notes/', join(here, 'fixtures')],
  ['/probe/', join(here, '..', '..', 'target', 'probe')],
];
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

async function find(pathname) {
  for (const [prefix, root] of roots) {
    if (!pathname.startsWith(prefix)) continue;
    const name = normalize(pathname.slice(prefix.length) || 'index.html');
    if (name.startsWith('..') || name.startsWith(sep)) return null;
    const file = join(root, name);
    const info = await stat(file).catch(() => null);
    if (info?.isFile()) return file;
  }
  return null;
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = await find(decodeURIComponent(pathname)).catch(() => null);
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cache-Control', 'no-store');
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
    return;
  }
  response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/some/sub/path/`));
