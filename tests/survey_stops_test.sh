#!/usr/bin/env bash
# A server that ends or falls silent on the way is told of, though every connection was open already; what a crowd made it do
# is not what counts of it: what it does alone is.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

cat >server.py <<'END'
# server.py KIND CROWD: serves; what it does follows from how many connections came before, and from no clock.
import os
import socket
import struct
import sys
import threading

kind, crowd = sys.argv[1], int(sys.argv[2])
version = b"HTTP/1.0" if kind == "old" else b"HTTP/1.1"


def silent(end):
    while end.recv(4096):
        pass


def serve(end, number):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        octets = end.recv(1)
        if not octets:
            return
        head += octets
    if kind == "dies" and number > 3:
        os._exit(3)
    if kind == "hangs" and number > 5:
        return silent(end)
    if 1 < number <= 1 + crowd:  # the first is no situation's
        if kind == "resets":
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return None
        if kind == "silent-to-crowds":
            return silent(end)
    if kind == "hangs-alone" and number > 3 + crowd:
        return silent(end)
    if b"expect:" in head.lower() and kind != "old":
        if kind == "hangs-alone":
            return silent(end)
        wrong = b"" if kind == "dies" else b"Content-Length: 0\r\n"  # a 100 has no length
        end.sendall(b"HTTP/1.1 100 Continue\r\n" + wrong + b"\r\n")
    left = 5
    while left > 0:
        octets = end.recv(left)
        if not octets:
            return None
        left -= len(octets)
    end.sendall(version + b" 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    end.shutdown(socket.SHUT_WR)
    silent(end)


def guarded(end, number):
    try:
        serve(end, number)
    except OSError:
        pass
    finally:
        end.close()


listening = socket.create_server(("127.0.0.1", 0), backlog=64)
with open("port.new", "w") as file:
    print(listening.getsockname()[1], file=file)
os.rename("port.new", "port")
number = 0
while True:
    accepted = listening.accept()[0]
    number += 1
    threading.Thread(target=guarded, args=(accepted, number), daemon=True).start()
END

mkdir situations
for name in asks-and-waits asks-in-capitals asks-with-post asks-with-delete; do
  cp "$source/corpus/survey/ok-$name.case" situations
done

servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$scratch"' EXIT
# start KIND [SETTLE]: one that takes the four situations of the first round for a crowd.
start() {
  rm -f port
  python3 server.py "$1" 4 2>/dev/null &
  servers+=($!)
  until_there test -f port
  subject=tcp:127.0.0.1:$(<port)
  survey=("$program" survey "$subject" --situations situations --settle "${2:-300}" --out "out-$1" --json "$1.json")
}

# It ends while all connections are open already: nobody would come to connect again, but for those that ask.
start dies
gives 2 "${survey[@]}"
complains "$subject: it was there at first, and went while one of these was played: "

# It is silent to all from some connection on: no silence of that counts.
start hangs 100 # silences that are meant
gives 2 "${survey[@]}"
complains "$subject: it stopped answering at "
prints '0 confirmed violations'
grep -q '"stopped": "asks-' hangs.json || wrong 'no word of it in the JSON'

# What is reset amid others shows nothing; alone it is another matter.
start resets
gives 1 "${survey[@]}"
prints '4 plays ended before any response while others were played: played again alone'
prints '4 confirmed violations, 0 findings that come and go'

# What it was silent to amid others neither counts nor is written: the case is of a play alone.
start silent-to-crowds
gives 1 "${survey[@]}"
prints '4 confirmed violations, 0 findings that come and go'
prints 'came only while other exchanges were played, and never alone'
for kind in resets silent-to-crowds; do
  python3 - "$kind" <<'END' || wrong "$kind: what is written is not what counts"
import glob, json, sys
kind = sys.argv[1]
for cell in json.load(open(kind + ".json"))["cells"]:
    assert [f["rule"] for f in cell["findings"]] == ["SERVER_INTERIM_NO_LENGTH"], cell
    assert all(f["confirmed"] and f["runs"] >= 3 and f["seen"] == f["runs"] for f in cell["findings"]), cell
cases = glob.glob("out-" + kind + "/*.case")
assert len(cases) == 4, cases
for case in cases:
    text = open(case).read().split("-- findings --")[1]
    assert text.split(":")[1].strip() == "SERVER_INTERIM_NO_LENGTH", text
END
done

# It is silent to who asks, alone too; and then, after some plays alone, to all.
start hangs-alone 100 # silences that are meant
gives 2 "${survey[@]}"
complains "$subject: it stopped answering at asks-"
! grep -q 'or at one that was played with it' .err || wrong 'one that is played alone is not known for it'

# One that speaks HTTP/1.0.
start old
"${survey[@]}" >.out 2>.err || true
prints "$subject: this server speaks HTTP/1.0"
