#!/usr/bin/env bash
# Minimising is a fixed point: of every fault of a proxy or gateway, a second run changes nothing.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"
python3 "$source/tests/minimize_again.py" "$program" "$source/corpus" proxy
