#!/usr/bin/env bash
# How many executions a second one core does of a fuzz target, with what is played: the target's own part, without what an
# engine does around it (choosing and changing inputs, looking at coverage, writing a corpus).
#
#   bench/library_rate.sh TARGETS-FOLDER INPUTS-FOLDER SUBJECT...
#
# TARGETS-FOLDER is libexec/expect100/libfuzzer of a build, INPUTS-FOLDER has a folder for each target: the seeds
# (share/expect100/seeds), or the corpus of a campaign. Each input is executed 21 times and then once, in one process; what
# counts is the processor time between the two, user's and system's, so that other work on the machine counts little.
# Nothing stops at a finding.
set -euo pipefail
export LC_ALL=C

targets=${1:?give the folder of the targets} inputs=${2:?give the folder of the inputs}
shift 2
repository=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Every rule is known of everybody.
sed -n 's/^RULE(\([A-Z0-9_]*\),.*/\1/p' "$repository/src/rules/rules.def" >"$scratch/rules"
[[ -s $scratch/rules ]] || { echo "library_rate: no rules in src/rules/rules.def" >&2 && exit 2; }
for party in client origin; do sed "s/\$/ $party */" "$scratch/rules"; done >"$scratch/known"

# seconds RUNS TARGET SUBJECT: of the processor.
seconds() {
  local TIMEFORMAT='%U %S'
  {
    time LSAN_OPTIONS=detect_leaks=0 E100_KNOWN=$scratch/known E100_SUBJECT=$3 setarch -R "$targets/$2" -runs="$1" -detect_leaks=0 -timeout=60 "${files[@]}" \
      >"$scratch/said" 2>&1
  } 2>"$scratch/time" || { tail -n 20 "$scratch/said" >&2 && exit 2; }
  awk '{print $1 + $2}' "$scratch/time"
}

printf '%-20s %-10s %8s %12s\n' subject target inputs 'a second'
for subject in "$@"; do
  case $subject in
    lib:curl | lib:*-client | client) target=client ;;
    *) target=origin ;;
  esac
  [[ $subject != client ]] || subject=reference
  mapfile -t files < <(find "$inputs/$target" -type f | sort)
  ((${#files[@]} > 0)) || { echo "library_rate: no inputs in $inputs/$target" >&2 && exit 2; }
  many=$(seconds 21 "$target" "$subject")
  few=$(seconds 1 "$target" "$subject")
  awk -v s="$subject" -v t="$target" -v n="${#files[@]}" -v many="$many" -v few="$few" \
    'BEGIN {printf "%-20s %-10s %8d %12.0f\n", s, t, n, n * 20 / (many - few)}'
done
