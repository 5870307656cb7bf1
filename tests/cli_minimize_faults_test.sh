#!/usr/bin/env bash
# Minimising is a fixed point: of every fault of an origin server or a client, a second run changes nothing, and the rule and the party stay.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"
python3 "$source/tests/minimize_again.py" "$program" "$source/corpus" origin client
