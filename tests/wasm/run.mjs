// Compares the WebAssembly module under Node with what the native program printed.
//   node run.mjs cases MODULE.wasm NATIVE.txt             every number must be equal
//   node run.mjs bench MODULE.wasm NATIVE.txt [STARTS]    prints what the module takes, as JSON
import { readFile } from 'node:fs/promises';
import { lines, open, time } from './module.mjs';

const [what, wasm, native, starts] = process.argv.slice(2);
const module = await open(await readFile(wasm));

if (what === 'cases') {
  const expected = (await readFile(native, 'utf8')).trimEnd().split('\n');
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
  // The process' own time, but for what the compiler's threads take in the first round.
  const seconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  console.log(JSON.stringify(time(module, { starts, rounds: Number(process.env.HEADROOM_BENCH_ROUNDS ?? 5), seconds })));
}
