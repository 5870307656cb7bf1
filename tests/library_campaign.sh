#!/usr/bin/env bash
# A short campaign of libFuzzer against a library in this process, where something is known of its version: what is found is new
# then.
#
#   library_campaign.sh PROGRAM TARGET SUBJECT KNOWN SEEDS RUNS [SEED]
#
# KNOWN is the folder with the files of what is known. Without a file for this version nothing is tried, and the exit code is 77.
set -euo pipefail

program=$1 target=$2 subject=$3 known=$4 seeds=$5 runs=$6 seed=${7:-1}
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

version=$("$program" list subjects | sed -n "s/^$subject  *[a-z]*  *[^ ]* \\([^,]*\\),.*/\\1/p")
[[ -n $version ]] || {
  echo "library_campaign: $program has no $subject" >&2
  exit 1
}
file=$known/${subject/:/-}-$version.known
[[ -f $file ]] || {
  echo "library_campaign: nothing is known of $subject $version: left out"
  exit 77
}
# libsoup's server leaks the method of a request line that it refuses (docs/libraries.md).
[[ $subject != lib:soup ]] || export LSAN_OPTIONS=detect_leaks=0
E100_SUBJECT=$subject E100_KNOWN=$file "$here/run_target.sh" libfuzzer "$target" "$seeds" '' "$runs" "$seed"
