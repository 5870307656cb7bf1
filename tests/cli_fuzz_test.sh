#!/usr/bin/env bash
# Campaigns, with engines that do what the test says: what dies is collected and goes on, whatever is killed
# loses nothing, and what cannot run says so. The real engines are tried by the smoke tests.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# ---- a place of its own: the program, and engines that are scripts ---------------------------------
tree=$scratch/tree
mkdir -p "$tree/bin" "$tree/libexec/expect100/libfuzzer" "$tree/libexec/expect100/afl" tools
cp "$program" "$tree/bin/expect100"
here=$tree/bin/expect100
libexec=$tree/libexec/expect100

# A target under libFuzzer. $FAKE is what it does once it fuzzes; run on one file, what that file says.
cat >"$libexec/libfuzzer/origin" <<'END'
#!/usr/bin/env bash
seconds=60 prefix='' file='' folders=()
for word; do
  case $word in
  -artifact_prefix=*) prefix=${word#*=} ;;
  -max_total_time=*) seconds=${word#*=} ;;
  -runs=*) seconds=0 ;;
  -*) ;;
  *) if [[ -d $word ]]; then folders+=("$word"); else file=$word; fi ;;
  esac
done
known() { grep -q -x -F -e "$1" "${E100_KNOWN:-/dev/null}"; }
# die CAUSE FILE: as a target does on a cause that is not known.
die() {
  known "$1" && return
  echo "expect100: cause $1" >&2
  [[ -z $prefix ]] || { cp "$2" "${prefix}crash-$$" && echo "Test unit written to ${prefix}crash-$$" >&2; }
  exit 77
}
if [[ -n $file ]]; then
  cause=$(sed -n 's/^cause //p' "$file")
  [[ -z $cause ]] || die "$cause" "$file"
  exit 0
fi
count() { # into the gauge, beside what is there: 16 executions, pair 3 and rule 1
  printf '\020' | dd of="$E100_GAUGE" bs=1 seek=8 conv=notrunc status=none
  printf '\001' | dd of="$E100_GAUGE" bs=1 seek=19 conv=notrunc status=none
  printf '\001' | dd of="$E100_GAUGE" bs=1 seek=$((16 + 2048 + 1)) conv=notrunc status=none
}
rest() { # until the time is over or somebody interrupts
  for ((i = 0; i < seconds * 20; i++)); do sleep 0.05; done
  exit 0
}
echo "fuzz $*" >>"$FAKE_LOG"
echo $$ >"$FAKE_LOG.process"
[[ $FAKE == broken ]] && { echo 'no such option: -everything' >&2 && exit 1; }
count
trap 'exit 72' INT
case $FAKE in
causes)
  printf 'cause FIRST origin 1\n' >unit && die 'FIRST origin 1' unit
  printf 'cause SECOND origin 2\n' >unit && die 'SECOND origin 2' unit
  ;;
real) die "$FAKE_CAUSE" "$FAKE_INPUT" ;;
sanitizer)
  printf 'overread' >"${prefix}crash-$$"
  echo "Test unit written to ${prefix}crash-$$" >&2
  echo 'SUMMARY: AddressSanitizer: heap-buffer-overflow reader.c:7 in read_line' >&2
  exit 1
  ;;
timeout) printf 'only slow' >"${prefix}timeout-$$" && echo 'SUMMARY: libFuzzer: timeout' >&2 && FAKE=calm exit 70 ;;
deaf) trap '' INT && (exec -a "$FAKE_LOG.child" sleep 1234) ;;
disk) while printf 'x%.0s' {1..4096} >>"${folders[0]}/input"; do :; done ;;
input) printf '%s' "$RANDOM" >"${folders[0]}/grown-$$" ;;
esac
rest
END
cp "$libexec/libfuzzer/origin" "$libexec/libfuzzer/raw"

# AFL++'s program and a target for it. It keeps a queue and, once, a crash.
cat >tools/afl-fuzz <<'END'
#!/usr/bin/env bash
while [[ $1 != -- ]]; do
  [[ $1 == -o ]] && out=$2
  [[ $1 == -M || $1 == -S ]] && name=$2
  shift
done
echo "afl $*" >>"$FAKE_LOG"
trap 'exit 0' INT
mkdir -p "$out/$name/queue" "$out/$name/crashes" "$out/$name/hangs"
printf 'grown' >"$out/$name/queue/id:000001,src:000000,time:1,execs:9,op:havoc,rep:2,+cov"
printf 'a seed' >"$out/$name/queue/id:000000,time:0,execs:0,orig:zero"
printf 'stability         : 99.50%%\ncorpus_count      : 2\n' >"$out/$name/fuzzer_stats"
printf '\040' | dd of="$E100_GAUGE" bs=1 seek=8 conv=notrunc status=none
grep -q THIRD "$E100_KNOWN" || printf 'cause THIRD origin 3\n' >"$out/$name/crashes/id:000000,sig:06,src:000000"
printf 'not again\n' >"$out/$name/crashes/id:000001,sig:06,src:000000"
while :; do sleep 0.05; done
END
cat >"$libexec/afl/origin" <<'END'
#!/usr/bin/env bash
for file; do
  cause=$(sed -n 's/^cause //p' "$file")
  [[ -z $cause ]] || grep -q -x -F -e "$cause" "${E100_KNOWN:-/dev/null}" ||
    { echo "expect100: cause $cause" >&2 && kill -ABRT $$; }
done
END
chmod +x "$libexec"/*/* tools/afl-fuzz
with_afl=$scratch/tools:$PATH
export FAKE=calm FAKE_LOG=$scratch/log

# No process of a campaign of this test is there any more; others may run the same test meanwhile.
nothing_left() {
  local _
  for _ in $(seq 50); do
    grep -l -s -F -z -e "$libexec" -e "$FAKE_LOG" /proc/[0-9]*/cmdline >.left || return 0
    sleep 0.1
  done
  wrong "still running: $(cat .left)"
}
# campaign CODE OPTION...: one with libFuzzer on the target origin.
campaign() { gives "$1" "$here" fuzz --engine libfuzzer --target origin --jobs 1 "${@:2}"; }
number() { python3 -c 'import json, sys; print(eval("d" + sys.argv[1], {"d": json.load(open(".out"))}))' "$1"; }
valid() {
  python3 -W ignore -c '
import json, jsonschema, sys
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
for line in open(sys.argv[2]): jsonschema.validate(json.loads(line), schema)' \
    "$source/docs/campaign.schema.json" "$1" >.valid 2>&1 || { tail -n 20 .valid && wrong "$1 is not valid"; }
}

# ---- nothing found -------------------------------------------------------------------------------
campaign 0 --time 1 --out calm
prints 'no findings'
prints 'pairs 1 of '
prints 'rules 1 of '
complains 'expect100: fuzzing the reference machine: origin (libFuzzer); 1 worker, 1 s; out folder calm'
campaign 0 --time 1 --out calm --json
valid .out
valid calm/stats.jsonl
[[ $(number '["lanes"][0]["executions"]') == 16 ]] || wrong 'does not count what the gauge shows'
[[ $(number '["interrupted"], d["complete"]') == '(False, True)' ]] || wrong 'is not complete'
nothing_left
# Executions bound it too; each start does 16.
: >log
campaign 0 --runs 40 --out runs
[[ $(sed 's/.*-runs=\([0-9]*\).*/\1/' log) == $'40\n24\n8' ]] || wrong "$(cat log)"
prints 'no findings'

# ---- findings: collected, made known, reported once, and the campaign goes on -------------------------
: >log
FAKE=causes campaign 1 --time 3 --out causes --json
valid .out
valid causes/stats.jsonl
[[ $(number '["findings"].__len__()') == 2 ]] || wrong 'not two findings'
[[ $(number '["findings"][1]["cause"]') == 'SECOND origin 2' ]] || wrong 'another second finding'
[[ $(cat causes/known-causes) == $'FIRST origin 1\nSECOND origin 2' ]] || wrong "known: $(cat causes/known-causes)"
[[ $(grep -c . log) == 3 ]] || wrong "$(grep -c . log) starts"
# The program itself sees nothing in such an input, so the input is kept as it is.
input=$(number '["findings"][0]["input"]')
[[ $(cat "$input") == 'cause FIRST origin 1' ]] || wrong 'the input is lost'
complains 'the program by itself does not show it; the input is in causes/findings/'
[[ -z $(ls causes/artifacts/origin) ]] || wrong 'artifacts stay'
nothing_left
# All of it is in the findings file, from which reports are made.
gives 0 "$program" report causes --html causes.html --junit causes.xml --sarif causes.sarif
python3 "$source/tests/page_checker.py" causes.html 'FIRST origin 1' 'The campaign' "$input" >.out || wrong 'no page'
grep -q '<testsuite .* tests="2" failures="2"' causes.xml || wrong 'other tests'
python3 "$source/tests/sarif_checker.py" causes.sarif . >.out || wrong 'no SARIF'

# Excused: known findings with their reasons.
printf '# what we know\n\nFIRST origin 1  # wontfix\nSECOND origin 2\t# later\n' >excused
FAKE=causes campaign 0 --time 1 --out excused.out --known excused
prints 'no findings'

# A real case, through minimize: an input that shows a real finding of a faulty machine.
mkdir seeds
"$program" seeds seeds >.out 2>.err || wrong 'there are no seeds'
shown=
for seed in seeds/origin/*; do
  "$program" minimize --target origin --subject fault:never-100 --input "$seed" \
    --cause 'ORIGIN_100_OR_FINAL origin' --out shown --json >.out 2>.err && continue
  [[ $? == 1 ]] || continue
  shown=$(python3 -c 'import json; print(json.load(open(".out"))["cause"])')
  break
done
[[ -n $shown ]] || wrong 'no seed shows what fault:never-100 does wrong'
export FAKE_CAUSE=$shown FAKE_INPUT=$scratch/$seed
FAKE=real campaign 1 --time 2 --out real --subject fault:never-100
prints "1. $shown"
prints 'rule     ORIGIN_100_OR_FINAL: origin MUST '
prints 'party    origin'
case_path=$(sed -n 's/^   case     //p' .out)
replay=$(sed -n 's/^   replay   expect100 //p' .out)
[[ -f $case_path && $case_path == real/findings/*.case ]] || wrong 'there is no case'
# shellcheck disable=SC2086 # the command is meant to be split
gives 1 "$program" $replay
prints 'ORIGIN_100_OR_FINAL'
FAKE=real E100_COMMAND=./expect100 campaign 1 --time 1 --out real --subject fault:never-100
prints 'replay   ./expect100 play'
[[ $(find real/findings -name '*.case' | wc -l) == 1 ]] || wrong 'the same case twice'
python3 - real/findings.json <<"END2" || wrong 'another findings file'
import json, sys
d = json.load(open(sys.argv[1]))
finding, = d["findings"]
assert (finding["kind"], finding["rule"], finding["engine"]) == ("rule", "ORIGIN_100_OR_FINAL", "libFuzzer"), finding
transcript = d["transcripts"][finding["transcript"]]
assert transcript["path"].startswith("real/findings/") and transcript["case"] == open(transcript["path"]).read()
assert transcript["replay"].startswith("./expect100 play --subject fault:never-100 real/findings/")
assert d["subject"] == "fault:never-100" and " fuzz " in d["command"]
samples = d["campaign"]["samples"]
assert samples[-1]["executions"] >= 16 and samples[-1]["findings"] == 1, samples
END2
gives 0 "$program" report real --html real.html
python3 "$source/tests/page_checker.py" real.html 'by libFuzzer in target origin' 'fault:never-100' >.out || wrong 'no page'

# ---- what a sanitizer sees: the input and the log; a defect that cannot be passed over ends the lane ------
FAKE=sanitizer campaign 1 --time 30 --out sanitizer
prints '1. AddressSanitizer: heap-buffer-overflow reader.c:7 in read_line'
prints '1 finding'
complains 'origin is not fuzzed any further with libFuzzer: it keeps dying of what is known'
[[ $(cat sanitizer/findings/crash-origin-*.input) == overread ]] || wrong 'the input is lost'
grep -q 'SUMMARY: AddressSanitizer' sanitizer/findings/crash-origin-*.log || wrong 'the log is lost'
# What was only slow is no finding.
FAKE=timeout campaign 0 --time 2 --out slow
prints 'no findings'

# ---- engines that do not run ---------------------------------------------------------------------------------
FAKE=broken campaign 2 --time 30 --out broken
complains 'origin is not fuzzed any further with libFuzzer: it does not start'
complains '| no such option: -everything'
gives 2 env PATH=/usr/bin:/bin "$here" fuzz --engine msan --out none
complains '--engine msan: this build has no targets for it'
gives 2 "$here" fuzz --engine honggfuzz --out none
complains "there is no engine 'honggfuzz'"
mkdir bin-without-afl
for tool in bash sleep dd grep sed cp; do ln -s "$(command -v $tool)" bin-without-afl; done
gives 2 env PATH="$PWD/bin-without-afl" "$here" fuzz --engine afl --out none
complains '--engine afl: it needs AFL++ (Debian: afl++)'
gives 0 env PATH="$PWD/bin-without-afl" "$here" fuzz --target origin --time 1 --out without
complains 'without AFL++: it needs AFL++ (Debian: afl++)'
gives 2 "$here" fuzz --target orign --out none
complains "there is no target 'orign'; did you mean origin?"
gives 2 "$here" fuzz --subject fault:never-10 --out none
complains "there is no subject 'fault:never-10'; did you mean"
gives 2 "$here" fuzz --target judge --subject reference --out none
complains "the target 'judge' plays no subject"
gives 2 "$here" fuzz --engine libfuzzer --target case --out none
complains "the target 'case' was not built for this engine"
[[ ! -e none ]] || wrong 'makes a folder for nothing'

# ---- options ----------------------------------------------------------------------------------------------------
for bad in '--time 0' '--time soon' '--time nan' '--runs 0' '--runs x' '--jobs 0' '--jobs 257' '--seed 0' \
  '--seeds some' '--fail-on warning' '--out' '--everything' 'operand'; do
  # shellcheck disable=SC2086 # an option and its argument
  gives 2 "$here" fuzz $bad
done
gives 2 "$here" fuzz --out ''
campaign 2 --time 1 --out calm --known missing
complains 'expect100: missing: there is no such file'
printf '# nothing\n\nFIRST origin 1\n' >unexcused
campaign 2 --time 1 --out calm --known unexcused
complains 'unexcused: line 3: has no reason'
head -c 100 /dev/zero >unexcused
campaign 2 --time 1 --out calm --known unexcused
complains 'unexcused: is not a text file'

# ---- AFL++: its queue becomes corpus, its crashes findings; what shows nothing again is a finding too --------------
gives 1 env PATH="$with_afl" "$here" fuzz --engine afl --jobs 1 --time 3 --out afl
prints 'THIRD origin 3'
prints 'an input that AFL++ died of shows nothing when it is run again'
prints '99.50 %'
# Named by its content, as libFuzzer names it.
[[ $(cat "afl/corpus/origin/$(printf grown | sha1sum | cut -c1-40)") == grown ]] || wrong 'the queue is not in the corpus'
[[ $(find afl/corpus -type f | wc -l) == 1 ]] || wrong 'seeds are in the corpus'
nothing_left
# Both engines, one worker: they take turns.
: >log
gives 1 env PATH="$with_afl" "$here" fuzz --target origin --jobs 1 --time 4 --out both
if ! grep -q '^fuzz ' log || ! grep -q '^afl ' log; then wrong 'one engine has no turn'; fi

# ---- interrupts -------------------------------------------------------------------------------------------------------
# interrupted SIGNAL CODE OUT OPTION...: the exit code, and the summary, soon.
interrupted() {
  local code=0 process
  "$here" fuzz --engine libfuzzer --target origin --jobs 1 --time 60 --out "$3" "${@:4}" >.out 2>.err &
  process=$!
  until_there grep -q -s '"numbers"' "$3/stats.jsonl"
  kill "-$1" $process
  SECONDS=0
  wait $process || code=$?
  [[ $code == "$2" ]] || wrong "exit code $code after SIG$1, not $2"
  ((SECONDS < 20)) || wrong "takes $SECONDS s to end"
  prints 'interrupted after '
  complains 'interrupted: stopping; once more to stop at once'
  nothing_left
}
interrupted INT 0 interrupt.int
interrupted TERM 0 interrupt.term
interrupted HUP 0 interrupt.hup
FAKE=causes interrupted INT 1 interrupt.found
prints '2 findings'
# An engine that does not listen is killed, with what it started.
FAKE=deaf interrupted INT 0 interrupt.deaf
# The second signal does not wait.
FAKE=deaf "$here" fuzz --engine libfuzzer --target origin --jobs 1 --time 60 --out twice >.out 2>.err &
process=$!
until_there grep -q -s '"numbers"' twice/stats.jsonl
kill -INT $process
until_there grep -q 'interrupted: stopping' .err
kill -INT $process
SECONDS=0
wait $process || wrong "exit code $?"
((SECONDS < 4)) || wrong 'the second interrupt waits, as the first one does for 5 s'
prints 'interrupted after '

# ---- killed: nothing runs on, nothing is lost, and the next campaign takes it up --------------------------------------
FAKE=input "$here" fuzz --engine libfuzzer --target origin --jobs 1 --time 60 --out killed >.out 2>.err &
process=$!
until_there compgen -G 'killed/corpus/origin/grown-*'
kill -KILL $process
wait $process 2>/dev/null || true
nothing_left
compgen -G 'killed/corpus/origin/grown-*' >/dev/null || wrong 'the corpus is lost'
printf 'cause LEFT origin 4\n' >killed/artifacts/origin/libfuzzer-w0-crash-1
mkdir -p killed/artifacts/origin@fault%3Anever-100
printf 'of another subject' >killed/artifacts/origin@fault%3Anever-100/afl-2
campaign 1 --time 1 --out killed
complains '1 input that an earlier campaign left is looked at first'
complains '1 input of other targets or subjects: left in killed/artifacts'
prints 'LEFT origin 4'
[[ -s killed/artifacts/origin@fault%3Anever-100/afl-2 ]] || wrong 'takes what belongs to another subject'
# A worker that is killed is started again.
: >log
starts() { [[ $(grep -c . log) == "$1" ]]; }
"$here" fuzz --engine libfuzzer --target origin --jobs 1 --time 60 --out worker >.out 2>.err &
process=$!
until_there starts 1
until_there test -s log.process
kill -KILL "$(cat log.process)"
until_there starts 2
kill -INT $process
wait $process || wrong "exit code $? after a worker was killed"
starts 2 || wrong "$(grep -c . log) starts"

# ---- one campaign a folder -----------------------------------------------------------------------------------------------
"$here" fuzz --engine libfuzzer --target origin --jobs 1 --time 60 --out shared >.first 2>&1 &
process=$!
until_there grep -q -s '"numbers"' shared/stats.jsonl
campaign 2 --time 1 --out shared
complains 'another campaign is using this folder'
kill -INT $process
wait $process || wrong "the first campaign ends with $?"

# ---- folders and disks ------------------------------------------------------------------------------------------------------
: >file
campaign 2 --time 1 --out file
complains 'expect100: file: is a file, and a folder is wanted'
campaign 2 --time 1 --out file/inside
complains 'is a file, and a folder is wanted'
mkdir readonly
chmod 555 readonly
if [[ $EUID == 0 ]]; then # nothing is read-only to root but what cannot be written at all
  campaign 2 --time 1 --out /proc/expect100
else
  campaign 2 --time 1 --out readonly/out
fi
complains 'expect100: '
campaign 0 --time 1 --out -dash
[[ -d ./-dash/corpus ]] || wrong 'a dash is an option'
# A file may not grow: at the start, and later.
gives 2 bash -c 'ulimit -f 64 && exec "$@"' - "$here" fuzz --engine libfuzzer --target origin --time 1 --out small
complains 'it grows over the limit for files'
complains 'a campaign needs to write here, and at least 1024 KiB of room'
head -c $((2 * 1024 * 1024)) /dev/zero >calm/stats.jsonl
gives 2 bash -c 'ulimit -f 1100 && exec "$@"' - "$here" fuzz --engine libfuzzer --target origin --time 20 --out calm
complains 'calm/stats.jsonl: cannot be written: File too large'
prints 'no findings'
# Standard output is full: the summary did not get out, and that is no success.
got=0
"$here" fuzz --engine libfuzzer --target origin --jobs 1 --time 1 --out calm2 >/dev/full 2>.err || got=$?
[[ $got == 2 ]] || wrong "exit code $got with a full standard output"
complains 'standard output: not everything could be written'
# A disk that fills up while it runs, where a small one may be mounted.
mkdir disk
if mount -t tmpfs -o size=2m expect100 disk 2>/dev/null; then
  trap 'umount "$scratch/disk"; chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
  FAKE=disk campaign 2 --time 20 --out disk/out
  complains 'disk/out: cannot be written any more: the disk is full'
  compgen -G 'disk/out/corpus/origin/input' >/dev/null || wrong 'the corpus is lost'
fi

# ---- on a terminal: one line, redrawn, that fits; elsewhere plain lines -----------------------------------------------------
campaign 0 --time 1 --out pipe
! grep -q $'\r\|\033' .err || wrong 'escape sequences without a terminal'
if command -v script >/dev/null; then
  for width in 30 70 200; do
    TERM=xterm timeout 30 script -qec "stty cols $width; '$here' fuzz --engine libfuzzer --target origin --jobs 1 --time 1 --out tty" \
      /dev/null >.tty </dev/null || wrong "exit code $? on a terminal"
    tr '\r' '\n' <.tty | sed -n $'s/\033\\[K.*//p' | grep -a '^0:0' >.lines || wrong 'there is no live line'
    (($(wc -L <.lines) < width)) || wrong "the line is wider than $width"
    (($(grep -c . .lines) <= 12)) || wrong 'it is redrawn more than five times a second'
  done
  grep -q 'libFuzzer 16 (.*/s)  pairs 1/.*  rules 1/.*  corpus' .lines || wrong 'the whole line lacks something'
fi
