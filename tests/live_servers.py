"""Small servers for tests: live_servers.py KIND FILE serves on a free port of 127.0.0.1, and writes the port to FILE.

Each is right or wrong in one way. It ends by itself once nobody has come for a minute.
"""
import os
import socket
import ssl
import struct
import sys
import threading
import time

LIMIT = 300 * 1024 * 1024  # octets that the server "flood" sends at most


def read_head(connection, left):
    while b"\r\n\r\n" not in left:
        octets = connection.recv(65536)
        if not octets:
            return None, b""
        left += octets
    head, _, left = left.partition(b"\r\n\r\n")
    return head + b"\r\n", left


def field(head, name):
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().lower()
    return b""


def serve_well(connection, kind):
    """An origin server for Content-Length; KIND says what it does wrong."""
    left = b""
    while True:
        head, left = read_head(connection, left)
        if head is None:
            return
        asks = field(head, b"expect") == b"100-continue" and b" HTTP/1.1" in head
        length = int(field(head, b"content-length") or b"0")
        if kind == "waits" and asks and length and not left:
            left += connection.recv(65536)
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        elif asks and length and not left and kind != "never-100":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if kind == "sometimes" and asks and os.urandom(1)[0] < 128:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        while len(left) < length:
            octets = connection.recv(65536)
            if not octets:
                return
            left += octets
        left = left[length:]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(connection, kind):
    if kind in ("well", "never-100", "sometimes", "waits", "dies"):
        serve_well(connection, kind)
    elif kind == "silent":
        while connection.recv(65536):
            pass
    elif kind == "reset":
        connection.recv(65536)
        reset(connection)
    elif kind == "alerts":  # as a server of TLS does
        connection.recv(65536)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x46")
    elif kind == "leaves":
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 100 Cont")
    elif kind == "flood":
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(LIMIT // 65536):
            connection.sendall(bytes(65536))
    elif kind == "trickle":
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b".")
            time.sleep(0.01)


def guarded(connection, kind, context):
    try:
        connection.settimeout(30)
        if context:
            connection = context.wrap_socket(connection, server_side=True)
        serve(connection, kind)
    except OSError:
        pass
    finally:
        connection.close()


def main():
    kind, port_file = sys.argv[1:3]
    context = None
    if len(sys.argv) > 3:  # a certificate with its key: the server speaks TLS
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
    if port_file.endswith(".sock"):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(port_file)
        listener.listen(128)
    else:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        with open(port_file + ".new", "w", encoding="ascii") as file:
            file.write(str(listener.getsockname()[1]))
        os.rename(port_file + ".new", port_file)
    listener.settimeout(60)
    left = 10 if kind == "dies" else -1  # connections that are served before it dies
    while left != 0:
        left -= 1
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=guarded, args=(connection, kind, context), daemon=True).start()


main()
