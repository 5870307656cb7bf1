#!/usr/bin/env bash
# Long campaigns, one row each, added to a file of results: what is in the file is not run again, so the command may
# be interrupted and started anew at any time. One process at a time.
#
#   bench/campaigns.sh clean  ENGINE TARGETS-FOLDER RESULTS RUNS [TARGET...]   the reference machine: RUNS executions
#   bench/campaigns.sh faults ENGINE TARGETS-FOLDER RESULTS RUNS PROGRAM [TARGET...]   each fault of class D, L and C,
#                                                       from an empty corpus: executions until found, or RUNS in vain
#   bench/campaigns.sh table  RESULTS                                          the rows as tables, medians and maxima
#
# ENGINE: libfuzzer, msan or afl; TARGETS-FOLDER: libexec/expect100/ENGINE of a build; PROGRAM: bin/expect100, which
# lists the faults. Faults are looked for by the target that plays their role (origin, client or proxy; all three where
# none is named), with the seed 1. A row of RESULTS:
#
#   kind <TAB> engine <TAB> target <TAB> subject <TAB> executions <TAB> found, nothing, crashed or stopped <TAB> cause
set -euo pipefail

wrong() {
  printf 'campaigns: %s\n' "$*" >&2
  exit 2
}

# ---- the table ---------------------------------------------------------------------------------------------------

median_and_maximum() { # of the numbers on standard input, one a line
  sort -n | awk '{a[NR] = $1} END {if (NR) printf "%d | %d", (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2, a[NR]
    else printf "- | -"}'
}

print_table() {
  printf '| engine | target | executions | found |\n|---|---|---:|---|\n'
  awk -F'\t' '$1 == "clean" {n[$2 "\t" $3] += $5; if ($6 != "nothing") bad[$2 "\t" $3] = bad[$2 "\t" $3] " " $6 " " $7}
    END {for (k in n) {split(k, p, "\t"); printf "| %s | %s | %d | %s |\n", p[1], p[2], n[k], bad[k] == "" ? "nothing" : bad[k]}}' \
    "$1" | sort
  printf '\n| engine | target | faults tried | found | median of executions | maximum | not found |\n|---|---|---:|---:|---:|---:|---|\n'
  local engine target
  for engine in libfuzzer msan afl; do
    for target in origin client proxy; do
      grep -q $'^faults\t'"$engine"$'\t'"$target"$'\t' "$1" || continue
      printf '| %s | %s | %d | %d | %s | %s |\n' "$engine" "$target" \
        "$(grep -c $'^faults\t'"$engine"$'\t'"$target"$'\t' "$1")" \
        "$(grep -c $'^faults\t'"$engine"$'\t'"$target"$'\t.*\tfound\t' "$1")" \
        "$(awk -F'\t' -v e="$engine" -v t="$target" '$1 == "faults" && $2 == e && $3 == t && $6 == "found" {print $5}' "$1" |
          median_and_maximum)" \
        "$(awk -F'\t' -v e="$engine" -v t="$target" '$1 == "faults" && $2 == e && $3 == t && $6 != "found" {printf "%s (%d) ", $4, $5}' "$1")"
    done
  done
}

if [[ ${1:-} == table ]]; then
  [[ -f ${2:-} ]] || wrong 'give the file of results'
  print_table "$2"
  exit 0
fi

# ---- one campaign ------------------------------------------------------------------------------------------------

(($# >= 5)) || wrong 'give clean or faults, an engine, a folder of targets, a file of results, and executions; see the top of this file'
kind=$1 engine=$2 folder=$3 results=$4 runs=$5
shift 5
[[ $engine == libfuzzer || $engine == msan || $engine == afl ]] || wrong "there is no engine $engine"
[[ $runs =~ ^[1-9][0-9]*$ ]] || wrong "'$runs' is no number of executions"
top=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
touch "$results"

scratch=$(mktemp -d)
running=
trap '[[ -z $running ]] || kill "$running" 2>/dev/null || true; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# Sanitizers of clang 14 may fail to start where addresses are randomised over more than 28 bits.
start=()
if [[ -r /proc/sys/vm/mmap_rnd_bits && $(</proc/sys/vm/mmap_rnd_bits) -gt 28 ]] && setarch -R true 2>/dev/null; then
  start=(setarch -R)
fi

in_the_background() { # so that an interrupt ends it, too
  "$@" >"$scratch/said" 2>&1 </dev/null &
  running=$!
  local code=0
  wait "$running" || code=$?
  running=
  return "$code"
}

dictionary() {
  case $1 in
  case) echo "$top/dictionaries/case.dict" ;;
  raw | expect) echo "$top/dictionaries/http.dict" ;;
  esac
}

with_libfuzzer() { # TARGET
  local options=() words
  words=$(dictionary "$1")
  # As the program does (src/cli/fuzz_engines.c).
  if [[ -n $words ]]; then options=("-dict=$words"); else options=(-len_control=0); fi
  mkdir -p "$scratch/corpus"
  in_the_background "${start[@]}" "$folder/$1" -runs="$runs" -seed=1 -timeout=20 -rss_limit_mb=4096 -max_len=4096 \
    -entropic_feature_frequency_threshold=15 -print_final_stats=1 -artifact_prefix="$scratch/" "${options[@]}" "$scratch/corpus" || true
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/said")
}

afl_fuzz() { # RUNS OPTION...
  local runs=$1
  shift
  AFL_BENCH_UNTIL_CRASH=1 AFL_NO_UI=1 AFL_NO_COLOR=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
    AFL_NO_AFFINITY=1 AFL_FAST_CAL=1 AFL_FORKSRV_INIT_TMOUT=30000 \
    in_the_background "${start[@]}" afl-fuzz -s 1 -m none -t 5000 -E "$runs" -i "$scratch/in" -o "$scratch/out" \
    "$@" || true
}

with_afl() { # TARGET
  local options=() words stats=$scratch/out/default/fuzzer_stats
  words=$(dictionary "$1")
  [[ -z $words ]] || options=(-x "$words")
  mkdir -p "$scratch/in"
  head -c 32 /dev/zero >"$scratch/in/zeros"
  if [[ -f $folder/../afl_mutator.so ]]; then
    export AFL_CUSTOM_MUTATOR_LIBRARY=$folder/../afl_mutator.so E100_MUTATED_TARGET=$1
  fi
  afl_fuzz "$runs" "${options[@]}" -- "$folder/$1"
  executions=$(sed -n 's/^execs_done *: *//p' "$stats" 2>/dev/null || true)
  # AFL++'s driver tries an input of its own first, and does not begin where the target dies of it.
  if [[ -z $executions ]] && grep -q 'at least one valid input seed' "$scratch/said"; then
    AFL_DEBUG_CHILD=1 afl_fuzz "$runs" "${options[@]}" -- "$folder/$1"
    executions=1
  fi
  # What it died of says its cause when it is run again.
  local crash
  crash=$(find "$scratch/out/default/crashes" -name 'id:*' 2>/dev/null | sort | head -n 1)
  [[ -z $crash ]] || { "${start[@]}" "$folder/$1" "$crash" || true; } >>"$scratch/said" 2>&1
}

campaign() { # TARGET SUBJECT
  local target=$1 subject=$2 executions='' outcome=nothing cause
  if grep -q -F "$kind"$'\t'"$engine"$'\t'"$target"$'\t'"$subject"$'\t' "$results"; then return; fi
  [[ -x $folder/$target ]] || wrong "no target $folder/$target: build it first"
  rm -rf "${scratch:?}"/*
  export E100_SUBJECT=$subject
  if [[ $engine == afl ]]; then with_afl "$target"; else with_libfuzzer "$target"; fi
  cause=$(sed -n 's/^expect100: cause //p' "$scratch/said" | head -n 1)
  if [[ -n $cause ]]; then
    outcome=found
  elif grep -q -E 'SUMMARY: [A-Za-z]+Sanitizer|SUMMARY: libFuzzer' "$scratch/said"; then
    outcome=crashed cause=$(grep -m 1 '^SUMMARY' "$scratch/said")
  elif [[ -z $executions ]]; then
    tail -n 20 "$scratch/said" >&2
    wrong "$target did not run under $engine"
  elif ((executions < runs)); then
    outcome=stopped
  fi
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$kind" "$engine" "$target" "$subject" "${executions:-0}" "$outcome" "$cause" |
    tee -a "$results"
  # What nobody expected is kept.
  if [[ $kind == clean && $outcome != nothing ]]; then
    mkdir -p "$results.kept/$engine-$target"
    cp "$scratch/said" "$scratch"/crash-* "$results.kept/$engine-$target/" 2>/dev/null || true
    cp "$scratch"/out/default/crashes/id:* "$results.kept/$engine-$target/" 2>/dev/null || true
  fi
}

case $kind in
clean)
  targets=("$@")
  (($# > 0)) || mapfile -t targets < <(find "$folder" -maxdepth 1 -type f -perm -u+x -printf '%f\n' | sort)
  ((${#targets[@]} > 0)) || wrong "no targets in $folder"
  for target in "${targets[@]}"; do campaign "$target" reference; done
  ;;
faults)
  program=${1:?give the program that lists the faults}
  shift
  targets=("$@")
  (($# > 0)) || targets=(origin client proxy)
  for target in "${targets[@]}"; do
    [[ $target == origin || $target == client || $target == proxy ]] || wrong "no faults are looked for by the target $target"
    mapfile -t faults < <("$program" list faults --json | python3 -c '
import json, sys
for line in sys.stdin:
    for fault in json.loads(line).get("faults", []):
        if fault["class"] != "legal but poor" and fault["role"] == sys.argv[1]: print(fault["name"])' "$target")
    ((${#faults[@]} > 0)) || wrong "$program lists no faults of the role $target"
    for fault in "${faults[@]}"; do campaign "$target" "fault:$fault"; done
  done
  ;;
*) wrong "$kind is none of clean, faults, table" ;;
esac
