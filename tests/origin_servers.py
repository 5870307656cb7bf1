"""Origin servers for tests: origin_servers.py KIND FILE serves on a free port of 127.0.0.1, and writes the port to FILE.

"well" does nothing wrong: it reads lengths and chunks with extensions and trailer fields, echoes marks below /echo, and
keeps what a close says. Every other kind is wrong in one way. It ends by itself once nobody has come for a minute.
"""
import os
import socket
import sys
import threading


class Bad(Exception):
    pass


class Connection:
    def __init__(self, octets, kind):
        self.octets = octets
        self.kind = kind
        self.left = b""
        self.mark_before = b"none"

    def fill(self):
        more = self.octets.recv(65536)
        if not more:
            raise EOFError
        self.left += more

    def line(self):
        while b"\n" not in self.left:
            self.fill()
        line, _, self.left = self.left.partition(b"\n")
        return line.rstrip(b"\r")

    def take(self, length):
        while len(self.left) < length:
            self.fill()
        taken, self.left = self.left[:length], self.left[length:]
        return taken

    def read_chunks(self):
        while True:
            size, _, extension = self.line().partition(b";")
            if extension and self.kind == "no-extensions":
                raise Bad
            length = int(size, 16)
            if length == 0:
                break
            self.take(length + 2)
        if self.kind == "no-trailers":
            self.line()
            return
        while self.line():
            pass

    def answer(self, status, close, mark=b""):
        content = b"{%s}" % mark if mark else b""
        fields = b"E100-Mark: %s\r\n" % mark if mark else b""
        if close and self.kind != "never-says-close":
            fields += b"Connection: close\r\n"
        self.octets.sendall(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, fields, len(content), content))

    def serve_one(self):
        """True: another request may follow."""
        method, target, version = (self.line().split(b" ") + [b"", b""])[:3]
        if not version.startswith(b"HTTP/1."):
            raise Bad
        fields = {}
        while line := self.line():
            name, _, value = line.partition(b":")
            fields[name.lower()] = value.strip()
        length = int(fields.get(b"content-length", b"0"))
        chunked = b"transfer-encoding" in fields
        close = fields.get(b"connection", b"").lower() == b"close" and self.kind != "overlooks-close"
        close = close or version == b"HTTP/1.0"
        if version == b"HTTP/1.1" and b"expect" in fields and (length or chunked):
            self.octets.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if chunked:
            self.read_chunks()
        self.take(length)
        mark = fields.get(b"e100-mark", b"none")
        shown, self.mark_before = (self.mark_before if self.kind == "marks-of-others" else mark), mark
        self.answer(b"200 OK", close, shown if target == b"/echo" else b"")
        return not close or self.kind == "stays-open"

    def serve(self):
        try:
            while self.serve_one():
                pass
        except Bad:
            self.answer(b"400 Bad Request", True)
        self.octets.shutdown(socket.SHUT_WR)
        while self.octets.recv(65536):
            pass


def guarded(octets, kind):
    try:
        octets.settimeout(30)
        Connection(octets, kind).serve()
    except (OSError, EOFError, ValueError):
        pass
    finally:
        octets.close()


def main():
    kind, port_file = sys.argv[1:3]
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(port_file + ".new", port_file)
    listener.settimeout(60)
    while True:
        try:
            octets, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=guarded, args=(octets, kind), daemon=True).start()


main()
