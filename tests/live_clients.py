"""Small clients for tests: live_clients.py KIND is a driver (docs/surveying.md), right or wrong in one way."""
import os
import select
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

PATIENCE = 0.5  # seconds that are waited for a 100; "patient" waits for ever
SPARES = []  # connections that "spare" opens and never uses
OWE = ("owes", "stalls", "slow")  # send the next request where they still owe content


class Connection:
    def __init__(self, place):
        self.socket = socket.create_connection(place)
        self.left = b""

    def more(self, seconds=None):
        """More octets; False where none came in time, or none will."""
        ready, _, _ = select.select([self.socket], [], [], seconds)
        octets = self.socket.recv(65536) if ready else b""
        self.left += octets
        return bool(octets)

    def head(self, seconds=None):
        """The status and the fields of the next response head, or None where it did not come in time."""
        while b"\r\n\r\n" not in self.left:
            if not self.more(seconds):
                if seconds is None:
                    raise ConnectionError("the server has ended")
                return None
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), head.lower()

    def content(self, head):
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
        while len(self.left) < length:
            if not self.more():
                raise ConnectionError("the content ends too early")
        self.left = self.left[length:]
        return length


def stop_the_survey():
    """Lets nothing of the survey run for a second, so that its answer comes later than is waited for it; as often as the file
    "stalls" says."""
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stalls")
    with open(file, encoding="ascii") as left:
        count = int(left.read())
    if count == 0:
        return
    with open(file, "w", encoding="ascii") as left:
        left.write(str(count - 1))
    process = os.getppid()
    while open(f"/proc/{process}/comm", encoding="ascii").read() != "expect100\n":
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:
            process = int(stat.read().rpartition(")")[2].split()[1])
    subprocess.Popen(["sh", "-c", f"sleep 1; kill -CONT {process}"], start_new_session=True)
    os.kill(process, signal.SIGSTOP)


def ask(connection, kind, method, url, content, fields):
    """Makes one request; gives the connection where it can be used again."""
    place = urlsplit(url)
    connection = connection or Connection((place.hostname, place.port))
    asks = "Expect: 100-continue" in fields
    lines = [f"{method} {place.path} HTTP/1.1", f"Host: {place.netloc}", *fields]
    if content:
        lines.append(f"Content-Length: {len(content)}")
    if kind == "stalls" and content:
        stop_the_survey()
    connection.socket.sendall("\r\n".join(lines + ["", ""]).encode())
    owed = content
    if owed and not asks:
        connection.socket.sendall(owed)
        owed = b""
    while True:
        response = connection.head(PATIENCE if owed and kind != "patient" else None)
        status, head = response or (None, b"")
        if status is not None and status >= 200:
            break
        if status is not None:
            print("interim", status)
        if status == 103 and kind == "takes-hints":
            print("complete", flush=True)
            return None
        if owed and status in (None, 100):
            connection.socket.sendall(owed)
            owed = b""
            if kind == "spare":
                SPARES.append(Connection((place.hostname, place.port)))
    print("response", status)
    length = connection.content(head)
    if length:
        print("content", length)
    print("complete", flush=True)
    if (owed and kind not in OWE) or b"connection: close" in head:
        connection.socket.close()
        return None
    return connection


def main(kind):
    if kind == "nothing":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", sys.argv[0]])
        time.sleep(60)
    if kind == "fails":
        sys.exit("this client cannot be used")
    if kind == "slow":
        time.sleep(1)
    connection = None
    for line in sys.stdin:
        method, url, content, *fields = line.rstrip("\n").split("\t")
        octets = b"" if content == "-" else open(content, "rb").read()
        if kind == "hangs":
            connection = Connection((urlsplit(url).hostname, urlsplit(url).port))
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", sys.argv[0]])
            time.sleep(60)
        if kind == "floods":
            connection = Connection((urlsplit(url).hostname, urlsplit(url).port))
            while True:
                connection.socket.sendall(b"x" * 65536)
        try:
            connection = ask(connection, kind, method, url, octets, fields)
        except OSError as error:
            print("aborted:", error, flush=True)
            connection = None


main(sys.argv[1])
