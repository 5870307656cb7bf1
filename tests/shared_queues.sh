#!/usr/bin/env bash
# Two machines run AFL++ on one target, each with a main instance in a folder of its own, and hand each other a copy of
# that instance's folder: what one reached comes to the other, handing over again changes nothing, and one that is
# killed in the middle loses nothing. The states of the machines have to be coverage to AFL++, or this fails.
#
#   shared_queues.sh TARGET SEEDS      TARGET: of AFL++
set -euo pipefail

target=$1 seeds=$2

wrong() {
  printf 'shared_queues: %s\n' "$*" >&2
  exit 1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
start=()
if [[ -r /proc/sys/vm/mmap_rnd_bits && $(</proc/sys/vm/mmap_rnd_bits) -gt 28 ]] && setarch -R true 2>/dev/null; then
  start=(setarch -R)
fi
# As in run_target.sh: AFL++ stops for settings of a machine that matter for speed only.
export AFL_NO_UI=1 AFL_NO_COLOR=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
  AFL_NO_AFFINITY=1 AFL_FAST_CAL=1 AFL_FORKSRV_INIT_TMOUT=30000 AFL_IMPORT_FIRST=1 AFL_SYNC_TIME=1

# fuzz HOST SEED INPUTS ARGUMENT...: the main instance of a machine, under its own name; INPUTS -: goes on.
fuzz() {
  local host=$1 seed=$2 inputs=$3
  shift 3
  exec "${start[@]}" afl-fuzz -M "$host" -s "$seed" -m none -t 5000 -i "$inputs" -o "$scratch/$host" "$@" -- "$target"
}
run() { (fuzz "$@") >said 2>&1 </dev/null || wrong "$1 fails: $(tail -n 3 said)"; }

# covered FOLDER: the tuples of AFL++'s map that its inputs reach, edges and states, without counts.
covered() {
  "${start[@]}" afl-showmap -q -e -m none -t 10000 -C -i "$1" -o map -- "$target" >said 2>&1 </dev/null ||
    wrong "afl-showmap fails: $(tail -n 3 said)"
  cut -d : -f 1 map | sort
}
# contents FOLDER: the inputs of a queue. Their names change each time AFL++ goes on with it.
contents() { find "$1" -maxdepth 1 -type f -exec cksum {} + | cut -d ' ' -f 1,2 | sort -u; }
# imported HOST: how many inputs its last run took from other machines.
imported() { sed -n 's/^corpus_imported *: *//p' "$1/$1/fuzzer_stats"; }
lacks() { [[ -n $(comm -23 "$1" "$2") ]]; }

# hand_over FROM TO: what `rsync -a FROM:FROM/FROM/ TO/FROM/` does between machines.
hand_over() { mkdir -p "$2/$1" && cp -R -p "$1/$1/queue" "$2/$1/"; }

mkdir few
find "$seeds" -type f | sort | sed -n '1~40p' | xargs cp -t few
covered few >states-on
E100_STATE_COVERAGE=off covered few >states-off
lacks states-on states-off || wrong "there is no state coverage in $target"

# Two machines, other luck.
run one 1 few -E 1000
run two 2 few -E 1000
covered one/one/queue >one-before
covered two/two/queue >two-before
lacks two-before one-before || lacks one-before two-before || wrong 'both reach the same'

hand_over one two
hand_over two one
run one 3 - -E 1800
run two 4 - -E 1800
taken=$(imported one)
((taken > 0 && $(imported two) > 0)) || wrong 'nothing was imported'
covered one/one/queue >one-after
covered two/two/queue >two-after
! lacks two-before one-after || wrong 'one does not reach what two has reached'
! lacks one-before two-after || wrong 'two does not reach what one has reached'

# Handing over again changes nothing, and brings nothing.
hand_over one two
find two/one -type f -exec cksum {} + | sort >once
hand_over one two
find two/one -type f -exec cksum {} + | sort | cmp -s - once || wrong 'handing over twice is not handing over once'
run one 5 - -E 1900
(($(imported one) <= taken)) || wrong 'the same inputs are imported twice'

# One is killed while it runs: every input that it had is still there, and it goes on from them.
contents one/one/queue >one-inputs
(fuzz one 6 -) >killed 2>&1 </dev/null &
victim=$!
for _ in $(seq 100); do
  [[ ! -f one/one/fuzzer_setup ]] || ! grep -q 'All set and ready' killed || break
  sleep 0.1
done
sleep 0.5
# Its target waits in a session of its own, and would stay.
mapfile -t orphans < <(pgrep -P "$victim" | while read -r child; do pgrep -P "$child" || true && echo "$child"; done)
kill -KILL "$victim" 2>/dev/null || wrong 'it had ended by itself'
wait "$victim" 2>/dev/null || true
((${#orphans[@]} == 0)) || kill -KILL "${orphans[@]}" 2>/dev/null || true
! lacks one-inputs <(contents one/one/queue) || wrong 'inputs are gone'
covered one/one/queue >one-killed
! lacks one-after one-killed || wrong 'the killed one has lost states'
run one 7 - -E 2000
printf '%s: %d and %d tuples, %d and %d after handing over; %d inputs imported\n' "${target##*/}" "$(wc -l <one-before)" \
  "$(wc -l <two-before)" "$(wc -l <one-after)" "$(wc -l <two-after)" "$taken"
