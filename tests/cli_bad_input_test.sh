#!/usr/bin/env bash
# Bad input gets a message that says what to do, and exit code 2; nothing hangs, nothing is lost.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

write_bad_case bad.case
write_play_case play.case
mkdir folder empty

# ---- files that can't be read --------------------------------------------------------------------
for subcommand in play judge replay lint print minimize; do
  gives 2 "$program" "$subcommand" missing.case
  complains 'expect100: missing.case: there is no such file'
done
gives 2 "$program" judge empty
complains 'expect100: empty: holds no exchange'
gives 2 "$program" judge --known folder bad.case
complains 'expect100: folder: is a folder, and a file is wanted'
gives 2 "$program" minimize --target origin --input folder
complains 'expect100: folder: is a folder, and a file is wanted'
gives 2 "$program" minimize empty
complains 'holds 0 exchanges; name a file of one'
ln -s nowhere dangling.case
gives 2 "$program" judge dangling.case
complains 'there is no such file'
mkfifo pipe.case
for subcommand in play judge lint print minimize; do
  gives 2 "$program" "$subcommand" pipe.case
  complains 'expect100: pipe.case: is a pipe that nobody writes to'
done
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$PWD/socket.case"
gives 2 "$program" judge socket.case
complains 'expect100: socket.case: is a socket'
head -c $((16 * 1024 * 1024 + 1)) /dev/zero >large.case
for subcommand in play judge lint print minimize; do
  gives 2 "$program" "$subcommand" large.case
  complains 'expect100: large.case: is larger than the limit of 16777216 octets'
done
gives 2 "$program" judge /dev/zero
complains 'is larger than the limit'
rm large.case

# One bad file among good ones: the rest is judged, and the run is not green.
mkdir mixed
cp bad.case mixed/a.case
ln -s nowhere mixed/b.case
cp play.case mixed/c.case
gives 2 "$program" judge mixed
prints 'mixed/a.case: '
prints 'mixed/c.case: '
complains 'expect100: mixed/b.case: there is no such file'

# Folders in a ring, and too deep.
mkdir ring
ln -s . ring/again
cp play.case ring
gives 0 "$program" judge ring
deep=deep
for _ in $(seq 40); do deep=$deep/d; done
mkdir -p "$deep"
cp play.case "$deep"
gives 2 "$program" judge deep
complains 'folders deep'

# ---- as somebody who may not ---------------------------------------------------------------------------
if [[ $EUID == 0 ]]; then
  cp "$program" program-for-others
  chmod 755 program-for-others
  others=(setpriv --reuid=65534 --regid=65534 --clear-groups "$PWD/program-for-others")
else
  others=("$program")
fi
cp bad.case secret.case
chmod 000 secret.case
gives 2 "${others[@]}" judge secret.case
complains 'expect100: secret.case: may not be read; check its permissions'
mkdir locked
cp bad.case locked
chmod 000 locked
gives 2 "${others[@]}" judge locked
complains 'expect100: locked: cannot be listed'
chmod 755 locked
mkdir read-only
chmod 555 read-only
gives 2 "${others[@]}" seeds --cases play.case read-only/seeds
complains 'may not be written'

# ---- outputs that can't be written, and outputs that are more than a file -----------------------------
chmod 644 play.case
for out in /proc/expect100/x read-only/x; do
  gives 2 "${others[@]}" export play.case --pcap "$out"
  complains "expect100: $out: "
  gives 2 "${others[@]}" play --findings "$out" play.case
  complains "expect100: $out: "
  gives 2 "${others[@]}" minimize play.case --subject fault:never-100 --out "$out"
  complains 'expect100: '
done
ln -s /dev/full no-room
gives 2 "$program" export play.case --pcap no-room
complains 'expect100: no-room: cannot be written: the disk is full'
gives 2 "$program" play --findings no-room play.case
complains 'expect100: no-room: cannot be written: the disk is full'
ln -s there.pcap link.pcap
gives 0 "$program" export play.case --pcap link.pcap
[[ -L no-room && -L link.pcap && -s there.pcap ]] || wrong 'a link was replaced, not followed'
mkfifo wire
cat wire >caught &
gives 0 "$program" export play.case --pcap wire
wait $!
[[ -p wire ]] || wrong 'a pipe was replaced, not written to'
cmp -s caught there.pcap || wrong 'what went through a pipe is not what goes into a file'

# ---- captures in folders with unusual names -----------------------------------------------------------
odd=$'one two\nthree'
mkdir "$odd"
gives 0 "$program" export play.case --pcap "$odd/a b.pcap"
gives 0 "$program" judge --ladder "$odd/a b.pcap" # a silence to the end of a capture shows no final response to be missing
prints 'one two\x0Athree/a b.pcap: '
gives 0 "$program" diagnose "$odd/a b.pcap"

# ---- names that are not there ------------------------------------------------------------------------------
gives 2 "$program"
complains 'name a subcommand'
gives 2 "$program" juge
complains "there is no subcommand 'juge'; did you mean judge?"
gives 2 "$program" test
complains './expect100 test'
gives 2 "$program" play --subject fault:nevr-100 play.case
complains "there is no subject 'fault:nevr-100'; did you mean"
# ... once, however many exchanges there are.
gives 2 "$program" replay "$source/corpus/cases/origin" --subject fault:nobody
[[ $(grep -c "there is no subject 'fault:nobody'" .err) == 1 ]] || wrong 'says of each case that there is no such subject'
gives 2 "$program" play --subject no-such-thing-at-all play.case
complains 'see expect100 list subjects'
gives 2 "$program" minimize --target orign play.case
complains "there is no target 'orign'; did you mean origin?"
gives 2 "$program" minimize --input bad.case
complains '--input needs --target'
gives 2 "$program" explain ORIGIN_NO_WAITING
complains 'did you mean ORIGIN_NO_WAIT?'
gives 2 "$program" list rulez
complains 'list: name one of rules'
gives 2 "$program" print --as yaml play.case
complains "there is no form 'yaml'"
gives 2 "$program" judge --fail-on note bad.case
complains '--fail-on wants violation or warning'
gives 2 "$program" judge --no-such-option bad.case
complains 'there is no option --no-such-option'
gives 2 "$program" judge --known
complains '--known wants an argument'
gives 2 "$program" judge --json=yes bad.case
complains '--json takes no argument'
gives 2 "$program" judge
complains 'name at least one file'

# ---- known findings ------------------------------------------------------------------------------------------
for line in 'bad.case' 'bad.case ORIGIN_100_OR_FINAL' 'bad.case NO_SUCH_RULE  # reason' \
  'bad.case ORIGIN_100_OR_FINAL nobody-at-all  # reason' 'a b c d  # reason' \
  'bad.case ORIGIN_100_OR_FINAL origin 2a here  # reason' \
  'bad.case ORIGIN_100_OR_FINAL origin  #  '; do
  printf '\n%s\n' "$line" >known
  gives 2 "$program" judge --known known bad.case
  complains 'expect100: known: line 2: '
done
printf 'a\0b' >known
gives 2 "$program" judge --known known bad.case
complains 'is not a text file'

# ---- any octets get a message, or are an exchange --------------------------------------------------------------
# Nothing is in an empty file in which nothing could be found; what is in the others means nothing.
: >empty.case
printf 'a\0b\0\377\n-- client --\n\0\0' >nul.case
head -c 5000 /dev/urandom >random.case
for subcommand in judge play 'print --as json' 'print --as ladder'; do
  # shellcheck disable=SC2086 # the words of a subcommand
  gives 2 "$program" $subcommand empty.case
  complains 'empty.case: holds no exchange'
  # shellcheck disable=SC2086
  gives 2 "$program" $subcommand nul.case
  complains 'expect100: nul.case: line 1: octets before the first heading are ignored: a\x00b\x00\xff; '
  # shellcheck disable=SC2086
  gives 2 "$program" $subcommand random.case
  complains 'expect100: random.case: line '
done
gives 1 "$program" lint /dev/null
prints "/dev/null:1: "
printf '# \033[2J\n' >$'escape\033[2J.case'
gives 0 "$program" judge $'escape\033[2J.case'
prints 'escape\x1B[2J.case'

# ---- cases that mean something else than was meant ------------------------------------------------------------
# said SCRIPT MESSAGE: the play case, changed by sed, is not taken for another one by anything that reads cases.
said() {
  sed "$1" play.case >misspelt.case
  for subcommand in play judge replay print triage; do
    gives 2 "$program" "$subcommand" misspelt.case
    complains "expect100: misspelt.case: $2"
  done
  gives 2 "$program" export --pcap misspelt.pcap misspelt.case
  complains "expect100: misspelt.case: $2"
  gives 2 "$program" minimize misspelt.case
  complains "expect100: misspelt.case: $2"
  gives 1 "$program" lint misspelt.case
}
said 's/role: origin/role: porxy/' \
  'line 3: unknown role: porxy; there are origin, client, proxy and gateway'
said 's/role: origin/rol: proxy/' 'line 3: unknown key: rol; there are kind, role, '
said 's/kind: play/kind: paly/' 'line 2: unknown kind: paly; there are judge and play'
said '3a seen-by: clinet' 'line 4: unknown party: clinet; there are client, '
said '3a policy: late-100 late-101' 'line 4: unknown policy: late-101; docs/case-format.md lists them'
said '3a reading: lone-fl' 'line 4: unknown reading: lone-fl; docs/case-format.md lists them'
said '3a links: client' 'line 4: not a link: client; '
said '3a role: client' 'line 4: given twice: role; what comes last holds'
said '3a PUT / HTTP/1.1' 'line 4: octets before the first heading are ignored: PUT / HTTP/1.1; '
said 's/-- await 100 --/-- wait 100 --/' 'line 12: unknown heading: wait 100; '
said 's/-- await 100 --/--await 100--/' 'line 12: a step of this kind has no octets; '
said 's/-- quiet --/hello\n--quiet--/' 'line 17: this looks like a heading: --quiet--; '
said 's/-- quiet --/-- app> accept -- now/' 'line 16: text after a heading is ignored: now; '
said 's/hello/hello\\0/' 'line 14: no such escape: \0; '
said 's/kind: play/kind: judge/' 'line 12: left out, as nothing is awaited in what is only judged: await 100; '
# shellcheck disable=SC2016 # sed's last line
said '$a -- findings --\nrequest one: ORIGIN_NO_WAIT' 'line 18: not a finding: request one: ORIGIN_NO_WAIT; '
# shellcheck disable=SC2016 # sed's last line
said '$a -- findngs --\nnone' 'line 17: unknown heading: findngs; '

# Each line is told, but not without end; and what is only a doubt of lint's is no reason.
{
  cat play.case
  for _ in $(seq 20); do printf -- '-- clinet --\n'; done
} >misspelt.case
gives 2 "$program" judge misspelt.case
complains 'misspelt.case: line 17: unknown heading: clinet; '
complains 'misspelt.case: line 24: unknown heading: clinet; '
complains 'misspelt.case: and 12 more of this kind; see expect100 lint'
[[ $(wc -l <.err) == 9 ]] || wrong 'not nine lines'
gives 2 "$program" play --junit tests.xml --github misspelt.case
grep -q -F 'message="line 17: unknown heading: clinet' tests.xml || wrong 'JUnit does not say what is wrong'
prints '::error file=misspelt.case,title=could not be looked at::line 17: unknown heading: clinet'
tail -n +2 play.case >doubtful.case
gives 1 "$program" lint doubtful.case
gives 0 "$program" play doubtful.case
silent
gives 2 "$program" judge - <misspelt.case
complains 'expect100: standard input: line 17: unknown heading: clinet'

# A folder with one such case: the others are judged.
mkdir typos
cp bad.case typos/a.case
cp misspelt.case typos/b.case
cp play.case typos/c.case
gives 2 "$program" judge typos
prints 'typos/a.case: '
prints 'typos/c.case: '
complains 'expect100: typos/b.case: line 17: '
gives 2 "$program" play typos
prints 'typos/c.case: '
complains 'expect100: typos/b.case: line 17: '
gives 2 "$program" list cases --cases typos
gives 2 "$program" seeds --cases typos seeds-of-typos

# The same in JSON, which was always strict.
"$program" print --as jsonl play.case >play.jsonl
for change in 's/"role":"origin"/"role":"porxy"/' 's/"role":/"rol":/' 's/"kind":"deliver"/"kind":"delivr"/' \
  's/"links":/"policy":["lat-100"],"links":/' 's/"links":/"findings":[{"rul":"A"}],"links":/'; do
  sed "$change" play.jsonl >misspelt.jsonl
  ! cmp -s play.jsonl misspelt.jsonl || wrong "changes nothing: $change"
  gives 2 "$program" play misspelt.jsonl
  complains 'expect100: misspelt.jsonl: line 1: '
done

# ---- bad JSON ------------------------------------------------------------------------------------------------------
printf '{"format"\n\n[]\nnull\n' >bad.jsonl
gives 2 "$program" judge --json bad.jsonl
complains 'expect100: bad.jsonl: line 1: '
complains 'expect100: bad.jsonl: line 3: '
complains 'expect100: bad.jsonl: line 4: '
{
  head -c $((16 * 1024 * 1024 + 1)) /dev/zero | tr '\0' ' '
  echo
  "$program" print --as jsonl bad.case
} >long.jsonl
gives 2 "$program" judge --json long.jsonl
complains 'line 1: is longer than the limit'
prints '"exchange":"long.jsonl:2"'
rm long.jsonl
printf '[' >bad.json
gives 2 "$program" judge bad.json
complains 'expect100: bad.json: '

# ---- nowhere to write ------------------------------------------------------------------------------------------------
# shellcheck disable=SC2016 # expanded by the inner shell
for subcommand in "list rules" "judge bad.case" "print bad.case" "help"; do
  # shellcheck disable=SC2086 # the words of a subcommand
  gives 2 bash -c '"$0" "$@" >/dev/full' "$program" $subcommand
  complains 'standard output: not everything could be written'
done
gives 2 "$program" seeds --cases play.case bad.case/seeds
complains 'is a file, and a folder is wanted'
# shellcheck disable=SC2016 # expanded by the inner shell
gives 2 bash -c '(ulimit -f 0 && exec "$0" "$@" 2>&1) | cat >&2; exit "${PIPESTATUS[0]}"' \
  "$program" seeds --cases play.case full
complains 'grows over the limit for files'
[[ -z $(find full -type f) ]] || wrong 'something is left behind'
