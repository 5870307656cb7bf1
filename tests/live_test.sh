#!/usr/bin/env bash
# Programs behind a socket as subjects: good ones, wrong ones, and such as are no servers at all.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

# start KIND [CERTIFICATE]: a server of live_servers.py; sets `port`.
start() { start_server live_servers.py "$1" port "${@:2}"; }

cat >asks.case <<'END'
# The client asks and waits.
kind: play
role: origin

-- client --
PUT / HTTP/1.1
Host: example.com
Content-Length: 5
Expect: 100-continue

-- settled --
-- client --
hello\
-- await final --
END

start well
well=$port
gives 0 "$program" play --settle 100 --subject "tcp:127.0.0.1:$well" asks.case
silent
prints 'HTTP/1.1 100 Continue'
prints 'HTTP/1.1 200 OK'
gives 0 "$program" play --settle 100 --subject "tcp:localhost:$well" asks.case
start never-100
gives 1 "$program" play --settle 100 --subject "tcp:127.0.0.1:$port" asks.case
prints 'violation ORIGIN_100_OR_FINAL: request 1, step 2'
prints 'to blame   origin'

# The others need no answer to be judged.
for kind in silent reset leaves; do
  start "$kind"
  "$program" play --settle 100 --subject "tcp:127.0.0.1:$port" asks.case >.out 2>.err || (($? == 1)) || wrong "$kind: could not run"
done
# But of who never says anything it is said.
cp asks.case again.case
for kind in silent reset; do
  start "$kind"
  gives 2 "$program" play --settle 100 --subject "tcp:127.0.0.1:$port" asks.case again.case
  complains "tcp:127.0.0.1:$port: it has not sent one octet in any play"
done
start flood
"$program" play --settle 100 --subject "tcp:127.0.0.1:$port" asks.case >.out 2>.err || true
complains 'sent more octets than are taken'
start trickle
"$program" play --settle 100 --subject "tcp:127.0.0.1:$port" asks.case >.out 2>.err || true
complains 'did not stop sending'

# TLS, and a socket file.
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout key.pem -out certificate.pem 2>/dev/null
cat key.pem >>certificate.pem
start well certificate.pem
gives 0 "$program" play --settle 100 --subject "tls:127.0.0.1:$port" asks.case
prints 'HTTP/1.1 100 Continue'
gives 2 "$program" play --settle 100 --subject "tls:127.0.0.1:$well" asks.case
complains 'TLS could not be agreed on'
python3 "$source/tests/live_servers.py" well server.sock &
processes+=($!)
for ((i = 0; i < 500; i++)); do
  [[ ! -S server.sock ]] || break
  sleep 0.02
done
gives 0 "$program" play --settle 100 --subject "unix:$PWD/server.sock" asks.case
gives 2 "$program" play --settle 100 --subject "unix:$PWD/nobody.sock" asks.case
complains 'could not connect'

# What is no address, and where nobody is.
kill "${processes[0]}"
wait "${processes[0]}" 2>/dev/null || true
gives 2 "$program" play --settle 100 --subject "tcp:127.0.0.1:$well" asks.case
complains 'could not connect'
for address in tcp: tcp:127.0.0.1 tcp:127.0.0.1:0 tcp:127.0.0.1:65536 tcp:::1:80 'tcp:[::1]' 'tcp::80' unix:; do
  gives 2 "$program" play --settle 100 --subject "$address" asks.case
  complains "$address: "
done
