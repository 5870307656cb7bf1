#include "fuzz/capture_inputs.h"

#include <string.h>

#include "capture/packet_writer.h"

/* Raw IP first, which zeros choose; Ethernet next. The others: Linux cooked, loopback, raw IP by other names.
 */
static const int links[] = {101, 1, 113, 276, 0, 108, 12, 228, 229};
enum { LINKS = sizeof links / sizeof links[0] };
enum { RAW, ETHERNET };
enum { LENGTH_OCTETS = 2, SILENCE = 0x80, LONGEST = 0x7fff };

static const struct e100_step delivery = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
static const struct e100_step silence = {.kind = E100_STEP_QUIET};

/* ---- from an input ------------------------------------------------------------------------------ */

/* Appends the packet at AT and gives where the next one begins. */
static size_t append_packet(struct e100_exchange *exchange, const uint8_t *input, size_t length, size_t at) {
  size_t wanted = (size_t)(input[at] & ~(unsigned)SILENCE) << 8;
  bool silent = (input[at] & SILENCE) != 0;
  wanted |= at + 1 < length ? input[at + 1] : 0;
  at += LENGTH_OCTETS;
  size_t there = at < length ? length - at : 0;
  size_t taken = wanted < there ? wanted : there;
  if (silent)
    (void)e100_exchange_append(exchange, &silence, NULL, 0);
  if (taken > 0)
    (void)e100_exchange_append(exchange, &delivery, input + at, taken);
  return at + taken;
}

void e100_capture_input_decode(struct e100_exchange *exchange, const uint8_t *input, size_t length) {
  static const uint8_t raw = RAW;
  e100_exchange_clear(exchange);
  exchange->kind = E100_KIND_PLAY;
  (void)e100_exchange_append(exchange, &delivery, length > 0 ? input : &raw, 1);
  size_t at = 1;
  for (unsigned i = 0; at < length && i < E100_INPUT_PACKETS_LIMIT; i++)
    at = append_packet(exchange, input, length, at);
  e100_exchange_normalize(exchange);
}

int e100_capture_input_link(const struct e100_exchange *exchange) {
  const struct e100_step *first = exchange->step_count > 0 ? &exchange->steps[0] : NULL;
  bool chooses = first != NULL && first->kind == E100_STEP_DELIVER && first->length > 0;
  return links[chooses ? e100_step_octets(exchange, first)[0] % LINKS : RAW];
}

/* ---- from a case -------------------------------------------------------------------------------- */

/* A number of pcap's own headers, as the writer writes them. */
static uint32_t number(const char *at) {
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; i++)
    value |= (uint32_t)(uint8_t)at[i] << 8 * i;
  return value;
}

/* Half of the seeds are frames of Ethernet. */
static void add_packet(bool ethernet, bool silent, const char *packet, size_t length, struct e100_text *out) {
  static const char header[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};
  size_t all = length + (ethernet ? sizeof header : 0);
  const char before[LENGTH_OCTETS] = {(char)(uint8_t)((all >> 8) | (silent ? SILENCE : 0)),
                                      (char)(uint8_t)all};
  e100_text_add(out, before, sizeof before);
  if (ethernet)
    e100_text_add(out, header, sizeof header);
  e100_text_add(out, packet, length);
}

bool e100_capture_input_encode(const struct e100_exchange *exchange, struct e100_text *out) {
  enum { FILE_HEADER = 24, RECORD_HEADER = 16, AT_LENGTH = 8, MICROSECONDS = 1000000 };
  struct e100_packet_writer writer = {0};
  bool ethernet = e100_exchange_hash(exchange) % 2 == 0;
  const char link = ethernet ? ETHERNET : RAW;
  uint64_t before = 0;
  (void)e100_packets_write(&writer, exchange);
  bool any = writer.out.length > FILE_HEADER;
  if (any)
    e100_text_add(out, &link, 1);
  for (size_t at = FILE_HEADER; at < writer.out.length;) {
    const char *record = writer.out.text + at;
    uint64_t time = (uint64_t)number(record) * MICROSECONDS + number(record + 4);
    size_t length = number(record + AT_LENGTH);
    add_packet(ethernet, time - before >= E100_WRITTEN_SILENCE, record + RECORD_HEADER, length, out);
    before = time;
    at += RECORD_HEADER + length;
  }
  e100_text_free(&writer.out);
  return any;
}
