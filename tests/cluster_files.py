#!/usr/bin/env python3
"""Looks at the files that run ClusterFuzzLite on machines of one's own, without a cluster and without docker: that each
key and each variable exists, that what is named is there, and that all of it runs with the same store.

    cluster_files.py MANIFEST    a file for Kubernetes
    cluster_files.py --said      on standard input, what oss-fuzz/standalone.sh has asked docker for, a word a line
"""
import sys

import yaml

# What ClusterFuzzLite's programs take from their environment, and what their docker does.
VARIABLES = {"CFL_PLATFORM", "WORKSPACE", "PROJECT_SRC_PATH", "REPOSITORY", "LANGUAGE", "FILESTORE", "FILESTORE_ROOT_DIR",
             "SANITIZER", "ARCHITECTURE", "MODE", "FUZZ_SECONDS", "OUTPUT_SARIF", "DRY_RUN", "LOW_DISK_SPACE",
             "PARALLEL_FUZZING", "MINIMIZE_CRASHES", "REPORT_UNREPRODUCIBLE_CRASHES", "REPORT_TIMEOUTS", "REPORT_OOMS",
             "UPLOAD_ALL_CRASHES", "ALLOWED_BROKEN_TARGETS_PERCENTAGE", "BAD_BUILD_CHECK", "KEEP_UNAFFECTED_FUZZ_TARGETS",
             "UPLOAD_BUILD", "GIT_BASE_COMMIT", "GIT_BASE_REF", "DOCKER_IN_DOCKER", "DOCKER_HOST"}
DOCKER_VARIABLES = {"DOCKER_TLS_CERTDIR"}
NEEDED = {"CFL_PLATFORM", "WORKSPACE", "PROJECT_SRC_PATH", "REPOSITORY", "LANGUAGE", "FILESTORE", "FILESTORE_ROOT_DIR",
          "SANITIZER"}
MODES = {"batch", "prune", "coverage", "code-change"}
SANITIZERS = {"address", "undefined", "memory", "coverage"}
IMAGES = "gcr.io/oss-fuzz-base/clusterfuzzlite-"

# The keys of Kubernetes' objects, as far as somebody may want them here.
POD_KEYS = {"restartPolicy", "initContainers", "containers", "volumes", "nodeSelector", "tolerations", "affinity",
            "serviceAccountName", "activeDeadlineSeconds", "securityContext", "terminationGracePeriodSeconds"}
CONTAINER_KEYS = {"name", "image", "command", "args", "env", "volumeMounts", "resources", "restartPolicy",
                  "securityContext", "workingDir", "imagePullPolicy"}
JOB_KEYS = {"completionMode", "completions", "parallelism", "backoffLimit", "backoffLimitPerIndex", "maxFailedIndexes",
            "template", "activeDeadlineSeconds", "ttlSecondsAfterFinished", "suspend"}
CRON_KEYS = {"schedule", "concurrencyPolicy", "jobTemplate", "startingDeadlineSeconds", "successfulJobsHistoryLimit",
             "failedJobsHistoryLimit", "suspend", "timeZone"}

wrongs = []


def wrong(where, text):
    wrongs.append("%s: %s" % (where, text))


def only(where, keys, allowed):
    for key in keys:
        if key not in allowed:
            wrong(where, "the key %s does not exist" % key)


def look_at_variables(where, given, running):
    """The variables of one of ClusterFuzzLite's programs; RUNNING: of the one that fuzzes."""
    for name in sorted(given):
        if name not in VARIABLES:
            wrong(where, "ClusterFuzzLite takes no %s" % name)
    for name in sorted(NEEDED - set(given)):
        wrong(where, "needs %s" % name)
    if given.get("CFL_PLATFORM") != "standalone" or given.get("FILESTORE") != "filesystem":
        wrong(where, "is not standalone with a folder as its store")
    mode, sanitizer = given.get("MODE"), given.get("SANITIZER")
    if sanitizer not in SANITIZERS:
        wrong(where, "there is no sanitizer %s" % sanitizer)
    if not running:
        return
    if mode not in MODES:
        wrong(where, "there is no mode %s" % mode)
    if (mode == "coverage") != (sanitizer == "coverage"):
        wrong(where, "the mode coverage goes with the sanitizer coverage, and no other does")
    if not given.get("FUZZ_SECONDS", "").isdigit():
        wrong(where, "FUZZ_SECONDS has to be a number")


def look_at_container(where, container, volumes):
    where = "%s: %s" % (where, container.get("name"))
    only(where, container, CONTAINER_KEYS)
    given = {}
    for entry in container.get("env", []):
        only(where, entry, {"name", "value"})
        if not isinstance(entry.get("value"), str):
            wrong(where, "the value of %s is no text: quote it" % entry.get("name"))
        given[entry.get("name")] = str(entry.get("value"))
    mounts = {}
    for mount in container.get("volumeMounts", []):
        only(where, mount, {"name", "mountPath", "readOnly", "subPath"})
        mounts[mount.get("mountPath")] = mount.get("name")
        if mount.get("name") not in volumes:
            wrong(where, "there is no volume %s" % mount.get("name"))
    if str(container.get("image")).startswith(IMAGES):
        look_at_variables(where, given, True)
        for name in "WORKSPACE", "FILESTORE_ROOT_DIR":
            if given.get(name) not in mounts:
                wrong(where, "%s is no volume" % name)
        return {given.get("MODE"): mounts.get(given.get("FILESTORE_ROOT_DIR"))}
    only(where, given, DOCKER_VARIABLES)
    return {}


def look_at_pod(where, template, claims):
    """Gives the modes that it runs, each with its store's claim."""
    only(where, template, {"metadata", "spec"})
    pod = template["spec"]
    only(where, pod, POD_KEYS)
    if pod.get("restartPolicy") not in {"Never", "OnFailure"}:
        wrong(where, "a job's restartPolicy is Never or OnFailure")
    volumes = {volume["name"]: volume for volume in pod.get("volumes", [])}
    runs = {}
    for container in pod.get("initContainers", []) + pod.get("containers", []):
        runs.update(look_at_container(where, container, volumes))
    stores = {}
    for mode, name in runs.items():
        claim = volumes.get(name, {}).get("persistentVolumeClaim", {}).get("claimName")
        if claim not in claims:
            wrong(where, "its store is no claim of this file")
        stores[mode] = claim
    return stores


def look_at_object(thing, claims):
    where = "%s %s" % (thing.get("kind"), thing.get("metadata", {}).get("name"))
    only(where, thing, {"apiVersion", "kind", "metadata", "spec"})
    spec = thing.get("spec", {})
    if thing.get("kind") == "PersistentVolumeClaim":
        only(where, spec, {"accessModes", "resources", "storageClassName", "volumeName", "volumeMode"})
        if "ReadWriteMany" not in spec.get("accessModes", []):
            wrong(where, "only one node could write to it")
        return {}
    if thing.get("apiVersion") != "batch/v1" or thing.get("kind") not in {"Job", "CronJob"}:
        wrong(where, "is no job of batch/v1")
        return {}
    if thing["kind"] == "CronJob":
        only(where, spec, CRON_KEYS)
        if len(spec.get("schedule", "").split()) != 5:
            wrong(where, "schedule: %r" % spec.get("schedule"))
        if spec.get("concurrencyPolicy") != "Forbid":
            wrong(where, "two could prune at once")
        spec = spec["jobTemplate"]["spec"]
    only(where, spec, JOB_KEYS)
    if "backoffLimitPerIndex" in spec and spec.get("completionMode") != "Indexed":
        wrong(where, "backoffLimitPerIndex is for indexed jobs")
    return look_at_pod(where, spec["template"], claims)


def look_at_manifest(path):
    things = list(yaml.safe_load_all(open(path)))
    claims = {thing["metadata"]["name"] for thing in things if thing.get("kind") == "PersistentVolumeClaim"}
    stores = {}
    for thing in things:
        stores.update(look_at_object(thing, claims))
    if "batch" in stores and "prune" not in stores:
        wrong(path, "fuzzes and never prunes: its corpus grows without end")
    if len(set(stores.values())) > 1:
        wrong(path, "its jobs have several stores")
    print("%d objects, modes: %s" % (len(things), " ".join(sorted(stores))))


def look_at_docker(words):
    """Two programs, one after the other, that see the same folders by the same paths."""
    starts = [i for i, word in enumerate(words) if word == "run"] + [len(words)]
    images, shared = [], []
    for begin, end in zip(starts, starts[1:]):
        call = words[begin:end]
        images.append(call[-1])
        given = dict(call[i + 1].split("=", 1) for i, word in enumerate(call) if word == "-e")
        mounts = [call[i + 1].split(":") for i, word in enumerate(call) if word == "-v"]
        look_at_variables(call[-1], given, "run-fuzzers" in call[-1])
        for mount in mounts:
            if mount[0] != mount[1]:
                wrong(call[-1], "%s is %s inside: its containers' containers would not find it" % tuple(mount))
        for name in "WORKSPACE", "FILESTORE_ROOT_DIR":
            if given.get(name) not in [mount[0] for mount in mounts]:
                wrong(call[-1], "%s can't be seen inside" % name)
        shared.append((given.get("WORKSPACE"), given.get("FILESTORE_ROOT_DIR"), given.get("SANITIZER")))
    if images != [IMAGES + "build-fuzzers:v1", IMAGES + "run-fuzzers:v1"]:
        wrong("docker", "runs %s" % images)
    if len(set(shared)) != 1:
        wrong("docker", "builds and runs in different places")


def main():
    if sys.argv[1] == "--said":
        look_at_docker(sys.stdin.read().splitlines())
    else:
        look_at_manifest(sys.argv[1])
    for text in wrongs:
        print(text, file=sys.stderr)
    sys.exit(1 if wrongs else 0)


main()
