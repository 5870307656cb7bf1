#!/bin/bash -eu
# For OSS-Fuzz and ClusterFuzzLite, in this folder's place in the image: expect100 with the flags of this build, and
# then the target that uses it.

cmake -S "$SRC/expect100" -B "$WORK/expect100" -G Ninja -DE100_ENGINE=custom -DE100_TESTS=OFF \
  "-DE100_LLHTTP_DIR=$SRC/llhttp"
cmake --build "$WORK/expect100" --target expect100_subject_archive
cmake --install "$WORK/expect100" --component subject --prefix "$WORK/installed"

cmake -S . -B "$WORK/own" -G Ninja "-DCMAKE_PREFIX_PATH=$WORK/installed"
cmake --build "$WORK/own"
cp "$WORK/own/own_server_fuzz" "$OUT/"

"$WORK/own/own_server_replay" --seeds "$WORK/seeds"
cd "$WORK/seeds"
printf '%s\n' * >"$WORK/names"
cmake -E tar cf "$OUT/own_server_fuzz_seed_corpus.zip" --format=zip "--files-from=$WORK/names"
printf '[libfuzzer]\nmax_len = 4096\n' >"$OUT/own_server_fuzz.options"
