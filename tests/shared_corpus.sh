#!/usr/bin/env bash
# Several machines fuzz one target and share only a folder: what each finds comes to the others, merging again changes
# nothing, and one that is killed in the middle loses nothing that it had shared. Without the state coverage in the
# program, merging would throw nearly everything away: then this fails.
#
#   shared_corpus.sh TARGET SEEDS      TARGET: of libFuzzer
set -euo pipefail

target=$1 seeds=$2

wrong() {
  printf 'shared_corpus: %s\n' "$*" >&2
  exit 1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
start=()
if [[ -r /proc/sys/vm/mmap_rnd_bits && $(</proc/sys/vm/mmap_rnd_bits) -gt 28 ]] && setarch -R true 2>/dev/null; then
  start=(setarch -R)
fi

run() { "${start[@]}" "$target" -timeout=20 -rss_limit_mb=4096 -artifact_prefix="$scratch/" "$@" >said 2>&1 || wrong "fails: $(tail -n 3 said)"; }
# The states and edges that a corpus reaches.
features() {
  run -runs=0 -use_counters=0 "$1"
  sed -n 's/.*INITED cov: [0-9]* ft: \([0-9]*\) .*/\1/p' said
}
# names FOLDER: what is in it; libFuzzer names a file by its content.
names() { find "$1" -type f -printf '%f\n' | sort; }

run -help=1
mkdir one two store
run -runs=0 one
grep -q 'Extra Counters' said || wrong "there is no state coverage in $target"

# Two machines, other luck.
run -runs=3000 -seed=1 one "$seeds"
run -runs=3000 -seed=2 two "$seeds"
before_one=$(features one) before_two=$(features two)
cmp -s <(names one) <(names two) && wrong 'both found the same'

# Each gives to the store, and takes from it.
for machine in one two; do run -merge=1 -use_counters=0 store "$machine"; done
for machine in one two; do run -merge=1 -use_counters=0 "$machine" store; done
after_one=$(features one) after_two=$(features two)
((after_one >= before_one && after_two >= before_two)) || wrong 'importing lost states'
((after_one > before_one || after_two > before_two)) || wrong 'importing brought nothing'
((after_one == after_two)) || wrong "they reach different states: $after_one, $after_two"

# Merging once more changes nothing.
names store >names-once
for machine in one two; do run -merge=1 -use_counters=0 store "$machine"; done
names store | cmp -s - names-once || wrong 'merging twice is not merging once'

# One is killed while it runs; what was shared, and what it had kept, is still there, each file whole.
names one >names-before
"${start[@]}" "$target" -seed=3 -artifact_prefix="$scratch/" one store >killed 2>&1 &
victim=$!
for _ in $(seq 100); do
  ! grep -q 'NEW\|REDUCE' killed || break
  sleep 0.1
done
kill -KILL "$victim"
wait "$victim" 2>/dev/null || true
names store | cmp -s - names-once || wrong 'the store has changed'
[[ -z $(comm -23 names-before <(names one)) ]] || wrong 'files are gone'
((($(features one)) >= after_one)) || wrong 'the killed one has lost states'
printf '%s: %d and %d features, %d together; %d inputs in the store\n' "${target##*/}" "$before_one" "$before_two" \
  "$after_one" "$(wc -l <names-once)"
