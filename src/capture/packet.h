/*
 * packet.h - one captured packet: from a link's frame to the TCP segment in it.
 *
 * Nothing here knows files: libpcap, a fuzzer or a test hands over frames. A wrong checksum alone says
 * nothing, as network cards fill it in after a capture has seen the packet: only beside right ones of the
 * same end it does.
 */
#ifndef E100_PACKET_H
#define E100_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { E100_IP6_HEADERS_LIMIT = 8 /* extension headers of IPv6 that are passed over; more: not TCP */ };

/* Flags of a TCP header (RFC 9293 3.1). */
enum { E100_TCP_FIN = 1, E100_TCP_SYN = 2, E100_TCP_RST = 4, E100_TCP_ACK = 16 };

enum { E100_NO_SCALE = 255 };

enum e100_checksum {
  E100_CHECKSUM_UNKNOWN, /* the packet is cut, or the field was left to the network card */
  E100_CHECKSUM_RIGHT,
  E100_CHECKSUM_WRONG
};

/* An end of a connection. */
struct e100_end {
  uint8_t family;      /* 4 or 6 */
  uint8_t address[16]; /* IPv4: the first four */
  uint16_t port;
};

struct e100_packet {
  struct e100_end from, to;
  uint32_t sequence, acknowledged;
  uint8_t flags;          /* E100_TCP_... */
  uint8_t checksum;       /* enum e100_checksum */
  uint8_t scale;          /* of a SYN: of later windows (RFC 7323 2.2), or E100_NO_SCALE */
  uint16_t window;        /* as it stands there */
  const uint8_t *payload; /* into the frame */
  size_t captured;        /* octets of the payload that are there */
  size_t length;          /* ... and that were sent: more where the capture cut the packet */
};

enum e100_packet_kind {
  E100_PACKET_TCP,
  E100_PACKET_OTHER,    /* another protocol */
  E100_PACKET_WRAPPED,  /* in another encapsulation, which is not opened: PPPoE, MPLS, GRE, IP in IP */
  E100_PACKET_FRAGMENT, /* a fragment of an IP packet: not put together */
  E100_PACKET_CUT       /* cut before its TCP header ends, or malformed */
};

/* The types of links that are read, by libpcap's numbers (pcap_datalink). */
bool e100_link_type_known(int type);

/* Reads a frame of CAPTURED octets, of which WIRE were on the link. *OUT is set for E100_PACKET_TCP only. */
enum e100_packet_kind e100_packet_read(int type, const uint8_t *frame, size_t captured, size_t wire,
                                       struct e100_packet *out);

#endif
