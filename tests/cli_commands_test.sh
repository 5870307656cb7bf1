#!/usr/bin/env bash
# What the subcommands print, and their exit codes, on ordinary input.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# The findings of a case, as it would spell them.
findings_of() {
  { "$program" judge --json "$1" || true; } | python3 -c '
import json, sys
for f in json.loads(sys.stdin.readline())["findings"]:
    print("request %d, step %d: %s" % (f.get("request", 0), f["step"], f["rule"]))'
}

write_bad_case bad.case
write_play_case play.case

# ---- help and version ------------------------------------------------------------------------------
gives 0 "$program" help
prints 'usage: expect100 SUBCOMMAND'
gives 0 "$program" help --help
prints 'usage: expect100 SUBCOMMAND'
gives 0 "$program" version
prints 'expect100 '
"$program" help >named
mapfile -t subcommands < <(sed -n 's/^  \([a-z]*\)  *[^ ].*/\1/p' named | grep -v -x help)
((${#subcommands[@]} > 20)) || wrong 'help names few subcommands'
for subcommand in "${subcommands[@]}"; do
  gives 0 "$program" "$subcommand" --help
  prints "usage: expect100 $subcommand"
  gives 0 "$program" help "$subcommand"
  prints "usage: expect100 $subcommand"
  grep -q "^## $subcommand" "$source/docs/cli.md" || [[ $subcommand == version ]] ||
    wrong "docs/cli.md does not describe $subcommand"
done

# ---- judge ------------------------------------------------------------------------------------------------
gives 1 "$program" judge bad.case
silent
prints 'bad.case: '
prints 'violation ORIGIN_100_OR_FINAL: request 1, step '
prints 'to blame   origin'
prints 'RFC 9110 10.1.1'
prints 'permitted  '
gives 1 "$program" judge - <bad.case
mkdir -p cases/inner
cp bad.case cases/b.case
cp bad.case cases/inner/c.case
"$program" print --as jsonl bad.case bad.case >cases/a.jsonl
gives 1 "$program" judge --json cases
names=$(sed 's/.*"exchange":"\([^"]*\)".*/\1/' .out | tr '\n' ' ')
[[ $names == 'cases/a.jsonl:1 cases/a.jsonl:2 cases/b.case cases/inner/c.case ' ]] || wrong "in the order $names"

# Known findings don't fail, and one that matches nothing is told.
findings_of bad.case >lines-of-bad.case
sed 's/.*: \(.*\)/bad.c?se \1 origin  # because/' lines-of-bad.case | sort -u >known
gives 0 "$program" judge --known known bad.case
prints 'known      because'
silent
printf 'other.case ORIGIN_NO_WAIT  # gone\n' >>known
gives 0 "$program" judge --known known bad.case
complains 'matched no finding (other.case ORIGIN_NO_WAIT)'
printf 'another.case ORIGIN_NO_WAIT  # gone, too\n' >>known
gives 0 "$program" judge --known known bad.case
complains '2 entries matched no finding, from line 3 (other.case) on: no such case was looked at'
sed -i 's/ origin / client /' known
gives 1 "$program" judge --known known bad.case
# Only in one situation, or behind a breach of another rule.
for condition in fff CLIENT_WELL_FORMED; do
  sed "s/.*: \(.*\)/bad.case \1 origin $condition  # because/" lines-of-bad.case | sort -u >known
  gives 1 "$program" judge --known known bad.case
  complains 'matched no finding'
done

# ---- many exchanges: one line each, at once, in the same memory --------------------------------------------
"$program" print --as jsonl bad.case >one.jsonl
for _ in $(seq 2000); do cat one.jsonl; done >many.jsonl
gives 1 "$program" judge --json many.jsonl
[[ $(wc -l <.out) == 2000 ]] || wrong 'not one line for each'
mkfifo lines
"$program" judge --json - <lines >streamed 2>/dev/null &
judge=$!
exec 3>lines
cat one.jsonl one.jsonl >&3
for _ in $(seq 100); do
  [[ $(wc -l <streamed) == 2 ]] && break
  sleep 0.1
done
[[ $(wc -l <streamed) == 2 ]] || wrong 'the verdicts do not come at once'
exec 3>&-
code=0
wait "$judge" || code=$?
[[ $code == 1 ]] || wrong "exit code $code of judge"

# ---- play ----------------------------------------------------------------------------------------------------
gives 0 "$program" play play.case
prints 'played against reference (origin)'
prints 'A client asks, waits, and sends its content.'
prints 'no findings'
gives 1 "$program" play --subject fault:never-100 play.case
prints 'ORIGIN_100_OR_FINAL'
prints 'permitted  '
gives 1 "$program" play bad.case
prints 'is of kind judge, so it is judged as it stands'
# A recording says nothing about a subject that is named, unless somebody names the recording, too.
mkdir mixed recordings
cp play.case bad.case mixed
cp bad.case recordings
gives 0 "$program" play --subject reference mixed
prints '1 of kind judge passed over'
gives 1 "$program" play mixed
gives 1 "$program" play --subject reference mixed/bad.case
gives 2 "$program" play --subject reference recordings
complains 'nothing was played'

# ---- print: every form reads back as the same exchange -----------------------------------------------------------
for file in bad.case play.case; do
  "$program" print "$file" >same.case
  for form in case json jsonl; do
    "$program" print --as "$form" "$file" >"form.$form"
    gives 0 "$program" print "form.$form"
    cmp -s .out same.case || wrong "$file is another exchange as $form"
  done
done
gives 0 "$program" print --as choices-hex play.case
grep -q -v -E '^([0-9a-f]{2}){1,32}$' .out && wrong 'choices-hex is not hexadecimal'
gives 0 "$program" print --as ladder play.case
prints 'client'

# ---- replay --------------------------------------------------------------------------------------------------------
gives 2 "$program" replay empty-folder
mkdir replayed
cp play.case replayed
gives 0 "$program" replay replayed
[[ $(tail -n 1 .out) == '1 passed, 0 failed' ]] || wrong 'no last line'
cp bad.case replayed
gives 1 "$program" replay replayed
prints 'replayed/bad.case: failed'
prints 'not expected: request 1, step 2: ORIGIN_100_OR_FINAL'
[[ $(tail -n 1 .out) == '1 passed, 1 failed' ]] || wrong 'no last line'
# What judge says is what replay expects, exactly.
{
  cat bad.case
  echo '-- findings --'
  cat lines-of-bad.case
} >replayed/bad.case
gives 0 "$program" replay replayed
echo 'request 1, step 2: ORIGIN_100_OR_FINAL' >>replayed/bad.case
gives 1 "$program" replay replayed
prints 'not found:    request 1, step 2: ORIGIN_100_OR_FINAL'
rm replayed/bad.case
# What a subject should do is compared too.
cat >>replayed/play.case <<'END'
-- expect origin --
HTTP/1.1 102 Processing

END
gives 1 "$program" replay replayed
prints 'origin should do: 102'

# ---- list and explain ------------------------------------------------------------------------------------------------
for what in rules faults targets subjects cases; do
  gives 0 "$program" list "$what" --cases cases
  [[ -s .out ]] || wrong "lists no $what"
done
gives 0 "$program" list cases --cases bad.case
prints 'bad.case: The client asks and waits;'
gives 0 "$program" explain --cases bad.case origin_100_or_final
prints 'ORIGIN_100_OR_FINAL'
prints 'RFC 9110 10.1.1'
prints 'bad.case'
gives 0 "$program" explain fault:never-100
prints 'never-100'
gives 0 "$program" explain Never-100
prints 'ORIGIN_100_OR_FINAL'

# ---- lint --------------------------------------------------------------------------------------------------------------
gives 0 "$program" lint play.case
sed 's/ORIGIN_100_OR_FINAL/ORIGIN_100_OR_FINALE/' bad.case >typo.case
printf -- '-- findings --\nrequest 1, step 2: ORIGN_NO_WAIT\n' >>typo.case
gives 1 "$program" lint typo.case
prints "typo.case:4: there is no rule 'ORIGIN_100_OR_FINALE'"
prints "there is no rule 'ORIGN_NO_WAIT'"
sed 's/-- client --/-- cliemt --/' bad.case >typo.case
gives 1 "$program" lint typo.case
prints 'typo.case:6: '
{
  cat play.case
  head -c 2000 /dev/zero | tr '\0' x
} >long.case
gives 1 "$program" lint long.case
prints 'is longer than 1 KB'

# ---- seeds: whole, the same each time, one name a case ---------------------------------------------------------------------
gives 0 "$program" seeds --cases play.case one
gives 0 "$program" seeds --cases play.case two
diff -r one two || wrong 'seeds differ from one time to the other'
[[ -f one/origin/play && -f one/case/play ]] || wrong 'there are no seeds'
[[ -z $(find one -name '*.tmp') ]] || wrong 'something is left behind'
gives 2 "$program" seeds --cases empty-folder three
mkdir twice twice/a twice/b
cp play.case twice/a
cp play.case twice/b
gives 2 "$program" seeds --cases twice four
complains 'has the name of another case'
