#!/usr/bin/env bash
# How much sooner a survey is over that plays its exchanges at once than one that plays them one after the other: both
# against the reference server, in one run. Prints the plays of each, and the ratio of their times.
#
#   bench/survey_at_once.sh PROGRAM [SETTLE]      PROGRAM: bin/expect100 of a build; SETTLE: a silence, in milliseconds
#
# It fails where the ratio is below 10.
set -euo pipefail

program=$(readlink -f "${1:?the program: bin/expect100 of a build}")
settle=${2:-300}
scratch=$(mktemp -d)
"$program" serve >"$scratch/address" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
for ((i = 0; i < 100; i++)); do
  [[ ! -s $scratch/address ]] || break
  sleep 0.05
done
address=$(<"$scratch/address")
printf '%s\n' 'accept /take' 'echo /echo' 'ignore /ignore' '401 /401' '404 /404' '405 /405' '413 /413' >"$scratch/map"

# survey JOBS: how long it takes, in milliseconds.
survey() {
  local begin=${EPOCHREALTIME/./} code=0
  "$program" survey "$address" --map "$scratch/map" --settle "$settle" --jobs "$1" --out "$scratch/out" \
    --json "$scratch/$1.json" >/dev/null 2>&1 || code=$?
  ((code < 2)) || { echo "the survey could not run" >&2 && exit 2; }
  echo $(((${EPOCHREALTIME/./} - begin) / 1000))
}

plays() { python3 -c 'import json, sys; print(sum(cell["state"] == "played" for cell in json.load(open(sys.argv[1]))["cells"]))' "$1"; }

many=$(survey 64)
one=$(survey 1)
printf '%d situations at once, %d one after the other: %d.%d times sooner\n' "$(plays "$scratch/64.json")" \
  "$(plays "$scratch/1.json")" $((one / many)) $((one * 10 / many % 10))
((one >= 10 * many))
