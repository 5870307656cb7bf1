#!/usr/bin/env bash
# The files for other people's CI are what they seem: ci_files.py has nothing to say about ours, and something about
# each that is spoilt.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

look=$source/tests/ci_files.py workflow=$source/.github/workflows/cflite_cron.yml
gives 0 python3 "$look" "$source"
silent
gives 0 python3 "$look" "$source" "$workflow"

# spoilt FROM TO WHAT: with that replaced, it says what.
spoilt() {
  sed "s|$1|$2|" "$workflow" >spoilt.yml
  ! cmp -s spoilt.yml "$workflow" || wrong "there is no $1 to spoil"
  gives 1 python3 "$look" "$source" spoilt.yml
  complains "$3"
}
spoilt 'mode: prune' 'mode: pruning' "there is no mode 'pruning'"
spoilt 'sanitizer: address' 'sanitizer: adress' 'sanitizers:'
spoilt 'fuzz-seconds' 'fuzz-second' 'the key fuzz-second does not exist'
spoilt 'fuzz-seconds: 600' 'fuzz-seconds: ten' 'has to be a number'
spoilt 'needs: prune' 'needs: pruning' 'needs pruning, which is no job'
spoilt "cron: '0 4" "cron: '4" 'cron:'
spoilt 'mode: coverage' 'mode: batch' 'the mode coverage goes with'
spoilt 'run_fuzzers@v1' 'run_fuzzer@v1' 'is not known'
spoilt 'permissions: read-all' 'permissions:' 'says no permissions'
spoilt 'uses: google/clusterfuzzlite/actions/build_fuzzers@v1' 'run: .ci/runs' 'is not there, or no program'

# Where the tree is, is said: filled in everywhere with one address, or nowhere.
mkdir -p other/docs/examples/own-server
cp -R "$source/oss-fuzz" "$source/.clusterfuzzlite" "$source/.github" "$source/cmake" "$source/src" "$source/.ci" \
  "$source/CMakePresets.json" "$source/expect100" other/
cp -R "$source/docs/examples/own-server/.clusterfuzzlite" other/docs/examples/own-server/
gives 0 python3 "$look" other
prints 'to fill in: oss-fuzz/expect100/project.yaml:1: homepage'
prints 'to fill in: oss-fuzz/kubernetes.yaml'
sed -i 's|https://fill-in.invalid/|https://git.example.org/|' other/oss-fuzz/expect100/Dockerfile
gives 1 python3 "$look" other
complains 'is cloned from different places'
sed -i 's|maintainers@fill-in.invalid|me|' other/oss-fuzz/expect100/project.yaml
gives 1 python3 "$look" other
complains 'whom OSS-Fuzz writes to is no address'
grep -rl fill-in.invalid other/oss-fuzz other/docs | xargs sed -i 's|fill-in.invalid|git.example.org|'
sed -i 's|: "me"|: "me@git.example.org"|' other/oss-fuzz/expect100/project.yaml
gives 0 python3 "$look" other
! grep -q 'to fill in' .out || wrong 'something is left to fill in'

# ---- machines of one's own -----------------------------------------------------------------------------------
cluster=$source/tests/cluster_files.py manifest=$source/oss-fuzz/kubernetes.yaml
gives 0 python3 "$cluster" "$manifest"
prints 'modes: batch prune'
# strange FROM TO WHAT: the manifest with that replaced.
strange() {
  sed "s|$1|$2|" "$manifest" >strange.yaml
  ! cmp -s strange.yaml "$manifest" || wrong "there is no $1 to spoil"
  gives 1 python3 "$cluster" strange.yaml
  complains "$3"
}
strange 'MODE, value: batch' 'MODE, value: bulk' 'there is no mode bulk'
strange 'MODE, value: prune' 'MODE, value: batch' 'and never prunes'
strange 'SANITIZER, value: address' 'SANITIZER, value: adress' 'there is no sanitizer adress'
strange 'FILESTORE_ROOT_DIR' 'FILESTORE_ROOT' 'takes no FILESTORE_ROOT'
strange 'value: /store' 'value: /stores' 'FILESTORE_ROOT_DIR is no volume'
strange 'ReadWriteMany' 'ReadWriteOnce' 'only one node could write'
strange 'claimName: expect100-store' 'claimName: expect100' 'no claim of this file'
strange 'completionMode: Indexed' 'completionMode: NonIndexed' 'is for indexed jobs'
strange 'restartPolicy: Never' 'restartPolicy: Always' 'Never or OnFailure'
strange 'parallelism' 'parallel' 'the key parallel does not exist'
strange "'3600'" '3600' 'is no text'

# standalone.sh asks docker for two programs, with the same store and variables that exist.
mkdir store tools
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>%s\n' "$PWD/said" >tools/docker
chmod +x tools/docker
standalone() { gives "$1" env DOCKER="$PWD/tools/docker" "$source/oss-fuzz/standalone.sh" "${@:2}"; }
for mode in 'batch address' 'batch memory' 'prune undefined' 'coverage coverage'; do
  rm -f said
  read -r mode sanitizer <<<"$mode"
  standalone 0 store "$mode" "$sanitizer" 60
  silent
  python3 "$cluster" --said <said >.out 2>.err || wrong "standalone.sh asks docker for nonsense"
  grep -q -x -F "MODE=$mode" said || wrong "does not run with the mode $mode"
done
sed 's/^FILESTORE_ROOT_DIR=.*/FILESTORE_ROOT_DIR=elsewhere/' said >misled
if python3 "$cluster" --said <misled >.out 2>.err; then wrong 'a store that is not there is taken'; fi
complains "can't be seen inside"
standalone 2 store bulk address 60
complains 'there is no mode bulk'
standalone 2 store batch coverage 60
complains 'batch wants address, undefined or memory'
standalone 2 store batch address soon
complains 'SECONDS is a number'
standalone 2 nowhere batch address 60
complains 'no folder that can be written'
gives 2 env DOCKER=no-docker "$source/oss-fuzz/standalone.sh" store batch address 60
complains 'install it, or name another one with DOCKER'

# Seeds are named by their cases, without the folders: build.sh would stop at two of one name.
twice=$(find "$source/corpus/cases" "$source/corpus/found" -name '*.case' -printf '%f\n' | sort | uniq -d)
[[ -z $twice ]] || wrong "two cases have one name: $twice"

# The workflow without a container installs what the launcher says is missing.
gives 0 "$source/expect100" packages test
gives 2 "$source/expect100" packages everything
complains 'packages: of test, of ossfuzz, or of nothing'
