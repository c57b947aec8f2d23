#!/usr/bin/env bash
# Runs W1 and W3 with NeXosim (from crates.io) and SimPy (from PyPI) beside ours. Both are installed in target/peers/.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
here=benches/peers
out=target/peers
mkdir -p "$out/nexosim/src"

cp $here/nexosim.rs "$out/nexosim/src/main.rs"
cat >"$out/nexosim/Cargo.toml" <<'TOML'
[package]
name = "nexosim-bench"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
nexosim = "=1.0.0"
serde = { version = "1", features = ["derive"] }
rand = { version = "0.10", default-features = false }
rand_distr = "0.6"
rand_xoshiro = { version = "0.8", features = ["serde"] }
hdrhistogram = { version = "7.6", default-features = false }

[profile.release]
lto = "fat"
codegen-units = 1
panic = "abort"
TOML
(cd "$out/nexosim" && CARGO_TARGET_DIR=target cargo build --quiet --release)
[ -x "$out/venv/bin/python" ] || python3 -m venv "$out/venv"
"$out/venv/bin/pip" install --quiet --disable-pip-version-check simpy==4.1.2

ours="${CARGO_TARGET_DIR:-target}/release/headroom-tests-wasm"
[ -x "$ours" ] || cargo build --locked --release -p headroom-tests-wasm
for round in 1 2 3; do
  for workload in W1 W3; do
    # The first line is ours; the bounds come after it.
    HEADROOM_BENCH_ROUNDS=1 "$ours" bench "$workload" | awk -F'\t' -v w=$workload '$1 == w { print w " Headroom\t" $2 "\t" $3 }'
    "$out/nexosim/target/release/nexosim-bench" "$workload" 300000
    "$out/venv/bin/python" $here/simpy_bench.py "$workload" 50000
  done
done | awk -F'\t' '
  { ns = $2 / $3 * 1e9; if (!($1 in best) || ns < best[$1]) best[$1] = ns }
  END {
    for (i = 1; i <= split("W1 W3", w, " "); i++)
      for (j = 1; j <= split("Headroom nexosim SimPy", p, " "); j++) {
        name = w[i] " " p[j]
        printf "%-16s %10.1f ns per request, %6.1f times ours\n", name, best[name], best[name] / best[w[i] " Headroom"]
      }
  }'
