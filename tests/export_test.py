#!/usr/bin/env python3
"""export_test.py PROGRAM CORPUS: what is exported and judged as a capture has the findings of the exchange itself.

For every case of kind judge, role origin, that is on the wire as a whole: no timers and no application. Silences of a
capture are `settled`, so a `quiet` is judged as that here, too. A silence that a client does not end shows nothing of a
final response that is owed, as no time is set for one: such findings may be missing in a capture, and no others."""
import json
import pathlib
import subprocess
import sys

program, corpus = sys.argv[1:]


def run(*arguments):
    return subprocess.run([program, *arguments], capture_output=True, timeout=60, check=False)


def findings(output, party):
    found = set()
    for line in output.splitlines():
        found |= {(f["rule"], f.get("request")) for f in json.loads(line)["findings"] if f["party"] == party}
    return found


def shown_by_client(exchange, finding):
    """Whether FINDING is of no silence, or of one that the client ended, or of an answer that is owed at once."""
    steps = exchange["steps"][finding["step"] - 1:]
    if steps[0]["kind"] != "settled" or finding["rule"] == "ORIGIN_100_OR_FINAL":
        return True
    after = [step for step in steps if step["kind"] != "settled"]
    return bool(after) and after[0].get("from") == "client"


def needed(output, exchange):
    return {(f["rule"], f.get("request")) for line in output.splitlines() for f in json.loads(line)["findings"]
            if f["party"] == "origin" and shown_by_client(exchange, f)}


compared = with_findings = slow = 0
for case in sorted(pathlib.Path(corpus).rglob("*.case")):
    if b"kind: judge" not in case.read_bytes():
        continue
    exchange = json.loads(run("print", "--as", "json", str(case)).stdout)
    kinds = {step["kind"] for step in exchange["steps"]}
    if exchange["role"] != "origin" or kinds & {"timer", "told", "decided"} or exchange.get("reading"):
        continue
    for step in exchange["steps"]:
        step["kind"] = "settled" if step["kind"] == "quiet" else step["kind"]
    pathlib.Path("exchange.json").write_text(json.dumps(exchange))
    verdict = run("judge", "--json", "exchange.json").stdout
    wanted = findings(verdict, "origin")
    exported = run("export", "--pcap", "out.pcap", "exchange.json")
    assert exported.returncode == 0, (case, exported.stderr)
    place = "client" if exchange.get("seen_by") == "client" else "origin"
    judged = run("judge", "--json", "--seen-by", place, "out.pcap")
    found = findings(judged.stdout, "origin")
    assert needed(verdict, exchange) <= found <= wanted, (case, wanted, judged)
    compared += 1
    with_findings += bool(found)
    slow += found != wanted
assert compared > 100 and with_findings > 50 and slow < 20, (compared, with_findings, slow)
print(f"{compared} cases, {with_findings} with findings, {slow} with a final response that only comes late")
