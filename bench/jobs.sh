#!/usr/bin/env bash
# How much more two workers do than one, on this machine, in the same time: the ratio of their executions. One and two
# take turns, as what else runs here changes; the middle ratio counts.
#
#   bench/jobs.sh PROGRAM [JOBS] [ROUNDS] [SECONDS]      PROGRAM: build/bin/expect100; 2 jobs, 5 rounds of 8 seconds
set -euo pipefail

program=$1 jobs=${2:-2} rounds=${3:-5} seconds=${4:-8}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# executions JOBS ENGINE: of the target origin, from its seeds, in a folder of their own.
executions() {
  rm -rf "$scratch/out"
  "$program" fuzz --json --engine "$2" --target origin --time "$seconds" --jobs "$1" --seed 1 --out "$scratch/out" \
    2>"$scratch/said" >"$scratch/summary" || [[ $? == 1 ]] || {
    cat "$scratch/said" >&2
    exit 2
  }
  python3 -c 'import json, sys; print(sum(lane["executions"] for lane in json.load(sys.stdin)["lanes"]))' <"$scratch/summary"
}

for engine in libfuzzer afl; do
  for ((round = 0; round < rounds; round++)); do
    printf '%d %d\n' "$(executions 1 "$engine")" "$(executions "$jobs" "$engine")"
  done >"$scratch/pairs"
  awk "{ print \$2 / \$1 }" "$scratch/pairs" | sort -n | awk -v e="$engine" -v j="$jobs" '
    { r[NR] = $1 } END { printf "%s: %d jobs do %.2f times the executions of one (%d rounds: %.2f to %.2f)\n", e, j, r[int((NR + 1) / 2)], NR, r[1], r[NR] }'
done
