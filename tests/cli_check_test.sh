#!/usr/bin/env bash
# `check` as a person uses it: what it prints, its exit codes, its traces, and an interrupt.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# A machine that is wrong: the shortest way there, which can be played again.
gives 1 "$program" check --subject fault:never-100 --policy none
silent
prints 'violation ORIGIN_100_OR_FINAL'
prints '◀ finding'
sed -n '/^kind: play/,/^-- settled --/p' .out >found.case
gives 1 "$program" play --subject fault:never-100 found.case
gives 0 "$program" play found.case

# Two clients share a pool: the rule is chosen, and what shows it is a case that can be played again.
gives 1 "$program" check --role proxy --clients 2 --policy none --subject fault:cancelled-and-pooled --rule response_under_its_request
prints 'violation RESPONSE_UNDER_ITS_REQUEST'
sed -n '/^kind: play/,/^     client d1/p' .out | sed '$d' >found.case
gives 1 "$program" play --subject fault:cancelled-and-pooled found.case
prints 'violation RESPONSE_UNDER_ITS_REQUEST'
gives 0 "$program" play found.case

# Not all of it: said, and no success.
gives 2 "$program" check --policy late-100,discard --depth 2
complains 'did not close'
prints 'it did not close'
gives 2 "$program" check --role client --policy none --depth 3 --traces reach
gives 2 "$program" check --role origin --policy none --depth 3 --traces reach
prints ' traces in reach'
(($(find reach -name 'ok-reach-*.case' | wc -l) > 60)) || wrong 'few traces'
gives 0 "$program" replay reach
gives 0 "$program" lint reach
silent

# The shortest traces of the references of these roles are in the corpus, one for each row that a case can take.
gives 0 "$program" replay "$source/corpus/cases/reach"
for trace in reach/*.case; do
  [[ -f $source/corpus/cases/$trace ]] || wrong "${trace##*/} is not in the corpus"
done

# Data.
gives 1 "$program" check --json --subject fault:never-100
json=$(<.out)
python3 -W ignore - "$source/docs/check.schema.json" <<END || wrong 'is no check'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
document = json.loads(r'''$json''')
jsonschema.Draft202012Validator(schema).validate(document)
assert document["found"]["verdict"]["findings"][0]["rule"] == "ORIGIN_100_OR_FINAL"
END

# What cannot be searched.
gives 2 "$program" check --policy prompt
complains '--policy wants all, none, or names'
gives 2 "$program" check --policy ''
complains '--policy wants'
gives 2 "$program" check --policy discard,
complains '--policy wants'
gives 2 "$program" check --subject fault:case-sensitive-value
complains 'only tables and events can be searched'
gives 2 "$program" check --subject nobody
complains "there is no subject 'nobody'"
gives 2 "$program" check --role client --clients 2
complains '--clients 2 wants --role proxy or gateway'
gives 2 "$program" check --clients 3
complains '--clients wants a number from 1'
gives 2 "$program" check --rule nobody
complains "there is no rule 'nobody'"
gives 2 "$program" check --depth 0
complains '--depth wants a number from 1'
gives 2 "$program" check corpus
complains 'takes no operand'
gives 2 "$program" check --role somebody
complains '--role wants origin, client, proxy or gateway'
gives 2 "$program" check --policy none --depth 1 --traces /dev/null/reach

# An interrupt ends it with what was done. It comes once somebody listens for it, and long before all policies
# are searched.
"$program" check --policy all >.out 2>.err &
until_there listens_for_interrupts $!
kill -INT $!
got=0
wait $! || got=$?
[[ $got == 2 ]] || wrong "exit code $got after an interrupt"
complains 'interrupted'
prints 'it did not close'
