#!/usr/bin/env bash
# A relay between curl and small servers: what passes is written down and judged, and passes unchanged.
# shellcheck source-path=SCRIPTDIR source=live_steps.sh
source "$(dirname "$0")/live_steps.sh"

start() {
  start_server live_servers.py "$1" port
  server=127.0.0.1:$port
}
# relay ARGUMENTS...: begins a relay to `server`; sets `here`.
relay() {
  : >.relay
  "$program" record --listen 127.0.0.1:0 --to "$server" --settle 100 "$@" >.relay 2>.relay.err &
  relay_process=$!
  processes+=("$relay_process")
  until_there grep -q '^listening on' .relay
  here=http://$(sed -n 's/^listening on \(127.0.0.1:[0-9]*\),.*/\1/p' .relay)
}
# ends CODE: the relay ends by itself, with that exit code.
ends() {
  local got=0
  wait "$relay_process" || got=$?
  [[ $got == "$1" ]] || {
    cat .relay .relay.err >&2
    wrong "the relay's exit code is $got, not $1"
  }
}
send() { curl -s -m 20 -o answer -w '%{http_code}' "$@"; }

# A good server: nothing found; what was sent is there, octet for octet.
start well
relay --connections 2 --out good.jsonl --settle 3000
head -c 300000 /dev/urandom >content
[[ $(send -T content -H 'Expect: 100-continue' "$here/a") == 200 ]] || wrong 'a request did not pass'
[[ $(send "$here/b") == 200 ]] || wrong 'a second request did not pass'
ends 0
grep -q '^2 connections, 0 findings' .relay || wrong 'no summary'
grep -q '^to see each: expect100 judge --ladder good.jsonl$' .relay || wrong 'it does not say how to look at what it wrote'
gives 0 "$program" judge good.jsonl
python3 - <<'END' || wrong 'what was written down is not what was sent'
import json
content = open("content", "rb").read()
def sent(line):  # by the client; connections are written down as they end, and the second may end first
    return b"".join(step["octets"].encode("latin-1") for step in json.loads(line)["steps"] if
                    step.get("from") == "client" and step["kind"] == "deliver")
assert any(sent(line).endswith(b"\r\n\r\n" + content) for line in open("good.jsonl"))
END

# A server that never says 100: told while the connection is still there, and again at the end.
start never-100
relay --out bad.jsonl
[[ $(send -T content -H 'Expect: 100-continue' "$here/a") == 200 ]] || wrong 'a request did not pass'
until_there grep -q 'connection 1, violation ORIGIN_100_OR_FINAL' .relay
kill -INT "$relay_process"
ends 1
gives 1 "$program" judge bad.jsonl
prints ORIGIN_100_OR_FINAL

# A relay that does not get to run for a while has seen no silence: what came meanwhile is looked at first.
cat >stopped.py <<'END'
"""A server whose relay stands still while it answers, and the client: it prints its port, and is told the relay's port
and process."""
import os, signal, socket, sys, time
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
port, process = map(int, sys.stdin.readline().split())
client = socket.create_connection(("127.0.0.1", port))
client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
server, _ = listener.accept()
server.recv(65536)
os.kill(process, signal.SIGSTOP)
server.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
time.sleep(0.5)
os.kill(process, signal.SIGCONT)
client.settimeout(20)
client.recv(65536)
END
coproc python3 stopped.py
processes+=("$COPROC_PID")
read -r port_of_stopped <&"${COPROC[0]}"
server=127.0.0.1:$port_of_stopped
relay --connections 1
printf '%s %s\n' "${here##*:}" "$relay_process" >&"${COPROC[1]}"
ends 0

# Who reads slowly is waited for: a server that sends without end fills neither memory nor disk.
start flood
relay --settle 3000
timeout 3 curl -s -N --limit-rate 10k -o /dev/null "$here/" || true
peak=$(sed -n 's/^VmHWM:[ \t]*\([0-9]*\) kB/\1/p' "/proc/$relay_process/status")
((peak > 0 && peak < 200000)) || wrong "the relay holds what nobody reads: $peak kB"
kill -INT "$relay_process"
ends 0

# Many at once.
start well
relay --connections 40 --out many.jsonl --settle 3000
for ((i = 0; i < 40; i++)); do
  curl -s -m 20 -o /dev/null -T content -H 'Expect: 100-continue' "$here/$i" &
  senders[i]=$!
done
for sender in "${senders[@]}"; do
  wait "$sender" || wrong 'one of many did not pass'
done
ends 0
(($(wc -l <many.jsonl) == 40)) || wrong 'one of many was not written down'

# Nobody is there; the port is taken; another machine; a file that cannot be written.
server=127.0.0.1:1
relay --connections 1
send "$here/" >/dev/null || true
ends 2
grep -q 'connection 1: connection refused' .relay.err || wrong 'no word about a server that is not there'
gives 2 "$program" record --listen "127.0.0.1:$(<port)" --to 127.0.0.1:1
complains 'cannot listen there'
gives 2 "$program" record --listen 127.0.0.1:0 --to 192.0.2.1:80
complains '--allow 192.0.2.1'
gives 2 "$program" record --listen 127.0.0.1:0 --to 127.0.0.1:80 --out "$PWD/no/such/file"
complains 'cannot be written'
gives 2 "$program" record --to 127.0.0.1:80
complains 'record wants --listen HOST:PORT'
gives 2 "$program" record --listen 127.0.0.1 --to 127.0.0.1:80
complains '--listen 127.0.0.1: '
