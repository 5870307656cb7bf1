/* octets.h - the classes of octets that HTTP's grammar speaks of (RFC 9110 5.6). */
#ifndef E100_OCTETS_H
#define E100_OCTETS_H

#include <stdbool.h>
#include <stdint.h>

/* SP or HTAB: what OWS consists of (RFC 9110 5.6.3). */
static inline bool e100_is_blank(uint8_t octet) {
  return octet == ' ' || octet == '\t';
}

/* The first octet from AT on that is no blank, or END. */
static inline const uint8_t *e100_after_blanks(const uint8_t *at, const uint8_t *end) {
  while (at < end && e100_is_blank(*at))
    at++;
  return at;
}

static inline uint8_t e100_lower(uint8_t octet) {
  return (uint8_t)(octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
}

/* One of tchar (RFC 9110 5.6.2). A load and a test: heads are read with it, octet by octet. */
extern const uint8_t e100_token_octets[256];
static inline bool e100_is_token(uint8_t octet) {
  return e100_token_octets[octet] != 0;
}

#endif
