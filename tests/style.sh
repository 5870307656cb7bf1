#!/usr/bin/env bash
# What tools say about the sources; any complaint is a failure.
#
#   style.sh format SOURCE CLANG_FORMAT
#   style.sh tidy SOURCE BUILD CLANG_TIDY     the files of BUILD/compile_commands.json
#   style.sh shell SOURCE                     every shell script
set -euo pipefail

what=$1 source=$2
cd "$source"

nothing() {
  echo "style: no files to look at in $source" >&2
  exit 1
}

case $what in
  format)
    mapfile -d '' -t files < <(find src fuzz tests bench -name '*.[ch]' -print0)
    ((${#files[@]} > 0)) || nothing
    "$3" --dry-run -Werror "${files[@]}"
    printf 'style: %d files formatted\n' "${#files[@]}"
    ;;
  tidy)
    build=$3 tidy=$4
    # Only our own: llhttp is compiled here too, and is not.
    mapfile -t files < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" |
      grep -F "$source/" | grep -v -F "$build/" | sort -u)
    ((${#files[@]} > 0)) || nothing
    # A file that was clean, with everything it includes, need not be looked at again.
    kept=$build/tidy
    mkdir -p "$kept"
    export kept tidy build
    look() {
      local file=$1 command key
      command=$(grep -F -B 3 "\"file\": \"$file\"" "$build/compile_commands.json" | grep '"command"' | head -n 1)
      # shellcheck disable=SC2046 # the include options are words without spaces
      key=$({
        "$tidy" --version
        cat .clang-tidy
        clang -E $(grep -o -E -- ' -(I|D|isystem ?)[^ ]+' <<<"$command" | tr -d '\134') "$file"
      } 2>&1 | sha256sum | cut -d ' ' -f 1)
      [[ ! -f $kept/$key ]] || return 0
      # The analyzer gives up on a function after so many nodes; its own limit costs four times as much.
      "$tidy" -p "$build" --quiet --warnings-as-errors='*' --extra-arg=-Xclang --extra-arg=-analyzer-config \
        --extra-arg=-Xclang --extra-arg=max-nodes=50000 "$file" 2>"$kept/$key.err" || {
        grep -v 'warnings generated\|Suppressed\|Use -header-filter' "$kept/$key.err" >&2 || true
        rm -f "$kept/$key.err"
        return 1
      }
      mv "$kept/$key.err" "$kept/$key"
    }
    export -f look
    # shellcheck disable=SC2016 # expanded by the inner shell
    printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'look "$0"'
    printf 'style: %d files tidy\n' "${#files[@]}"
    ;;
  shell)
    mapfile -d '' -t files < <(find . -path ./build -prune -o -path ./.git -prune -o \
      \( -name '*.sh' -o -name '*.bash' -o -path ./expect100 -o -path ./.ci/run -o -path './recipes/*' \) -type f -print0)
    ((${#files[@]} > 0)) || nothing
    shellcheck "${files[@]}"
    printf 'style: %d scripts\n' "${#files[@]}"
    ;;
esac
