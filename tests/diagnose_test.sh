#!/usr/bin/env bash
# The 417s of captures and access logs: grouped by the hop, with the cure for the programs that are known.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

maker=$source/tests/capture_maker.py
"$maker" hops hops.pcap
gives 1 "$program" diagnose hops.pcap
silent
prints '7 of 8 final responses are 417'
prints '192.0.2.2:80, Server: oldproxy/1.0: 2'
prints 'the handshake is refused, not the content'
prints 'at the client, curl: -H "Expect:"'
prints 'came through "1.0 front", so a hop behind the first of these refused, and it speaks HTTP/1.0'
prints 'it is of HTTP/1.0, which does not know expectations'
prints 'a server has to ignore an expectation in HTTP/1.0'
prints '417 without an expectation'
prints 'send no expectation but 100-continue'
prints 'at the hop, Squid: ignore_expect_100 on'
! grep -q $'\x1b' .out || wrong 'a field steers the terminal'
grep -A 9 'an expectation other' .out >other
! grep -q 'leave Expect out' other || wrong 'the wrong cure for another expectation'

gives 1 "$program" diagnose --json hops.pcap
python3 - "$source/docs/diagnosis.schema.json" .out <<'END' || wrong 'the JSON is not as its schema says'
import json, sys
import jsonschema
document = json.load(open(sys.argv[2]))
jsonschema.validate(document, json.load(open(sys.argv[1])))
groups = document["groups"]
assert document["responses"] == 8 and sum(group["count"] for group in groups) == 7, document
assert sorted(group["asked"] for group in groups) == ["100-continue"] * 3 + ["http-1.0", "nothing", "other"], groups
assert [group["http10"] for group in groups].count(True) == 1, groups
END

# judge says so at its end, where there is one.
"$maker" refused refused.pcap 3
gives 0 "$program" judge refused.pcap
prints '3 of 3 final responses are 417'
gives 0 "$program" judge --json refused.pcap
! grep -q Failed .out || wrong 'text among JSON'
"$maker" well well.pcap
gives 0 "$program" diagnose well.pcap
prints 'no 417 in 1 final responses'

# Access logs.
cat >access.log <<'END'
192.0.2.9 - - [10/Oct/2026:13:55:36 +0000] "PUT /a HTTP/1.1" 417 0 "-" "curl/8.1"
192.0.2.9 - - [10/Oct/2026:13:55:37 +0000] "PUT /\"417 HTTP/1.1" 417 0 "-" "curl/8.1"
192.0.2.7 - bob [10/Oct/2026:13:55:38 +0000] "PUT /a HTTP/1.1" 417 0
192.0.2.7 - - [10/Oct/2026:13:55:38 +0000] "GET /417 HTTP/1.1" 200 417 "-" "417"
END
gives 1 "$program" diagnose access.log
silent
prints '3 of 4 final responses are 417'
prints 'some server: 2'
prints 'by         curl/8.1, 192.0.2.9'
prints 'A log does not say'
cat >access.jsonl <<'END'
{"status":417,"ip":"1.2.3.4","ua":"Apache-HttpClient/4.5","up":"10.0.0.1:80"}
{"status":"417","ip":"1.2.3.5","ua":"Apache-HttpClient/4.5","up":"10.0.0.1:80"}
{"status":200}
END
gives 1 "$program" diagnose --log-format json:status,ip,ua,up access.jsonl
prints '10.0.0.1:80: 2'
prints 'Apache-HttpClient/4.5, several'
prints 'setExpectContinueEnabled(false)'

for client in GuzzleHttp/7 aws-sdk-js/3.500 UnityPlayer/2022.3; do
  echo "192.0.2.9 - - [10/Oct/2026:13:55:36 +0000] \"PUT /a HTTP/1.1\" 417 0 \"-\" \"$client\""
done >clients.log
gives 1 "$program" diagnose clients.log
prints "Guzzle: the request option 'expect' => false"
prints 'expectContinueHeader: false'
prints 'UnityWebRequest.useHttpContinue = false'

# What cannot be read.
gives 2 "$program" diagnose access.jsonl
complains '3 of 3 lines do not fit the format'
gives 2 "$program" diagnose --log-format tsv access.log
complains '--log-format wants'
gives 2 "$program" diagnose none.log
gives 2 "$program" diagnose
head -c 100000 /dev/zero | tr '\0' 'x' >long.log
gives 2 "$program" diagnose long.log
complains '1 of 1 lines do not fit'
