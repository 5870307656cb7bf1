#!/usr/bin/env bash
# Runs a fuzz target for CTest, bounded by executions, and fails where it did not really run.
#
#   run_target.sh replay TARGET FOLDER...                   every file under the folders, once
#   run_target.sh libfuzzer TARGET SEEDS DICTIONARY RUNS [SEED]    a short campaign of libFuzzer
#   run_target.sh afl TARGET SEEDS DICTIONARY RUNS          the same with AFL++
#
# DICTIONARY may name no file: then there is none.
set -euo pipefail

how=$1 target=$2
shift 2

wrong() {
  printf 'run_target: %s\n' "$*" >&2
  exit 1
}

[[ -x $target ]] || wrong "no target $target: build it first"

# Without randomised addresses a run is the same each time, so that what failed once fails again: libFuzzer makes inputs of
# numbers that code compares, addresses among them. And clang 14's sanitizers may fail to start where addresses are
# randomised over more than 28 bits.
start=()
if setarch -R true 2>/dev/null; then
  start=(setarch -R)
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

dictionary_option() { # NAME FILE: prints NAME and FILE where there is such a file
  [[ ! -f $2 ]] || printf '%s%s\n' "$1" "$2"
}

show_input() { # FILE...: the machine that found it may be gone when somebody looks
  local file
  for file in "$@"; do
    [[ -f $file ]] || continue
    printf 'run_target: %s of %s follows; base64 -d makes FILE of it, and expect100 minimize --target %s --input FILE a case:\n' \
      "${file##*/}" "${target##*/}" "${target##*/}" >&2
    base64 "$file" >&2
  done
}

count_files() { find -L "$1" -type f | wc -l; }

case $how in
  replay)
    mapfile -d '' -t inputs < <(find -L "$@" -type f -print0 2>/dev/null | sort -z)
    ((${#inputs[@]} > 0)) || wrong "no inputs in $*"
    printf '%s\0' "${inputs[@]}" | xargs -0 -n 2000 "${start[@]}" "$target" >"$scratch/said" 2>&1 || {
      tail -n 60 "$scratch/said" >&2
      wrong "$target failed on one of ${#inputs[@]} inputs"
    }
    printf '%s: %d inputs\n' "${target##*/}" "${#inputs[@]}"
    ;;
  libfuzzer)
    seeds=$1 runs=$3 seed=${4:-1}
    (($(count_files "$seeds") > 0)) || wrong "no seeds in $seeds"
    mapfile -t dictionary < <(dictionary_option -dict= "$2")
    mkdir "$scratch/corpus"
    # -reload=0: else what it finds in a folder it may read again, each second, and a run depends on the time.
    "${start[@]}" "$target" -runs="$runs" -seed="$seed" -reload=0 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
      -artifact_prefix="$scratch/" "${dictionary[@]}" "$scratch/corpus" "$seeds" >"$scratch/said" 2>&1 || {
      tail -n 60 "$scratch/said" >&2
      show_input "$scratch"/crash-* "$scratch"/timeout-* "$scratch"/oom-* "$scratch"/leak-*
      wrong "$target failed under libFuzzer"
    }
    done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch/said")
    ((${done:-0} >= runs)) || wrong "only ${done:-0} of $runs executions were done"
    printf '%s: %d executions of libFuzzer\n' "${target##*/}" "$done"
    ;;
  afl)
    seeds=$1 runs=$3
    (($(count_files "$seeds") > 0)) || wrong "no seeds in $seeds"
    mapfile -t dictionary < <(dictionary_option -x "$2")
    # AFL++ stops for settings of a machine that matter for speed only; here it must run anywhere.
    export AFL_NO_UI=1 AFL_NO_COLOR=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
      AFL_NO_AFFINITY=1 AFL_FAST_CAL=1 AFL_FORKSRV_INIT_TMOUT=30000
    "${start[@]}" afl-fuzz -s 1 -m none -t 5000 -E "$runs" -i "$seeds" -o "$scratch/out" "${dictionary[@]}" \
      -- "$target" >"$scratch/said" 2>&1 </dev/null || {
      tail -n 60 "$scratch/said" >&2
      wrong "$target failed under AFL++"
    }
    stats=$scratch/out/default/fuzzer_stats
    value() { sed -n "s/^$1 *: *//p" "$stats"; }
    show_input "$scratch"/out/default/{crashes,hangs}/id:*
    [[ $(value saved_crashes) == 0 ]] || wrong "AFL++ found $(value saved_crashes) crashes"
    [[ $(value saved_hangs) == 0 ]] || wrong "AFL++ found $(value saved_hangs) hangs"
    [[ $(value stability) == 100.00% ]] || wrong "stability is $(value stability), not 100.00%"
    (($(value execs_done) >= runs)) || wrong "only $(value execs_done) of $runs executions were done"
    printf '%s: %d executions of AFL++, stability %s\n' "${target##*/}" "$(value execs_done)" "$(value stability)"
    ;;
  *) wrong "$how is none of replay, libfuzzer, afl" ;;
esac
