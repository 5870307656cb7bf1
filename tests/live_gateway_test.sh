#!/usr/bin/env bash
# Gateways behind a socket, with our origin server behind them: a good one, wrong ones, and what cannot be run.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

upstream=$(free_ports 1)
# start KIND: a gateway of live_gateways.py; sets `port`.
start() { start_server live_gateways.py "$1" "$upstream" port; }

cat >asks.case <<'END_OF_CASE'
# The expectation is passed on, and so is what comes back.
kind: play
role: gateway

-- client>gateway d1 --
PUT /a HTTP/1.1
Host: a.example
E100-Mark: a
Content-Length: 5
Expect: 100-continue

-- settled --
-- origin>gateway u1 --
HTTP/1.1 100 Continue

-- settled --
-- client>gateway d1 --
{a}12\
-- settled --
-- origin>gateway u1 --
HTTP/1.1 200 OK
E100-Mark: a
Content-Length: 0

-- settled --
END_OF_CASE
cat >owed.case <<'END_OF_CASE'
# The origin refuses at once; then another client comes, and an answer for it wherever its request went.
kind: play
role: gateway
links: d1 client>gateway, d2 client>gateway, u1 gateway>origin

-- client>gateway d1 --
PUT /a HTTP/1.1
Host: a.example
E100-Mark: a
Content-Length: 5
Expect: 100-continue

-- settled --
-- origin>gateway u1 --
HTTP/1.1 403 No
E100-Mark: a
Content-Length: 0

-- settled --
-- client>gateway d2 --
GET /b HTTP/1.1
Host: a.example
E100-Mark: b

-- settled --
-- origin>gateway u1 --
HTTP/1.1 200 OK
E100-Mark: b
Content-Length: 3

{b}\
-- settled --
END_OF_CASE
play=("$program" play --settle 100 --upstream "$upstream")

start well
well=$port
gives 0 "${play[@]}" --subject "gateway:127.0.0.1:$well" asks.case owed.case
complains "the origin server behind it is played here, on 127.0.0.1:$upstream"
prints 'u1: PUT /a HTTP/1.1'
prints 'd1: HTTP/1.1 100 Continue'
prints 'd2: HTTP/1.1 200 OK'
prints 'opens the connection' # another than that which owes content

start swallows-100
gives 1 "${play[@]}" --subject "gateway:127.0.0.1:$port" asks.case
prints 'violation ORIGIN_100_OR_FINAL: link d1'
prints 'to blame   gateway'

start buffers
gives 1 "${play[@]}" --subject "gateway:127.0.0.1:$port" asks.case
prints 'violation ORIGIN_100_OR_FINAL: link d1, request 1, step 2'

start owes
gives 1 "${play[@]}" --subject "gateway:127.0.0.1:$port" owed.case
prints 'violation CLIENT_FINISHES_CONTENT_FIRST: link u1'

# Nobody is there; nobody may be there; the port is taken; what is no port.
gives 2 "${play[@]}" --subject gateway:127.0.0.1:1 asks.case
complains 'gateway:127.0.0.1:1: could not connect: connection refused'
gives 2 "$program" play --upstream "$well" --subject "gateway:127.0.0.1:$well" asks.case
complains "cannot listen on port $well of 127.0.0.1"
for wrong in '' x 1x 127.0.0.1 127.0.0.1:65536 :1; do
  gives 2 "$program" play --upstream "$wrong" --subject "gateway:127.0.0.1:$well" asks.case
  complains "--upstream $wrong: it wants a port"
done

# Surveys: what a gateway does wrong is the gateway's; several are surveyed side by side.
mkdir situations
for name in asks-and-gets-100 asks-and-is-refused-with-405 refused-amid-content gets-103 server-closes-before-it-answers; do
  cp "$source/corpus/survey-gateway/ok-$name.case" situations
done
survey=("$program" survey --situations situations --settle 100 --out out --upstream "$upstream")
gives 0 "${survey[@]}" "gateway:127.0.0.1:$well"
complains "the origin server behind gateway:127.0.0.1:$well is played here, on port $upstream"
prints '0 confirmed violations, 0 findings that come and go'
start owes
owes=$port
gives 1 "${survey[@]}" "gateway:127.0.0.1:$owes" --json survey.json
prints 'violation CLIENT_FINISHES_CONTENT_FIRST: link u1'
python3 - <<'END' || wrong 'the findings are not those of a gateway'
import json
document = json.load(open("survey.json"))
assert document["subjects"][0]["role"] == "gateway", document["subjects"]
findings = [finding for cell in document["cells"] for finding in cell["findings"]]
assert findings and all(finding["party"] == "gateway" for finding in findings), findings
END

# The port behind one is taken, by a map or by the command: the others go on.
echo "upstream $well" >taken.map
gives 2 "${survey[@]}" "gateway:127.0.0.1:$owes" --map taken.map
complains "cannot listen on port $well of 127.0.0.1: Address already in use"
gives 2 "${survey[@]}" "gateway:127.0.0.1:$owes" "gateway:127.0.0.1:$well"
complains "cannot listen on port $upstream of 127.0.0.1: Address already in use; give another port with --upstream"
prints 'CLIENT_FINISHES_CONTENT_FIRST'

# Lanes: further ports of a gateway, each with an origin server and a pool of its own. What is found is the same, and sooner
# so; nothing of one exchange is in another.
gives 1 "${survey[@]}" "gateway:127.0.0.1:$owes" --settle 300 --json alone.json
for ((lane = 0; lane < 4; lane++)); do
  first=$upstream
  upstream=$(free_ports 1)
  start owes
  echo "lane $port $upstream" >>lanes.map
  upstream=$first
done
gives 1 "${survey[@]}" "gateway:127.0.0.1:$owes" --map lanes.map --settle 300 --json lanes.json
python3 - <<'END' || wrong 'lanes find something else'
import json
def found(path):
    cells = json.load(open(path))["cells"]
    assert all(cell["state"] == "played" for cell in cells), cells
    return {(cell["situation"], f["rule"], f["party"], f["request"]) for cell in cells for f in cell["findings"] if f["confirmed"]}
alone, lanes = found("alone.json"), found("lanes.json")
assert len(alone) > 3 and alone == lanes, (alone, lanes)
END
echo "lane $owes $well" >taken.map
gives 2 "${survey[@]}" "gateway:127.0.0.1:$owes" --map taken.map
complains "cannot listen on port $well of 127.0.0.1: Address already in use"

# A forward proxy: each exchange has a port of ours, which its request names; or all have one, where it is said.
start forward
mkdir for-proxies
for name in asks-and-gets-100 asks-and-is-refused-with-405 gets-103 asks-twice two-clients-ask; do
  cp "$source/corpus/survey-proxy/ok-$name.case" for-proxies
done
gives 0 "$program" survey "proxy:127.0.0.1:$port" --situations for-proxies --settle 200 --out out --json proxy.json
python3 - <<'END' || wrong 'not every exchange went through the proxy'
import json
document = json.load(open("proxy.json"))
assert document["subjects"][0]["role"] == "proxy" and len(document["cells"]) == 5
assert all(cell["state"] == "played" for cell in document["cells"]), document["cells"]
assert document["subjects"][0]["rules"]["PROXY_FORWARDS_INTERIM"] == "kept", document["subjects"]
assert document["subjects"][0]["rules"]["INTERMEDIARY_VIA"] == "kept", document["subjects"]
END
gives 0 "$program" survey "proxy:127.0.0.1:$port" --situations for-proxies/ok-asks-twice.case --settle 200 --upstream "$upstream"
complains "the origin server behind proxy:127.0.0.1:$port is played here, on port $upstream"
gives 2 "$program" survey proxy:127.0.0.1:1
prints 'proxy:127.0.0.1:1: not reached: could not connect: connection refused'

# A final response that nobody has asked for is meant to be stray, and goes where the last one went; one whose request the gateway
# did not send on is left out, and that is said.
cat >stray.case <<'END_OF_CASE'
# The origin answers twice; then another client asks.
kind: play
role: gateway
links: d1 client>gateway, d2 client>gateway, u1 gateway>origin

-- client>gateway d1 --
GET /a HTTP/1.1
Host: a.example

-- settled --
-- origin>gateway u1 --
HTTP/1.1 200 OK
Content-Length: 0

-- settled --
-- origin>gateway u1 --
HTTP/1.1 200 OK
E100-Mark: a
Content-Length: 3

{a}\
-- settled --
-- client>gateway d2 --
GET /b HTTP/1.1
Host: a.example
E100-Mark: b

-- settled --
END_OF_CASE
start well
gives 0 "${play[@]}" --subject "gateway:127.0.0.1:$port" stray.case
prints 'warning CLIENT_CLOSES_AFTER_STRAY: link u1'
start stray
gives 1 "${play[@]}" --subject "gateway:127.0.0.1:$port" stray.case
prints 'violation RESPONSE_UNDER_ITS_REQUEST: link d2'
start buffers
gives 1 "${play[@]}" --subject "gateway:127.0.0.1:$port" asks.case
complains 'asks.case: step 3 was not played: the program has not sent on what it answers'

# Who has asked for a tunnel sends nothing before it is there.
cat >tunnel.case <<END_OF_CASE
# The client asks in a tunnel.
kind: play
role: proxy

-- client>proxy d1 --
CONNECT 127.0.0.1:$upstream HTTP/1.1
Host: 127.0.0.1:$upstream

-- settled --
-- client>proxy d1 --
PUT /a HTTP/1.1
Host: a.example
Content-Length: 5
Expect: 100-continue

-- settled --
-- origin>proxy u1 --
HTTP/1.1 100 Continue

-- settled --
-- client>proxy d1 --
hello\
-- settled --
-- origin>proxy u1 --
HTTP/1.1 200 OK
Content-Length: 0

-- settled --
END_OF_CASE
start tunnels
gives 0 "${play[@]}" --subject "proxy:127.0.0.1:$port" tunnel.case
prints 'u1: PUT /a HTTP/1.1'
prints 'd1: HTTP/1.1 100 Continue'
start tunnels-late
gives 1 "${play[@]}" --subject "proxy:127.0.0.1:$port" tunnel.case
complains 'tunnel.case: step 5 was not played'
prints 'violation SERVER_ONE_FINAL: link d1, request 1, step 2'
prints 'tunnel.case: 1 violation'
! grep -q 'PUT /a' "$scratch/.out" || wrong 'the client did not wait for its tunnel'
