/* protocol.c - TLS, HTTP/2, and what only looks like HTTP/1. */
#include "capture/protocol.h"

#include <string.h>

static bool begins_with(const uint8_t *octets, size_t length, const char *word) {
  size_t wanted = strlen(word);
  return memcmp(octets, word, length < wanted ? length : wanted) == 0;
}

/* ---- the PROXY protocol ----------------------------------------------------------------------------- */

static const char preface_1[] = "PROXY ", preface_2[] = "\r\n\r\n\0\r\nQUIT\n";
enum { PREFACE_1 = sizeof preface_1 - 1, PREFACE_2 = sizeof preface_2 - 1, LONGEST_1 = 107, HEADER_2 = 16 };

static bool begins_as_preface(const uint8_t *octets, size_t length) {
  enum { TELLING = 5 }; /* an empty line or two may come before a request */
  size_t both = length < PREFACE_2 ? length : PREFACE_2;
  return (length >= PREFACE_1 && memcmp(octets, preface_1, PREFACE_1) == 0) ||
         (length >= TELLING && memcmp(octets, preface_2, both) == 0);
}

size_t e100_proxy_preface(const uint8_t *octets, size_t length) {
  if (!begins_as_preface(octets, length))
    return 0;
  if (octets[0] == 'P') {
    const uint8_t *end = memchr(octets, '\n', length < LONGEST_1 ? length : LONGEST_1);
    return end != NULL ? (size_t)(end - octets) + 1 : 0;
  }
  size_t whole = length < HEADER_2 ? SIZE_MAX : HEADER_2 + ((size_t)octets[14] << 8 | octets[15]);
  return whole <= length ? whole : 0;
}

/* ---- the first line --------------------------------------------------------------------------------- */

/* The first line that is not empty, as far as it is there, without its end. */
static size_t first_line(const uint8_t **octets, size_t length) {
  while (length > 0 && (**octets == '\r' || **octets == '\n')) {
    (*octets)++;
    length--;
  }
  const uint8_t *end = length > 0 ? memchr(*octets, '\n', length) : NULL;
  return end != NULL ? (size_t)(end - *octets) : length;
}

static bool names(const uint8_t *octets, size_t length, const char *protocol) {
  size_t wanted = strlen(protocol), line = first_line(&octets, length);
  for (size_t i = 0; i + wanted <= line; i++)
    if (memcmp(octets + i, protocol, wanted) == 0)
      return true;
  return false;
}

/* Protocols whose requests have the form of HTTP's, with another name in their first line. */
static bool names_another(const uint8_t *octets, size_t length) {
  static const char *const others[] = {" ICAP/1.", " RTSP/1.", " RTSP/2.", " SIP/2."};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (names(octets, length, others[i]) && !names(octets, length, " HTTP/"))
      return true;
  return false;
}

enum e100_protocol e100_protocol_of(bool by_client, const uint8_t *octets, size_t length) {
  if (!by_client)
    return begins_with(octets, length, "HTTP/1.") ? E100_PROTOCOL_HTTP : E100_PROTOCOL_OTHER;
  if (octets[0] == 0x16 || octets[0] == 0x80)
    return octets[0] == 0x16 && (length < 2 || octets[1] == 3) ? E100_PROTOCOL_TLS : E100_PROTOCOL_OTHER;
  if (length >= 7 && begins_with(octets, length, "PRI * HTTP/2.0"))
    return E100_PROTOCOL_HTTP2;
  bool text =
      (octets[0] >= 0x20 && octets[0] < 0x7f) || octets[0] == '\r' || octets[0] == '\n' || octets[0] == '\t';
  return text && !names_another(octets, length) && !begins_as_preface(octets, length) ? E100_PROTOCOL_HTTP
                                                                                      : E100_PROTOCOL_OTHER;
}

bool e100_protocol_turns_out_otherwise(const struct e100_exchange *exchange, const uint8_t *octets,
                                       size_t length) {
  if (begins_with(octets, length, "HTTP/"))
    return false;
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DELIVER && step->from == E100_ORIGIN)
      return false;
  }
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind == E100_STEP_DELIVER)
      return !names(e100_step_octets(exchange, step), step->length, " HTTP/");
  }
  return true;
}
