# shellcheck shell=bash
# Those of cli_steps.sh, and steps for tests that play against small servers, which end with the test.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

processes=() # that are killed at the end
trap 'kill "${processes[@]}" 2>/dev/null; rm -rf "$scratch"' EXIT

# start_server SCRIPT ARGUMENT...: a server of tests/SCRIPT, whose arguments have it write its port to the file `port`;
# sets `port`.
start_server() {
  rm -f port
  python3 "$source/tests/$1" "${@:2}" >/dev/null 2>&1 &
  processes+=($!)
  for ((i = 0; i < 500; i++)); do
    [[ ! -f port ]] || break
    sleep 0.02
  done
  # shellcheck disable=SC2034 # used by the tests
  port=$(<port)
}
