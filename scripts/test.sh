# shellcheck shell=bash
# The steps of `./dev test`. Each step is one function; its output is shown and kept, and its tests are counted from
# what the runner says ("test result: ..." of cargo, "N passed" of Playwright). A step without such words counts as one.

# What goes to the browser, and so must be clean for WebAssembly too.
WASM_CRATES="-p headroom-engine -p headroom-model -p headroom-analysis -p headroom-charts -p headroom-editor -p headroom-web"
# The site, compressed: all files (aim 700), and those that are loaded until the first scenario runs (aim 350). What is
# reached and why it is not less: docs/speed.md. A budget goes down with what is reached, never up without a reason there.
ALL_FILES_BUDGET_KB=1415
FIRST_SIGHT_BUDGET_KB=1390

passed=0
failed=0
summary=

step_fmt() { cargo fmt --all --check; }

step_lint() {
  cargo clippy --locked --workspace --all-targets -- -D warnings || return 1
  # shellcheck disable=SC2086 # a list of options
  (web_env && cargo clippy --locked --target $WASM $WASM_CRATES -- -D warnings)
}

step_rust() { cargo test --locked --workspace --no-fail-fast ${FILTER:+-- "$FILTER"}; }

step_parity() {
  build_probe || return 1
  cargo run --quiet --locked -p headroom-tests-wasm -- cases >target/probe/native.txt || return 1
  if have node; then
    node tests/wasm/run.mjs cases target/probe/module.wasm target/probe/native.txt
  else
    note "Node is not installed: built, not compared."
  fi
}

step_web() {
  build_web --release || return 1
  within "All files" "$(site_kb)" "$ALL_FILES_BUDGET_KB"
  local all=$?
  within "What the first running scenario takes" "$(site_kb first)" "$FIRST_SIGHT_BUDGET_KB" && return $all
}

# within WHAT KB BUDGET
within() {
  [ "$2" -le "$3" ] || { note "$1: $2 KB compressed is over the budget of $3 KB."; return 1; }
  note "$1: $2 KB compressed, of at most $3 KB."
}

step_browser() {
  (cd tests/browser && node_modules/.bin/playwright test ${FILTER:+--grep "$FILTER"})
}

# run_step NAME "what it does (how long)"
run_step() {
  local name=$1 start=$SECONDS rc p f
  local log="target/log/$name.log"
  mkdir -p target/log
  printf '\n'
  say "$2"
  set +e
  (set +e; "step_$name") 2>&1 </dev/null | tee "$log"
  rc=${PIPESTATUS[0]}
  set -e
  count_tests "$log"
  if [ "$p" = 0 ] && [ "$f" = 0 ]; then
    [ "$rc" = 0 ] && p=1
  fi
  [ "$rc" != 0 ] && [ "$f" = 0 ] && f=1
  passed=$((passed + p))
  failed=$((failed + f))
  summary="$summary$(printf '  %-8s %5d passed  %3d failed  %4d s' "$name" "$p" "$f" $((SECONDS - start)))
"
  [ "$rc" = 0 ]
}

# Sets p and f from the runners' own words in the log.
count_tests() {
  local counts
  counts=$(sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$1" | awk '
    /^(test|parity) result: / { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i-1); if ($i ~ /^failed;/) f += $(i-1) } }
    /^ +[0-9]+ passed( |$)/ { p += $1 }
    /^ +[0-9]+ (failed|flaky|interrupted|did not run)( |$)/ { f += $1 }
    END { print p + 0, f + 0 }')
  p=${counts% *}
  f=${counts#* }
}

finish() {
  printf '\n%s' "$summary"
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ] || exit 1
}

test_all() {
  local quick=$1 built=
  run_step fmt "Format (a second)" || true
  run_step lint "Clippy, native and for WebAssembly (1 to 3 min the first time)" || true
  run_step rust "Native tests (2 to 6 min the first time)" || true
  run_step parity "The same numbers natively and in WebAssembly (1 to 2 min the first time)" || true
  run_step web "The site, as it is published (2 to 5 min the first time)" && built=yes
  if [ "$quick" = yes ]; then
    note "Left out by --quick: the browser tests."
  elif [ "$built" = yes ]; then
    run_step browser "The page in a real browser (a few minutes)" || true
  else
    failed=$((failed + 1))
    summary="$summary  browser  not run: the site did not build
"
  fi
  finish
}
