#!/usr/bin/env bash
# Which lines the tests before this one reached: a table in BUILD/coverage.txt, its total on standard output.
#
#   coverage.sh BUILD        in a build with E100_SANITIZE=coverage
set -euo pipefail

build=$1
# The profile tools must be those of the compiler.
tool() { "$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")" -print-prog-name="$1"; }

shopt -s nullglob
profiles=("$build"/profiles/*.profraw)
((${#profiles[@]} > 0)) || {
  echo "coverage: no profiles in $build/profiles: run the other tests first" >&2
  exit 1
}
"$(tool llvm-profdata)" merge -sparse "${profiles[@]}" -o "$build/all.profdata"

programs=("$build"/bin/expect100 "$build"/tests/*_test "$build"/libexec/expect100/replay/*)
"$(tool llvm-cov)" report -instr-profile "$build/all.profdata" "${programs[0]}" "${programs[@]/#/-object=}" \
  -ignore-filename-regex='(/tests/|llhttp/.*\.[ch]$|/usr/)' >"$build/coverage.txt"
grep -q 'machine/' "$build/coverage.txt" || {
  echo "coverage: the table does not name the machine" >&2
  exit 1
}
printf 'coverage: %d profiles, lines reached: %s; the table is %s\n' "${#profiles[@]}" \
  "$(awk '$1 == "TOTAL" {print $10}' "$build/coverage.txt")" "$build/coverage.txt"
