#!/usr/bin/env bash
# A pull request that breaks the machine: a short campaign with a budget of executions finds it, and says so where people
# look. The faults stand for changes; each is put into the machine in another way.
#
#   pull_request.sh PROGRAM SOURCE
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

campaign() { gives "$1" "$program" fuzz --engine libfuzzer --target origin --jobs 1 --seed 1 --runs 3000 "${@:2}"; }

# As it is, nothing is found.
campaign 0 --out sound --github --junit sound.xml
! grep -q '^::' .out || wrong 'annotates without a finding'
grep -q '<testcase classname="campaign" name="no findings"/>' sound.xml || wrong 'other tests'

while read -r fault rule; do
  campaign 1 --out "$fault" --subject "fault:$fault" --github --findings "$fault.json" --junit "$fault.xml"
  grep -q "^::error file=$fault/findings/.*title=$rule::" .out || wrong "no annotation of $rule"
  grep -q '<failure message="origin MUST' "$fault.xml" || wrong "JUnit does not fail for $fault"
  gives 0 "$program" report "$fault.json" --sarif "$fault.sarif" --html "$fault.html" --markdown -
  prints "$rule"
  python3 "$source/tests/sarif_checker.py" "$fault.sarif" . >.out || wrong "no SARIF of $fault"
  python3 "$source/tests/page_checker.py" "$fault.html" "fault:$fault" 'Pairs reached' >.out || wrong "no page of $fault"
  # The case that is left is a regression test: it fails the change, and passes without it.
  gives 1 "$program" play --subject "fault:$fault" "$fault/findings"
  gives 0 "$program" play "$fault/findings"
done <<'EOF'
never-100 ORIGIN_100_OR_FINAL
case-sensitive-value ORIGIN_100_OR_FINAL
100-to-10 SERVER_10_NO_INTERIM
EOF
exit 0
