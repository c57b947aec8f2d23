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

// Where workers are forbidden: the worker's program on the page's thread, listening to a port. The page calls it.
globalThis.headroomComputeHere = async (port, version) => {
  const versioned = (name) => new URL(`${name}?v=${version}`, document.baseURI).href;
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
