# shellcheck shell=bash
# Steps for tests that try the program as a person does. Sourced by tests/cli_*_test.sh, which CTest runs
# as NAME_test.sh PROGRAM SOURCE. A step that does not hold ends the test, and says what was seen.
set -euo pipefail

# shellcheck disable=SC2034 # used by the tests
program=$1 source=$2
scratch=$(mktemp -d)
chmod 755 "$scratch" # some steps run as somebody else
trap '[[ $? == 0 ]] || printf "%s: failed\n" "$0" >&2; chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
cd "$scratch"
exec </dev/null
export LC_ALL=C NO_COLOR=1
# 128 + a signal, or the 1 of a sanitizer, are never an expected exit code of ours by accident.
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99

wrong() {
  printf 'line %s: %s\n' "${BASH_LINENO[1]}" "$*" >&2
  printf '%s\n' '-- standard output --' >&2
  head -c 4000 "$scratch/.out" >&2 || true
  printf '%s\n' '-- standard error --' >&2
  head -c 4000 "$scratch/.err" >&2 || true
  exit 1
}

# gives CODE COMMAND...: runs it, bounded in time, and looks at the exit code.
gives() {
  local wanted=$1 got=0
  shift
  timeout 60 "$@" >"$scratch/.out" 2>"$scratch/.err" || got=$?
  [[ $got == "$wanted" ]] || wrong "exit code $got, not $wanted: $*"
}

# prints TEXT, complains TEXT: on standard output or standard error of the last command.
prints() { grep -q -F -e "$1" "$scratch/.out" || wrong "does not print: $1"; }
complains() { grep -q -F -e "$1" "$scratch/.err" || wrong "does not complain: $1"; }
silent() { [[ ! -s $scratch/.err ]] || wrong "complains"; }

# until_there COMMAND...: waits until it succeeds, for ten seconds.
until_there() {
  local _
  for _ in $(seq 100); do
    if "$@" >/dev/null; then return 0; fi
    sleep 0.1
  done
  wrong "never: $*"
}

# free_ports N: as the recipes find them. A port that the kernel gave, and that was let go again, may be the near end of any
# other test's connection by the time that a program listens on it.
free_ports() (
  # shellcheck source=/dev/null # it changes PATH, of this subshell alone
  source "$source/recipes/recipe.bash"
  free_ports "$1"
)

# listens_for_interrupts PROCESS: it has a handler of its own for SIGINT.
listens_for_interrupts() {
  local caught
  caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status") && ((16#$caught & 2))
}

# A case of kind judge in which the origin lets the client wait: a violation.
write_bad_case() {
  cat >"$1" <<'END'
# The client asks and waits; the origin is silent, and says 100 only once content comes.
kind: judge
role: origin
shows: ORIGIN_100_OR_FINAL

-- client --
PUT /upload HTTP/1.1
Host: example.com
Content-Length: 5
Expect: 100-continue

-- quiet --
-- client --
hello\
-- origin --
HTTP/1.1 100 Continue

HTTP/1.1 201 Created
Content-Length: 0

END
}

# A case of kind play: a client that asks for the 100.
write_play_case() {
  cat >"$1" <<'END'
# A client asks, waits, and sends its content.
kind: play
role: origin

-- client --
PUT /upload HTTP/1.1
Host: example.com
Content-Length: 5
Expect: 100-continue

-- app> accept --
-- await 100 --
-- client --
hello\
-- app> respond 201 --
-- quiet --
END
}
