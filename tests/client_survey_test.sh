#!/usr/bin/env bash
# Client programs as subjects: a good one, wrong ones, and such as are no clients; nothing of them stays running.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

cp "$source/tests/live_clients.py" . # so that those of this test can be told
mkdir tmp
export TMPDIR=$scratch/tmp
client() { printf 'client:python3 %s/live_clients.py %s' "$scratch" "$1"; }
# Whether a client still runs; who is killed takes a moment to go.
stays() {
  local _
  for _ in $(seq 50); do
    pgrep -f "$scratch/live_clients.py" >.out || return 1
    sleep 0.1
  done
}

# A few situations are enough here: what a survey does with them is tried.
mkdir situations
for name in 100-then-final-twice never-100 refused-with-403 refused-with-417 hints-then-100; do
  cp "$source/corpus/survey-client/ok-$name.case" situations
done
survey=("$program" survey --situations situations --settle 200 --wait 1500 --out out)

# A good client: nothing found, with its application's view. Beside it one that waits for ever, one that sends its next
# request where it still owes content, and one that takes a 103 for the end.
gives 1 "${survey[@]}" "$(client well)" "$(client patient)" "$(client owes)" "$(client takes-hints)" --json survey.json --junit survey.xml
prints 'never-100                                     .  w  .  .'
prints 'refused-with-403                              .  .  V  .'
prints 'hints-then-100                                .  .  .  V'
prints '100-then-final-twice                          .  .  .  .'
prints 'seen       in 3 of 3 plays'
prints 'control    without the expectation it is not there: this is about Expect'
prints 'app is told the final response, 201'
grep -q '<failure' survey.xml || wrong 'no failure in JUnit'
gives 0 "$program" lint out
python3 -W ignore - "$source/docs/survey.schema.json" <<'END2' || wrong 'the survey is not as it should be'
import json, sys
import jsonschema
document = json.load(open("survey.json"))
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(document)
found = {(cell["subject"].split()[-1], finding["rule"]) for cell in document["cells"] for finding in cell["findings"]
         if finding["confirmed"]}
assert found == {("patient", "CLIENT_BOUNDED_WAIT"), ("owes", "CLIENT_FINISHES_CONTENT_FIRST"),
                 ("takes-hints", "CLIENT_TAKES_INTERIM")}, found
assert {subject["role"] for subject in document["subjects"]} == {"client"}
END2
# The transcript that was written says the same.
gives 1 "$program" judge out/*owes-refused-with-403.case
prints 'CLIENT_FINISHES_CONTENT_FIRST'

# A spare connection, opened last, has no part in what the client says, and gets no answer.
gives 0 "${survey[@]}" "$(client spare)" --json spare.json
python3 - <<'END2' || wrong 'a spare connection takes something'
import json
rules = json.load(open("spare.json"))["subjects"][0]["rules"]
assert rules["CLIENT_NO_STRAY_RESPONSE"] == rules["CLIENT_GOES_ON_AFTER_100"] == "kept", rules
END2

# A client that takes longer to start than a silence lasts: what it does is seen all the same.
mkdir slow
cat >slow/ok-answered-after-a-silence.case <<'END2'
# 403 before the content, a silence after the request; then another request.
kind: play
role: client

-- app> request --
PUT /a HTTP/1.1
Host: example.com
Expect: 100-continue

hello\
-- settled --
-- origin --
HTTP/1.1 403 Forbidden
Content-Length: 0

-- settled --
-- app> request --
GET /b HTTP/1.1
Host: example.com

-- await head --
-- origin --
HTTP/1.1 200 OK
Content-Length: 0

-- settled --
-- findings --
none
END2
gives 1 "${survey[@]}" "$(client slow)" --situations slow
prints 'answered-after-a-silence                      V'

# What the situation makes the application do is marked in a ladder, and not held against the client: it is said.
mkdir vain
cat >vain/ok-hints-and-nothing-to-send.case <<'END2'
# An application asks for an expectation, and has no content; a 103 comes first.
kind: play
role: client

-- app> request --
PUT /a HTTP/1.1
Host: example.com
Expect: 100-continue

-- await head --
-- origin --
HTTP/1.1 103 Early Hints

-- settled --
-- origin --
HTTP/1.1 201 Created
Content-Length: 0

-- settled --
-- findings --
none
END2
gives 1 "${survey[@]}" "$(client takes-hints)" --situations vain
prints 'hints-and-nothing-to-send                     V'
prints 'left out   CLIENT_EXPECT_NEEDS_CONTENT: request 1, step 2; the application is to blame, as the situation has it'
prints 'app is told an interim response, 103, as the final one'

# Our answer comes later than the client waits, which has sent its content by then: such a play shows nothing, and is no pass.
# It is played again; and where each is late, it is said that nothing could be judged.
echo 2 >stalls
gives 1 "${survey[@]}" "$(client stalls)" --situations situations/ok-refused-with-403.case --json late.json
prints 'refused-with-403                              V'
prints '2 plays came late, and were played again'
python3 - <<'END2' || wrong 'a late play counts'
import json
cell, = json.load(open("late.json"))["cells"]
assert [finding["rule"] for finding in cell["findings"]] == ["CLIENT_FINISHES_CONTENT_FIRST"], cell
assert cell["findings"][0]["seen"] == cell["findings"][0]["runs"] == 3, cell
END2
echo 100 >stalls
gives 2 "${survey[@]}" "$(client stalls)" --situations situations/ok-refused-with-403.case
prints 'refused-with-403                              !'
complains '1 situation could not be played: it could not be judged'

# One request a start, by a command that is told with placeholders.
gives 0 "${survey[@]}" "client:printf '%s\t%s\t%s\tExpect: 100-continue\n' {method} {url} {content} | python3 $scratch/live_clients.py well"
prints 'would have to make: several requests (a driver can)'
prints 'never-100                                     .'
gives 2 "$program" play --subject "client:true {url}" "$source/corpus/survey-client/ok-100-then-final-twice.case"
complains 'it makes one request, and the exchange asks for several'

# Clients that are none: each says so, the others go on, and nothing stays running.
code=0
"${survey[@]}" "$(client fails)" client:/no/such/program "$(client hangs)" "$(client floods)" "$(client well)" \
  --situations situations/ok-never-100.case --confirm 1 --limit 10000 >.out 2>.err || code=$?
((code == 2)) || wrong "exit code $code with programs that make no connection"
prints 'fails: not reached: it has made no connection; it ended with exit code 1: this client cannot be used'
prints '/no/such/program: not reached: it has made no connection; it ended with exit code 127'
! grep -q '  !' .out || wrong 'clients that were not reached have columns'
! stays || wrong 'clients stay running'
[[ -z $(ls tmp) ]] || wrong 'folders stay'

# Over TLS, with a certificate that is made for it: one that trusts it, and one that does not.
if command -v curl >/dev/null; then
  upload='curl -q -s -X {method} -H "Expect: 100-continue" --data-binary @{content}'
  gives 0 "${survey[@]}" --tls "client:$upload --cacert {ca} {url}" --json tls.json
  python3 - <<'END2' || wrong 'nothing was judged over TLS'
import json
document = json.load(open("tls.json"))
assert document["subjects"][0]["rules"]["CLIENT_GOES_ON_AFTER_100"] == "kept", document["subjects"]
END2
  gives 2 "${survey[@]}" --tls "client:env -u SSL_CERT_FILE -u CURL_CA_BUNDLE $upload {url}"
  prints "it has not sent one octet in any situation: does it speak HTTP over TLS, and trust the certificate in \$E100_CA?"
  [[ -z $(ls tmp) ]] || wrong 'folders stay'
fi

# An interrupt: the plays end, and so do their programs; so do they at the second one, at once.
for second in no yes; do
  "${survey[@]}" "$(client hangs)" --wait 4000 >.out 2>.err &
  process=$!
  until_there pgrep -f "^[^:]*python3 $scratch/live_clients.py hangs" # not the survey itself, which names it too
  kill -INT "$process"
  [[ $second == no ]] || { sleep 0.2 && kill -INT "$process"; }
  code=0
  wait "$process" || code=$?
  complains 'interrupted: what is under way ends; once more to stop at once'
  [[ $second == yes ]] || complains 'not everything was played'
  ((code == 2 || (code == 130 && $(wc -c <.out) == 0))) || wrong "exit code $code after an interrupt"
  sleep 0.1
  ! stays || wrong "clients stay running after an interrupt (second: $second)"
done

gives 2 "${survey[@]}" client:
complains 'a command is missing'
