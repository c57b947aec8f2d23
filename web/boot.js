// Starts the app that Trunk has named in <meta name="headroom-app">, or says in words why it cannot.
const app = document.querySelector('meta[name="headroom-app"]').dataset;

function explain(error) {
  const korean = (navigator.language || '').startsWith('ko');
  const p = document.createElement('p');
  p.setAttribute('role', 'alert');
  p.style.cssText = 'font: 16px/1.5 system-ui, sans-serif; margin: 2rem; max-width: 40rem';
  p.textContent = korean
    ? `Headroom을 시작하지 못했습니다. 새로 고치거나 최신 브라우저에서 열어 주세요. (${error})`
    : `Headroom could not start. Reload the page, or open it in a current browser. (${error})`;
  document.body.append(p);
}

// Trunk does not put a hash into the names of the worker's files: the one of the page goes with them, so that a cached
// worker of an older build is never paired with a newer page.
const version = /-([0-9a-f]+)\.js$/.exec(app.js)?.[1] ?? 'dev';
const versioned = (name) => new URL(`${name}?v=${version}`, document.baseURI).href;

const newWorker = () => new Worker(versioned('worker.js'), { type: 'module' });

// The first worker starts while the page's own program is still on its way. What it says before the page listens is kept.
let early = null;
try {
  const said = [];
  const worker = newWorker();
  worker.onmessage = worker.onerror = (event) => {
    event.preventDefault();
    said.push(event);
  };
  early = { worker, said };
} catch {
  // Workers are forbidden; the page finds out by itself and says so.
}

// The page asks for a worker, and sets what listens to it before anything that was kept is told.
globalThis.headroomWorker = () => {
  if (!early) return newWorker();
  const { worker, said } = early;
  early = null;
  setTimeout(() => said.forEach((event) => (event.type === 'message' ? worker.onmessage?.(event) : worker.onerror?.(event))));
  return worker;
};

// Where workers are forbidden: the worker's program on the page's thread, listening to a port. The page calls it.
globalThis.headroomComputeHere = async (port) => {
  const program = await import(versioned('headroom-worker.js'));
  await program.default({ module_or_path: versioned('headroom-worker_bg.wasm') });
  program.start_on_page(port);
};

try {
  const { default: init } = await import(new URL(app.js, document.baseURI).href);
  await init({ module_or_path: new URL(app.wasm, document.baseURI) });
} catch (error) {
  console.error(error);
  explain(error);
}
