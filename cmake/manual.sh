#!/usr/bin/env bash
# Prints the manual page: FRAME with the version, and with what the program says about its subcommands.
#
#   manual.sh FRAME PROGRAM VERSION
set -euo pipefail

frame=$1 program=$2 version=$3

# The help of one subcommand as a section: how it is used, its sentences, its options.
section() {
  "$program" "$1" --help | awk -v name="$1" '
    function plain(line) {
      gsub(/\\/, "\\e", line)
      gsub(/-/, "\\-", line)
      sub(/^[.'\'']/, "\\\\\\&&", line)
      return line
    }
    BEGIN { print ".SS " name }
    /^usage: / { print ".B " plain(substr($0, 8)); print ".PP"; next }
    /^options:$/ { next }
    /^  --/ {
      rest = substr($0, 3)
      at = match(rest, /  +/)
      print ".TP"
      print ".B " plain(at ? substr(rest, 1, at - 1) : rest)
      if (at)
        print plain(substr(rest, at + RLENGTH))
      next
    }
    /^ *$/ { print ".PP"; next }
    { print plain($0) }'
}

mapfile -t subcommands < <("$program" help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')
((${#subcommands[@]} > 2)) || {
  echo "manual: $program help names no subcommands" >&2
  exit 1
}
while IFS= read -r line; do
  if [[ $line == @SUBCOMMANDS@ ]]; then
    for subcommand in "${subcommands[@]}"; do
      [[ $subcommand == help || $subcommand == version ]] || section "$subcommand"
    done
  else
    printf '%s\n' "${line//@VERSION@/$version}"
  fi
done <"$frame"
