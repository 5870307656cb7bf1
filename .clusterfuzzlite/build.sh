#!/bin/bash -eu
# Builds every fuzz target into $OUT, with seeds, words and options: for OSS-Fuzz and for ClusterFuzzLite alike.
#
# The environment says with what: CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, SRC, WORK, OUT. No flag of ours is
# added. llhttp's generated source is E100_LLHTTP_DIR; the Dockerfiles put it into $SRC/llhttp.
# `./expect100 ossfuzz` runs this file for every engine and sanitizer, and looks at what comes of it.

here=${E100_DIR:-$SRC/expect100}
llhttp=${E100_LLHTTP_DIR:-$SRC/llhttp}

cmake -S "$here" -B "$WORK/targets" -G Ninja -DE100_ENGINE=custom -DE100_TESTS=OFF \
  "-DE100_LLHTTP_DIR=$llhttp" "-DE100_TARGETS_DIR=$OUT"
cmake --build "$WORK/targets"

# Seeds are cut from the cases on this machine, by a program that no engine and no sanitizer has part in.
env -u CFLAGS -u CXXFLAGS -u LDFLAGS cmake -S "$here" -B "$WORK/plain" -G Ninja -DCMAKE_C_COMPILER=clang \
  -DE100_ENGINE=replay -DE100_TESTS=OFF -DE100_LIBRARIES=OFF "-DE100_LLHTTP_DIR=$llhttp"
cmake --build "$WORK/plain" --target cut_seeds
rm -rf "$WORK/seeds"
for options in "$OUT"/*.options; do
  mkdir -p "$WORK/seeds/$(basename "$options" .options)"
done
find "$here/corpus/cases" "$here/corpus/found" -name '*.case' -print0 | xargs -0 "$WORK/plain/cut_seeds" "$WORK/seeds"
for seeds in "$WORK"/seeds/*; do
  (cd "$seeds" && rm -f "$OUT/${seeds##*/}_seed_corpus.zip" &&
    printf '%s\n' * >"$WORK/names" &&
    cmake -E tar cf "$OUT/${seeds##*/}_seed_corpus.zip" --format=zip "--files-from=$WORK/names")
done
