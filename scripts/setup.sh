# shellcheck shell=bash
# Finds or installs what the project is built and tested with. Every step first looks whether there is anything to do,
# so a set-up that has run before takes about a second. The ordinary way comes first, a way without downloads from
# the Rust project second (Debian packages a Rust that can build for WebAssembly).

RUST_MIN=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' Cargo.toml)
WASM_OPT_VERSION=$(sed -n 's/^wasm_opt = "version_\([0-9]*\)".*/\1/p' Trunk.toml)
TRUNK_VERSION=0.21.14
NODE_MIN=20
WASM=wasm32-unknown-unknown
# Where Debian's Rust keeps the standard library that step `debian_wasm` builds, and how rustup is to call it.
DEBIAN_SYSROOT=/usr
DEBIAN_NAME=debian

# ---- packages of the system -----------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# True where Debian packages can be installed without asking anybody anything.
can_apt() {
  [ -r /etc/os-release ] && grep -qi '^ID=debian' /etc/os-release && have apt-get || return 1
  [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }
}

apt_updated=
apt_install() {
  local name=$1
  shift
  if [ -z "$apt_updated" ]; then
    must apt-update as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    apt_updated=yes
  fi
  must "$name" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# ---- Rust -----------------------------------------------------------------------------------------------------

setup_rust() {
  have cargo && have rustc || die "Rust is not installed" \
    "Install rustup as your system does it (a package named rustup, or the installer of the Rust project), then run this again."
  local version
  version=$(rustc -V | sed 's/^rustc \([0-9.]*\).*/\1/')
  if ! at_least "$version" "$RUST_MIN"; then
    have rustup || die "Rust $version is too old, $RUST_MIN is needed" "Update it as you installed it."
    say "Updating Rust from $version (about a minute)"
    quietly rust-update limit 600 rustup update stable --no-self-update || true
    version=$(rustc -V | sed 's/^rustc \([0-9.]*\).*/\1/')
    at_least "$version" "$RUST_MIN" || die "Rust $version is too old, $RUST_MIN is needed" "Try: rustup update stable && rustup default stable"
  fi
  if ! have cc && ! have gcc && ! have clang; then
    can_apt || die "no C compiler, which Rust needs to link programs" "Install gcc or clang with your system's packages."
    say "Installing a C compiler to link with (about 20 s)"
    apt_install gcc gcc libc6-dev
  fi
}

# For `./dev test` and `./dev lint` only.
setup_lints() {
  local missing=
  cargo fmt --version >/dev/null 2>&1 || missing="rustfmt"
  cargo clippy --version >/dev/null 2>&1 || missing="$missing clippy"
  [ -z "$missing" ] && return 0
  have rustup || die "cargo lacks:$missing" "Install these parts of Rust as you installed Rust itself."
  say "Adding to Rust:$missing (about 20 s)"
  # shellcheck disable=SC2086 # one or two words on purpose
  must rust-components rustup component add $missing
}

# ---- Rust for WebAssembly -------------------------------------------------------------------------------------

# Sets WASM_TOOLCHAIN to the rustup toolchain that builds for WebAssembly; empty means the usual one.
setup_wasm() {
  WASM_TOOLCHAIN=
  ordinary_wasm && return 0
  if debian_wasm_ready; then
    WASM_TOOLCHAIN=$DEBIAN_NAME
    return 0
  fi
  if have rustup; then
    say "Adding the WebAssembly target to Rust (about 20 s)"
    if quietly rust-target limit 120 rustup target add $WASM && ordinary_wasm; then return 0; fi
    note "Not to be had from here; there is another way on Debian."
  fi
  can_apt && have rustup || die "Rust cannot build for WebAssembly yet" \
    "On most machines this is enough:  rustup target add $WASM" \
    "On Debian without that download, run  ./dev setup  as root (or with sudo rights): it builds the target from Debian's packages."
  debian_wasm
  WASM_TOOLCHAIN=$DEBIAN_NAME
}

ordinary_wasm() {
  ls "$(rustc --print sysroot)/lib/rustlib/$WASM/lib/"libstd-*.rlib >/dev/null 2>&1
}

debian_wasm_ready() {
  have rustup && [ -x $DEBIAN_SYSROOT/bin/rustc ] || return 1
  ls $DEBIAN_SYSROOT/lib/rustlib/$WASM/lib/libstd-*.rlib >/dev/null 2>&1 || return 1
  rustup toolchain list | grep "^$DEBIAN_NAME\b" >/dev/null || return 1
  # An upgrade of Debian's compiler makes an older standard library useless: try it once per compiler.
  local stamp
  stamp="$CACHE/debian-wasm-$($DEBIAN_SYSROOT/bin/rustc -V | tr -c 'a-z0-9.\n' _)"
  [ -e "$stamp" ] && return 0
  printf 'pub fn f() -> String { String::new() }' >"$CACHE/probe.rs"
  quietly wasm-probe $DEBIAN_SYSROOT/bin/rustc --edition 2024 --crate-type cdylib -C lto=fat --target $WASM -o "$CACHE/probe.wasm" "$CACHE/probe.rs" || return 1
  : >"$stamp"
}

# Debian's rustc-web builds for WebAssembly but comes without the standard library: compile that from its source.
debian_wasm() {
  say "Installing Debian's Rust for WebAssembly (about 30 s)"
  apt_install rust-web rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy
  local lld
  lld=$(apt-cache depends rust-web-llvm | sed -n 's/.*\(lld-[0-9][0-9]*\).*/\1/p' | sed -n 1p)
  [ -z "$lld" ] || apt_install lld "$lld"

  say "Building the standard library for WebAssembly (1 to 3 min, once)"
  local work
  work=$(mktemp -d)
  mkdir -p "$work/src"
  printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "src/lib.rs"\n' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  # Bitcode has to be embedded: without it every build with link-time optimisation fails.
  must wasm-std build_std "$work"
  local lib=$DEBIAN_SYSROOT/lib/rustlib/$WASM/lib
  as_root mkdir -p "$lib"
  as_root find "$lib" -name '*.rlib' -delete
  as_root cp "$work/target/$WASM/release/deps/"*.rlib "$lib/"
  rm -rf "$work"
  must rust-link rustup toolchain link $DEBIAN_NAME $DEBIAN_SYSROOT
  debian_wasm_ready || die "Debian's Rust does not build for WebAssembly" "See $LOGS/wasm-probe.log"
}

build_std() (
  cd "$1" || exit 1
  unset RUSTUP_TOOLCHAIN CARGO_TARGET_DIR
  RUSTC_BOOTSTRAP=1 RUSTC=$DEBIAN_SYSROOT/bin/rustc RUSTFLAGS=-Cembed-bitcode=yes \
    $DEBIAN_SYSROOT/bin/cargo build --release -Zbuild-std=std,panic_abort --target $WASM
)

# ---- bundler --------------------------------------------------------------------------------------------------

# cargo_tool COMMAND PACKAGE VERSION TIME [cargo install options...]: on PATH, else a ready-made binary, else compiled.
cargo_tool() {
  local tool=$1 package=$2 version=$3 time=$4
  shift 4
  if have "$tool"; then
    [ "$("$tool" --version 2>/dev/null | awk '{print $2; exit}')" = "$version" ] && return 0
    # The user's own is another version: leave it alone and keep ours apart.
    set -- --root "$CACHE" "$@"
  fi
  if have cargo-binstall; then
    say "Fetching $tool $version (about 20 s)"
    local root=
    [ "${1:-}" = --root ] && root="--root $CACHE"
    # shellcheck disable=SC2086 # two words or none
    quietly "$tool" limit 300 cargo binstall --no-confirm --disable-strategies compile $root "$package@$version" && return 0
  fi
  say "Compiling $tool $version ($time, once)"
  # The tools run for seconds: quick to build matters more than quick to run.
  must "$tool" env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --force "$package" --version "$version" "$@"
}

setup_bundler() {
  cargo_tool wasm-bindgen wasm-bindgen-cli "$BINDGEN_VERSION" "2 to 5 min" --bin wasm-bindgen
  cargo_tool trunk trunk "$TRUNK_VERSION" "4 to 8 min" --debug --locked --no-default-features
}

# Only release builds are optimised after compiling. Sets TRUNK_NET to --offline unless Trunk has to fetch wasm-opt.
setup_wasm_opt() {
  TRUNK_NET=--offline
  [ -x "$CACHE/npm/node_modules/.bin/wasm-opt" ] &&
    grep -q "\"version\": \"$WASM_OPT_VERSION\." "$CACHE/npm/node_modules/binaryen/package.json" && return 0
  have wasm-opt && [ "$(wasm-opt --version | awk '{print $3; exit}')" = "$WASM_OPT_VERSION" ] && return 0
  if have npm; then
    say "Installing wasm-opt $WASM_OPT_VERSION (about 10 s)"
    mkdir -p "$CACHE/npm"
    quietly wasm-opt npm install --prefix "$CACHE/npm" --no-audit --no-fund --no-save "binaryen@$WASM_OPT_VERSION" && return 0
  fi
  note "Trunk will fetch wasm-opt itself."
  TRUNK_NET=--offline=false
}

# ---- browser tests --------------------------------------------------------------------------------------------

setup_node() {
  local way="Install Node $NODE_MIN or newer, or leave the browser out: ./dev test --quick"
  if ! have node && can_apt; then
    say "Installing Node (about 30 s)"
    apt_install node nodejs npm
  fi
  have node && have npm || die "Node is not installed; the browser tests need it" "$way"
  at_least "$(node --version | tr -d v)" "$NODE_MIN.0.0" || die "Node $(node --version) is too old" "$way"
  local lock=tests/browser/package-lock.json done=tests/browser/node_modules/.headroom-lock
  cmp -s "$lock" "$done" && return 0
  say "Installing the browser test runner (about 10 s)"
  must npm-ci env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix tests/browser --no-audit --no-fund
  cp "$lock" "$done"
}

# Sets and exports CHROMIUM.
setup_chromium() {
  find_chromium && return 0
  if can_apt; then
    say "Installing Chromium and fonts for Korean text (about a minute)"
    apt_install chromium chromium fonts-noto-cjk
  else
    say "Downloading Chromium (about a minute)"
    quietly chromium limit 600 npx --prefix tests/browser playwright install chromium || true
  fi
  find_chromium || die "no Chromium to test with" \
    "Install Chromium or Chrome, or name one:  CHROMIUM=/path/to/chrome ./dev test" \
    "Without a browser:  ./dev test --quick"
}

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" /usr/bin/chromium chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && have "$name" || continue
    CHROMIUM=$(command -v "$name")
    export CHROMIUM
    return 0
  done
  CHROMIUM=$(cd tests/browser && node -e "process.stdout.write(require('playwright-core').chromium.executablePath())" 2>/dev/null) || return 1
  [ -x "$CHROMIUM" ] || { CHROMIUM=; return 1; }
  export CHROMIUM
}

# ---- what each command needs ----------------------------------------------------------------------------------

setup_serve() {
  setup_rust
  setup_wasm
  setup_bundler
}

setup_build() {
  setup_serve
  setup_wasm_opt
}

setup_browser() {
  setup_node
  setup_chromium
}

setup_all() {
  setup_build
  setup_lints
  setup_browser
}
