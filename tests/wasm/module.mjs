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
    benches: each(x.bench_count(), (i) => ({
      name: name(x.bench_name(i), x.bench_name_len(i)),
      run: () => Number(x.bench_run(i)),
    })),
  };
}

// The same lines as the native program prints.
export const lines = ({ cases }) => cases.map(({ name, value }) => `${name}\t${value()}`);
