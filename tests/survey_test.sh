#!/usr/bin/env bash
# Surveys of small servers: a good one, wrong ones, and such as are no servers; what is written, compared and refused.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

start() { start_server live_servers.py "$1" port "${@:2}"; }

# A few situations are enough here: what a survey does with them is tried.
mkdir situations
for name in asks-and-waits asks-and-sends-at-once asks-once-then-not does-not-ask asks-in-http-1.0 refused-with-401; do
  cp "$source/corpus/survey/ok-$name.case" situations
done
survey=("$program" survey --situations situations --settle 100 --out out)

# A good server: nothing found, and what could not be judged is said.
start well
well=tcp:127.0.0.1:$port
gives 0 "${survey[@]}" "$well"
prints 'asks-and-waits                                .'
prints 'refused-with-401                              -'
prints 'target is needed that does: 401'
prints '0 confirmed violations'

# One that never says 100: seen three times, and about Expect. With the good one beside it.
start never-100
never=tcp:127.0.0.1:$port
gives 1 "${survey[@]}" "$well" "$never" --json survey.json --markdown survey.md --findings findings.json --junit survey.xml
prints 'violation ORIGIN_100_OR_FINAL: request 1, step 2'
prints 'seen       in 3 of 3 plays'
prints 'control    without the expectation it is not there'
prints 'asks-and-waits                                .  V'
prints 'ORIGIN_100_OR_FINAL                           .  V'
gives 1 "$program" judge "out/${never//:/-}-asks-and-waits.case"
gives 0 "$program" lint out
grep -qF '| asks-and-waits | . | **V** |' survey.md || wrong 'no matrix in Markdown'
grep -q '<failure' survey.xml || wrong 'no failure in JUnit'
gives 0 "$program" report findings.json --html report.html
python3 -W ignore - "$source/docs/survey.schema.json" <<'END' || wrong 'survey.json is not as its schema says'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
document = json.load(open("survey.json"))
jsonschema.Draft202012Validator(schema).validate(document)
found = [finding for cell in document["cells"] for finding in cell["findings"] if finding["confirmed"]]
assert any(finding["rule"] == "ORIGIN_100_OR_FINAL" and finding["without_expectation"] is False for finding in found)
END

# Compared with itself nothing is new; compared with the good one's all of it is.
gives 0 "${survey[@]}" "$never" --compare survey.json
prints '0 new in comparison with survey.json'
gives 1 "${survey[@]}" "$never" --situations situations/ok-asks-and-waits.case --json short.json
sed 's/"violation"/"warning"/' short.json >mild.json
gives 1 "${survey[@]}" "$never" --compare mild.json
prints "new: $never, asks-and-waits: ORIGIN_100_OR_FINAL (origin)"
echo '{"format": "expect100-survey", "version": 99, "cells": []}' >future.json
gives 2 "${survey[@]}" "$well" --compare future.json
complains 'version 99'
echo nothing >none.json
gives 2 "${survey[@]}" "$well" --compare none.json
complains 'it is no JSON'
[[ ! -s .out ]] || wrong 'a survey takes place that cannot be compared'
gives 2 "${survey[@]}" "$well" --json no-such-folder/survey.json
complains 'no-such-folder/survey.json: cannot be written: its folder is not there'
[[ ! -s .out ]] || wrong 'a survey takes place that cannot be written'

# What comes and goes does not count.
start sometimes
mkdir one
cp situations/ok-asks-once-then-not.case one
sometimes=0
for ((i = 0; i < 8 && sometimes == 0; i++)); do
  "${survey[@]}" "tcp:127.0.0.1:$port" --situations one --confirm 9 >.out 2>.err || true
  ! grep -q 'it comes and goes, and does not count' .out || sometimes=1
done
((sometimes == 1)) || wrong 'what comes and goes was not seen as such'

# Servers that are none: each says so, the others go on, and it ends.
start reset
reset=tcp:127.0.0.1:$port
start flood
flood=tcp:127.0.0.1:$port
start silent
silent=tcp:127.0.0.1:$port
code=0
"${survey[@]}" "$reset" "$flood" "$silent" "$well" tcp:127.0.0.1:1 --limit 10000 --confirm 1 >.out 2>.err || code=$?
((code == 2)) || wrong "exit code $code with a program that is not reached"
prints 'tcp:127.0.0.1:1: not reached: could not connect: connection refused'
prints 'ORIGIN_100_OR_FINAL'

# One that dies amid the survey: what could not be played is said, and it counts as not having run.
start dies
gives 2 "${survey[@]}" "tcp:127.0.0.1:$port" "$well" --situations "$source/corpus/survey" --jobs 4
complains "tcp:127.0.0.1:$port: "
complains 'situations could not be played: could not connect: connection refused'
prints ' !  .'

# One that speaks TLS where plain octets were said.
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout key.pem -out certificate.pem 2>/dev/null
cat key.pem >>certificate.pem
start well certificate.pem
gives 2 "${survey[@]}" "tcp:127.0.0.1:$port" "$well"
prints "tcp:127.0.0.1:$port: not reached: it has not sent one octet in any situation: does it speak HTTP, and without TLS?"
start alerts
gives 2 "${survey[@]}" "tcp:127.0.0.1:$port" "$well"
prints "tcp:127.0.0.1:$port: not reached: it speaks TLS; is it tls:HOST:PORT"
! grep -q '  !' .out || wrong 'one that was not reached has a column'
prints 'asks-and-waits                                .'

# A recipe whose package cannot be installed, and one that listens nowhere: the others go on.
mkdir bin
printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
cp bin/dpkg-query bin/apt-get
printf '#!/bin/sh\nshift\nexec "%s"\n' '$@' >bin/sudo # after its option -n
chmod +x bin/*
PATH=$PWD/bin:$PATH gives 2 "${survey[@]}" recipe:lighttpd "$well"
complains 'recipe: installing these packages: lighttpd'
complains 'could not install lighttpd'
complains 'recipe:lighttpd: it did not start'
prints 'asks-and-waits                                .'

# Only this machine, unless one says that one may.
gives 2 "${survey[@]}" tcp:192.0.2.1:80
complains '192.0.2.1 is not this machine; if you may test there, say so: --allow 192.0.2.1'

# Maps.
printf '401 PUT /private # a comment\naccept /\nhost www.example.org\n' >map
gives 0 "${survey[@]}" "$well" --map map
prints 'refused-with-401                              .'
for line in 'lane 8081' 'lane 8081 x' 'lane 0 8101' 'lane 65536 8101' 'teapot /x' '401' '401 private' 'accept PUT POST /x' '401 AVERYLONGMETHODNAME /x'; do
  echo "$line" >wrong.map
  gives 2 "${survey[@]}" "$well" --map wrong.map
  complains 'wrong.map: line 1:'
done

# A survey is interrupted.
"${survey[@]}" "$silent" --settle 3000 >.out 2>.err &
survey_process=$!
sleep 0.3
kill -INT "$survey_process"
code=0
wait "$survey_process" || code=$?
((code == 2)) || wrong "exit code $code after an interrupt"
complains 'interrupted'

gives 2 "${survey[@]}"
complains 'name a program to survey'
gives 2 "${survey[@]}" "$well" --jobs 0
gives 2 "${survey[@]}" recipe:no-such-recipe
complains "there is no recipe 'no-such-recipe'"
