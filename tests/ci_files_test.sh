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

# The workflow without a container installs what the launcher says is missing.
gives 0 "$source/expect100" packages test
gives 2 "$source/expect100" packages everything
complains 'packages: of test, of ossfuzz, or of nothing'
