# shellcheck shell=bash
# What is checked of one build, for check_builds.sh. The numbers are those of OSS-Fuzz's own check of builds, with two
# that only warn there, or are not looked at, being failures here: a hundred edges, and a replay of every seed.
#
# The build that is looked at is $build, in the folder $folder.
: "${build:=}" "${folder:=}"

readonly LEAST_RUNS=4 LEAST_EDGES=100
# Calls of a sanitizer's functions in a program that is built with it, at least, and in one that is not, at most.
readonly LEAST_ASAN=1000 LEAST_MSAN=1000 LEAST_UBSAN=168 MOST_ASAN=0 MOST_MSAN=3 MOST_UBSAN=200

# problem TARGET REASON TEXT: one more. REASON is a word that stays the same between versions.
problem() { problems+=("$1"$'\x1f'"$2"$'\x1f'"$(tr '\n\037' '  ' <<<"$3")"); }

# ---- the environment ------------------------------------------------------------------------------------

# Finds AFL++'s driver, an archive that LIB_FUZZING_ENGINE names there.
afl_driver() {
  local place
  command -v afl-clang-fast >/dev/null && command -v afl-fuzz >/dev/null || return 1
  for place in "${AFL_PATH:-}" /usr/lib/afl /usr/local/lib/afl; do
    if [[ -n $place && -f $place/libAFLDriver.a ]]; then
      driver=$place/libAFLDriver.a
      return
    fi
  done
  return 1
}

sanitizer_flags() {
  local undefined=bool,array-bounds,builtin,enum,function,integer-divide-by-zero,null,object-size,return,shift
  undefined+=,returns-nonnull-attribute,signed-integer-overflow,unreachable,vla-bound,vptr
  case $1 in
    address) echo "-fsanitize=address -fsanitize-address-use-after-scope" ;;
    memory) echo "-fsanitize=memory -fsanitize-memory-track-origins" ;;
    # An unsigned overflow is a signal for coverage there, and no error.
    undefined) echo "-fsanitize=$undefined,unsigned-integer-overflow -fno-sanitize-recover=$undefined" ;;
    coverage) echo "-fprofile-instr-generate -fcoverage-mapping -pthread -Wno-unused-command-line-argument" ;;
  esac
}

# Sets `environment`: what OSS-Fuzz's images set for a build.sh, and nothing of this shell's.
build_environment() {
  local engine=$1 sanitizer=$2 flags cc=clang cxx=clang++ library=-fsanitize=fuzzer
  flags="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
  flags+=" $(sanitizer_flags "$sanitizer")"
  if [[ $engine == afl ]]; then
    cc=afl-clang-fast cxx=afl-clang-fast++ library=$folder/libFuzzingEngine.a
    cp "$driver" "$library"
  elif [[ $sanitizer != coverage ]]; then
    flags+=" -fsanitize=fuzzer-no-link"
  fi
  # shellcheck disable=SC2034 # for check_builds.sh
  environment=(PATH="$PATH" HOME="$folder/home" TMPDIR="$folder/home" LANG=C.UTF-8 AFL_QUIET=1
    CC="$cc" CXX="$cxx" CFLAGS="$flags" CXXFLAGS="$flags" LIB_FUZZING_ENGINE="$library" FUZZING_LANGUAGE=c
    FUZZING_ENGINE="$engine" SANITIZER="$sanitizer" ARCHITECTURE="$(uname -m)"
    SRC="$folder/src" OUT="$folder/out" WORK="$folder/work" ASAN_OPTIONS=detect_leaks=0)
}

# confined FOLDER SECONDS COMMAND...: runs it there as somebody who can write to nothing but $folder/tmp, with
# output in $folder/said. Where this is not root, nothing else of the build can be written.
confined() {
  local where=$1 limit=$2 options=(ASAN_OPTIONS=symbolize=0)
  shift 2
  [[ $build != afl-* ]] || options=() # AFL++ has its own, and takes no others
  (cd "$where" && timeout -k 5 "$limit" env -i PATH="$PATH" LANG=C.UTF-8 HOME=/nonexistent TMPDIR="$folder/tmp" \
    UBSAN_OPTIONS=silence_unsigned_overflow=1:print_stacktrace=1:symbolize=0 "${options[@]}" \
    LLVM_PROFILE_FILE="$folder/tmp/%m-%p.profraw" AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 \
    AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_FORKSRV_INIT_TMOUT=30000 AFL_NO_COLOR=1 \
    "${nobody[@]}" "${fixed_addresses[@]}" "$@") >"$folder/said" 2>&1 </dev/null
}

# Sets `nobody`: the words that run a command without any rights; and `fixed_addresses`, where clang's
# sanitizers may fail to start otherwise.
find_confinement() {
  nobody=() fixed_addresses=()
  if [[ $EUID == 0 ]] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  if [[ -r /proc/sys/vm/mmap_rnd_bits && $(</proc/sys/vm/mmap_rnd_bits) -gt 28 ]] && setarch -R true 2>/dev/null; then
    fixed_addresses=(setarch -R)
  fi
}

# What it said about its end: the message of a check or of a sanitizer, or else the last lines, without stacks and
# without the octets of the input.
what_it_said() {
  sed 's/\x1b[[(][0-9;?]*[A-Za-z]//g' "$folder/said" >"$folder/plain"
  {
    grep -m 2 -E 'ERROR: [A-Z]|runtime error:|^expect100: ' "$folder/plain" ||
      grep -v -E '^ *(#[0-9]+ 0x|0x[0-9a-f]+,|Base64: |artifact_prefix=|MS: |$)' "$folder/plain" | tail -n "${1:-3}"
  } | tr '\n' ' ' | cut -c 1-400
}

# ---- what was made ------------------------------------------------------------------------------------------

is_program() { [[ -f $1 && -x $1 ]] && [[ $(head -c 4 "$1" | tr -d '\0') == $'\x7fELF' ]]; }

# Sets `targets`: what counts as one there is any program in which the entry's name occurs.
find_targets() {
  local out=$1 file name
  while IFS= read -r -d '' file; do
    name=${file#"$out/"}
    if [[ $name == */* || ! $name =~ ^[A-Za-z0-9_-]+$ ]]; then
      problem "$name" bad-name "a target has only letters, digits, - and _ in its name, no extension, and no folder"
    elif ! grep -q -a -F LLVMFuzzerTestOneInput "$file"; then
      problem "$name" no-target "a program without LLVMFuzzerTestOneInput; only targets may be in \$OUT (unstripped)"
    else
      targets+=("$name")
    fi
  done < <(find "$out" -type f -executable -print0 | sort -z)
  ((${#targets[@]} > 0)) || problem "" no-targets "build.sh has put no fuzz target into \$OUT"
}

# Seeds, words and options belong to a target each.
check_belongings() {
  local out=$1 file name
  for file in "$out"/*.options "$out"/*.dict "$out"/*_seed_corpus.zip; do
    [[ -e $file ]] || continue
    name=${file##*/}
    name=${name%.options} name=${name%.dict} name=${name%_seed_corpus.zip}
    [[ " ${targets[*]} " == *" $name "* ]] || problem "" left-over "${file##*/} belongs to no target"
  done
}

check_options_file() {
  local target=$1 file=$2 line
  [[ -f $file ]] || return 0
  while IFS= read -r line; do
    [[ $line =~ ^(\[(libfuzzer|asan|msan|ubsan|afl|env|grammar|honggfuzz)\]|[A-Za-z_]+\ *=\ *[^\ ].*|[\;#].*|)$ ]] ||
      problem "$target" bad-options "in ${file##*/}: $line"
  done <"$file"
}

# Sets `arguments`: those of the options file for libFuzzer, and the dictionary, as the runner gives them.
read_arguments() {
  local file=$1.options line section=""
  arguments=(-timeout=25 -rss_limit_mb=2560)
  [[ ! -f $1.dict ]] || arguments+=("-dict=$1.dict")
  [[ -f $file ]] || return 0
  while IFS= read -r line; do
    case $line in
      \[*) section=$line ;;
      *=*) [[ $section != '[libfuzzer]' ]] || arguments+=("-$(tr -d ' ' <<<"$line")") ;;
    esac
  done <"$file"
}

# Unpacks the seeds of TARGET; sets `seeds` to how many there are.
unpack_seeds() {
  local target=$1 zip=$2
  seeds=0
  rm -rf "$folder/seeds"
  mkdir "$folder/seeds"
  if [[ ! -f $zip ]]; then
    problem "$target" no-seeds "there is no ${zip##*/}"
    return
  fi
  (cd "$folder/seeds" && cmake -E tar xf "$zip") >/dev/null 2>&1 ||
    problem "$target" no-seeds "${zip##*/} can't be unpacked"
  # An engine passes over an empty one.
  seeds=$(find "$folder/seeds" -type f -size +0 | wc -l)
  ((seeds > 0)) || problem "$target" no-seeds "${zip##*/} holds nothing"
  chmod -R a+rX "$folder/seeds"
}

# Everything that runs there has to be in $OUT, or in the runner's image.
check_libraries() {
  local target=$1 library
  while read -r library; do
    case $library in
      libc.so.* | libm.so.* | libpthread.so.* | librt.so.* | libdl.so.* | libgcc_s.so.* | libstdc++.so.* | \
        libresolv.so.* | ld-linux*.so.*) ;;
      *) problem "$target" foreign-library "$library is not in the runner's image: link it statically" ;;
    esac
  done < <(readelf -d "$moved/$target" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
}

# How often functions of the sanitizers are called decides which of them a program was built with.
check_sanitizer() {
  local target=$1 sanitizer=$2 asan msan ubsan
  read -r asan msan ubsan < <(objdump -d -C "$moved/$target" | awk '
    /(callq?|bl) +[0-9a-f]+ <__asan/ { asan++ }
    /(callq?|bl) +[0-9a-f]+ <__msan/ { msan++ }
    /(callq?|bl) +[0-9a-f]+ <__ubsan/ { ubsan++ }
    END { print asan + 0, msan + 0, ubsan + 0 }')
  case $sanitizer in
    address) ((asan >= LEAST_ASAN)) ;;
    memory) ((msan >= LEAST_MSAN)) ;;
    undefined) ((ubsan >= LEAST_UBSAN)) ;;
  esac || {
    problem "$target" wrong-sanitizer "is not built with $sanitizer: $asan calls of ASan, $msan of MSan, $ubsan of UBSan"
    return
  }
  if [[ $sanitizer != address ]] && ((asan > MOST_ASAN)); then
    problem "$target" mixed-sanitizers "is built with address, and should be with $sanitizer only: $asan calls of ASan"
  elif [[ $sanitizer != memory ]] && ((msan > MOST_MSAN)); then
    problem "$target" mixed-sanitizers "is built with memory, and should be with $sanitizer only: $msan calls of MSan"
  elif [[ $sanitizer != undefined ]] && ((ubsan > MOST_UBSAN)); then
    problem "$target" mixed-sanitizers "is built with undefined, and should be with $sanitizer only: $ubsan calls of UBSan"
  fi
}

# ---- running it -----------------------------------------------------------------------------------------------

# Four executions of libFuzzer complete where it was built: else it can't start at all.
starts_in_place() {
  local target=$1
  confined "$folder/out" "$RUN_LIMIT" "$folder/out/$target" -seed=1337 -runs=$LEAST_RUNS -rss_limit_mb=2560
  grep -q "Done $LEAST_RUNS runs" "$folder/said"
}

tells_no_coverage() { grep -q 'no interesting inputs were found' "$folder/said"; }

# Of libFuzzer: sets `edges`. IN_PLACE: whether it had started where it was built.
check_libfuzzer() {
  local target=$1 in_place=$2
  read_arguments "$moved/$target"
  if ! confined / "$RUN_LIMIT" "$moved/$target" "${arguments[@]}" -artifact_prefix="$folder/tmp/" -seed=1337 \
    -runs=$LEAST_RUNS || ! grep -q "Done $LEAST_RUNS runs" "$folder/said"; then
    if tells_no_coverage; then
      problem "$target" not-instrumented "libFuzzer sees no coverage: the engine's flags in CFLAGS are not used"
    elif [[ $in_place == yes ]]; then
      problem "$target" hard-coded-path "starts where it was built, and not elsewhere, where nothing can be written: $(what_it_said)"
    else
      problem "$target" startup "does not complete $LEAST_RUNS runs: $(what_it_said)"
    fi
    return 1
  fi
  edges=$(sed -n 's/.*INFO: Loaded .*(.*\(counters\|guards\)): *\([0-9]*\).*/\2/p' "$folder/said" | awk '{ n += $1 } END { print n + 0 }')
  ((edges >= LEAST_EDGES)) || problem "$target" not-instrumented "has $edges edges, and $LEAST_EDGES is the least"
}

replay_libfuzzer() {
  local target=$1 read_there
  confined / "$RUN_LIMIT" "$moved/$target" "${arguments[@]}" -artifact_prefix="$folder/tmp/" -runs=0 "$folder/seeds" ||
    problem "$target" seed-fails "fails on one of its seeds: $(what_it_said 4)"
  read_there=$(sed -n 's/.*INFO: seed corpus: files: \([0-9]*\) .*/\1/p' "$folder/said")
  ((${read_there:-0} == seeds)) || problem "$target" seed-fails "reads ${read_there:-0} of its $seeds seeds"
}

# Every seed as an argument: what the coverage build's runner, and AFL++'s driver, take without their engine.
replay_files() {
  local target=$1
  find "$folder/seeds" -type f -print0 | sort -z >"$folder/listed"
  confined / "$RUN_LIMIT" xargs -0 -a "$folder/listed" "$moved/$target" ||
    problem "$target" seed-fails "fails on one of its seeds: $(what_it_said 4)"
}

# The profile of a replay covers functions of the project.
check_profile() {
  local target=$1 covered=""
  if ! llvm-profdata merge -sparse -o "$folder/profile" "$folder/tmp"/*.profraw >"$folder/said" 2>&1 ||
    ! covered=$(llvm-cov export -summary-only -instr-profile="$folder/profile" "$moved/$target" 2>"$folder/said"); then
    problem "$target" no-profile "its coverage can't be read: $(what_it_said)"
  fi
  rm -f "$folder/tmp"/*.profraw
  # The totals come last: functions with their counts.
  edges=$(sed -n 's/.*"totals":.*"functions":{"count":[0-9]*,"covered":\([0-9]*\).*/\1/p' <<<"$covered")
  edges=${edges:-0}
  # The entry, and what it calls.
  ((edges >= 2)) || problem "$target" no-profile "its seeds cover $edges functions"
}

# Of AFL++: it calibrates and runs; sets `edges` to those of its map.
check_afl() {
  local target=$1 stats=$folder/tmp/afl/default/fuzzer_stats done_there words=()
  rm -rf "$folder/tmp/afl" "$folder/one"
  mkdir "$folder/one"
  echo input >"$folder/one/input"
  chmod -R a+rX "$folder/one"
  [[ ! -f $moved/$target.dict ]] || words=(-x "$moved/$target.dict")
  if ! confined / "$RUN_LIMIT" afl-fuzz -m none -t 5000+ -E $LEAST_RUNS -i "$folder/one" -o "$folder/tmp/afl" \
    "${words[@]}" -- "$moved/$target" || ! grep -q 'All set and ready to roll' "$folder/said"; then
    if grep -q -i 'no instrumentation' "$folder/said"; then
      problem "$target" not-instrumented "AFL++ sees no instrumentation: build.sh does not use \$CC and \$CXX"
    else
      problem "$target" startup "does not run under AFL++: $(what_it_said)"
    fi
    return 1
  fi
  done_there=$(sed -n 's/^execs_done *: *//p' "$stats")
  ((${done_there:-0} >= LEAST_RUNS)) || problem "$target" startup "AFL++ has done ${done_there:-0} runs"
  edges=$(sed -n 's/^total_edges *: *//p' "$stats")
  ((${edges:-0} >= LEAST_EDGES)) || problem "$target" not-instrumented "has ${edges:-0} edges, and $LEAST_EDGES is the least"
}

# ---- all of it --------------------------------------------------------------------------------------------------

check_target() {
  local engine=$1 sanitizer=$2 target=$3
  edges=0
  check_options_file "$target" "$moved/$target.options"
  check_libraries "$target"
  unpack_seeds "$target" "$moved/${target}_seed_corpus.zip"
  if [[ $sanitizer == coverage ]]; then
    if ((seeds > 0)); then
      replay_files "$target"
      check_profile "$target"
    fi
  else
    check_sanitizer "$target" "$sanitizer"
    if [[ $engine == afl ]]; then
      if check_afl "$target" && ((seeds > 0)); then replay_files "$target"; fi
    elif check_libfuzzer "$target" "${started[$target]}" && ((seeds > 0)); then
      replay_libfuzzer "$target"
    fi
  fi
  facts+=("$target $edges $seeds")
}

# What a build made, in $folder/out: moved, its sources gone, and then looked at.
check_made() {
  local engine=$1 sanitizer=$2 target moved=$folder/elsewhere/targets before
  local -A started=()
  find_confinement
  find_targets "$folder/out"
  mkdir "$folder/tmp" "$folder/elsewhere"
  chmod 777 "$folder/tmp"
  chmod -R a+rX "$folder/out"
  if [[ $engine == libfuzzer && $sanitizer != coverage ]]; then
    for target in "${targets[@]}"; do
      tell "$build: starting $target"
      started[$target]=no
      starts_in_place "$target" && started[$target]=yes
    done
  fi
  mv "$folder/out" "$moved"
  chmod -R a-w "$moved"
  rm -rf "$folder/src" "$folder/work"
  before=$(cd "$moved" && find . -printf '%p %s\n' | sort)
  check_belongings "$moved"
  compare_targets "$build"
  for target in "${targets[@]}"; do
    tell "$build: checking $target"
    check_target "$engine" "$sanitizer" "$target"
  done
  [[ $before == "$(cd "$moved" && find . -printf '%p %s\n' | sort)" ]] ||
    problem "" writes-there "the targets have changed the folder that they are in"
  chmod -R u+w "$moved"
}

# "1,234 edges in all, 350 seeds" of the facts.
sum_of_facts() { printf '%s\n' "${facts[@]}" | awk '{ e += $2; s += $3 } END { printf "%d edges, %d seeds", e, s }'; }
