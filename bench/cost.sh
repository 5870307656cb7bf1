#!/usr/bin/env bash
# Counts instructions for each octet that is delivered to the subject, over the play cases of the corpus, one row
# for each kind of work, and prints a table; those of clients and proxies are compared with llhttp on their octets. Every row is the same program, with the same flags on every file.
#
#   bench/cost.sh COST-PROGRAM [CASES-FOLDER]
#   bench/cost.sh profile ROW COST-PROGRAM [CASES-FOLDER]     the functions of one row, by their share
#   bench/cost.sh within ROW COST-PROGRAM [CASES-FOLDER]      the same, each with all that it calls
#
# The program is built by: cmake --build build --target cost. It needs valgrind. The names of functions and files come from what
# the compiler tells debuggers: old versions of valgrind read what gcc tells, and not what clang does.
set -euo pipefail

profiled=
inclusive=no
if [[ ${1:-} == profile || ${1:-} == within ]]; then
  [[ $1 == within ]] && inclusive=yes
  profiled=${2:?give a row; the program lists them: COST-PROGRAM rows}
  shift 2
fi
program=${1:?give the program cost; cmake --build build --target cost makes it}
cases=${2:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../corpus/cases}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

role_of() { # ROW
  local role
  role=$(sed -n 's/^\(client\|proxy\):.*/\1/p' <<<"$1")
  echo "${role:-origin}"
}

count() { # ROW
  local files
  mapfile -d '' -t files < <(find "$cases/$(role_of "$1")" -name '*.case' -print0 | sort -z)
  ((${#files[@]} > 0)) || {
    echo "cost.sh: no cases in $cases/$(role_of "$1")" >&2
    exit 2
  }
  valgrind --tool=callgrind --callgrind-out-file="$scratch/out" --toggle-collect=e100_cost_measured \
    "$program" "$1" 4 "${files[@]}" >"$scratch/said" 2>"$scratch/log" || {
    cat "$scratch/said" >&2
    grep -v 'Command:' "$scratch/log" >&2 || true # that line names every case
    [[ -z $profiled ]] || echo 'cost.sh: if valgrind cannot read the debug information, build the program with gcc' >&2
    exit 2
  }
}

if [[ -n $profiled ]]; then
  count "$profiled"
  printf '| share of %s | function | file |\n|---:|---|---|\n' "$profiled"
  callgrind_annotate --inclusive=$inclusive --threshold=90 "$scratch/out" 2>/dev/null |
    sed -n 's/^ *[0-9,]* *( *\([0-9.]*\)%) *\([^ ]*\):\([^: ]*\)\( \[.*\)*$/\1 \2 \3/p' |
    awk -v once=$inclusive '{n = split($2, path, "/"); if ($1 >= 1 && !(told[$3, path[n]]++ && once == "yes")) printf "| %.1f %% | `%s` | %s |\n", $1, $3, path[n]}'
  exit 0
fi

# Counting needs no debug information, which valgrind may not be able to read.
objcopy --strip-debug "$program" "$scratch/program"
program=$scratch/program

declare -A alone=() # by role: instructions of llhttp
printf '| work | instructions for each octet | of llhttp alone |\n|---|---:|---:|\n'
for row in $("$program" rows); do
  count "$row"
  octets=$(sed -n 's/.* cases, \([0-9]*\) octets/\1/p' "$scratch/said")
  instructions=$(sed -n 's/^summary: \([0-9]*\).*/\1/p; s/^totals: \([0-9]*\).*/\1/p' "$scratch/out" | head -n 1)
  role=$(role_of "$row")
  alone[$role]=${alone[$role]:-$instructions}
  awk -v row="$row" -v i="$instructions" -v o="$octets" -v a="${alone[$role]}" \
    'BEGIN { printf "| %s | %.1f | %.2f |\n", row, i / o, i / a }'
done
