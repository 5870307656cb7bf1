#!/usr/bin/env bash
# Situations of origin servers that one fault alone fails: who has it is blamed, and who does well is not.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

printf 'accept /\necho /echo\n' >map
mkdir situations
cp "$source/corpus/survey/ok-echoes-its-own.case" situations

# surveys CODE KIND: the server of that kind, in all of them.
surveys() {
  start_server origin_servers.py "$2" port
  gives "$1" "$program" survey "tcp:127.0.0.1:$port" --map map --situations situations --out out
}

surveys 0 well
prints 'echoes-its-own                                .'
prints 'RESPONSE_UNDER_ITS_REQUEST                    .'

# Each response has the mark of the request before.
surveys 1 marks-of-others
prints 'echoes-its-own                                V'
prints 'violation RESPONSE_UNDER_ITS_REQUEST: request 1'
gives 1 "$program" judge "out/tcp-127.0.0.1-$port-echoes-its-own.case"
