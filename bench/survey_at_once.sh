#!/usr/bin/env bash
# How much sooner a survey is over that plays its exchanges at once than one that plays them one after the other: both
# against the reference server, or a program that a recipe starts (gateway-haproxy), in one run. Prints the plays of each, and
# the ratio of their times.
#
#   bench/survey_at_once.sh PROGRAM [SETTLE [RECIPE]]      PROGRAM: bin/expect100 of a build; SETTLE: a silence, in milliseconds
#
# It fails where the ratio is below 10, or where one of the two has confirmed what the other has not.
set -euo pipefail

program=$(readlink -f "${1:?the program: bin/expect100 of a build}")
settle=${2:-300}
recipe=${3:-}
scratch=$(mktemp -d)
server=
stop() {
  [[ -z $server ]] || kill "$server"
  [[ -z $recipe ]] || "$recipe" stop "$scratch/recipe"
  rm -rf "$scratch"
}
trap stop EXIT
if [[ -z $recipe ]]; then
  "$program" serve >"$scratch/address" &
  server=$!
  for ((i = 0; i < 100; i++)); do
    [[ ! -s $scratch/address ]] || break
    sleep 0.05
  done
  printf '%s\n' 'accept /take' 'echo /echo' 'ignore /ignore' '401 /401' '404 /404' '405 /405' '413 /413' >"$scratch/map"
  surveyed=("$(<"$scratch/address")" --map "$scratch/map")
else
  recipe=$(dirname "$program")/../share/expect100/recipes/$recipe
  mkdir -m 755 "$scratch/recipe"
  chmod 755 "$scratch"
  # Ports behind it that nobody has: below those that the kernel gives to the near ends of connections.
  E100_UPSTREAMS=$(python3 -c 'import random; print(*random.sample(range(8200, 12000), 64))')
  export E100_UPSTREAMS
  "$recipe" start "$scratch/recipe" >"$scratch/said"
  surveyed=("$(sed -n 's/^address //p' "$scratch/said")" --map "$scratch/recipe/map")
fi

# survey JOBS: how long it takes, in milliseconds.
survey() {
  local begin=${EPOCHREALTIME/./} code=0
  "$program" survey "${surveyed[@]}" --settle "$settle" --jobs "$1" --out "$scratch/out" \
    --json "$scratch/$1.json" >/dev/null 2>&1 || code=$?
  ((code < 2)) || { echo "the survey could not run" >&2 && exit 2; }
  echo $(((${EPOCHREALTIME/./} - begin) / 1000))
}

plays() { python3 -c 'import json, sys; print(sum(cell["state"] == "played" for cell in json.load(open(sys.argv[1]))["cells"]))' "$1"; }

# What counts, one a line.
confirmed() {
  python3 - "$1" <<'END'
import json, sys
for cell in json.load(open(sys.argv[1]))["cells"]:
    for finding in cell["findings"]:
        if finding["confirmed"]:
            print(cell["situation"], finding["rule"], finding["party"], finding["request"])
END
}

many=$(survey 64)
one=$(survey 1)
printf '%s: %d situations at once in %d ms, %d one after the other in %d ms: %d.%d times sooner\n' "${3:-reference}" \
  "$(plays "$scratch/64.json")" "$many" "$(plays "$scratch/1.json")" "$one" $((one / many)) $((one * 10 / many % 10))
diff <(confirmed "$scratch/1.json" | sort) <(confirmed "$scratch/64.json" | sort) >&2 || {
  echo 'what counts is not the same' >&2
  exit 1
}
((one >= 10 * many))
