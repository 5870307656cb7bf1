"""Checks SARIF 2.1.0 as a code scanning service takes it.

usage: sarif_checker.py FILE [FOLDER]

What the standard asks of the parts that are used here, and what GitHub documents besides: each result has a rule
that is described, a message, a place with a relative reference and a line, and a fingerprint; numbers stay within
its limits. With FOLDER, the places have to be there: the file, and the line in it. Prints what is wrong.
"""
import json
import pathlib
import re
import sys
import urllib.parse

RESULTS_LIMIT, RULES_LIMIT, LOCATIONS_LIMIT, TAGS_LIMIT, FILE_LIMIT = 25000, 25000, 1000, 20, 10 * 1024 * 1024
LEVELS = {"none", "note", "warning", "error"}
MEMBERS = {
    "document": {"$schema", "version", "runs"},
    "run": {"tool", "invocations", "automationDetails", "columnKind", "results"},
    "driver": {"name", "version", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "partialFingerprints",
               "occurrenceCount", "suppressions"},
}
wrong = []


def must(holds, what):
    if not holds:
        wrong.append(what)
    return holds


def has(value, kind, name, what):
    """The member NAME of VALUE where it is of that kind; otherwise something of that kind that is empty."""
    member = value.get(name) if isinstance(value, dict) else None
    return member if must(isinstance(member, kind) and member not in ("", None), f"{what}: {name}") else kind()


def only(value, kind, what):
    must(set(value) <= MEMBERS[kind], f"{what}: members that are not of a {kind}: {set(value) - MEMBERS[kind]}")


def check_location(location, folder, what):
    physical = has(location, dict, "physicalLocation", what)
    uri = has(has(physical, dict, "artifactLocation", what), str, "uri", what)
    line = has(has(physical, dict, "region", what), int, "startLine", what)
    must(line >= 1, f"{what}: startLine {line}")
    must(re.fullmatch(r"(?:[A-Za-z0-9._~/@+=,-]|%[0-9A-F]{2})+", uri) is not None, f"{what}: no reference: {uri}")
    must(not uri.startswith(("/", "../", "file:")), f"{what}: is not relative: {uri}")
    if folder is not None:
        path = folder / urllib.parse.unquote(uri)
        if must(path.is_file(), f"{what}: no file {path}"):
            must(line <= path.read_bytes().count(b"\n") + 1, f"{what}: {path} has no line {line}")


def check_rule(rule, what):
    only(rule, "rule", what)
    for name in ("shortDescription", "fullDescription", "help"):
        has(has(rule, dict, name, what), str, "text", f"{what}: {name}")
    has(rule.get("help", {}), str, "markdown", what)
    must(len(rule.get("id", "")) <= 255, f"{what}: id")
    must(has(has(rule, dict, "defaultConfiguration", what), str, "level", what) in LEVELS, f"{what}: level")
    properties = has(rule, dict, "properties", what)
    must(0 < len(properties.get("tags", [])) <= TAGS_LIMIT, f"{what}: tags")
    must(properties.get("precision") in {"very-high", "high", "medium", "low"}, f"{what}: precision")
    must(properties.get("problem.severity") in {"error", "warning", "recommendation"}, f"{what}: problem.severity")


def check_result(result, rules, folder, what):
    only(result, "result", what)
    index = result.get("ruleIndex", -1)
    if must(isinstance(index, int) and 0 <= index < len(rules), f"{what}: ruleIndex"):
        must(rules[index].get("id") == result.get("ruleId"), f"{what}: ruleId")
    must(result.get("level") in LEVELS, f"{what}: level")
    has(has(result, dict, "message", what), str, "text", what)
    locations = has(result, list, "locations", what)
    must(len(locations) == 1, f"{what}: {len(locations)} locations")
    must(len(result.get("relatedLocations", [])) <= LOCATIONS_LIMIT, f"{what}: too many locations")
    for location in locations + result.get("relatedLocations", []):
        check_location(location, folder, what)
    prints = has(result, dict, "partialFingerprints", what)
    has(prints, str, "primaryLocationLineHash", what)
    must(all(isinstance(value, str) for value in prints.values()), f"{what}: fingerprints")
    must(result.get("occurrenceCount", 1) >= 1, f"{what}: occurrenceCount")
    for suppression in result.get("suppressions", []):
        must(suppression.get("kind") in {"inSource", "external"}, f"{what}: suppression")
    return has(prints, str, "primaryLocationLineHash", what)


def check_run(run, folder, what):
    only(run, "run", what)
    driver = has(has(run, dict, "tool", what), dict, "driver", what)
    only(driver, "driver", what)
    has(driver, str, "name", what)
    rules = driver.get("rules", [])
    must(len(rules) <= RULES_LIMIT, f"{what}: too many rules")
    for number, rule in enumerate(rules):
        check_rule(rule, f"{what}, rule {number}")
    must(len({rule.get("id") for rule in rules}) == len(rules), f"{what}: two rules have one id")
    must(run.get("columnKind") in {"utf16CodeUnits", "unicodeCodePoints"}, f"{what}: columnKind")
    must(run.get("automationDetails", {}).get("id", "").endswith("/"), f"{what}: the category ends with a slash")
    for invocation in run.get("invocations", []):
        must(isinstance(invocation.get("executionSuccessful"), bool), f"{what}: executionSuccessful")
    results = run.get("results")
    if not must(isinstance(results, list) and len(results) <= RESULTS_LIMIT, f"{what}: results"):
        return
    prints = [check_result(result, rules, folder, f"{what}, result {number}") for number, result in enumerate(results)]
    must(len(set(prints)) == len(prints), f"{what}: two results have one fingerprint")


def main(path, folder=None):
    octets = pathlib.Path(path).read_bytes()
    must(len(octets) <= FILE_LIMIT, "the file is too large")
    document = json.loads(octets.decode("utf-8", "strict"))
    only(document, "document", "document")
    must(document.get("version") == "2.1.0", "version")
    must(str(document.get("$schema", "")).endswith("sarif-2.1.0.json"), "$schema")
    runs = document.get("runs", [])
    must(0 < len(runs) <= 20, f"{len(runs)} runs")
    for number, run in enumerate(runs):
        check_run(run, pathlib.Path(folder) if folder else None, f"run {number}")
    for what in wrong[:20]:
        print(what)
    print(sum(len(run.get("results", [])) for run in runs))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
