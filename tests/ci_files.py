#!/usr/bin/env python3
"""Looks at the files for other people's CI without a network: that they are YAML with the keys, modes and sanitizers
that exist, that everything in the tree that they name is there, and that what must agree does.

    ci_files.py SOURCE [FILE...]    FILE: other workflows than those of the tree, for the test that this can fail

What whoever publishes the tree fills in is listed; it is filled in everywhere with the same address, or nowhere.
"""
import glob
import os
import re
import sys

import yaml

SANITIZERS = {"address", "undefined", "memory", "coverage"}
MODES = {"code-change", "batch", "prune", "coverage"}
# What the two actions of ClusterFuzzLite take.
BUILD_KEYS = {"language", "github-token", "sanitizer", "architecture", "dry-run", "allowed-broken-targets-percentage",
              "storage-repo", "storage-repo-branch", "storage-repo-branch-coverage", "upload-build", "bad-build-check",
              "keep-unaffected-fuzz-targets"}
RUN_KEYS = {"language", "github-token", "fuzz-seconds", "mode", "sanitizer", "dry-run", "storage-repo",
            "storage-repo-branch", "storage-repo-branch-coverage", "report-unreproducible-crashes",
            "minimize-crashes", "parallel-fuzzing", "output-sarif", "report-timeouts", "report-ooms"}
ACTIONS = {"google/clusterfuzzlite/actions/build_fuzzers@v1": BUILD_KEYS,
           "google/clusterfuzzlite/actions/run_fuzzers@v1": RUN_KEYS,
           "actions/checkout@v4": {"fetch-depth", "persist-credentials"},
           "actions/upload-artifact@v4": {"name", "path", "if-no-files-found", "retention-days"},
           "github/codeql-action/upload-sarif@v3": {"sarif_file", "category"}}
WORKFLOW_KEYS = {"name", "on", "permissions", "jobs", "concurrency", "env", "defaults", "run-name"}
JOB_KEYS = {"name", "runs-on", "steps", "strategy", "concurrency", "timeout-minutes", "needs", "permissions", "if",
            "env", "continue-on-error"}
STEP_KEYS = {"name", "id", "uses", "with", "run", "if", "env", "working-directory", "shell", "continue-on-error",
             "timeout-minutes"}
EVENTS = {"push", "pull_request", "schedule", "workflow_dispatch"}
PROJECT_KEYS = {"homepage", "main_repo", "language", "primary_contact", "auto_ccs", "file_github_issue",
                "fuzzing_engines", "sanitizers", "architectures", "vendor_ccs", "help_url", "builds_per_day"}

# The files that say where this tree is, and what stands there before somebody has published it.
ADDRESSED = ["oss-fuzz/expect100/project.yaml", "oss-fuzz/expect100/Dockerfile", "oss-fuzz/kubernetes.yaml",
             "docs/examples/own-server/.clusterfuzzlite/Dockerfile"]
FILL_IN = "fill-in.invalid"

wrongs = []


def wrong(where, text):
    wrongs.append("%s: %s" % (where, text))


def load(path):
    """A YAML file; the key `on` is no boolean there."""
    with open(path) as file:
        try:
            data = yaml.load(file, yaml.BaseLoader)
        except yaml.YAMLError as error:
            wrong(path, "no YAML: %s" % error)
            return {}
    if not isinstance(data, dict):
        wrong(path, "no mapping")
        return {}
    return data


def only(where, keys, allowed):
    for key in keys:
        if key not in allowed:
            wrong(where, "the key %s does not exist" % key)


def expand(value, matrix):
    """The values that an expression of a matrix stands for."""
    found = re.fullmatch(r"\$\{\{ *matrix\.([a-z-]+) *\}\}", value)
    if not found:
        return [value]
    return matrix.get(found.group(1), [])


def look_at_step(where, step, matrix, source):
    """Gives the modes and sanitizers that it runs with."""
    only(where, step, STEP_KEYS)
    if ("uses" in step) == ("run" in step):
        wrong(where, "a step has either uses or run")
        return []
    if "run" in step:
        for program in re.findall(r"(?:^|[ (])(\.[/a-z][^ )\n]*)", step["run"]):
            if not os.access(os.path.join(source, program), os.X_OK):
                wrong(where, "%s is not there, or no program" % program)
        for preset in re.findall(r"--preset[ =]([a-z]+)", step["run"]):
            if '"name": "%s"' % preset not in open(os.path.join(source, "CMakePresets.json")).read():
                wrong(where, "there is no preset %s" % preset)
        return []
    if step["uses"] not in ACTIONS:
        wrong(where, "the action %s is not known" % step["uses"])
        return []
    given = step.get("with", {})
    only(where, given, ACTIONS[step["uses"]])
    if "clusterfuzzlite" not in step["uses"]:
        return []
    sanitizers = expand(given.get("sanitizer", "address"), matrix)
    if not sanitizers or set(sanitizers) - SANITIZERS:
        wrong(where, "sanitizers: %s" % sanitizers)
    if "run_fuzzers" not in step["uses"]:
        return [("build", sanitizer) for sanitizer in sanitizers]
    mode = given.get("mode", "")
    if mode not in MODES:
        wrong(where, "there is no mode %r" % mode)
    if not given.get("fuzz-seconds", "").isdigit() or int(given["fuzz-seconds"]) == 0:
        wrong(where, "fuzz-seconds has to be a number")
    if "github-token" not in given:
        wrong(where, "needs github-token for the corpus")
    if (mode == "coverage") != (sanitizers == ["coverage"]):
        wrong(where, "the mode coverage goes with the sanitizer coverage, and no other does")
    return [(mode, sanitizer) for sanitizer in sanitizers]


def look_at_workflow(path, source):
    """Gives the modes of ClusterFuzzLite that its jobs run with."""
    data = load(path)
    only(path, data, WORKFLOW_KEYS)
    if set(data.get("on", {})) - EVENTS or not data.get("on"):
        wrong(path, "on: has %s" % sorted(data.get("on", {})))
    if not data.get("permissions"):
        wrong(path, "says no permissions")
    for entry in (data.get("on", {}).get("schedule") or []) if isinstance(data.get("on"), dict) else []:
        if len(entry.get("cron", "").split()) != 5:
            wrong(path, "cron: %r" % entry.get("cron"))
    modes = set()
    for name, job in data.get("jobs", {}).items():
        where = "%s: %s" % (path, name)
        only(where, job, JOB_KEYS)
        if "runs-on" not in job or not job.get("steps"):
            wrong(where, "needs runs-on and steps")
        for needed in [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", []):
            if needed not in data["jobs"]:
                wrong(where, "needs %s, which is no job" % needed)
        matrix = job.get("strategy", {}).get("matrix", {})
        built, run = set(), set()
        for step in job.get("steps", []):
            for mode, sanitizer in look_at_step(where, step, matrix, source):
                (built if mode == "build" else run).add(sanitizer)
                if mode != "build":
                    modes.add(mode)
        if built != run:
            wrong(where, "builds with %s, and runs with %s" % (sorted(built), sorted(run)))
    return modes


def look_at_project(path, full):
    data = load(path)
    only(path, data, PROJECT_KEYS)
    if data.get("language") not in {"c", "c++"}:
        wrong(path, "language: %s" % data.get("language"))
    if full:
        for key in "homepage", "main_repo", "primary_contact":
            if not data.get(key):
                wrong(path, "has no %s" % key)
        if set(data.get("fuzzing_engines", [])) - {"libfuzzer", "afl", "honggfuzz", "centipede"}:
            wrong(path, "fuzzing_engines: %s" % data["fuzzing_engines"])
        if set(data.get("sanitizers", [])) - SANITIZERS:
            wrong(path, "sanitizers: %s" % data["sanitizers"])


def look_at_dockerfile(path, source, context):
    """Its llhttp is that of cmake/llhttp.cmake, and what it copies is there."""
    text = open(path).read()
    if not re.search(r"^FROM gcr\.io/oss-fuzz-base/base-builder(:v1)?$", text, re.M):
        wrong(path, "is not made from base-builder")
    version = re.search(r"/(release/v[0-9.]+)\.tar\.gz", open(os.path.join(source, "cmake/llhttp.cmake")).read())
    if "nodejs/llhttp" in text and "--branch %s " % version.group(1) not in text:
        wrong(path, "clones another llhttp than %s, which cmake/llhttp.cmake takes" % version.group(1))
    for copied in re.findall(r"^COPY (\S+) ", text, re.M):
        if not os.path.exists(os.path.join(context, copied)):
            wrong(path, "copies %s, which is not there" % copied)
    for copied in re.findall(r"cp \$SRC/expect100/(\S+)", text):
        if not os.path.exists(os.path.join(source, copied)):
            wrong(path, "copies %s, which is not there" % copied)
    if "build.sh" not in text:
        wrong(path, "puts no build.sh into $SRC")


def look_at_limits(source):
    """One limit for the length of inputs, in all campaigns."""
    limit = re.search(r"E100_INPUT_LENGTH_LIMIT = ([0-9]+)", open(os.path.join(source, "src/cli/fuzz.h")).read())
    if "max_len = %s\\n" % limit.group(1) not in open(os.path.join(source, "cmake/fuzz_target.cmake")).read():
        wrong("cmake/fuzz_target.cmake", "max_len is not E100_INPUT_LENGTH_LIMIT, %s" % limit.group(1))


def look_at_addresses(source):
    """Where the tree is cloned from: the same everywhere. An address of nobody (RFC 6761 6.4) is to be filled in."""
    addresses = set()
    for name in ADDRESSED:
        for number, line in enumerate(open(os.path.join(source, name)), 1):
            found = re.findall(r"https://[^\s'\"]+/expect100\b", line)
            addresses |= set(found)
            if FILL_IN in line and not line.startswith("#"):
                print("to fill in: %s:%d: %s" % (name, number, line.strip()))
            if "contact" in line and not re.search(r"[^\s@\"]+@[^\s@\"]+\.[a-z]+", line):
                wrong(name, "whom OSS-Fuzz writes to is no address: %s" % line.strip())
    if len(addresses) != 1:
        wrong(source, "the tree is cloned from different places: %s" % " ".join(sorted(addresses)))
    return addresses


def main():
    source, others = sys.argv[1], sys.argv[2:]
    if others:
        for path in others:
            look_at_workflow(path, source)
    else:
        workflows = sorted(glob.glob(os.path.join(source, ".github/workflows/*.yml")))
        modes = set()
        for path in workflows:
            modes |= look_at_workflow(path, source)
        if modes != MODES:
            wrong(".github/workflows", "the modes that run are %s, not %s" % (sorted(modes), sorted(MODES)))
        look_at_project(os.path.join(source, ".clusterfuzzlite/project.yaml"), False)
        look_at_project(os.path.join(source, "oss-fuzz/expect100/project.yaml"), True)
        look_at_dockerfile(os.path.join(source, ".clusterfuzzlite/Dockerfile"), source, source)
        look_at_dockerfile(os.path.join(source, "oss-fuzz/expect100/Dockerfile"), source,
                           os.path.join(source, "oss-fuzz/expect100"))
        look_at_limits(source)
        look_at_addresses(source)
        print("%d workflows, 2 projects" % len(workflows))
    for text in wrongs:
        print(text, file=sys.stderr)
    sys.exit(1 if wrongs else 0)


main()
