// Prints what `./dev bench` measured: natively, under Node, and in Chromium where it ran there.
//   node table.mjs NATIVE.txt NODE.json [CHROMIUM.json]
import { readFile } from 'node:fs/promises';

const [nativeFile, ...wasmFiles] = process.argv.slice(2);
const native = (await readFile(nativeFile, 'utf8')).trimEnd().split('\n').map((line) => {
  const [name, seconds, requests, events] = line.split('\t');
  return { name, seconds: Number(seconds), requests: Number(requests), events: Number(events) };
});
const places = [{ place: 'native', rows: native }];
for (const file of wasmFiles) {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text) places.push({ place: places.length === 1 ? 'Node' : 'Chromium', rows: JSON.parse(text) });
}
const row = ({ rows }, name) => rows.find((r) => r.name === name);
const per = (r) => (r.seconds / r.requests) * 1e9;
const show = (text, width) => String(text).padStart(width);

// Of each place: ns per request, the ratio to the hand-tuned loop there, and the ratio to native.
function table(title, names, what, last) {
  console.log(`\n${title}`);
  const head = places.map(({ place }, i) => show(place, 12) + show('× bound', 9) + (i ? show('÷ native', 10) : ''));
  console.log(''.padEnd(40) + head.join('') + show(last.name, 14));
  for (const name of names) {
    const cells = places.map((place, i) => {
      const r = row(place, name);
      if (!r) return show('-', i ? 31 : 21);
      const b = row(place, `${name} bound`) ?? (name === 'W3' ? row(place, 'W3 engine-like bound') : undefined);
      const ratio = b && b !== r ? (per(r) / per(b)).toFixed(2) : '';
      return show(what(r), 12) + show(ratio, 9) + (i ? show((per(r) / per(row(places[0], name))).toFixed(2), 10) : '');
    });
    console.log(name.padEnd(40) + cells.join('') + show(last.of(row(places[0], name)), 14));
  }
}

const names = native.map(({ name }) => name);
const caches = names.filter((name) => name.startsWith('cache'));
const events = { name: 'M events/s', of: (r) => (r.events / r.seconds / 1e6).toFixed(2) };
table('ns per request', names.filter((name) => !caches.includes(name)), (r) => per(r).toFixed(1), events);
const ratio = { name: 'hit ratio', of: (r) => (r.events / r.requests).toFixed(4) };
table('Cache policies: million requests per second', caches, (r) => (r.requests / r.seconds / 1e6).toFixed(1), ratio);
