#!/usr/bin/env bash
# ClusterFuzzLite without anybody's CI: builds the targets of this tree, and runs them on this machine with a store that
# is a folder. All machines that see the same folder share its corpus.
#
#   standalone.sh STORE MODE SANITIZER SECONDS
#
#   MODE         batch: fuzz, and keep what is new; prune: throw away what adds nothing; coverage: a report
#   SANITIZER    address, undefined, memory; coverage for the mode coverage
#
# DOCKER names another program than docker. What was found is in STORE/crashes.
set -euo pipefail

cannot() {
  printf 'standalone: %s\n' "$*" >&2
  exit 2
}

(($# == 4)) || cannot 'give STORE MODE SANITIZER SECONDS'
mode=$2 sanitizer=$3 seconds=$4 docker=${DOCKER:-docker}
case $mode in
  batch | prune) [[ $sanitizer =~ ^(address|undefined|memory)$ ]] || cannot "$mode wants address, undefined or memory" ;;
  coverage) [[ $sanitizer == coverage ]] || cannot 'the mode coverage wants the sanitizer coverage' ;;
  *) cannot "there is no mode $mode: batch, prune or coverage" ;;
esac
[[ $seconds =~ ^[1-9][0-9]*$ ]] || cannot "SECONDS is a number, not $seconds"
[[ -d $1 && -w $1 ]] || cannot "$1 is no folder that can be written"
command -v "$docker" >/dev/null || cannot "$docker is not here: install it, or name another one with DOCKER"
store=$(readlink -f "$1")
tree=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# Its containers start others beside them, by the paths of this machine: so each path is the same inside.
workspace=$(mktemp -d)
trap 'rm -rf "$workspace" 2>/dev/null || printf "standalone: %s is left, with files of root\n" "$workspace" >&2' EXIT
mkdir "$workspace/expect100"
tar --create -C "$tree" --exclude=./build --exclude=./expect100-out . | tar --extract -C "$workspace/expect100"

# runs IMAGE VARIABLE...: one of ClusterFuzzLite's two programs.
runs() {
  local image=$1 variable arguments=()
  shift
  for variable in CFL_PLATFORM=standalone "WORKSPACE=$workspace" "PROJECT_SRC_PATH=$workspace/expect100" \
    REPOSITORY=expect100 LANGUAGE=c FILESTORE=filesystem "FILESTORE_ROOT_DIR=$store" "SANITIZER=$sanitizer" "$@"; do
    arguments+=(-e "$variable")
  done
  "$docker" run --rm -v /var/run/docker.sock:/var/run/docker.sock -v "$workspace:$workspace" -v "$store:$store" \
    "${arguments[@]}" "gcr.io/oss-fuzz-base/clusterfuzzlite-$image:v1"
}

runs build-fuzzers
runs run-fuzzers "MODE=$mode" "FUZZ_SECONDS=$seconds" OUTPUT_SARIF=true
