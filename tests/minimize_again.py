#!/usr/bin/env python3
"""minimize_again.py PROGRAM CORPUS origin|client|proxy...|recordings: minimising is a fixed point.

Of every fault of these roles, or of a recording of every rule that is broken in the corpus: what is minimised keeps the rule and the
party, and a second run changes nothing. One process looks at what hundreds of short ones of PROGRAM write: to start this
interpreter for each of them costs ten times as much as they do."""
import difflib
import json
import pathlib
import subprocess
import sys

program, corpus = sys.argv[1], pathlib.Path(sys.argv[2])


def run(*arguments):
    return subprocess.run([program, *map(str, arguments)], capture_output=True, timeout=60, check=False)


def wrong(sentence, ran=None):
    if ran is not None:
        sentence += f"\n{ran.args}: exit code {ran.returncode}\n{ran.stdout.decode()}{ran.stderr.decode()}"
    sys.exit(sentence)


def minimized(folder, cause, options, case):
    """The one case that is written."""
    ran = run("minimize", "--cause", cause, "--out", folder, *options, case)
    written = sorted(folder.glob("*.case"))
    if ran.returncode != 1 or len(written) != 1:
        wrong(f"{len(written)} cases of {cause}, from {case}", ran)
    return written[0]


def again(folder, cause, options, case):
    """Minimises the case, and what comes of it once more. Gives what comes of it."""
    first = minimized(pathlib.Path(folder, "one"), cause, options, case)
    lines = first.read_text().splitlines()
    if f"shows: {cause.split()[0]}" not in lines:
        wrong(f"another rule than {cause}, from {case}:\n{first.read_text()}")
    second = minimized(pathlib.Path(folder, "two"), cause, options, first)
    if second.read_bytes() != first.read_bytes():
        difference = difflib.unified_diff(lines, second.read_text().splitlines(), lineterm="")
        wrong("\n".join([f"minimising {cause} of {case} {options} changes its own result", *difference]))
    return lines


def plays(roles):
    """The cases that are played against a subject of these ROLES."""
    cases = []
    folders = [*(corpus / "cases" / role for role in roles), corpus / "found"]
    for path in sorted(path for folder in folders for path in folder.glob("*.case")):
        lines = path.read_text().splitlines()
        if "kind: play" in lines and any(f"role: {role}" in lines for role in roles):
            cases.append(path)
    return cases


def longest(found, parties, rules):
    """The path and the cause of the longest play in which one of PARTIES breaks one of RULES, or any where there are none."""
    best = (0, "", "")
    for finding in found["findings"]:
        if finding["kind"] != "rule" or finding["party"] not in parties or "transcript" not in finding:
            continue
        played = found["transcripts"][finding["transcript"]]
        if not rules or finding["rule"] in rules:
            best = max(best, (len(played["case"]), played["path"], f"{finding['rule']} {finding['party']}"))
    return best[1:]


def faults(roles):
    """Each of the ROLES that breaks a rule which a case of its role shows."""
    count, unseen, cases = 0, [], {}
    listed = json.loads(run("list", "faults", "--json").stdout)["faults"]
    for fault in [fault for fault in listed if fault["role"] in roles]:
        name, role, rules = "fault:" + fault["name"], fault["role"], fault["must_fire"]
        parties = ("proxy", "gateway") if role == "proxy" else (role,)  # its faults are those of a gateway, too
        if parties not in cases:
            cases[parties] = plays(parties)
        ran = run("replay", "--subject", name, *cases[parties], "--findings", "found.json")
        if ran.returncode not in (0, 1):
            wrong(f"{name} was not played", ran)
        found = json.loads(pathlib.Path("found.json").read_bytes())
        case, cause = longest(found, parties, rules)
        if case:
            count += 1
            again(f"fault-{count}", cause, ["--subject", name], case)
        elif rules:  # legal behaviour has none that must fire; what else is wrong with a machine, its role's cases show
            unseen.append(name)
    if unseen:
        wrong(f"no case of the corpus plays {unseen}")
    return count


def recordings():
    """One of each rule, which gets no smaller by breaking other rules."""
    ran = run("judge", corpus / "cases", "--findings", "judged.json")
    if ran.returncode != 1:
        wrong("the corpus shows nothing", ran)
    judged = json.loads(pathlib.Path("judged.json").read_bytes())
    seen = {}
    for finding in judged["findings"]:
        talk = judged["transcripts"][finding.get("transcript", 0)]
        if "transcript" in finding and "kind: judge" in talk["case"]:
            seen.setdefault(finding["rule"], (finding["party"], talk["path"]))
    for count, (rule, (party, path)) in enumerate(seen.items(), 1):
        lines = again(f"recording-{count}", f"{rule} {party}", [], path)
        shown = {line.split(": ")[-1] for line in lines[lines.index("-- findings --") + 1:]}
        broken = {finding["rule"] for finding in json.loads(run("judge", "--json", path).stdout)["findings"]}
        if shown - broken:
            wrong(f"{path} breaks {shown - broken} once it is minimised")
    return len(seen)


what = sys.argv[3:]
minimised = recordings() if what == ["recordings"] else faults(what)
if minimised < 60:
    wrong(f"only {minimised} of {what} were minimised")
print(f"{minimised} of {what}: fine")
