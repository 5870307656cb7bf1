#!/usr/bin/env bash
# From a run to its findings file, and from that to what other programs take; and nothing that anybody puts into a
# case breaks one of the forms.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# valid SCHEMA FILE: FILE is of the form that docs/SCHEMA.schema.json describes.
valid() {
  python3 -W ignore - "$source/docs" "$1" "$2" >.valid 2>&1 <<'EOF' || { tail -n 20 .valid >&2; wrong "$2 is no $1"; }
import json, pathlib, sys
import jsonschema
path = pathlib.Path(sys.argv[1]).resolve() / (sys.argv[2] + ".schema.json")
schema = json.loads(path.read_text())
jsonschema.Draft202012Validator.check_schema(schema)
resolver = jsonschema.RefResolver(path.as_uri(), schema)
jsonschema.Draft202012Validator(schema, resolver=resolver).validate(json.load(open(sys.argv[3], encoding="utf-8")))
EOF
}

# ask EXPRESSION FILE: what a Python expression says about a JSON file, d.
ask() { python3 -c 'import json, sys; d = json.load(open(sys.argv[2])); print(eval(sys.argv[1]))' "$@"; }

# is WANTED EXPRESSION FILE
is() {
  local got
  got=$(ask "$2" "$3")
  [[ $got == "$1" ]] || wrong "$2 of $3 is $got, not $1"
}

# ---- a folder of cases, in a folder with a blank -------------------------------------------------------------
mkdir -p 'my cases/deep'
write_bad_case 'my cases/bad.case'
write_bad_case 'my cases/deep/again.case'
sed -i 's/Content-Length: 5/Content-Length: 5\nX-More: than the other/' 'my cases/deep/again.case'
write_play_case 'my cases/play.case'

gives 1 "$program" judge 'my cases/bad.case' 'my cases/deep' --findings judged.json
valid findings judged.json
is "expect100 judge 'my cases/bad.case' 'my cases/deep' --findings judged.json" 'd["command"]' judged.json
is '(2, 2, 4)' 'd["looked_at"]["exchanges"], len(d["transcripts"]), len(d["findings"])' judged.json
is "['ORIGIN_100_OR_FINAL', 'ORIGIN_NO_WAIT']" 'sorted(g["rule"] for g in d["groups"])' judged.json
is '[2, 2]' '[g["count"] for g in d["groups"]]' judged.json
is "{'my cases/bad.case'}" '{d["transcripts"][d["findings"][g["smallest"]]["transcript"]]["path"] for g in d["groups"]}' judged.json
# The step that shows it: line 12 is `-- quiet --`.
is 12 'd["findings"][0]["line"]' judged.json
sed -n 12p 'my cases/bad.case' | grep -q -x -e '-- quiet --' || wrong 'line 12 is another'

gives 1 "$program" play --subject fault:never-100 'my cases/play.case' --findings played.json
valid findings played.json
is "('fault:never-100', 5)" 'd["subject"], d["findings"][0]["line"]' played.json
sed -n 5p 'my cases/play.case' | grep -q -x -e '-- client --' || wrong 'line 5 is another'
# The command that it gives shows it again.
gives 1 bash -c "\"\$0\" $(ask 'd["transcripts"][0]["replay"].split(" ", 1)[1]' played.json)" "$program"
prints 'violation ORIGIN_100_OR_FINAL'
# The same run gives the same file.
cp played.json before.json
gives 1 "$program" play --subject fault:never-100 'my cases/play.case' --findings played.json
cmp -s played.json before.json || wrong 'another file at another time'

# ---- triage: of cases, and of findings files -------------------------------------------------------------------
gives 1 "$program" triage 'my cases/bad.case' 'my cases/deep'
prints 'violation  origin MUST answer an expectation at once, with 100 or with the final status, and does not (a request waits'
prints '4 findings of 2 causes: 4 violations'
cp .out by-cases
gives 2 "$program" triage 'no such folder'
[[ ! -s .out ]] || wrong 'says that nothing was found where nothing was looked at'
gives 1 "$program" triage judged.json
cmp -s .out by-cases || wrong 'groups a findings file otherwise than the cases'
gives 0 "$program" report judged.json
cmp -s .out by-cases || wrong 'report says otherwise'
gives 1 "$program" triage --subject fault:never-100 'my cases' judged.json
prints '9 findings of 2 causes'
gives 2 "$program" triage
complains 'name a folder of cases'

# ---- SARIF ------------------------------------------------------------------------------------------------------
gives 0 "$program" report judged.json played.json --sarif all.sarif
python3 "$source/tests/sarif_checker.py" all.sarif . >.out || wrong 'no SARIF'
[[ $(<.out) == 3 ]] || wrong 'other results'
is "'my%20cases/bad.case'" 'repr(d["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])' all.sarif
# The fingerprint is that of the cause: the same in another run, over other cases.
is True '[r["partialFingerprints"] for r in d["runs"][0]["results"] if r["ruleId"] == "ORIGIN_100_OR_FINAL"] == [r["partialFingerprints"] for r in d["runs"][1]["results"]]' all.sarif
# A checker that accepts anything would have passed: it says no to what is broken on purpose.
for change in 'd["version"] = "2.0.0"' 'd["runs"][0]["results"][0]["ruleIndex"] = 9' \
  'd["runs"][0]["results"][0]["locations"] = []' 'del d["runs"][0]["results"][0]["message"]' \
  'd["runs"][0]["results"][0]["level"] = "fatal"' 'd["runs"][0]["results"][0]["partialFingerprints"] = {}' \
  'd["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "/a b"' \
  'd["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 999' \
  'del d["runs"][0]["tool"]["driver"]["rules"][0]["help"]' 'd["runs"][0]["extra"] = 1'; do
  python3 -c 'import json, sys
d = json.load(open("all.sarif")); exec(sys.argv[1]); json.dump(d, open("broken.sarif", "w"))' "$change"
  python3 "$source/tests/sarif_checker.py" broken.sarif . >/dev/null && wrong "takes SARIF with $change"
done

# ---- JUnit and annotations, straight from a replay and by way of the file ---------------------------------------
gives 1 "$program" replay 'my cases' --subject fault:never-100 --junit direct.xml --findings replayed.json --github
valid findings replayed.json
grep '^::' .out >direct.github
gives 0 "$program" report replayed.json --junit later.xml --github
cmp -s .out direct.github || wrong 'other annotations'
cmp -s direct.xml later.xml || wrong 'another JUnit'
python3 - direct.xml >.out <<'EOF' || wrong 'no JUnit'
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
assert suites.tag == "testsuites" and len(suites) == 1
suite = suites[0]
tests = suite.findall("testcase")
failed = [test for test in tests if test.find("failure") is not None]
assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == ("3", "3", "0", "0")
assert len(tests) == 3 and len(failed) == 3
assert {(t.get("classname"), t.get("name")) for t in tests} == {
    ("my cases", "bad.case"), ("my cases", "play.case"), ("my cases/deep", "again.case")}
assert "RFC 9110 10.1.1" in failed[0].find("failure").text
EOF
grep -q -F "::error file=my cases/bad.case,line=12,title=ORIGIN_100_OR_FINAL::origin MUST answer" direct.github ||
  wrong 'another annotation'
gives 0 "$program" report replayed.json --markdown -
prints '| 3 | violation | origin MUST answer an expectation at once'
prints '◀ finding'

# A budget: what is left out is said, and never green.
gives 2 "$program" replay 'my cases' --limit-steps 1 --findings limited.json --junit limited.xml
complains '--limit-steps left out 2 cases'
is "['failed', 'skipped', 'skipped']" '[c["result"] for c in d["cases"]]' limited.json
[[ $(grep -c '<skipped/>' limited.xml) == 2 ]] || wrong 'skips others'
gives 1 "$program" replay 'my cases' --limit-steps 1000
gives 2 "$program" replay 'my cases' --limit-steps 0

# What could not be played is an error, and not left out.
gives 2 "$program" play 'my cases' --subject tcp:127.0.0.1:1 --junit unplayed.xml --github
grep -q '<testsuite .* tests="3" failures="0" errors="1" skipped="2"' unplayed.xml || wrong 'does not tell what was not played'
prints '::error file=my cases/play.case,title=could not be looked at::'

for command in replay triage; do
  gives 2 "$program" "$command" 'my cases' --subject tcp:127.0.0.1:1 --junit unplayed.xml
  grep -q '<testsuite .* tests="3" .* errors="1"' unplayed.xml || wrong "$command does not tell what was not played"
  grep -q "<error message=.*tcp:127.0.0.1:1.* did not start" unplayed.xml || wrong "$command does not say why"
done

# So is what could not be read: a file, a line, a folder without cases, a capture.
mkdir 'not all' 'not all/nothing'
cp 'my cases/bad.case' 'not all'
echo '{"format": "expect100-exchange", "version": 99}' >'not all/newer.json'
{ "$program" print --as json 'my cases/bad.case' | tr -d '\n' && printf '\n{"format": 7}\n'; } >'not all/two.jsonl'
head -c 30 /dev/zero >'not all/bad.pcap'
gives 2 "$program" judge 'not all' 'not all/nothing' 'not all/none.case' 'not all/bad.pcap' --junit unread.xml --github \
  --findings unread.json
valid findings unread.json
prints '::error file=not all/newer.json,title=could not be looked at::'
is "['unreadable', 'failed', 'unreadable', 'failed', 'unreadable', 'unreadable', 'unreadable', 'unreadable']" \
  '[c["result"] for c in d["cases"]]' unread.json
python3 - unread.xml <<'EOF' || wrong 'JUnit does not tell what could not be read'
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()[0]
errors = {test.get("name"): test.find("error").get("message") for test in suite if test.find("error") is not None}
assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("8", "2", "6"), suite.attrib # bad.pcap in its folder, too
assert set(errors) == {"newer.json", "two.jsonl:2", "nothing", "none.case", "bad.pcap"}, errors
assert "version" in errors["newer.json"] and "no such file" in errors["none.case"], errors
assert "holds no exchange" in errors["nothing"] and "capture" in errors["bad.pcap"], errors
EOF

# ---- a case moved to another folder is replayed from there, and the other way round after the fix -------------------
gives 1 "$program" minimize --subject fault:never-100 --out moved 'my cases/play.case'
mkdir elsewhere && mv moved/*.case elsewhere
(cd / && "$program" play --subject fault:never-100 "$scratch/elsewhere") >.out 2>.err && wrong 'the bug does not fail'
gives 0 "$program" play elsewhere
gives 0 "$program" replay --subject fault:never-100 elsewhere
gives 1 "$program" replay elsewhere

# ---- the diagram of docs/findings.md is the one that is drawn today ---------------------------------------------------
gives 1 "$program" judge --ladder "$source"/corpus/cases/precedents/bad-001-*.case
python3 - .out "$source/docs/findings.md" <<'EOF' || wrong 'docs/findings.md shows another diagram'
import sys
drawn, document = (open(path, encoding="utf-8").read() for path in sys.argv[1:])
assert "```text\n" + drawn.split("\n", 2)[2] + "```\n" in document
EOF

# ---- hostile values: names and octets ------------------------------------------------------------------------------
# The name of the folder ends a line, an attribute, a command of GitHub, and a fence of Markdown.
nasty=$'a\n::error::owned,b%\n```\n<script>alert(1)<'
mkdir "$nasty"
write_bad_case "$nasty/\"><script>alert(1)<:script>'&amp;]]>.case"
cat >"$nasty/octets.case" <<'EOF'
# <script>alert(2)</script> ``` | **bold** ::error::title %0A ]]> &lt;
kind: judge
role: origin

-- client --
PUT /"><script>alert(3)</script> HTTP/1.1
Host: ]]>&amp;'
Content-Length: 5
Expect: 100-continue

-- settled --
EOF
printf -- '-- client --\n\x01\x02\xe2\x80\xae<b>\n-- client closes --\n' >>"$nasty/octets.case"
gives 1 "$program" judge "$nasty" --findings nasty.json --github
[[ $(grep -c '^::' .out) == "$(ask 'len(d["findings"])' nasty.json)" ]] || wrong 'a value begins a command'
grep -q 'file=a%0A%3A%3Aerror%3A%3Aowned%2Cb%25%0A' .out || wrong 'the path is not escaped'
valid findings nasty.json
gives 0 "$program" report nasty.json --junit nasty.xml --sarif nasty.sarif --markdown nasty.md
python3 "$source/tests/sarif_checker.py" nasty.sarif . >.out || wrong 'no SARIF'
python3 - nasty.xml <<'EOF' || wrong 'no JUnit'
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert {element.tag for element in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "system-out"}
assert any("<script>" in test.get("name") for test in root.iter("testcase"))
EOF
# Markup is either escaped, or within a fence that it cannot end.
python3 - nasty.md <<'EOF' || wrong 'Markdown that does something'
import re, sys
fence, outside = None, []
for line in open(sys.argv[1], encoding="utf-8").read().split("\n"):
    ticks = re.match(r"(`{3,})", line)
    if fence is None and ticks:
        fence = ticks.group(1)
    elif fence is not None and line == fence:
        fence = None
    elif fence is None:
        outside.append(line)
assert fence is None
allowed = {"<details><summary>The case</summary>", "</details>"}
for line in outside:
    assert line in allowed or not re.search(r"(?<!\\)<", line), line
EOF

# ---- what is no findings file ------------------------------------------------------------------------------------
head -c 700 judged.json >cut.json
sed 's/"version": 1,/"version": 2,/' judged.json >newer.json
echo '{"format":"expect100-verdict","version":1}' >other.json
echo '[]' >list.json
: >empty.json
python3 - <<'EOF'
import json
def spoil(name, change):
    d = json.load(open("judged.json"))
    change(d)
    json.dump(d, open(name, "w"))
spoil("no-group.json", lambda d: d["findings"][0].update(group="0" * 16))
spoil("no-transcript.json", lambda d: d["findings"][0].update(transcript=99))
spoil("no-text.json", lambda d: d["findings"][0].update(rule=7))
spoil("no-exchange.json", lambda d: d["transcripts"][0]["exchange"].update(steps="none"))
spoil("no-findings.json", lambda d: d.pop("findings"))
spoil("negative.json", lambda d: d["groups"][0].update(count=-1))
spoil("nul.json", lambda d: d.update(command="a\0b"))
spoil("smallest.json", lambda d: d["groups"][0].update(smallest=10 ** 12))
spoil("terminal.json", lambda d: d["findings"][0].update(group="\x1b[31m"))
EOF
refuses() {
  gives 2 "$program" report "$1" --sarif none.sarif
  complains "$1: $2"
  [[ ! -e none.sarif ]] || wrong "writes a report of $1"
}
refuses cut.json 'is no whole JSON document (line'
refuses newer.json 'is a findings file of version 2, and this program reads version 1'
refuses other.json 'is no findings file'
refuses list.json 'is no findings file'
refuses empty.json 'is no whole JSON document'
refuses no-group.json "findings[0]: there is no group '0000000000000000'"
refuses no-transcript.json 'findings[0]: there is no such transcript'
refuses no-text.json 'findings[0]: "rule" has to be a text'
refuses no-exchange.json 'transcripts[0]: '
refuses no-findings.json 'the file has no list "findings"'
refuses negative.json 'groups[0]: "count" has to be a number that is not negative'
refuses nul.json 'the file: "command" has to be a text'
refuses smallest.json 'groups[0]: there is no such finding'
refuses terminal.json "findings[0]: there is no group '?[31m'"
refuses missing.json ''
refuses 'my cases' 'has no findings.json'
gives 2 "$program" triage newer.json
complains 'is a findings file of version 2'
gives 2 "$program" report
# One of several: the rest is done.
gives 2 "$program" report cut.json judged.json --sarif rest.sarif
python3 "$source/tests/sarif_checker.py" rest.sarif . >.out || wrong 'the rest is not done'

# ---- nowhere to write: nothing is lost ---------------------------------------------------------------------------
gives 2 "$program" judge 'my cases/bad.case' --findings no/such/folder.json
complains 'no/such/folder.json: cannot be written: its folder is not there'
sed -n '/^{/,$p' .out >saved.json
valid findings saved.json
gives 2 "$program" replay 'my cases' --junit no/such/folder.xml
complains 'no/such/folder.xml: cannot be written'
gives 2 "$program" report judged.json --sarif no/such.sarif --junit written.xml
[[ -s written.xml ]] || wrong 'one form that cannot be written takes the others with it'
gives 0 "$program" report judged.json --markdown $'a line\nbreak.md'
[[ -s $'a line\nbreak.md' ]] || wrong 'no report at a path with a line end'
exit 0
