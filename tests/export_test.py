#!/usr/bin/env python3
"""export_test.py PROGRAM CORPUS: what is exported and judged as a capture has the findings of the exchange itself.

For every case of kind judge, role origin, that is on the wire as a whole: no timers and no application. Silences of a
capture are `settled`, so a `quiet` is judged as that here, too."""
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


compared = with_findings = 0
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
    wanted = findings(run("judge", "--json", "exchange.json").stdout, "origin")
    exported = run("export", "--pcap", "out.pcap", "exchange.json")
    assert exported.returncode == 0, (case, exported.stderr)
    place = "client" if exchange.get("seen_by") == "client" else "origin"
    judged = run("judge", "--json", "--seen-by", place, "out.pcap")
    assert findings(judged.stdout, "origin") == wanted, (case, wanted, judged)
    compared += 1
    with_findings += bool(wanted)
assert compared > 100 and with_findings > 50, (compared, with_findings)
print(f"{compared} cases, {with_findings} with findings")
