// Entry of the simulation worker. Load it as a module worker, `worker.js?v=BUILD`: the version goes on to both files
// that Trunk does not hash, so that a cached worker of an older build is never paired with a newer page.
const here = new URL(self.location.href);
const versioned = (name) => new URL(name + here.search, here).href;

const { default: init } = await import(versioned('headroom-worker.js'));
await init({ module_or_path: versioned('headroom-worker_bg.wasm') });
