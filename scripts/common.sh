# shellcheck shell=bash
# Shared by ./dev and its parts: words on the screen, time limits, and where things are kept.

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/headroom"
LOGS="$CACHE/log"
# A tool of ours first (only present when the user's own has another version), then cargo's, then the rest.
PATH="$CACHE/bin:$CACHE/npm/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
export PATH
mkdir -p "$LOGS"

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
  printf '\nStopped: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# limit SECONDS COMMAND...: a network that swallows packets must not hold up the set-up for ever.
limit() {
  if have timeout; then timeout "$@"; else shift; "$@"; fi
}

# quietly NAME COMMAND...: output goes to a log; returns the command's status.
quietly() {
  local name=$1
  shift
  "$@" >"$LOGS/$name.log" 2>&1 </dev/null
}

# must NAME COMMAND...: like quietly, but a failure ends the program and shows the end of the log.
must() {
  local name=$1
  quietly "$@" && return 0
  tail -n 25 "$LOGS/$name.log" >&2
  die "setting up '$name' failed" "The whole output is in $LOGS/$name.log"
}

# at_least HAVE WANT: compares dotted versions.
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | sed -n 1p)" = "$2" ]
}
