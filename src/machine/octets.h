/* octets.h - the classes of octets that HTTP's grammar speaks of (RFC 9110 5.6). */
#ifndef E100_OCTETS_H
#define E100_OCTETS_H

#include <stdbool.h>
#include <stdint.h>

/* SP or HTAB: what OWS consists of (RFC 9110 5.6.3). */
static inline bool e100_is_blank(uint8_t octet) {
  return octet == ' ' || octet == '\t';
}

static inline uint8_t e100_lower(uint8_t octet) {
  return (uint8_t)(octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
}

/* One of tchar (RFC 9110 5.6.2). */
static inline bool e100_is_token(uint8_t octet) {
  /* A bit for each octet from 0x20 to 0x7f, in words of 32. */
  static const uint32_t token[4] = {0, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff};
  return octet < 128 && ((token[octet / 32] >> (octet % 32)) & 1U) != 0;
}

#endif
