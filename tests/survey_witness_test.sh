#!/usr/bin/env bash
# Silences of a gateway with lanes are looked at again beside witnesses: what counts is the same as without, and nobody is
# blamed for silence who serves one after the other.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

gateways=()
trap 'kill "${gateways[@]}" 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir situations
for name in asks-and-gets-100 asks-in-capitals asks-with-10000-octets asks-and-is-refused-with-405 refused-amid-content; do
  cp "$source/corpus/survey-gateway/ok-$name.case" situations
done

# start KIND: a gateway of live_gateways.py with six ports, for as many lanes; sets `survey`.
start() {
  local lane ports upstreams
  mapfile -t upstreams < <(free_ports 6)
  rm -f port
  python3 "$source/tests/live_gateways.py" "$1" "${upstreams[@]}" port >/dev/null 2>&1 &
  gateways+=($!)
  until_there test -f port
  read -ra ports <port || true
  echo "upstream ${upstreams[0]}" >map
  for lane in 1 2 3 4 5; do
    echo "lane ${ports[lane]} ${upstreams[lane]}" >>map
  done
  survey=("$program" survey "gateway:127.0.0.1:${ports[0]}" --map map --situations situations --out out)
}

# It is silent to who asks, as it swallows the 100; but it has time for witnesses, so nothing has to be played alone: what
# counts was seen in three plays.
start swallows-100
gives 1 "${survey[@]}" --settle 300 --json witnessed.json
gives 1 "${survey[@]}" --settle 100 --json alone.json --jobs 1
python3 - <<'END' || wrong 'what is found beside witnesses is not what is found alone'
import json
def found(path):
    return {(cell["situation"], f["rule"], f["party"], f["request"], f["without_expectation"]): f["runs"]
            for cell in json.load(open(path))["cells"] for f in cell["findings"] if f["confirmed"]}
alone, witnessed = found("alone.json"), found("witnessed.json")
assert len(alone) > 2 and set(alone) == set(witnessed), (alone, witnessed)
assert min(witnessed.values()) == 3, witnessed
END

# One after the other, each goes through the lane that has been free for longest: what is late in one has ended by then.
rm port.came
gives 1 "${survey[@]}" --settle 100 --jobs 1 --situations situations/ok-asks-and-gets-100.case
came=$(uniq <port.came | head -n 6 | sort -u | wc -l)
((came > 3)) || wrong "four plays of one situation came through $came lanes: $(tr '\n' ' ' <port.came)"

# It is silent to those who wait for their turn; so it is to witnesses, and what is played alone shows no silence.
start one-by-one
gives 0 "${survey[@]}" --settle 100
prints 'came only while other exchanges were played, and never alone'
