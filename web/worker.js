// Entry of the simulation worker. boot.js loads it as a module worker, `worker.js?v=VERSION`; the version goes on to both
// files of its program, and both are fetched at once.
const here = new URL(self.location.href);
const versioned = (name) => new URL(name + here.search, here).href;

const program = fetch(versioned('headroom-worker_bg.wasm'));
const { default: init } = await import(versioned('headroom-worker.js'));
await init({ module_or_path: program });
