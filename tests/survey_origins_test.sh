#!/usr/bin/env bash
# Situations of origin servers that one fault alone fails: who has it is blamed, and who does well is not.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

printf 'accept /\necho /echo\n' >map
mkdir situations
for name in asks-in-chunks-with-extensions asks-in-chunks-with-trailers echoes-its-own \
  request-behind-a-response-that-says-close request-behind-one-that-says-close; do
  cp "$source/corpus/survey/ok-$name.case" situations
done

# surveys CODE KIND: the server of that kind, in all of them.
surveys() {
  start_server origin_servers.py "$2" port
  gives "$1" "$program" survey "tcp:127.0.0.1:$port" --map map --situations situations --out out
}

surveys 0 well
prints 'asks-in-chunks-with-extensions                .'
prints 'asks-in-chunks-with-trailers                  .'
prints 'echoes-its-own                                .'
prints 'request-behind-a-response-that-says-close     .'
prints 'request-behind-one-that-says-close            .'
prints 'RESPONSE_UNDER_ITS_REQUEST                    .'

# Each response has the mark of the request before.
surveys 1 marks-of-others
prints 'echoes-its-own                                V'
prints 'violation RESPONSE_UNDER_ITS_REQUEST: request 1'
gives 1 "$program" judge "out/tcp-127.0.0.1-$port-echoes-its-own.case"

# It says close, and answers what comes behind that.
surveys 1 stays-open
prints 'request-behind-a-response-that-says-close     V'
prints 'request-behind-one-that-says-close            V'
prints 'violation SERVER_NOTHING_AFTER_CLOSE: request 2'

# It does not see that its client says close.
surveys 1 overlooks-close
prints 'request-behind-a-response-that-says-close     .'
prints 'request-behind-one-that-says-close            V'
prints 'violation SERVER_NOTHING_AFTER_CLOSE: request 2'

# It takes one trailer field for the end, and the next one for a request.
surveys 1 no-trailers
prints 'asks-in-chunks-with-extensions                .'
prints 'asks-in-chunks-with-trailers                  V'
