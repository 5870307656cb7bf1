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
stopped=$COPROC_PID
processes+=("$stopped")
read -r port_of_stopped <&"${COPROC[0]}"
server=127.0.0.1:$port_of_stopped
relay --connections 1
printf '%s %s\n' "${here##*:}" "$relay_process" >&"${COPROC[1]}"
ends 0
wait "$stopped" || wrong 'the talk with a relay that stood still did not come to its end'

# Conversations, step by step: who acts, and what; a number is a wait in seconds.
cat >spoken.py <<'END'
"""Plays one conversation through a relay, client and server: it prints its port, and is told the relay's port."""
import socket, sys, time
ASKS = "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
GET, HUNDRED = "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"
GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
BIG = "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + "y" * 5000000
TALKS = {
    "slow": ["c", ASKS, "s", HUNDRED, "c", "hello", 0.5, "s", GOOD, "c", GET, 0.5, "s", GOOD],
    "gives-up": ["c", GET, 0.5],
    "late-100": ["c", ASKS, 0.5, "s", HUNDRED, "c", "hello", "s", GOOD],
    "big": ["c", GET, "s", BIG, "c", GET, "s", GOOD + GOOD],
    "tls": ["c", "\x16\x03\x01\0\x05hello", "s", "\x16\x03\x03\0\x05hello"],
    "greets": ["s", "SSH-2.0-x\r\n", "c", "SSH-2.0-y\r\n"],
    "mail": ["c", "EHLO x\r\n", "s", "250 y\r\n"],
    "garbage": ["c", "hello\r\n\r\n"],
    "icap": ["c", "REQMOD icap://h/x ICAP/1.0\r\nHost: h\r\n\r\n", "s", "ICAP/1.0 204 No Content\r\n\r\n"],
    "preface": ["c", "PROXY TCP4 192.0.2.1 192.0.2.2 1 80\r\n" + ASKS, "s", HUNDRED, "c", "hello", "s", GOOD],
}
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
client = socket.create_connection(("127.0.0.1", int(sys.stdin.readline())))
server, _ = listener.accept()
ends = {"c": client, "s": server}
who = "c"
for what in TALKS[sys.argv[1]]:
    if isinstance(what, float):
        time.sleep(what)
    elif what in ends:
        who = what
    else:
        to, octets = ends["s" if who == "c" else "c"], what.encode("latin-1")
        to.settimeout(20)
        for at in range(0, len(octets), 65536):
            part = octets[at:at + 65536]
            ends[who].sendall(part)
            got = 0
            while got < len(part):
                got += len(to.recv(65536))
client.close()
server.recv(1)
server.close()
END
# speaks TALK CODE: one conversation through a relay that judges both, which ends with CODE; `judge` says the same.
speaks() {
  coproc python3 spoken.py "$1"
  local talker=$COPROC_PID
  processes+=("$talker")
  read -r port_of_talk <&"${COPROC[0]}"
  server=127.0.0.1:$port_of_talk
  relay --connections 1 --both --out "$1.jsonl"
  printf '%s\n' "${here##*:}" >&"${COPROC[1]}"
  ends "$2"
  wait "$talker" || wrong "$1: the talk did not come to its end"
}
finds() { grep -q "$1" .relay || wrong "the relay does not find $1"; }
says() { grep -q "$1" .relay.err || wrong "the relay does not say: $1"; }
speaks slow 0
gives 0 "$program" judge slow.jsonl
speaks gives-up 1
finds 'violation SERVER_ONE_FINAL: request 1, step 2 (settled)'
gives 1 "$program" judge gives-up.jsonl
speaks late-100 1
finds 'violation ORIGIN_100_OR_FINAL: request 1, step 2 (settled)'
speaks big 2
says 'connection 1 goes over a limit'
gives 2 "$program" judge big.jsonl
speaks tls 0
says 'connection 1 speaks TLS'
[[ ! -s tls.jsonl ]] || wrong 'octets of TLS were written down'
for talk in greets mail icap; do
  speaks "$talk" 0
  says 'connection 1 does not speak HTTP'
  [[ ! -s $talk.jsonl ]] || wrong "$talk: what is no HTTP was written down"
done
speaks garbage 1
finds CLIENT_WELL_FORMED
speaks preface 0
! grep -q PROXY preface.jsonl || wrong 'the preface was written down'

# Who reads slowly is waited for: a server that sends without end fills neither memory nor disk.
start flood
relay --settle 3000
timeout 3 curl -s -N --limit-rate 10k -o /dev/null "$here/" || true
peak=$(sed -n 's/^VmHWM:[ \t]*\([0-9]*\) kB/\1/p' "/proc/$relay_process/status")
((peak > 0 && peak < 200000)) || wrong "the relay holds what nobody reads: $peak kB"
kill -INT "$relay_process"
ends 2
says 'connection 1 goes over a limit'

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
