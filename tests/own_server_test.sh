#!/usr/bin/env bash
# A library of somebody else's, from an empty folder: what docs/your-library.md says, with its example. It is found wrong,
# mended, and then nothing is found.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

build=$(cd "$(dirname "$program")/.." && pwd)
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"; }
prefix=$scratch/installed

gives 0 cmake --install "$build" --prefix "$prefix" --component subject
cp -R "$prefix/share/doc/expect100/examples/own-server" own
(($(wc -l <own/own_subject.c) <= 60)) || wrong 'the subject has more than 60 lines'

# Built outside this tree. Where this build has sanitizers of its own, those are the ones.
sanitize=()
[[ $(cached E100_SANITIZE) == none ]] || sanitize=("-DEXPECT100_SANITIZE=$(cached E100_SANITIZE)")
gives 0 cmake -S own -B made -G Ninja "-DCMAKE_C_COMPILER=$(cached CMAKE_C_COMPILER)" "-DCMAKE_PREFIX_PATH=$prefix" \
  -DCMAKE_C_FLAGS='-Wall -Wextra -Wpedantic -Werror' "${sanitize[@]}"
gives 0 cmake --build made

# ---- found wrong ---------------------------------------------------------------------------------------
gives 1 made/own_server_replay
prints 'ok-play-value-in-capitals.case'
prints 'The value of Expect is the same in any letter case.'
prints '◀ finding'
prints 'violation ORIGIN_100_OR_FINAL'
prints 'permitted  send 100, send a final response'
[[ $(sed -n 's/^violation \([A-Z0-9_]*\):.*/\1/p' .out | sort -u) == ORIGIN_100_OR_FINAL ]] || wrong 'finds more than is wrong'
played=$(sed -n 's/^\([0-9]*\) played against own-server, .*/\1/p' .out)
((played > 200)) || wrong "plays ${played:-no} cases"

# What is known fails no longer, and what is known and not there is told.
{ made/own_server_replay --brief 2>/dev/null || true; } | sed -n 's|.*/\([^/]*\.case\)$|\1 ORIGIN_100_OR_FINAL # not yet|p' >known
(($(wc -l <known) >= 3)) || wrong 'too few cases show it'
gives 0 made/own_server_replay --known known
prints 'known      not yet'
echo 'other.case ORIGIN_NO_WAIT # gone' >>known
gives 0 made/own_server_replay --known known
complains 'matched no finding (other.case ORIGIN_NO_WAIT)'

# One case, an input of an engine that shows the same, and what is no case at all.
bad=$prefix/share/expect100/cases/origin/ok-play-value-in-capitals.case
gives 1 made/own_server_replay --brief "$bad"
prints '1 played'
gives 0 made/own_server_replay --seeds seeds
prints "$played seeds in seeds"
[[ $(find seeds -type f | wc -l) == "$played" ]] || wrong 'not every case became a seed'
gives 1 made/own_server_replay seeds/ok-play-value-in-capitals
prints 'violation ORIGIN_100_OR_FINAL'

# What was found becomes a case, which says the same when it is judged.
gives 1 made/own_server_replay --brief --cases found seeds/ok-play-value-in-capitals
"$program" judge found/ok-play-value-in-capitals.case >.out || (($? == 1)) || wrong 'the case is not judged'
prints 'violation ORIGIN_100_OR_FINAL'
gives 2 made/own_server_replay missing.case
sed 's/^role: .*/role: orgin/' "$bad" >misspelt.case
gives 2 made/own_server_replay misspelt.case
complains 'misspelt.case: line 3: unknown role: orgin; there are origin, client, proxy and gateway'
mkdir empty
gives 2 made/own_server_replay empty
complains 'nothing was played'
gives 0 made/own_server_replay --help
prints 'usage: made/own_server_replay [OPTION]...'
prints '--known FILE'

# The fuzz target stops at it, and says why.
if [[ -x made/own_server_fuzz ]]; then
  gives 77 made/own_server_fuzz -runs=0 -error_exitcode=77 seeds
  complains 'expect100: cause ORIGIN_100_OR_FINAL origin'
fi

# ---- mended --------------------------------------------------------------------------------------------------
gives 0 patch -d own -p1 -i mend.patch
gives 0 cmake --build made
gives 0 made/own_server_replay
prints "$played played against own-server, 0 with findings, 0 with known ones only"

# It refuses line feeds alone, as it may, whatever a case takes for granted of the reference machine.
printf 'kind: play\nrole: origin\nreading: lone-lf\n\n-- client --\nGET / HTTP/1.1\\nHost: a\\n\\n\\\n-- quiet --\n' >line-feeds.case
gives 0 made/own_server_replay line-feeds.case
prints '1 played'
if [[ -x made/own_server_fuzz ]]; then
  gives 0 made/own_server_fuzz -runs=20000 -seed=1 -max_len=4096 -reload=0 seeds # else each second adds runs
  complains 'Done 20000 runs'
fi
