#!/usr/bin/env bash
# Minimising is a fixed point: of recordings that break a rule, each of one, and they break no other for it.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"
python3 "$source/tests/minimize_again.py" "$program" "$source/corpus" recordings
