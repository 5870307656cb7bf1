#!/usr/bin/env bash
# The model shares nothing with the reference machine or llhttp: shown on its object files.
#
#   independence.sh SOURCE BUILD COMPILER
#
# 1. Every symbol that the model's library leaves undefined is defined by the model itself, the exchange or
#    the rules, or is one of the few of the C library named here.
# 2. No file that its sources include comes from another component or from llhttp.
set -euo pipefail

source=$1 build=$2 compiler=$3

# What pure functions over caller-owned memory need (compilers turn memcmp into bcmp). Not malloc: the model
# does not allocate.
c_library="abort bcmp memchr memcmp memcpy memmove memset snprintf strchr strcmp strlen strncmp strnlen
__stack_chk_fail __memcpy_chk __memset_chk __snprintf_chk _GLOBAL_OFFSET_TABLE_"

[[ -f $build/libe100_model.a ]] || {
  echo "independence: no libe100_model.a in $build: build it first" >&2
  exit 1
}

defined() { nm --defined-only --format=posix "$@" | awk 'NF >= 2 {print $1}'; }
undefined() { nm --undefined-only --format=posix "$@" | awk 'NF >= 2 {print $1}'; }

status=0
strangers=$(comm -23 <(undefined "$build/libe100_model.a" | sort -u) \
  <({ defined "$build"/libe100_{model,exchange,rules}.a && tr ' ' '\n' <<<"$c_library"; } | sort -u))
if [[ -n $strangers ]]; then
  printf 'independence: the model uses symbols from elsewhere:\n%s\n' "$strangers" >&2
  status=1
fi

included=$("$compiler" -MM -I"$source/src" -I"$source" -I"$build/generated" "$source"/src/model/*.c |
  tr -d '\134' | tr ' ' '\n' | sed '/:$/d;/^$/d' | sort -u)
others=$(grep -v -E "^$source/src/(model|exchange|rules)/" <<<"$included" || true)
if [[ -n $others ]]; then
  printf 'independence: the model includes files from elsewhere:\n%s\n' "$others" >&2
  status=1
fi

[[ $status != 0 ]] || printf 'independence: %d files, nothing from elsewhere\n' "$(wc -l <<<"$included")"
exit "$status"
