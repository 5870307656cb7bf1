#!/usr/bin/env bash
# Minimising is a fixed point: of every fault, and of every recording that breaks a rule, a second run changes nothing,
# and the rule and the party stay.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

# again FOLDER CAUSE OPTIONS... CASE: minimises the case, and what comes of it once more.
again() {
  local folder=$1 cause=$2 first=() second=()
  shift 2
  gives 1 "$program" minimize --cause "$cause" --out "$folder/one" "$@"
  first=("$folder"/one/*.case)
  [[ ${#first[@]} == 1 && -s ${first[0]} ]] || wrong "no case of $cause"
  grep -q "^shows: ${cause%% *}$" "${first[0]}" || wrong "another rule than $cause"
  gives 1 "$program" minimize --cause "$cause" --out "$folder/two" "${@:1:$#-1}" "${first[0]}"
  second=("$folder"/two/*.case)
  cmp -s "${first[0]}" "${second[0]}" || {
    diff "${first[0]}" "${second[0]}" >&2
    wrong "minimising $cause changes its own result: $*"
  }
}

# longest FILE PARTIES RULES...: the path and the cause of the longest case of a findings file in which one of PARTIES
# breaks one of RULES, or where there are none any rule.
cat >longest.py <<'EOF'
import json, sys
path, parties, rules = sys.argv[1], sys.argv[2].split(","), sys.argv[3:]
d = json.load(open(path))
best = (0, "", "")
for f in d["findings"]:
    if f["kind"] != "rule" or f["party"] not in parties or "transcript" not in f or (rules and f["rule"] not in rules):
        continue
    t = d["transcripts"][f["transcript"]]
    if "\nkind: play\n" in "\n" + t["case"]:
        best = max(best, (len(t["case"]), t["path"], f["rule"] + " " + f["party"]))
print(best[1])
print(best[2])
EOF

# ---- faults: each that breaks a rule which a case of its role shows ------------------------------------------------
gives 0 "$program" list faults --json
python3 -c '
import json
for f in json.load(open(".out"))["faults"]:
    print("fault:" + f["name"], f["role"], *f["must_fire"])' >faults
count=0
while read -r name role rules; do
  cases=("$source/corpus/cases/$role" "$source/corpus/found")
  parties=$role
  if [[ $role == proxy ]]; then # its faults are those of a gateway too
    cases+=("$source/corpus/cases/gateway")
    parties=proxy,gateway
  fi
  "$program" replay --subject "$name" "${cases[@]}" --findings found.json >/dev/null 2>&1 || true
  # shellcheck disable=SC2086 # several rules
  mapfile -t found < <(python3 longest.py found.json "$parties" $rules)
  if [[ -z ${found[0]} ]]; then
    # Legal behaviour has no rule that must fire; whatever else is wrong with a machine, its role's cases show.
    [[ -z $rules ]] || printf 'no case of the corpus plays %s\n' "$name" >>unseen
    continue
  fi
  count=$((count + 1))
  again "fault-$count" "${found[1]}" --subject "$name" "${found[0]}"
done <faults
((count >= 50)) || wrong "only $count faults were minimised"
[[ ! -s unseen ]] || wrong "$(<unseen)"

# ---- recordings -----------------------------------------------------------------------------------------------------
gives 1 "$program" judge "$source/corpus/cases" --findings judged.json
python3 -c '
import json
d = json.load(open("judged.json"))
seen = set()
for f in d["findings"]:
    t = d["transcripts"][f.get("transcript", 0)]
    if "transcript" in f and "kind: judge" in t["case"] and f["rule"] not in seen:
        seen.add(f["rule"])
        print(f["rule"], f["party"], t["path"])' >recordings
count=0
while read -r rule party path; do
  count=$((count + 1))
  again "recording-$count" "$rule $party" "$path"
  # It shows no rule that the recording did not break.
  "$program" judge --json "$path" >judged.line || true
  while read -r shown; do
    grep -q "\"$shown\"" judged.line || wrong "$path breaks $shown once it is minimised"
  done < <(sed '1,/^-- findings --$/d;s/.*: //' "recording-$count"/one/*.case)
done <recordings
((count >= 30)) || wrong "only $count rules were minimised"
exit 0
