// Reads the WebAssembly module of this crate, under Node and in a browser alike.

// Lists what the module computes: cases with their numbers as 16 hexadecimal digits, and benchmarks that can be run.
export async function open(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const x = instance.exports;
  const name = (start, length) => new TextDecoder().decode(new Uint8Array(x.memory.buffer, start, length));
  const each = (count, make) => Array.from({ length: count }, (_, i) => make(i));
  return {
    cases: each(x.case_count(), (i) => ({
      name: name(x.case_name(i), x.case_name_len(i)),
      value: () => BigInt.asUintN(64, x.case_value(i)).toString(16).padStart(16, '0'),
    })),
    prepare: () => x.bench_prepare(),
    benches: each(x.bench_count(), (i) => ({
      name: name(x.bench_name(i), x.bench_name_len(i)),
      run: () => ({ requests: Number(x.bench_run(i)), events: Number(x.bench_events()) }),
    })),
  };
}

// The same lines as the native program prints.
export const lines = ({ cases }) => cases.map(({ name, value }) => `${name}\t${value()}`);

// Times benchmarks whose names begin so: all take turns, and the best of several rounds counts. `seconds` tells the time;
// on a shared machine that is best the time on the processor.
export function time({ benches, prepare }, { starts = '', rounds = 3, seconds = () => performance.now() / 1000 } = {}) {
  const chosen = benches.filter(({ name }) => name.startsWith(starts));
  if (chosen.some(({ name }) => name.startsWith('cache'))) prepare();
  const found = chosen.map(({ name }) => ({ name, seconds: Infinity }));
  for (let round = 0; round < rounds; round++)
    for (const [i, bench] of chosen.entries()) {
      const from = seconds();
      const done = bench.run();
      found[i] = { ...found[i], ...done, seconds: Math.min(found[i].seconds, seconds() - from) };
    }
  return found;
}
