#!/usr/bin/env bash
# Builds a project's fuzz targets as OSS-Fuzz and ClusterFuzzLite do, and checks what comes of it, harder than they
# do: `expect100 ossfuzz`. What is checked of one build is in checked_build.sh.
#
# The project's own build.sh is run, in a copy of the project, with OSS-Fuzz's environment. What it made is then
# moved, the copy is removed, and the targets run as somebody who can write nothing but a temporary folder.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source-path=SCRIPTDIR source=checked_build.sh
source "$here/checked_build.sh"

readonly ALL_BUILDS="libfuzzer-address libfuzzer-undefined libfuzzer-memory libfuzzer-coverage afl-address"
# Seconds: for one build.sh, and for one run of a target.
readonly BUILD_LIMIT=1800 RUN_LIMIT=180

say() { printf 'expect100: %s\n' "$*" >&2; }
cannot() {
  say "$@"
  exit 2
}

usage() {
  cat <<'END_OF_USAGE'
usage: expect100 ossfuzz [OPTION]... [PROJECT]

Builds a project's fuzz targets as OSS-Fuzz does, and checks every build: that it would be taken there, and more.

PROJECT is a folder with build.sh, or with .clusterfuzzlite/build.sh; default this tree. Each build.sh runs in a copy
of it. Exit 0: all builds are good; 1: some are not, each with its reasons; 2: could not run.

options:
  --only LIST            builds, with commas: libfuzzer-address, libfuzzer-undefined, libfuzzer-memory,
                         libfuzzer-coverage, afl-address; default all of them
  --with NAME=FOLDER     also copy FOLDER to $SRC/NAME, as a Dockerfile clones it; may be given more than once
  --keep FOLDER          keep what was built, and the logs, in FOLDER (it must not be there yet)
  --json                 the result as one JSON object (docs/ossfuzz.schema.json)
  --help                 this text
END_OF_USAGE
}

# ---- what is asked for ---------------------------------------------------------------------------------

json=no keep="" project="" builds=$ALL_BUILDS with=()

# argument NAME COUNT: an option that needs an argument has one.
argument() { (($2 > 1)) || cannot "ossfuzz: --$1 needs an argument; see expect100 ossfuzz --help"; }

read_options() {
  while (($# > 0)); do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --json) json=yes ;;
      --only=* | --with=* | --keep=*)
        set -- "${1%%=*}" "${1#*=}" "${@:2}"
        continue
        ;;
      --only) argument only $# && shift && builds=${1//,/ } ;;
      --with) argument with $# && shift && with+=("$1") ;;
      --keep) argument keep $# && shift && keep=$1 ;;
      -*) cannot "ossfuzz: unknown option $1; see expect100 ossfuzz --help" ;;
      *)
        [[ -z $project ]] || cannot "ossfuzz: name one project, not $project and $1"
        project=$1
        ;;
    esac
    shift
  done
}

check_options() {
  local build pair
  [[ -n ${builds// /} ]] || cannot "ossfuzz: --only names no build; see expect100 ossfuzz --help"
  for build in $builds; do
    [[ " $ALL_BUILDS " == *" $build "* ]] || cannot "ossfuzz: no build $build; there are: $ALL_BUILDS"
  done
  for pair in "${with[@]}"; do
    [[ $pair =~ ^[A-Za-z0-9._-]+=. && -d ${pair#*=} ]] ||
      cannot "ossfuzz: --with $pair: give NAME=FOLDER, of a folder that is there"
  done
  [[ -z $keep || ! -e $keep ]] || cannot "ossfuzz: $keep is there already; --keep needs a new folder"
}

# The project, its build.sh, and its name in $SRC.
find_project() {
  if [[ -z $project ]]; then
    project=${E100_OSS_FUZZ_TREE:-}
    [[ -n $project ]] || cannot "ossfuzz: name a project; only the launcher of a source tree has one of its own"
    [[ ! -d ${E100_OSS_FUZZ_LLHTTP:-} ]] || with+=("llhttp=$E100_OSS_FUZZ_LLHTTP")
    name=expect100
  else
    [[ -d $project ]] || cannot "ossfuzz: $project: no such folder"
    name=$(basename "$(readlink -f "$project")")
  fi
  project=$(readlink -f "$project")
  script=.clusterfuzzlite/build.sh
  [[ -f $project/$script ]] || script=build.sh
  [[ -f $project/$script ]] || cannot "ossfuzz: $project has neither .clusterfuzzlite/build.sh nor build.sh"
}

need_tools() {
  local missing=() tool
  for tool in cmake clang clang++ objdump readelf tar timeout awk; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [[ $builds != *coverage* ]] || command -v llvm-profdata >/dev/null || missing+=(llvm-profdata)
  [[ $builds != *coverage* ]] || command -v llvm-cov >/dev/null || missing+=(llvm-cov)
  if [[ $builds == *afl* ]]; then
    afl_driver || missing+=(afl++)
  fi
  ((${#missing[@]} == 0)) || cannot "ossfuzz: missing here: ${missing[*]}; install them, or leave builds out with --only"
}

# ---- one build -------------------------------------------------------------------------------------------

# Copies what belongs to a folder: with git what it knows or would take, otherwise all but builds.
copy_sources() {
  local from=$1 to=$2
  mkdir -p "$to"
  if [[ $(git -C "$from" rev-parse --show-toplevel 2>/dev/null) == "$(readlink -f "$from")" ]]; then
    git -C "$from" ls-files -z --cached --others --exclude-standard --deduplicate >"$scratch/listed"
    (cd "$from" && while IFS= read -r -d '' file; do [[ ! -e $file && ! -L $file ]] || printf '%s\0' "$file"; done \
      <"$scratch/listed" >"$scratch/there" && tar --create --null --files-from="$scratch/there") | tar --extract -C "$to"
  else
    tar --create -C "$from" --exclude=./.git --exclude=./build --exclude=./expect100-out . | tar --extract -C "$to"
  fi
}

# Runs build.sh for ENGINE and SANITIZER in $folder, whose `out` becomes what it made.
run_build() {
  local engine=$1 sanitizer=$2 pair
  mkdir -p "$folder/out" "$folder/work" "$folder/home"
  copy_sources "$project" "$folder/src/$name"
  for pair in "${with[@]}"; do
    copy_sources "${pair#*=}" "$folder/src/${pair%%=*}"
  done
  cp "$project/$script" "$folder/src/build.sh"
  build_environment "$engine" "$sanitizer"
  (cd "$folder/src/$name" && timeout -k 10 "$BUILD_LIMIT" env -i "${environment[@]}" \
    bash -eu "$folder/src/build.sh") >"$folder/build.log" 2>&1 </dev/null
}

# Takes the build of that name from its sources to its verdict: sets `problems`, `targets` and `facts`.
check_build() {
  local engine=${1%-*} sanitizer=${1#*-} began=$SECONDS
  build=$1
  folder=$scratch/$1
  problems=() targets=() facts=()
  tell "$build: building"
  if ! run_build "$engine" "$sanitizer"; then
    problem "" build-failed "build.sh fails: $(tail -n 3 "$folder/build.log" | tr '\n' ' ')"
  else
    check_made "$engine" "$sanitizer"
  fi
  seconds=$((SECONDS - began))
  untell
  report_build >&2
  json_of_build "$engine" "$sanitizer" >>"$scratch/builds.json"
  if [[ -n $keep ]]; then
    mkdir -p "$keep"
    rm -rf "${folder:?}"/{src,work,home}
    mv "$folder" "$keep/$build"
  else
    rm -rf "$folder"
  fi
}

# ---- what is told ------------------------------------------------------------------------------------------

tell() { [[ ! -t 2 ]] || printf '\r\033[Kexpect100: %s' "$*" >&2; }
untell() { [[ ! -t 2 ]] || printf '\r\033[K' >&2; }

report_build() {
  local entry target reason text
  if ((${#problems[@]} == 0)); then
    printf 'expect100: %-20s good: %d targets, %s, %d s\n' "$build" "${#targets[@]}" "$(sum_of_facts)" "$seconds"
    return
  fi
  printf 'expect100: %-20s BAD\n' "$build"
  for entry in "${problems[@]}"; do
    IFS=$'\x1f' read -r target reason text <<<"$entry"
    printf '  %s%s: %s\n' "${target:+$target: }" "$reason" "$text"
  done
}

json_text() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  # What is left of control characters becomes a blank: these are messages, not data.
  printf '"%s"' "$(tr '\000-\037\177' ' ' <<<"$text" | sed 's/ *$//')"
}

json_of_build() {
  local comma="" entry target reason text edges seeds
  printf '{"engine":"%s","sanitizer":"%s","seconds":%d,"targets":[' "$1" "$2" "$seconds"
  for entry in "${facts[@]}"; do
    read -r target edges seeds <<<"$entry"
    printf '%s{"name":%s,"edges":%d,"seeds":%d}' "$comma" "$(json_text "$target")" "$edges" "$seeds"
    comma=,
  done
  printf '],"problems":['
  comma=""
  for entry in "${problems[@]}"; do
    IFS=$'\x1f' read -r target reason text <<<"$entry"
    printf '%s{"target":%s,"reason":"%s","text":%s}' "$comma" "$(json_text "$target")" "$reason" "$(json_text "$text")"
    comma=,
  done
  printf ']}\n'
}

# The same targets must come out of every build: one that is missing somewhere is not fuzzed there.
compare_targets() {
  local all="${targets[*]}"
  if [[ -z $first_targets ]]; then
    first_targets=$all first_build=$build
  elif [[ -n $all && $all != "$first_targets" ]]; then
    problem "" other-targets "its targets are $all; those of $first_build are $first_targets"
  fi
}

# What whoever publishes the project has not said yet: addresses of nobody (RFC 6761 6.4) in files for the services.
tell_what_to_fill_in() {
  local file number line
  while IFS=: read -r file number line; do
    say "before you publish, fill in $file:$number: ${line#"${line%%[![:space:]]*}"}"
  done < <(cd "$project" && grep -n -r -F fill-in.invalid --include=project.yaml --include=Dockerfile \
    --include='*.yaml' .clusterfuzzlite oss-fuzz project.yaml Dockerfile 2>/dev/null | grep -v ':[0-9]*:#' | sort)
}

# ---- all of them ---------------------------------------------------------------------------------------------

read_options "$@"
check_options
find_project
need_tools
scratch=$(mktemp -d "${TMPDIR:-/tmp}/expect100-ossfuzz-XXXXXX")
chmod 755 "$scratch"
trap 'untell; rm -rf "$scratch"' EXIT
trap 'untell; say "ossfuzz: interrupted"; exit 130' INT TERM
first_targets="" first_build="" bad=0 count=0
for wanted in $builds; do
  check_build "$wanted"
  count=$((count + 1))
  ((${#problems[@]} == 0)) || bad=$((bad + 1))
done
tell_what_to_fill_in
if [[ $json == yes ]]; then
  printf '{"format":"expect100-ossfuzz","version":1,"project":%s,"builds":[%s]}\n' "$(json_text "$project")" "$(paste -s -d , "$scratch/builds.json")"
else
  printf '%d builds, %d bad\n' "$count" "$bad"
fi
((bad == 0)) || exit 1
