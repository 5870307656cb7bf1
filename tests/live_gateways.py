"""Small gateways for tests: live_gateways.py KIND UPSTREAM... FILE serves on as many free ports of 127.0.0.1 as it has upstreams,
writes the ports to FILE, each to which somebody comes to FILE.came, and passes requests on from each to its port UPSTREAM, with a pool of connections for each. For
Content-Length alone.

Each is right or wrong in one way. "forward" is a proxy: it goes where the target of a request says. "tunnels" and "tunnels-late"
know CONNECT alone, and answer at once, or once something comes for the tunnel. "stray" does not look at what comes while nobody
asks, and takes it for the answer to the next request. "one-by-one" is right, and
serves one connection after the other, whatever its port. It ends by itself once nobody has come for a minute.
"""
import os
import select
import socket
import sys
import threading

pools = {}  # for each server
turn = threading.Lock()  # of the connection that is served one-by-one


def field(head, name):
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().lower()
    return b""


class Reader:
    """Octets of one end, with what was read too early."""

    def __init__(self, end):
        self.end, self.left = end, b""

    def more(self):
        octets = self.end.recv(65536)
        self.left += octets
        return octets != b""

    def head(self):
        if b"\r\n\r\n" not in self.left:
            return None
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        return head

    def take(self, length):
        octets, self.left = self.left[:length], self.left[length:]
        return octets


def with_via(head):
    return head + b"\r\nVia: 1.1 test\r\n\r\n"


def relay(kind, client, server, request, free):
    """One request, from its head on. True: both connections can be used again."""
    owed = int(field(request, b"content-length") or b"0")
    due = None  # octets of the final response that are still to come; None: its head is
    says_close = False
    if kind == "buffers":
        while len(client.left) < owed:
            if not client.more():
                return False
    server.end.sendall(with_via(request))
    while due is None or due > 0:
        octets = client.take(owed)
        owed -= len(octets)
        server.end.sendall(octets)
        readable, _, _ = select.select([client.end, server.end] if owed else [server.end], [], [])
        for reader in (client, server):
            if reader.end in readable and not reader.more():
                return False
        while due is None and (head := server.head()) is not None:
            status = head.split(b" ")[1]
            if status.startswith(b"1") and kind == "swallows-100":
                continue
            closing = b"\r\nConnection: close" if not status.startswith(b"1") and owed and kind != "owes" else b""
            client.end.sendall(with_via(head + closing))
            if not status.startswith(b"1"):
                due = int(field(head, b"content-length") or b"0")
                says_close = field(head, b"connection") == b"close"
        if due:
            octets = server.take(due)
            due -= len(octets)
            client.end.sendall(octets)
    if kind == "owes":  # gives the connection back to the pool although content is owed on it
        free.append(server)
        return owed == 0
    if owed == 0 and not says_close:
        free.append(server)
    else:
        server.end.close()
    return owed == 0


def tunnel(kind, client, head):
    """The target of CONNECT, and then what comes."""
    server = socket.create_connection(("127.0.0.1", int(head.split(b" ")[1].rpartition(b":")[2])))
    if kind == "tunnels-late" and not client.left and not client.more():
        return
    client.end.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    server.sendall(client.left)
    while True:
        for end in select.select([client.end, server], [], [], 30)[0]:
            octets = end.recv(65536)
            if not octets:
                return
            (server if end is client.end else client.end).sendall(octets)


def serve(kind, upstream, connection):
    client = Reader(connection)
    while True:
        head = client.head()
        if head is None:
            if not client.more():
                return
            continue
        if kind.startswith("tunnels"):
            tunnel(kind, client, head)
            return
        port = upstream
        if kind == "forward":
            method, target, rest = head.split(b" ", 2)
            authority, _, path = target[len(b"http://"):].partition(b"/")
            port = int(authority.rpartition(b":")[2])
            head = method + b" /" + path + b" " + rest
        free = pools.setdefault(port, [])
        while kind != "stray" and free and select.select([free[-1].end], [], [], 0)[0]:
            free.pop().end.close()  # it was ended
        server = free.pop() if free else Reader(socket.create_connection(("127.0.0.1", port)))
        if not relay(kind, client, server, head, free):
            return


def has_left(connection):
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return poll.poll(0) != []


def guarded(kind, upstream, connection):
    try:
        connection.settimeout(30)
        if kind != "one-by-one":
            serve(kind, upstream, connection)
            return
        with turn:
            if not has_left(connection):
                serve(kind, upstream, connection)
    except OSError:
        pass
    finally:
        connection.close()


def main():
    kind, *upstreams, port_file = sys.argv[1:]
    listeners = {socket.create_server(("127.0.0.1", 0), backlog=128): int(upstream) for upstream in upstreams}
    with open(port_file + ".new", "w", encoding="ascii") as file:
        file.write(" ".join(str(listener.getsockname()[1]) for listener in listeners))
    os.rename(port_file + ".new", port_file)
    while ready := select.select(list(listeners), [], [], 60)[0]:
        for listener in ready:
            connection, _ = listener.accept()
            with open(port_file + ".came", "a", encoding="ascii") as file:
                file.write(f"{listener.getsockname()[1]}\n")
            threading.Thread(target=guarded, args=(kind, listeners[listener], connection), daemon=True).start()


main()
