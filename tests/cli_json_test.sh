#!/usr/bin/env bash
# Every --json is valid JSON of a form that docs/*.schema.json describes, one document a line.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

cat >valid.py <<'END'
import json, pathlib, sys
import jsonschema

docs, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
path = docs / (name + ".schema.json")
schema = json.loads(path.read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(path.as_uri(), schema))
lines = [line for line in sys.stdin.buffer.read().decode("utf-8", "strict").split("\n")[:-1]]
if not lines:
    sys.exit("no document")
for line in lines:
    validator.validate(json.loads(line))
END

# valid SCHEMA: the output of the last command.
valid() { python3 -W ignore valid.py "$source/docs" "$1" <.out >.valid 2>&1 || { tail -n 20 .valid; wrong "is no $1"; }; }

write_bad_case bad.case
write_play_case play.case
printf '# not UTF-8: \377\n' >$'name\377.case'
mkdir cases
cp ./*.case cases
echo 'bad.case ORIGIN_100_OR_FINAL  # known' >known

gives 1 "$program" judge --json --known known bad.case play.case $'name\377.case'
valid verdict
gives 1 "$program" play --json --subject fault:never-100 play.case bad.case
valid verdict
for what in rules faults; do
  gives 0 "$program" list "$what" --json
  valid "$what"
done
for what in targets subjects cases; do
  gives 0 "$program" list "$what" --json --cases cases
  valid reports
done
gives 1 "$program" replay --json cases
valid reports
gives 1 "$program" lint --json $'name\377.case'
valid reports
gives 0 "$program" explain --json --cases cases ORIGIN_100_OR_FINAL
valid reports
grep -q 'bad.case' .out || wrong 'no case shows the rule'
gives 0 "$program" explain --json fault:never-100
valid reports
gives 1 "$program" minimize --json --subject fault:never-100 --out out play.case
valid reports
gives 3 "$program" minimize --json --out out play.case
valid reports
for form in json jsonl; do
  "$program" print --as "$form" play.case | python3 -c '
import json, sys
print(json.dumps(json.load(sys.stdin)))' >.out
  valid exchange
done

# A schema that accepts anything would have passed all of this.
gives 0 "$program" version
for schema in verdict rules faults reports exchange; do
  echo '{"format":"expect100-none","version":1}' >.out
  python3 -W ignore valid.py "$source/docs" "$schema" <.out >/dev/null 2>&1 && wrong "$schema accepts anything"
done
exit 0
