#!/usr/bin/env bash
# The check of builds for OSS-Fuzz: a good build passes, and bad ones fail, each with its reason. Each is a project of
# one small file. The real builds are checked by the test build.ossfuzz.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# What OSS-Fuzz's builds look like is clang's affair.
if ! command -v clang++ >/dev/null; then
  echo "clang++ is not here: nothing to build with"
  exit 0
fi

# ---- a project: one target with more than a hundred edges, one seed ----------------------------------------
mkdir -p good/.clusterfuzzlite
{
  echo '#include <stdint.h>'
  echo '#include <stdio.h>'
  echo '#include <stdlib.h>'
  echo 'static volatile int seen[256];'
  echo '__attribute__((noinline)) static int count(size_t size) { return (int)size; }'
  echo 'int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {'
  echo '#ifdef CRASH_AT_START'
  echo '  abort();'
  echo '#endif'
  echo '#ifdef NEEDED_FILE'
  echo '  FILE *needed = fopen(NEEDED_FILE, "r");'
  echo '  if (needed == NULL) { puts("no " NEEDED_FILE); exit(1); }'
  echo '  fclose(needed);'
  echo '#endif'
  echo '  if (size > 3 && data[0] == 98 && data[1] == 97 && data[2] == 100) abort();'
  echo '  for (size_t i = 0; i < size; i++) switch (data[i]) {'
  for ((octet = 0; octet < 120; octet++)); do echo "    case $octet: seen[$octet] += count(size); break;"; done
  echo '    default: seen[255] += 2; break; }'
  echo '  return 0; }'
} >good/small.c
cat >good/.clusterfuzzlite/build.sh <<'END_OF_BUILD'
$CC $CFLAGS ${MORE:-} -c "$SRC/$(basename "$PWD")/small.c" -o "$WORK/small.o"
$CXX $CXXFLAGS ${MORE:-} "$WORK/small.o" $LIB_FUZZING_ENGINE -o "$OUT/small"
mkdir -p "$WORK/seeds"
printf '%s' "${SEED:-hello}" >"$WORK/seeds/one"
(cd "$WORK/seeds" && cmake -E tar cf "$OUT/small_seed_corpus.zip" --format=zip one)
printf '[libfuzzer]\nmax_len = 64\n' >"$OUT/small.options"
printf '"hello"\n' >"$OUT/small.dict"
END_OF_BUILD

# another NAME LINE...: the same project, with lines before those of its build.sh.
another() {
  local name=$1
  shift
  cp -R good "$name"
  {
    printf '%s\n' "$@"
    cat good/.clusterfuzzlite/build.sh
  } >"$name/.clusterfuzzlite/build.sh"
}

# is_bad PROJECT BUILD REASON...: fails for these reasons, and for no other.
look='
import json, jsonschema, sys
said = json.load(sys.stdin)
reasons = {p["reason"] for b in said["builds"] for p in b["problems"]}
schema = json.load(open(sys.argv[2]))
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(said)
sys.exit(said["version"] != 1 or reasons != set(sys.argv[1].split()))'
is_bad() {
  gives 1 "$program" ossfuzz --only "$2" --json "$1"
  python3 -W ignore -c "$look" "$3" "$source/docs/ossfuzz.schema.json" <.out || wrong "$1 does not fail for $3 alone: $(head -c 600 .out)"
}

# ---- good -------------------------------------------------------------------------------------------------------
builds=libfuzzer-address,libfuzzer-undefined,libfuzzer-memory,libfuzzer-coverage
! command -v afl-fuzz >/dev/null || builds+=,afl-address
gives 0 "$program" ossfuzz --only "$builds" --keep kept good
prints ' builds, 0 bad'
complains 'libfuzzer-address    good: 1 targets, '
[[ -x kept/libfuzzer-address/elsewhere/targets/small ]] || wrong 'does not keep what was built'

# What is to be filled in before the project is published is said, and is no fault.
mkdir good/oss-fuzz
printf 'main_repo: "https://fill-in.invalid/small"\n' >good/oss-fuzz/project.yaml
gives 0 "$program" ossfuzz --only libfuzzer-address good
complains 'before you publish, fill in oss-fuzz/project.yaml:1: main_repo: "https://fill-in.invalid/small"'
rm -r good/oss-fuzz

# ---- six bad ones --------------------------------------------------------------------------------------------------
# shellcheck disable=SC2016 # expanded by the build.sh
{
  another not-instrumented 'CFLAGS=${CFLAGS//-fsanitize=fuzzer-no-link/} CXXFLAGS=${CXXFLAGS//-fsanitize=fuzzer-no-link/}'
  another crash-at-start 'MORE=-DCRASH_AT_START'
  another wrong-sanitizer 'CFLAGS=${CFLAGS//sanitize=address/sanitize=undefined} CXXFLAGS=$CFLAGS' \
    'CFLAGS=${CFLAGS//-fsanitize-address-use-after-scope/} CXXFLAGS=$CFLAGS'
  another both-sanitizers 'MORE="-fsanitize=address,undefined"'
  another crashing-seed 'SEED="bad news"'
  another hard-coded-path 'touch "$SRC/needed"; MORE="-DNEEDED_FILE=\"$SRC/needed\""'
}
is_bad not-instrumented libfuzzer-address not-instrumented
is_bad crash-at-start libfuzzer-address startup
is_bad wrong-sanitizer libfuzzer-address 'wrong-sanitizer'
is_bad both-sanitizers libfuzzer-address mixed-sanitizers
is_bad crashing-seed libfuzzer-address seed-fails
is_bad hard-coded-path libfuzzer-address hard-coded-path

# ---- and more of them ------------------------------------------------------------------------------------------------
# shellcheck disable=SC2016
{
  another beside-the-target 'cp /bin/true "$OUT/replay"; echo x >"$OUT/other.dict"' 'trap "rm \"$OUT/small_seed_corpus.zip\"" EXIT'
  another nothing 'exit 0'
  another no-build 'echo out of luck; exit 3'
}
is_bad beside-the-target libfuzzer-address 'no-target left-over no-seeds'
is_bad nothing libfuzzer-address no-targets
is_bad no-build libfuzzer-address build-failed
[[ $(<.out) == *'out of luck'* ]] || wrong 'does not say what build.sh said'

# ---- what can't be run ---------------------------------------------------------------------------------------------
mkdir empty
gives 2 "$program" ossfuzz empty
complains 'has neither .clusterfuzzlite/build.sh nor build.sh'
gives 2 "$program" ossfuzz missing
complains 'no such folder'
gives 2 "$program" ossfuzz --only libfuzzer-thread good
complains 'no build libfuzzer-thread; there are: libfuzzer-address'
gives 2 "$program" ossfuzz --keep kept good
complains 'is there already'
gives 2 "$program" ossfuzz --with llhttp=missing good
complains 'give NAME=FOLDER'
gives 2 "$program" ossfuzz --only
complains '--only needs an argument'
