#!/usr/bin/env bash
# Two surveys of the same servers agree in every finding that counts, whatever comes and goes.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

addresses=()
for kind in well never-100 sometimes waits; do
  start_server live_servers.py "$kind" port
  addresses+=("tcp:127.0.0.1:$port")
done

mkdir situations
for name in asks-and-waits asks-and-sends-at-once asks-in-pieces asks-second asks-twice asks-once-then-not asks-then-pipelines \
  asks-last-in-a-list asks-in-http-1.0 asks-with-length-0 asks-and-leaves does-not-ask; do
  cp "$source/corpus/survey/ok-$name.case" situations
done
for run in 1 2; do
  gives 1 "$program" survey "${addresses[@]}" --situations situations --settle 100 --confirm 4 --out out --json "$run.json"
done
python3 - <<'END' || wrong 'two surveys do not agree in what counts'
import json

def counting(path):
    return {(cell["subject"], cell["situation"], finding["rule"], finding["party"])
            for cell in json.load(open(path))["cells"] for finding in cell["findings"] if finding["confirmed"]}

def by_chance(finding):  # a server that errs by chance can err each time
    return finding[0] == sometimes

sometimes = json.load(open("1.json"))["subjects"][2]["name"]
first, second = counting("1.json"), counting("2.json")
assert len(first) > 5, first
assert {f for f in first if not by_chance(f)} == {f for f in second if not by_chance(f)}, first ^ second
END
