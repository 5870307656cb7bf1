/*
 * host_value.c - checks which octets stand in a host. Whether an address between brackets is one of the sixth
 * version is not looked into: what is doubtful there is taken for valid.
 */
#include "model/host_value.h"

#include "model/field_lists.h"
#include "model/hash.h"

enum part { NOTHING_YET, NAME, BRACKETS_BEGIN, BRACKETS, BRACKETS_END, PORT, BLANKS };

static bool is_unreserved_or_delimiter(uint8_t octet) {
  /* One bit an octet below 128: RFC 3986 2.2, 2.3. */
  static const uint32_t set[4] = {0x00000000, 0x2bff7fd2, 0x87fffffe, 0x47fffffe};
  return octet < 128 && (set[octet >> 5] >> (octet & 31) & 1u) != 0;
}

static bool is_hex(uint8_t octet) {
  octet = fold_case(octet);
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'f');
}

static bool name_octet(struct host_reader *host, uint8_t octet) {
  host->part = NAME;
  if (host->hex_digits > 0) {
    host->hex_digits--;
    return is_hex(octet);
  }
  if (octet == '%')
    host->hex_digits = 2;
  return octet == '%' || is_unreserved_or_delimiter(octet);
}

static bool bracket_octet(struct host_reader *host, uint8_t octet) {
  bool ends = octet == ']' && host->part == BRACKETS;
  host->part = ends ? BRACKETS_END : BRACKETS;
  return ends || octet == ':' || is_unreserved_or_delimiter(octet);
}

static bool good_octet(struct host_reader *host, uint8_t octet) {
  bool in_brackets = host->part == BRACKETS_BEGIN || host->part == BRACKETS;
  if (is_space(octet) && !in_brackets && host->hex_digits == 0) {
    host->part = host->part == NOTHING_YET ? NOTHING_YET : BLANKS;
    return true;
  }
  if (octet == ':' && host->part != PORT && host->part != BLANKS && !in_brackets && host->hex_digits == 0) {
    host->part = PORT;
    return true;
  }
  switch (host->part) {
  case NOTHING_YET:
    if (octet == '[') {
      host->part = BRACKETS_BEGIN;
      return true;
    }
    return name_octet(host, octet);
  case NAME:
    return name_octet(host, octet);
  case BRACKETS_BEGIN:
  case BRACKETS:
    return bracket_octet(host, octet);
  case PORT:
    return octet >= '0' && octet <= '9';
  default: /* BRACKETS_END, BLANKS */
    return false;
  }
}

void host_octet(struct host_reader *host, uint8_t octet) {
  if (!host->bad && !good_octet(host, octet))
    host->bad = true;
  host->escaped |= octet == '%';
  if (host->part == PORT && octet != ':')
    host->port = (uint16_t)(host->port * 10 + (octet - '0'));
  else if (host->part != PORT && host->part != NOTHING_YET && host->part != BLANKS)
    host->hash = hash_octet(host->hash, fold_case(octet));
}

uint32_t host_named(const struct host_reader *host) {
  if (host_is_bad(host) || host->escaped || host->hash == 0)
    return 0;
  bool implied = host->port == 80 || host->port == 443; /* of http and https */
  return hash_octet(hash_octet(host->hash, (uint8_t)(implied ? 0 : host->port >> 8)),
                    (uint8_t)(implied ? 0 : host->port));
}

bool host_is_bad(const struct host_reader *host) {
  bool open = host->part == BRACKETS_BEGIN || host->part == BRACKETS || host->hex_digits > 0;
  return host->bad || open;
}
