/* packet.c - frames of several links, IPv4, IPv6, TCP. */
#include "capture/packet.h"

#include <string.h>

/* libpcap's numbers of links. */
enum {
  LINK_NULL = 0,
  LINK_ETHERNET = 1,
  LINK_RAW = 12,
  LINK_RAW_ELSEWHERE = 14,
  LINK_RAW_FILE = 101,
  LINK_LOOP = 108,
  LINK_COOKED = 113,
  LINK_IPV4 = 228,
  LINK_IPV6 = 229,
  LINK_COOKED_2 = 276
};

enum { ETHER_IPV4 = 0x0800, ETHER_IPV6 = 0x86dd, ETHER_VLAN = 0x8100, ETHER_SERVICE_VLAN = 0x88a8 };
enum { ETHER_MPLS = 0x8847, ETHER_MPLS_MULTICAST = 0x8848, ETHER_PPPOE = 0x8864 };
enum { PROTOCOL_TCP = 6 };

/* What is left of a frame: of `wire` octets the first `there` were captured. */
struct rest {
  const uint8_t *octets;
  size_t there, wire;
};

static uint16_t two(const uint8_t *octets) {
  return (uint16_t)(octets[0] << 8 | octets[1]);
}

static uint32_t four(const uint8_t *octets) {
  return (uint32_t)two(octets) << 16 | two(octets + 2);
}

static bool skip(struct rest *rest, size_t octets) {
  if (rest->there < octets)
    return false;
  rest->octets += octets;
  rest->there -= octets;
  rest->wire -= octets;
  return true;
}

/* Leaves no more than LENGTH octets: what follows a packet in its frame is padding. */
static void keep(struct rest *rest, size_t length) {
  if (rest->wire > length)
    rest->wire = length;
  if (rest->there > length)
    rest->there = length;
}

bool e100_link_type_known(int type) {
  static const int known[] = {LINK_NULL, LINK_ETHERNET, LINK_RAW,  LINK_RAW_ELSEWHERE, LINK_RAW_FILE,
                              LINK_LOOP, LINK_COOKED,   LINK_IPV4, LINK_IPV6,          LINK_COOKED_2};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (known[i] == type)
      return true;
  return false;
}

/* ---- TCP -------------------------------------------------------------------------------------------- */

static uint32_t add_up(uint64_t sum, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i + 1 < length; i += 2)
    sum += two(octets + i);
  if (length % 2 != 0)
    sum += (uint64_t)octets[length - 1] << 8;
  return (uint32_t)(sum % 0xffff);
}

/* Whether the checksum is right, WRONG, or only what a network card is left with: the sum of the addresses,
 * the protocol and perhaps the length. */
static enum e100_checksum checksum_of(struct rest rest, const struct e100_packet *packet) {
  enum { AT = 16 };
  size_t address = packet->from.family == 6 ? 16 : 4;
  uint32_t field = two(rest.octets + AT);
  if (rest.there < rest.wire || field == 0)
    return E100_CHECKSUM_UNKNOWN;
  uint32_t without = add_up(add_up(PROTOCOL_TCP, packet->from.address, address), packet->to.address, address);
  uint32_t sum = (without + (uint32_t)(rest.wire >> 16) + (uint32_t)(rest.wire & 0xffff)) % 0xffff;
  if (add_up(sum, rest.octets, rest.there) == 0) /* all ones, which is zero here */
    return E100_CHECKSUM_RIGHT;
  bool left = field % 0xffff == sum || field % 0xffff == without;
  return left ? E100_CHECKSUM_UNKNOWN : E100_CHECKSUM_WRONG;
}

/* The scale among a SYN's options (RFC 7323 2.2). */
static uint8_t scale_in(const uint8_t *options, size_t length) {
  enum { END = 0, NOTHING = 1, SCALE = 3, LARGEST = 14 };
  for (size_t i = 0; i < length && options[i] != END;) {
    if (options[i] == NOTHING) {
      i++;
      continue;
    }
    if (i + 1 >= length || options[i + 1] < 2)
      break;
    if (options[i] == SCALE && options[i + 1] == 3 && i + 2 < length)
      return options[i + 2] < LARGEST ? options[i + 2] : LARGEST;
    i += options[i + 1];
  }
  return E100_NO_SCALE;
}

static enum e100_packet_kind read_tcp(struct rest rest, struct e100_packet *out) {
  enum { SHORTEST = 20 };
  if (rest.there < SHORTEST)
    return E100_PACKET_CUT;
  size_t header = (size_t)(rest.octets[12] >> 4) * 4;
  out->from.port = two(rest.octets);
  out->to.port = two(rest.octets + 2);
  out->sequence = four(rest.octets + 4);
  out->acknowledged = four(rest.octets + 8);
  out->flags = rest.octets[13];
  out->window = two(rest.octets + 14);
  const struct rest whole = rest;
  if (header < SHORTEST || !skip(&rest, header))
    return E100_PACKET_CUT;
  out->scale = scale_in(whole.octets + SHORTEST, header - SHORTEST);
  out->checksum = (uint8_t)checksum_of(whole, out);
  out->payload = rest.octets;
  out->captured = rest.there;
  out->length = rest.wire;
  return E100_PACKET_TCP;
}

/* What is neither TCP nor to be passed over: other packets are in it. */
static enum e100_packet_kind other_protocol(uint8_t protocol) {
  enum { IPV4 = 4, IPV6 = 41, GRE = 47 };
  return protocol == IPV4 || protocol == IPV6 || protocol == GRE ? E100_PACKET_WRAPPED : E100_PACKET_OTHER;
}

static enum e100_packet_kind read_ipv4(struct rest rest, struct e100_packet *out) {
  enum { SHORTEST = 20, MORE_OR_OFFSET = 0x3fff };
  if (rest.there < SHORTEST || rest.octets[0] >> 4 != 4)
    return E100_PACKET_CUT;
  size_t header = (size_t)(rest.octets[0] & 15) * 4, total = two(rest.octets + 2);
  uint8_t protocol = rest.octets[9];
  bool fragment = (two(rest.octets + 6) & MORE_OR_OFFSET) != 0;
  out->from.family = out->to.family = 4;
  memcpy(out->from.address, rest.octets + 12, 4);
  memcpy(out->to.address, rest.octets + 16, 4);
  if (total != 0) /* 0: the network card cuts it into packets later */
    keep(&rest, total);
  if (header < SHORTEST || !skip(&rest, header))
    return E100_PACKET_CUT;
  if (protocol != PROTOCOL_TCP)
    return other_protocol(protocol);
  enum e100_packet_kind kind = fragment ? E100_PACKET_FRAGMENT : read_tcp(rest, out);
  if (total == 0)
    out->checksum = E100_CHECKSUM_UNKNOWN;
  return kind;
}

static enum e100_packet_kind read_ipv6(struct rest rest, struct e100_packet *out) {
  enum { HEADER = 40, HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, DESTINATION = 60, WHOLE = 0xfff9 };
  if (rest.there < HEADER || rest.octets[0] >> 4 != 6)
    return E100_PACKET_CUT;
  size_t length = two(rest.octets + 4);
  uint8_t next = rest.octets[6];
  bool routed = false;
  out->from.family = out->to.family = 6;
  memcpy(out->from.address, rest.octets + 8, 16);
  memcpy(out->to.address, rest.octets + 24, 16);
  (void)skip(&rest, HEADER);
  if (length != 0)
    keep(&rest, length);
  for (int i = 0; i < E100_IP6_HEADERS_LIMIT && next != PROTOCOL_TCP; i++) {
    if (next != HOP_BY_HOP && next != ROUTING && next != FRAGMENT && next != DESTINATION)
      return other_protocol(next);
    if (rest.there < 8)
      return E100_PACKET_CUT;
    if (next == FRAGMENT && (two(rest.octets + 2) & WHOLE) != 0)
      return E100_PACKET_FRAGMENT;
    routed = routed || next == ROUTING;
    size_t header = next == FRAGMENT ? 8 : ((size_t)rest.octets[1] + 1) * 8;
    next = rest.octets[0];
    if (!skip(&rest, header))
      return E100_PACKET_CUT;
  }
  if (next != PROTOCOL_TCP)
    return E100_PACKET_OTHER;
  enum e100_packet_kind kind = read_tcp(rest, out);
  if (length == 0 || routed) /* another address is in the sum */
    out->checksum = E100_CHECKSUM_UNKNOWN;
  return kind;
}

static enum e100_packet_kind read_ip(struct rest rest, struct e100_packet *out) {
  if (rest.there == 0)
    return E100_PACKET_CUT;
  return rest.octets[0] >> 4 == 6 ? read_ipv6(rest, out) : read_ipv4(rest, out);
}

static enum e100_packet_kind read_by_type(unsigned type, struct rest rest, struct e100_packet *out) {
  while (type == ETHER_VLAN || type == ETHER_SERVICE_VLAN) {
    if (rest.there < 4)
      return E100_PACKET_CUT;
    type = two(rest.octets + 2);
    (void)skip(&rest, 4);
  }
  if (type == ETHER_MPLS || type == ETHER_MPLS_MULTICAST || type == ETHER_PPPOE)
    return E100_PACKET_WRAPPED;
  if (type != ETHER_IPV4 && type != ETHER_IPV6)
    return E100_PACKET_OTHER;
  return type == ETHER_IPV4 ? read_ipv4(rest, out) : read_ipv6(rest, out);
}

/* Skips a link's header of HEADER octets, in which the type of what follows stands at AT. */
static enum e100_packet_kind read_typed(struct rest rest, size_t header, size_t at, struct e100_packet *out) {
  if (rest.there < header)
    return E100_PACKET_CUT;
  unsigned type = two(rest.octets + at);
  (void)skip(&rest, header);
  return read_by_type(type, rest, out);
}

enum e100_packet_kind e100_packet_read(int type, const uint8_t *frame, size_t captured, size_t wire,
                                       struct e100_packet *out) {
  struct rest rest = {.octets = frame, .there = captured, .wire = wire < captured ? captured : wire};
  memset(out, 0, sizeof *out);
  switch (type) {
  case LINK_ETHERNET:
    return read_typed(rest, 14, 12, out);
  case LINK_COOKED:
    return read_typed(rest, 16, 14, out);
  case LINK_COOKED_2:
    return read_typed(rest, 20, 0, out);
  case LINK_NULL: /* a family in the order of octets of the host that captured: IP says its version itself */
  case LINK_LOOP:
    return skip(&rest, 4) ? read_ip(rest, out) : E100_PACKET_CUT;
  default:
    return read_ip(rest, out);
  }
}
