// Times the module in a worker of a browser, as the page's simulator runs in one; see tests/browser/bench.mjs.
import { open, time } from './module.mjs';

onmessage = async ({ data: { wasm, starts, rounds } }) => {
  const module = await open(await (await fetch(wasm)).arrayBuffer());
  postMessage(time(module, { starts, rounds }));
};
