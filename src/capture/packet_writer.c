/* packet_writer.c - TCP as it would have been. */
#include "capture/packet_writer.h"

#include <string.h>

#include "capture/packet.h"

enum {
  FIRST_PORT = 40000,
  SERVER_PORT = 80,
  IP_HEADER = 20,
  TCP_HEADER = 20,
  HEADERS = IP_HEADER + TCP_HEADER
};
enum { LINK_TYPE_RAW = 101, STEP_TIME = 1000, PACKET_TIME = 50, PUSH = 8 };

/* A connection of a link. */
struct wire {
  bool open;
  bool ended[2]; /* sent its FIN */
  bool resets;   /* the client has closed, and answers what still comes with a reset */
  uint16_t port; /* the client's */
  uint32_t next[2];
  uint8_t hosts[2];
};

/* ---- octets ------------------------------------------------------------------------------------- */

static void put_two(uint8_t *at, unsigned value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put_four(uint8_t *at, uint32_t value) {
  put_two(at, value >> 16);
  put_two(at + 2, value & 0xffff);
}

/* The sum of RFC 1071 over OCTETS, going on from SUM. */
static uint32_t add_up(uint32_t sum, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++)
    sum += i % 2 == 0 ? (uint32_t)octets[i] << 8 : octets[i];
  return sum;
}

static unsigned checksum(uint32_t sum) {
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

/* Integers of pcap's own headers: little-endian, as its magic says. */
static void add_number(struct e100_text *out, uint32_t value, size_t size) {
  char octets[4];
  for (size_t i = 0; i < size; i++)
    octets[i] = (char)(value >> 8 * i & 0xff);
  e100_text_add(out, octets, size);
}

static void begin_file(struct e100_text *out) {
  enum { MAJOR = 2, MINOR = 4, LONGEST = 65535 };
  add_number(out, 0xa1b2c3d4U, 4);
  add_number(out, MAJOR, 2);
  add_number(out, MINOR, 2);
  add_number(out, 0, 4);
  add_number(out, 0, 4);
  add_number(out, LONGEST, 4);
  add_number(out, LINK_TYPE_RAW, 4);
}

/* ---- packets ------------------------------------------------------------------------------------ */

static void fill_ip(uint8_t *header, const struct wire *wire, unsigned end, size_t length) {
  static const uint8_t network[3] = {192, 0, 2}; /* for documentation, RFC 5737 */
  memset(header, 0, IP_HEADER);
  header[0] = 0x45;
  put_two(header + 2, (unsigned)(HEADERS + length));
  header[6] = 0x40; /* not to be cut into fragments */
  header[8] = 64;
  header[9] = 6;
  for (unsigned i = 0; i < 2; i++) {
    memcpy(header + 12 + 4 * i, network, sizeof network);
    header[15 + 4 * i] = wire->hosts[i == 0 ? end : 1 - end];
  }
  put_two(header + 10, checksum(add_up(0, header, IP_HEADER)));
}

static void fill_tcp(uint8_t *header, const uint8_t *ip, const struct wire *wire, unsigned end,
                     unsigned flags, const uint8_t *octets, size_t length) {
  memset(header, 0, TCP_HEADER);
  put_two(header, end == 0 ? wire->port : SERVER_PORT);
  put_two(header + 2, end == 0 ? SERVER_PORT : wire->port);
  put_four(header + 4, wire->next[end]);
  put_four(header + 8, (flags & E100_TCP_ACK) != 0 ? wire->next[1 - end] : 0);
  header[12] = TCP_HEADER / 4 << 4;
  header[13] = (uint8_t)flags;
  put_two(header + 14, 65535);
  uint32_t sum = add_up(6 + TCP_HEADER + (uint32_t)length, ip + 12, 8);
  sum = add_up(sum, header, TCP_HEADER);
  put_two(header + 16, checksum(add_up(sum, octets, length)));
}

static void packet(struct e100_packet_writer *w, struct wire *wire, unsigned end, unsigned flags,
                   const uint8_t *octets, size_t length) {
  enum { MICROSECONDS = 1000000 };
  uint8_t headers[HEADERS];
  if (w->out.length + HEADERS + 16 + length > E100_WRITTEN_LIMIT) {
    w->full = true;
    return;
  }
  fill_ip(headers, wire, end, length);
  fill_tcp(headers + IP_HEADER, headers, wire, end, flags, octets, length);
  w->time += PACKET_TIME;
  add_number(&w->out, (uint32_t)(w->time / MICROSECONDS), 4);
  add_number(&w->out, (uint32_t)(w->time % MICROSECONDS), 4);
  add_number(&w->out, (uint32_t)(HEADERS + length), 4);
  add_number(&w->out, (uint32_t)(HEADERS + length), 4);
  e100_text_add(&w->out, (const char *)headers, HEADERS);
  e100_text_add(&w->out, (const char *)octets, length);
  wire->next[end] += (uint32_t)length + ((flags & (E100_TCP_SYN | E100_TCP_FIN)) != 0 ? 1 : 0);
}

static void bare(struct e100_packet_writer *w, struct wire *wire, unsigned end, unsigned flags) {
  static const uint8_t none[1] = {0};
  packet(w, wire, end, flags, none, 0);
}

/* ---- steps -------------------------------------------------------------------------------------- */

static void open_wire(struct e100_packet_writer *w, struct wire *wire, const struct e100_link *link) {
  if (wire->open)
    return;
  *wire = (struct wire){.open = true,
                        .port = (uint16_t)(FIRST_PORT + w->connections % 20000),
                        .next = {1000u + 7919u * w->connections, 5000u + 104729u * w->connections},
                        .hosts = {link->client, link->server}};
  w->connections++;
  bare(w, wire, 0, E100_TCP_SYN);
  bare(w, wire, 1, E100_TCP_SYN | E100_TCP_ACK);
  bare(w, wire, 0, E100_TCP_ACK);
}

static void reset(struct e100_packet_writer *w, struct wire *wire, unsigned end) {
  bare(w, wire, end, E100_TCP_RST | E100_TCP_ACK);
  wire->open = wire->resets = false;
}

static void send_octets(struct e100_packet_writer *w, struct wire *wire, unsigned end, const uint8_t *octets,
                        size_t length) {
  for (size_t sent = 0; sent < length;) {
    size_t part = length - sent < E100_SEGMENT_LIMIT ? length - sent : E100_SEGMENT_LIMIT;
    packet(w, wire, end, E100_TCP_ACK | (sent + part == length ? PUSH : 0u), octets + sent, part);
    sent += part;
  }
  if (end == 1 && wire->resets)
    reset(w, wire, 0);
  else
    bare(w, wire, 1 - end, E100_TCP_ACK);
}

static void end_side(struct e100_packet_writer *w, struct wire *wire, unsigned end, unsigned how) {
  if (how == E100_STEP_RESET) {
    reset(w, wire, end);
    return;
  }
  if (!wire->ended[end]) {
    bare(w, wire, end, E100_TCP_FIN | E100_TCP_ACK);
    bare(w, wire, 1 - end, E100_TCP_ACK);
  }
  wire->ended[end] = true;
  wire->resets = wire->resets || (how == E100_STEP_CLOSE && end == 0 && !wire->ended[1]);
  wire->open = !(wire->ended[0] && wire->ended[1]);
}

/* One that has closed does not wait: what is still open then is torn down before the silence. */
static void be_silent(struct e100_packet_writer *w, struct wire wires[E100_LINKS_LIMIT]) {
  for (unsigned i = 0; i < E100_LINKS_LIMIT; i++)
    if (wires[i].open && wires[i].resets)
      reset(w, &wires[i], 0);
  w->time += E100_WRITTEN_SILENCE;
}

static bool on_wire(struct e100_packet_writer *w, struct wire *wire, const struct e100_exchange *exchange,
                    const struct e100_step *step, bool was) {
  const struct e100_link *link = &exchange->links[step->link];
  unsigned end = step->from == link->client ? 0 : 1;
  bool opens = step->kind == E100_STEP_OPEN;
  if (opens && wire->open)
    return false;
  if (!was || opens)
    open_wire(w, wire, link);
  if (!wire->open || wire->ended[end])
    return opens;
  if (step->kind == E100_STEP_DELIVER && step->length > 0)
    send_octets(w, wire, end, e100_step_octets(exchange, step), step->length);
  else if (!opens && step->kind != E100_STEP_DELIVER)
    end_side(w, wire, end, step->kind);
  return true;
}

/* A last silence shows only where something comes after it: a keep-alive, which says nothing (RFC
 * 9293 3.8.4). */
static void keep_alive(struct e100_packet_writer *w, struct wire *wire) {
  if (!wire->open)
    return;
  wire->next[0]--;
  bare(w, wire, 0, E100_TCP_ACK);
  wire->next[0]++;
  bare(w, wire, 1, E100_TCP_ACK);
}

/* Whether the last thing on the wires is a silence. */
static bool ends_silent(const struct e100_exchange *exchange) {
  for (uint32_t i = exchange->step_count; i > 0; i--) {
    uint8_t kind = exchange->steps[i - 1].kind;
    if (kind <= E100_STEP_QUIET)
      return kind >= E100_STEP_SETTLED;
  }
  return false;
}

uint32_t e100_packets_write(struct e100_packet_writer *writer, const struct e100_exchange *exchange) {
  struct wire wires[E100_LINKS_LIMIT] = {{0}};
  bool was[E100_LINKS_LIMIT] = {false};
  uint32_t left_out = 0;
  if (writer->out.length == 0)
    begin_file(&writer->out);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    writer->time += STEP_TIME;
    bool silent = step->kind == E100_STEP_SETTLED || step->kind == E100_STEP_QUIET;
    bool off_wire = !silent && step->kind > E100_STEP_RESET;
    if ((step->flags & E100_STEP_EXPECTED) != 0 || off_wire)
      left_out++;
    else if (silent)
      be_silent(writer, wires);
    else {
      left_out += !on_wire(writer, &wires[step->link], exchange, step, was[step->link]);
      was[step->link] = true;
    }
  }
  for (uint32_t i = 0; i < E100_LINKS_LIMIT && ends_silent(exchange); i++)
    keep_alive(writer, &wires[i]);
  return left_out;
}
