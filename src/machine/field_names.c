#include "machine/field_names.h"

#include <stdbool.h>
#include <string.h>

/* LOWER consists of small letters and hyphens. Of an octet of it that has the bit 0x40, a letter, the capital
 * lacks the bit 0x20 and nothing else. */
static inline bool same_eight(const uint8_t *name, const char *lower) {
  uint64_t ours = 0;
  uint64_t theirs = 0;
  memcpy(&ours, lower, sizeof ours);
  memcpy(&theirs, name, sizeof theirs);
  return (theirs | (ours & UINT64_C(0x4040404040404040)) >> 1) == ours;
}

static inline bool same_four(const uint8_t *name, const char *lower) {
  uint32_t ours = 0;
  uint32_t theirs = 0;
  memcpy(&ours, lower, sizeof ours);
  memcpy(&theirs, name, sizeof theirs);
  return (theirs | (ours & UINT32_C(0x40404040)) >> 1) == ours;
}

/* Whether LENGTH octets, 4 to 24, are LOWER: the last word overlaps the one before. */
static inline bool spell(const uint8_t *name, const char *lower, size_t length) {
  if (length < 8)
    return same_four(name, lower) && same_four(name + length - 4, lower + length - 4);
  if (!same_eight(name, lower) || (length > 16 && !same_eight(name + 8, lower + 8)))
    return false;
  return same_eight(name + length - 8, lower + length - 8);
}

#define NAME_IS(literal) spell(name, literal, sizeof(literal) - 1)

enum e100_field e100_field_named(const uint8_t *name, size_t length) {
  switch (length) {
  case sizeof "te" - 1:
    return (name[0] | 0x20) == 't' && (name[1] | 0x20) == 'e' ? E100_FIELD_TE : E100_FIELD_OTHER;
  case sizeof "host" - 1:
    return NAME_IS("host") ? E100_FIELD_HOST : E100_FIELD_OTHER;
  case sizeof "expect" - 1:
    return NAME_IS("expect") ? E100_FIELD_EXPECT : E100_FIELD_OTHER;
  case sizeof "upgrade" - 1:
    return NAME_IS("upgrade") ? E100_FIELD_UPGRADE : E100_FIELD_OTHER;
  case sizeof "connection" - 1:
    if (NAME_IS("connection"))
      return E100_FIELD_CONNECTION;
    return NAME_IS("keep-alive") ? E100_FIELD_KEEP_ALIVE : E100_FIELD_OTHER;
  case sizeof "content-length" - 1:
    return NAME_IS("content-length") ? E100_FIELD_CONTENT_LENGTH : E100_FIELD_OTHER;
  case sizeof "proxy-connection" - 1:
    return NAME_IS("proxy-connection") ? E100_FIELD_PROXY_CONNECTION : E100_FIELD_OTHER;
  case sizeof "transfer-encoding" - 1:
    return NAME_IS("transfer-encoding") ? E100_FIELD_TRANSFER_ENCODING : E100_FIELD_OTHER;
  default:
    return E100_FIELD_OTHER;
  }
}
