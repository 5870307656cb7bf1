#!/usr/bin/env python3
"""Writes captures for tests: capture_maker.py KIND FILE [COUNT]. Frames are made here octet by octet, with no line
of the program's own reader or writer."""
import socket
import struct
import sys

SYN, FIN, RST, ACK = 2, 1, 4, 16


class Capture:
    def __init__(self, path, link=1, snap=0, form="pcap"):
        self.file = open(path, "wb")
        self.link, self.snap, self.form, self.time = link, snap, form, 1000000
        if form == "pcap":
            self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link))
        else:
            self.file.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
            self.file.write(struct.pack("<IIHHII", 1, 20, link, 0, 0, 20))

    def frame(self, packet, six):
        kind = 0x86DD if six else 0x0800
        if self.link == 1:
            head = bytes(12) + struct.pack(">H", kind)
        elif self.link in (0x8864, 0x8847):  # PPPoE, MPLS
            head = bytes(12) + struct.pack(">HIH", self.link, 0, 0x21)
        elif self.link == -1:  # with a VLAN tag
            head = bytes(12) + struct.pack(">HHH", 0x8100, 5, kind)
        elif self.link == 113:
            head = bytes(14) + struct.pack(">H", kind)
        elif self.link == 276:
            head = struct.pack(">H", kind) + bytes(18)
        elif self.link == 0:
            head = struct.pack("<I", 30 if six else 2)
        else:
            head = b""
        frame = head + packet
        there = frame[: self.snap] if self.snap else frame
        seconds, micro = divmod(self.time, 1000000)
        if self.form == "pcap":
            self.file.write(struct.pack("<IIII", seconds, micro, len(there), len(frame)) + there)
        else:
            padded = there + bytes(-len(there) % 4)
            total = 32 + len(padded)
            self.file.write(
                struct.pack("<IIIIIII", 6, total, 0, self.time >> 32, self.time & 0xFFFFFFFF, len(there), len(frame))
                + padded + struct.pack("<I", total))


class Connection:
    """Two ends; each packet is sent `later` microseconds after the last one."""

    def __init__(self, capture, port=40000, six=False, first=(1000, 0xFFFFFFF0)):
        self.capture, self.six = capture, six
        self.ports = (port, 80)
        self.next = list(first)
        self.turned = None  # no checksums
        self.hosts = ("2001:db8::1", "2001:db8::2") if six else ("192.0.2.1", "192.0.2.2")

    def checksum(self, end, segment, turned):
        """Of TCP, with the bits TURNED over; a checksum of 0 is what a network card is left with."""
        family = socket.AF_INET6 if self.six else socket.AF_INET
        pair = [socket.inet_pton(family, self.hosts[i]) for i in (end, 1 - end)]
        whole = pair[0] + pair[1] + struct.pack(">II", len(segment), 6) + segment
        total = sum(struct.unpack(f">{len(whole) // 2 + len(whole) % 2}H", whole + bytes(len(whole) % 2)))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        return segment[:16] + struct.pack(">H", (~total & 0xFFFF) ^ turned) + segment[18:]

    def packet(self, end, flags, octets=b"", sequence=None, later=100, acknowledge=None, window=8192, turned=None):
        sequence = self.next[end] if sequence is None else sequence
        acknowledge = self.next[1 - end] if acknowledge is None else acknowledge
        segment = struct.pack(">HHIIBBHHH", self.ports[end], self.ports[1 - end], sequence & 0xFFFFFFFF,
                              acknowledge & 0xFFFFFFFF if flags & ACK else 0, 0x50, flags, window, 0, 0) + octets
        turned = self.turned if turned is None else turned
        if turned is not None:
            segment = self.checksum(end, segment, turned)
        if self.six:
            pair = [socket.inet_pton(socket.AF_INET6, self.hosts[i]) for i in (end, 1 - end)]
            packet = struct.pack(">IHBB", 6 << 28, len(segment), 6, 64) + pair[0] + pair[1] + segment
        else:
            pair = [socket.inet_aton(self.hosts[i]) for i in (end, 1 - end)]
            packet = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0) + pair[0] + pair[1] + segment
        self.capture.time += later
        self.capture.frame(packet, self.six)

    def opens(self):
        self.packet(0, SYN)
        self.next[0] += 1
        self.packet(1, SYN | ACK)
        self.next[1] += 1
        self.packet(0, ACK)
        return self

    def sends(self, end, text, later=100, acknowledged=True):
        octets = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
        self.packet(end, ACK, octets, later=later)
        self.next[end] += len(octets)
        if acknowledged:
            self.packet(1 - end, ACK)
        return self

    def loses(self, end, text):
        """What END sends now is not in the capture."""
        self.next[end] += len(text.replace("\n", "\r\n"))
        return self

    def closes(self, end):
        self.packet(end, ACK | FIN)
        self.next[end] += 1
        self.packet(1 - end, ACK)
        return self


ASKS = "PUT /a HTTP/1.1\nHost: h\nContent-Length: 5\nExpect: 100-continue\nUser-Agent: curl/7.88.1\n\n"
HUNDRED = "HTTP/1.1 100 Continue\n\n"
GOOD = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"
REFUSED = "HTTP/1.1 417 Expectation Failed\nServer: oldproxy/1.0\nContent-Length: 0\n\n"


def well(connection):
    return connection.sends(0, ASKS).sends(1, HUNDRED).sends(0, "hello").sends(1, GOOD)


def hangs(connection):
    """The server says nothing until the client gives up waiting: a violation."""
    connection.sends(0, ASKS).sends(0, "hello", later=1000000)
    return connection.sends(1, HUNDRED + GOOD)


def both_close(connection):
    return connection.closes(0).closes(1)


def refused(connection):
    return connection.sends(0, ASKS).sends(1, REFUSED)


def disorder(capture):
    """Retransmissions, overlaps, octets in the wrong order, keep-alives, a SYN sent twice; nothing is wrong."""
    c = Connection(capture)
    c.packet(0, SYN)
    c.opens()
    head = ASKS.replace("\n", "\r\n").encode()
    at = c.next[0]
    c.packet(0, ACK, head[20:], sequence=at + 20)
    c.packet(0, ACK, head[20:60], sequence=at + 20)
    c.packet(0, ACK, head[:30], sequence=at)
    c.next[0] += len(head)
    c.packet(1, ACK)
    c.packet(0, ACK, head, sequence=at)
    c.packet(0, ACK, b"\0", sequence=c.next[0] - 1)  # a keep-alive with an octet of garbage
    c.packet(0, ACK, b"", sequence=c.next[0] - 1)
    c.sends(1, HUNDRED).sends(0, "hello").sends(1, GOOD)
    c.packet(1, ACK, GOOD.replace("\n", "\r\n").encode(), sequence=c.next[1] - 41)
    both_close(c)


def hole(capture):
    """The capture has not all that the server acknowledges; then there is a breach that nobody may judge."""
    c = well(Connection(capture).opens())
    c.next[0] += 50
    c.packet(1, ACK)
    hangs(c)
    both_close(c)


SECOND = 1000000


def goes_on(c):
    """The client's timer runs out."""
    both_close(c.sends(0, "hello", later=SECOND).sends(1, GOOD))


def lost_100(c):
    c.sends(0, ASKS).loses(1, HUNDRED).packet(0, ACK)
    goes_on(c)


def lost_with_its_acknowledgement(c):
    c.sends(0, ASKS).loses(1, HUNDRED)
    goes_on(c)


def lost_before_reset(c):
    c.sends(0, ASKS).loses(1, HUNDRED).packet(0, RST | ACK, later=SECOND)


def lost_content(c):
    c.sends(0, ASKS, acknowledged=False).loses(0, "hello").packet(1, ACK)
    both_close(c.sends(1, GOOD, later=SECOND))


def lost_end(c):
    c.sends(0, ASKS)
    c.next[1] += 1  # a FIN
    c.packet(0, ACK)
    c.packet(0, ACK | FIN, later=SECOND)


def lost_head(c):
    c.loses(0, ASKS).packet(1, ACK)
    goes_on(c.sends(1, HUNDRED))


def lost_last(c):
    c.sends(0, ASKS).loses(1, HUNDRED).packet(0, ACK)


def slow_final(c):
    c.sends(0, ASKS).sends(1, HUNDRED).sends(0, "hello").sends(1, GOOD[:9], later=5 * SECOND)
    c.sends(1, GOOD[9:], later=SECOND).sends(0, "GET / HTTP/1.1\nHost: h\n\n")
    both_close(c.sends(1, GOOD, later=30 * SECOND))


def slow_end(c):
    c.sends(0, "GET / HTTP/1.1\nHost: h\n\n")
    c.packet(0, ACK, sequence=c.next[0] - 1, later=5 * SECOND)
    c.packet(1, ACK)


def slow_100(c):
    both_close(c.sends(0, ASKS).sends(1, HUNDRED, later=SECOND).sends(0, "hello").sends(1, GOOD))


def gives_up(c):
    c.sends(0, "GET / HTTP/1.1\nHost: h\n\n").packet(0, RST | ACK, later=10 * SECOND)


def shut_client(c):
    c.sends(0, ASKS)
    c.packet(0, ACK, window=0)
    c.packet(0, ACK, later=SECOND)
    both_close(c.sends(1, HUNDRED).sends(0, "hello").sends(1, GOOD))


def shut_server(c):
    c.sends(0, ASKS).sends(1, HUNDRED)
    c.packet(1, ACK, window=0)
    c.packet(1, ACK, later=SECOND)
    both_close(c.sends(0, "hello").sends(1, GOOD))


def opens_window(c):
    """The window has been open for long enough."""
    c.packet(0, ACK, window=0)
    c.sends(0, ASKS)
    goes_on(c)


def stray_reset(c):
    c.sends(0, ASKS).packet(1, RST, sequence=c.next[1] + 123456789)
    c.packet(1, RST, sequence=c.next[1] - 7)
    goes_on(c)


def reset_behind_a_hole(c):
    c.sends(0, ASKS).loses(1, HUNDRED).packet(1, RST)


def stray_syn(c):
    c.sends(0, ASKS).packet(0, SYN, sequence=77)
    c.packet(1, ACK)
    goes_on(c)


def new_syn(c):
    """The last packets of the first connection are not there."""
    c.sends(0, ASKS).sends(1, HUNDRED).sends(0, "hello").sends(1, GOOD)
    c.next = [7, 99]
    both_close(hangs(c.opens()))


def damaged(c):
    """A packet is damaged and comes again; then one that a network card has put together."""
    octets = ASKS.replace("\n", "\r\n").encode()
    c.packet(0, ACK, octets.replace(b"Host", b"Ho:t"), turned=0x5555)
    c.sends(0, ASKS).sends(1, HUNDRED)
    c.packet(0, ACK, b"hello", turned=0x5555)
    c.next[0] += 5
    c.packet(1, ACK)
    both_close(c.sends(1, GOOD))


def all_checksums_wrong(c):
    c.turned = 0x5555
    both_close(hangs(c))


def copies(c):
    c.sends(0, ASKS, acknowledged=False)
    octets = ASKS.replace("Expect", "Accept").replace("\n", "\r\n").encode()
    c.packet(0, ACK, octets, sequence=c.next[0] - len(octets))
    goes_on(c)


def copy_after_acknowledgement(c):
    c.sends(0, ASKS)
    octets = ASKS.replace("Expect", "Accept").replace("\n", "\r\n").encode()
    c.packet(0, ACK, octets, sequence=c.next[0] - len(octets))
    goes_on(c)


def far_behind(c):
    """700 packets come before the one in front of them."""
    c.sends(0, ASKS.replace("Length: 5", "Length: 700100")).sends(1, HUNDRED)
    at = c.next[0]
    for i in range(1, 701):
        c.packet(0, ACK, b"x" * 1000, sequence=at + 100 + 1000 * (i - 1), later=1)
    c.packet(0, ACK, b"x" * 100, sequence=at)
    c.next[0] += 700100
    c.packet(1, ACK)
    both_close(hangs(c.sends(1, GOOD)))


def too_far_behind(c):
    c.sends(0, ASKS.replace("Length: 5", "Length: 5000")).sends(1, HUNDRED)
    for i in range(4999, 0, -1):
        c.packet(0, ACK, b"x", sequence=c.next[0] + i, later=1)


def both_begin(c):
    c.next = [1000, 5000]
    for end, flags in ((1, SYN), (0, SYN), (0, SYN | ACK), (1, SYN | ACK)):
        c.packet(end, flags, acknowledge=c.next[1 - end] + 1)
    c.next = [1001, 5001]
    both_close(hangs(c))


HOLES = (lost_100, lost_with_its_acknowledgement, lost_before_reset, lost_content, lost_end, lost_head, lost_last,
         reset_behind_a_hole)
OPENED = {f.__name__.replace("_", "-"): f for f in HOLES + (
    slow_final, slow_end, slow_100, gives_up, shut_client, shut_server, opens_window, stray_reset, stray_syn, new_syn,
    damaged, all_checksums_wrong, copies, copy_after_acknowledgement, far_behind, too_far_behind)}


def one_way(capture):
    c = Connection(capture)
    c.packet(0, SYN)
    c.next[0] += 1
    c.next[1] += 1
    c.packet(0, ACK)
    c.packet(0, ACK, ASKS.replace("\n", "\r\n").encode())
    c.next[0] += len(ASKS.replace("\n", "\r\n"))
    c.packet(0, ACK | FIN, later=SECOND)


def many(capture, count, persistent):
    connection = None
    for i in range(count):
        if connection is None or not persistent:
            connection = Connection(capture, port=1024 + i % 60000, first=(7 * i, 11 * i)).opens()
        (refused if i % 10 == 9 else well)(connection)
        if not persistent:
            both_close(connection)
        elif i % 10 == 9:  # the connection goes on only behind the content
            connection.sends(0, "hello")
    if persistent:
        both_close(hangs(connection))


def interleaved(capture):
    links = [Connection(capture, port=5000 + i, six=i % 2 == 1).opens() for i in range(6)]
    for text in ((0, ASKS), (1, HUNDRED), (0, "hello"), (1, GOOD)):
        for link in links:
            link.sends(*text)
    for link in links:
        both_close(link)


def main():
    kind, path = sys.argv[1], sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    links = {"vlan": -1, "cooked": 113, "cooked2": 276, "null": 0, "raw": 101}
    capture = Capture(path, link=abs(links.get(kind, 1)), snap=100 if kind == "snapped" else 0,
                      form="pcapng" if kind in ("pcapng", "interfaces", "byte-orders") else "pcap")
    if kind in links:
        capture.link = links[kind]
        well(Connection(capture).opens())
        both_close(hangs(Connection(capture, port=40001, six=True).opens()))
    elif kind == "wrapped":
        capture.link = 0x8864
        both_close(hangs(Connection(capture).opens()))
        capture.link = 0x8847
        both_close(hangs(Connection(capture).opens()))
    elif kind == "interfaces":  # of two link types
        well(Connection(capture).opens())
        capture.file.write(struct.pack("<IIHHII", 1, 20, 101, 0, 0, 20))
    elif kind == "byte-orders":
        well(Connection(capture).opens())
        capture.file.write(struct.pack(">IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
    elif kind == "backwards":  # the packets of the client, then those of the server
        both_close(hangs(Connection(capture).opens()))
        capture.file.close()
        with open(path, "rb") as file:
            octets = file.read()
        packets, at = [], 24
        while at < len(octets):
            length = 16 + struct.unpack_from("<I", octets, at + 8)[0]
            packets.append(octets[at:at + length])
            at += length
        from_client = socket.inet_aton("192.0.2.1")
        with open(path, "wb") as file:
            file.write(octets[:24] + b"".join(sorted(packets, key=lambda p: p[16 + 14 + 12:16 + 14 + 16] != from_client)))
    elif kind in ("pcapng", "snapped", "hangs"):
        both_close(hangs(Connection(capture).opens()))
    elif kind == "slow":  # the same silence, but the head takes as long as that to arrive
        c = Connection(capture).opens()
        c.sends(0, ASKS, acknowledged=False)
        c.packet(1, ACK, later=900000)
        both_close(c.sends(1, HUNDRED, later=1000).sends(0, "hello").sends(1, GOOD))
    elif kind == "late":
        c = Connection(capture)
        both_close(well(c))
    elif kind == "mixed":
        both_close(Connection(capture, port=1).opens().sends(0, b"\x16\x03\x01\x00\x05hello").sends(1, b"\x16\x03"))
        both_close(Connection(capture, port=2).opens().sends(1, "SSH-2.0-x\n").sends(0, "SSH-2.0-y\n"))
        both_close(Connection(capture, port=3).opens().sends(0, "PRI * HTTP/2.0\n\nSM\n\n"))
        both_close(Connection(capture, port=4).opens().sends(0, "EHLO x\n").sends(1, "250 y\n"))
        both_close(well(Connection(capture, port=5).opens()))
    elif kind == "prefaced":
        second = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + b"\1\2\3\4\5\6\7\x08\0\x50\0\x50"
        asks = ASKS.replace("\n", "\r\n").encode()
        for port, before in ((1, b"PROXY TCP4 1.2.3.4 5.6.7.8 1111 80\r\n"), (2, second)):
            c = Connection(capture, port=port).opens().sends(0, before + asks)
            both_close(c.sends(1, HUNDRED).sends(0, "hello").sends(1, GOOD))
        c = Connection(capture, port=3).opens().sends(0, b"PROXY UNKNOWN\r\n").sends(0, asks)
        goes_on(c)
        both_close(Connection(capture, port=4).opens().sends(0, b"PROXY UNKNOWN\r\n"))
    elif kind == "others":
        inner = "POST /o HTTP/1.1\nHost: h\nContent-Length: 8\n\n4\nabcd\n0\n\n"
        icap = "REQMOD icap://h/x ICAP/1.0\nHost: h\nPreview: 4\n\n" + inner
        both_close(Connection(capture, port=1).opens().sends(0, icap).sends(1, "ICAP/1.0 100 Continue\n\n"))
        c = Connection(capture, port=2).opens().sends(0, icap[:9]).sends(0, icap[9:])
        both_close(c.sends(1, "ICAP/1.0 100 Continue\n\n"))
        both_close(Connection(capture, port=3).opens().sends(0, "OPTIONS * RTSP/1.0\nCSeq: 1\n\n"))
        both_close(Connection(capture, port=4).opens().sends(0, b"PROXY TCP4 1.2").sends(0, b".3.4 5.6.7.8 1 2\r\n"))
    elif kind == "reset":
        c = Connection(capture).opens().sends(0, ASKS).sends(1, HUNDRED).sends(0, "hello")
        c.sends(1, GOOD).packet(1, RST | ACK)
    elif kind == "well":
        both_close(well(Connection(capture).opens()))
    elif kind == "upload":  # 2 MB, after which the server is silent
        c = Connection(capture).opens()
        c.sends(0, ASKS.replace("Length: 5", "Length: 2000000")).sends(1, HUNDRED)
        for _ in range(2000):
            c.sends(0, b"x" * 1000)
        c.capture.time += 2000000
        both_close(c)
    elif kind == "refused":
        for i in range(count):
            both_close(refused(Connection(capture, port=1000 + i).opens()))
    elif kind == "hops":
        old = REFUSED.replace("HTTP/1.1", "HTTP/1.0").replace("Server", "Via: 1.0 front\nServer")
        for port, asks, answer in (
                (1, ASKS, REFUSED), (2, ASKS, REFUSED), (3, ASKS, old), (4, ASKS.replace("HTTP/1.1", "HTTP/1.0"), REFUSED),
                (5, ASKS.replace("Expect: 100-continue\n", ""), REFUSED),
                (6, ASKS.replace("100-continue", "payment"), HUNDRED + REFUSED.replace("oldproxy", "squid")),
                (7, ASKS.replace("User-Agent: curl/7.88.1", "user-agent: \x1b[31mx"), REFUSED), (8, ASKS, GOOD)):
            both_close(Connection(capture, port=port).opens().sends(0, asks).sends(1, answer))
    elif kind in OPENED:
        c = Connection(capture)
        c.turned = 0 if kind == "damaged" else None
        OPENED[kind](c.opens())
    elif kind == "both-begin":
        both_begin(Connection(capture))
    elif kind == "one-way":
        one_way(capture)
    elif kind in ("disorder", "hole", "interleaved"):
        globals()[kind](capture)
    elif kind in ("many", "persistent"):
        many(capture, count, kind == "persistent")
    else:
        sys.exit("capture_maker.py: no kind " + kind)


main()
