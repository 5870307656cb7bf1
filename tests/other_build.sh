#!/usr/bin/env bash
# Builds the tree in another way than the one at hand, with warnings as errors, and runs its unit tests.
#
#   other_build.sh SOURCE BUILD CMAKE_OPTION...
set -euo pipefail

source=$1 build=$2
shift 2
cmake -S "$source" -B "$build" -G Ninja -DE100_WERROR=ON -DE100_ENGINES= "$@"
cmake --build "$build"
# The surveys mostly wait for the silence of other programs, which neither compiler nor llhttp changes: the outer build's
# tests have them.
surveys='unit[.](client_survey|survey(_agrees|_cold|_leftovers|_origins|_stops|_witness|))_test'
ctest --test-dir "$build" --output-on-failure --no-tests=error -L unit -E "$surveys" -j "$(nproc)"
