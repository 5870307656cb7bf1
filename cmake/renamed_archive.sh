#!/usr/bin/env bash
# Makes an archive of objects in which every name that one of them defines, and that begins with PREFIX, begins with
# e100_ in front of that.
#
#   renamed_archive.sh AR NM OBJCOPY ARCHIVE PREFIX OBJECT...
set -euo pipefail

ar=$1 nm=$2 objcopy=$3 archive=$4 prefix=$5
shift 5
rm -f "$archive" "$archive.new"
"$ar" qcS "$archive.new" "$@"
"$nm" --defined-only --extern-only --format=posix "$archive.new" 2>/dev/null |
  awk -v prefix="$prefix" 'index($1, prefix) == 1 { print $1, "e100_" $1 }' | sort -u >"$archive.names"
"$objcopy" --redefine-syms="$archive.names" "$archive.new"
"$ar" s "$archive.new"
mv "$archive.new" "$archive"
