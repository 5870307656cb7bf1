#!/usr/bin/env bash
# A server that is slow where much is asked at once is blamed for no silence that it keeps only then; and what it does wrong
# where it has time is found all the same, though at first it was too late for it.
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

cat >server.py <<'END'
import os
import socket
import threading
import time

turn = threading.Lock()


def serve(end):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        octets = end.recv(1)
        if not octets:
            return
        head += octets
    with turn:
        time.sleep(0.25)  # each takes its time
    end.settimeout(0.01)
    try:
        waits = end.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        waits = True
    end.settimeout(None)
    if waits:  # wrong: a 100 has no length
        end.sendall(b"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n")
    left = 5
    while left > 0:
        octets = end.recv(left)
        if not octets:
            return
        left -= len(octets)
    end.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    end.shutdown(socket.SHUT_WR)
    while end.recv(4096):
        pass
    end.close()


listening = socket.create_server(("127.0.0.1", 0))
with open("port.new", "w") as file:
    print(listening.getsockname()[1], file=file)
os.rename("port.new", "port")
while True:
    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
END
python3 server.py &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
until_there test -f port
port=$(<port)

mkdir situations
for name in asks-and-waits asks-in-capitals asks-with-post asks-with-delete; do
  cp "$source/corpus/survey/ok-$name.case" situations
done
gives 1 "$program" survey "tcp:127.0.0.1:$port" --situations situations --out out --json survey.json --settle 600
prints 'came only while other exchanges were played, and never alone'
python3 - <<'END' || wrong 'what it does wrong where it has time was not found in each situation'
import json
cells = json.load(open("survey.json"))["cells"]
assert len(cells) == 4, cells
for cell in cells:
    found = {finding["rule"] for finding in cell["findings"] if finding["confirmed"]}
    assert found == {"SERVER_INTERIM_NO_LENGTH"}, (cell["situation"], found)
    assert all(finding["confirmed"] for finding in cell["findings"]), cell
END
