// Compares the WebAssembly module under Node with what the native program printed.
//   node run.mjs cases MODULE.wasm NATIVE.txt    every number must be equal
//   node run.mjs bench MODULE.wasm NATIVE.txt    events per second and their ratio
import { readFile } from 'node:fs/promises';
import { lines, open } from './module.mjs';

const [what, wasm, native] = process.argv.slice(2);
const module = await open(await readFile(wasm));
const expected = (await readFile(native, 'utf8')).trimEnd().split('\n');

if (what === 'cases') {
  const found = lines(module);
  let failed = expected.length === found.length ? 0 : 1;
  for (const [i, line] of expected.entries()) {
    const equal = found[i] === line;
    if (!equal) failed += 1;
    console.log(`${equal ? 'ok    ' : 'DIFFER'} ${line}${equal ? '' : ` but in WebAssembly ${found[i]}`}`);
  }
  console.log(`parity result: ${expected.length - failed} passed; ${failed} failed;`);
  process.exitCode = failed ? 1 : 0;
} else {
  const speed = ({ run }) => {
    const start = performance.now();
    const events = run();
    return events / ((performance.now() - start) / 1000);
  };
  const million = (perSecond) => `${(perSecond / 1e6).toFixed(2)} M`.padStart(10);
  console.log(`${'events per second'.padEnd(44)}${'native'.padStart(10)}${'wasm'.padStart(10)}   wasm/native`);
  for (const [i, bench] of module.benches.entries()) {
    const [name, perSecond] = expected[i].split('\t');
    const wasmSpeed = Math.max(...[1, 2, 3].map(() => speed(bench)));
    console.log(`${name.padEnd(44)}${million(Number(perSecond))}${million(wasmSpeed)}${(wasmSpeed / perSecond).toFixed(2).padStart(14)}`);
  }
}
