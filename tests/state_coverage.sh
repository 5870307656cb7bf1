#!/usr/bin/env bash
# Shows that an engine takes states for coverage: with the same edges of code, a state that was not reached before
# makes an input one to keep. What E100_STATE_COVERAGE=off takes away must have been there.
#
#   state_coverage.sh libfuzzer|msan|afl TARGET SEEDS...    folders of seeds
set -euo pipefail

engine=$1 target=$2
shift 2

wrong() {
  printf 'state_coverage: %s: %s\n' "$target" "$*" >&2
  exit 1
}

[[ -x $target ]] || wrong "build it first"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
seeds=$scratch/seeds # all in one folder, which is all that afl-showmap reads
mkdir "$seeds"
for folder in "$@"; do
  [[ -n $(find "$folder" -type f -print -quit) ]] || wrong "no seeds in $folder"
  for seed in "$folder"/*; do cp "$seed" "$seeds/${folder##*/}-${seed##*/}"; done
done

# As in run_target.sh: clang 14's sanitizers may fail to start where addresses are randomised much.
start=()
if [[ -r /proc/sys/vm/mmap_rnd_bits && $(</proc/sys/vm/mmap_rnd_bits) -gt 28 ]] && setarch -R true 2>/dev/null; then
  start=(setarch -R)
fi

# libFuzzer on all seeds, without counting how often an edge is taken: prints the edges and the features.
features() {
  E100_STATE_COVERAGE=$1 "${start[@]}" "$target" -runs=0 -use_counters=0 -timeout=20 "$seeds" >"$scratch/said" 2>&1 ||
    wrong "fails on the seeds: $(tail -n 3 "$scratch/said")"
  sed -n 's/.*INITED cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 \2/p' "$scratch/said"
}

# Merges the seeds into what is kept already, and prints how many are kept then.
kept() {
  mkdir -p "$scratch/kept"
  E100_STATE_COVERAGE=$1 "${start[@]}" "$target" -merge=1 -use_counters=0 -timeout=20 "$scratch/kept" "$seeds" \
    >"$scratch/said" 2>&1 || wrong "cannot merge: $(tail -n 3 "$scratch/said")"
  find "$scratch/kept" -type f | wc -l
}

# AFL++'s map of each seed, without counts: a file each in maps-on or maps-off.
maps() {
  E100_STATE_COVERAGE=$1 AFL_FORKSRV_INIT_TMOUT=30000 "${start[@]}" afl-showmap -q -e -m none -t 10000 \
    -i "$seeds" -o "$scratch/maps-$1" -- "$target" >"$scratch/said" 2>&1 </dev/null ||
    wrong "afl-showmap fails: $(tail -n 3 "$scratch/said")"
}

case $engine in
  libfuzzer | msan)
    read -r edges_on features_on <<<"$(features on)"
    read -r edges_off features_off <<<"$(features off)"
    ((edges_on > 0 && edges_on == edges_off)) || wrong "$edges_on edges with states, $edges_off without"
    ((features_on > features_off)) || wrong "states are no features: $features_on with them, $features_off without"
    # Those kept without states reach each edge: what is added to them brings states alone.
    kept_off=$(kept off) kept_on=$(kept on)
    ((kept_off > 0 && kept_on > kept_off)) || wrong "keeps $kept_off seeds for their edges, and none for its states"
    printf '%s: %d edges; %d features with states, %d without; %d seeds kept for their edges, %d more for their states\n' \
      "${target##*/}" "$edges_on" "$features_on" "$features_off" "$kept_off" "$((kept_on - kept_off))"
    ;;
  afl)
    maps on
    maps off
    python3 - "$scratch/maps-on" "$scratch/maps-off" "${target##*/}" <<'END' || wrong "states are no coverage"
import os, sys
on, off, name = sys.argv[1:]
def read(folder, file):
    return {line.split(":")[0] for line in open(os.path.join(folder, file))}
edges, states, only_states, seeds = set(), set(), 0, sorted(os.listdir(off))
for file in seeds:
    of_code = read(off, file)
    of_states = read(on, file) - of_code
    if not of_code <= read(on, file):
        sys.exit("%s: edges are missing with states" % file)
    only_states += of_code <= edges and not of_states <= states
    edges |= of_code
    states |= of_states
print("%s: %d edges, %d states; %d of %d seeds bring a state and no edge" %
      (name, len(edges), len(states), only_states, len(seeds)))
sys.exit(only_states == 0)
END
    ;;
  *) wrong "$engine is none of libfuzzer, msan, afl" ;;
esac
