#!/usr/bin/env bash
# Builds the tree in another way than the one at hand, with warnings as errors, and runs its unit tests.
#
#   other_build.sh SOURCE BUILD CMAKE_OPTION...
set -euo pipefail

source=$1 build=$2
shift 2
cmake -S "$source" -B "$build" -G Ninja -DE100_WERROR=ON -DE100_ENGINES= "$@"
cmake --build "$build"
# -E: the checks of the sources themselves are the outer build's.
ctest --test-dir "$build" --output-on-failure --no-tests=error -L unit -j "$(nproc)"
