#include "machine/content.h"

#include "machine/octets.h"

/* Where the reader stands. */
enum {
  COUNTED, /* content of a known length */
  BEFORE_SIZE,
  IN_SIZE,
  BEFORE_SEMICOLON, /* blanks, then only another extension */
  BEFORE_NAME,      /* of an extension */
  IN_NAME,
  AFTER_NAME, /* blanks after it */
  BEFORE_VALUE,
  IN_VALUE,
  IN_QUOTED,
  AFTER_BACKSLASH,
  AFTER_QUOTED,
  SIZE_LINE_CR,
  IN_CHUNK,
  AFTER_CHUNK,
  CHUNK_CR,
  IN_TRAILERS,
  IMPOSSIBLE /* the octet is not permitted */
};

void e100_content_begin_length(struct e100_content *content, uint64_t length) {
  *content = (struct e100_content){.left = length, .place = COUNTED};
}

void e100_content_begin_chunked(struct e100_content *content) {
  *content = (struct e100_content){.place = BEFORE_SIZE};
}

/* ---- a chunk's first line -------------------------------------------------------------------------- */

static int hex_value(uint8_t octet) {
  if (octet >= '0' && octet <= '9')
    return octet - '0';
  octet = e100_lower(octet);
  return octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
}

/* One more octet of the size; false where it is none, or where the number grows too large to count. */
static bool add_digit(struct e100_content *content, uint8_t octet) {
  int value = hex_value(octet);
  if (value < 0 || content->left > UINT64_MAX >> 4)
    return false;
  content->left = content->left << 4 | (uint64_t)value;
  return true;
}

/* What may come after a size, or after the value of an extension. */
static uint8_t after_part(uint8_t octet) {
  if (octet == ';')
    return BEFORE_NAME;
  if (octet == '\r')
    return SIZE_LINE_CR;
  return e100_is_blank(octet) ? BEFORE_SEMICOLON : IMPOSSIBLE;
}

/* In a quoted string, also after a backslash: no control octets but a tab (RFC 9110 5.6.4). */
static bool is_quotable(uint8_t octet) {
  return octet == '\t' || (octet >= ' ' && octet != 0x7f);
}

static uint8_t extension_step(uint8_t place, uint8_t octet) {
  switch (place) {
  case BEFORE_SEMICOLON:
    if (octet == ';')
      return BEFORE_NAME;
    return e100_is_blank(octet) ? BEFORE_SEMICOLON : IMPOSSIBLE;
  case BEFORE_NAME:
    if (e100_is_blank(octet))
      return BEFORE_NAME;
    return e100_is_token(octet) ? IN_NAME : IMPOSSIBLE;
  case IN_NAME:
    if (e100_is_token(octet))
      return IN_NAME;
    if (octet == '\r')
      return SIZE_LINE_CR;
    return extension_step(AFTER_NAME, octet);
  case AFTER_NAME:
    if (octet == '=')
      return BEFORE_VALUE;
    if (octet == ';')
      return BEFORE_NAME;
    return e100_is_blank(octet) ? AFTER_NAME : IMPOSSIBLE;
  case BEFORE_VALUE:
    if (e100_is_blank(octet))
      return BEFORE_VALUE;
    if (octet == '"')
      return IN_QUOTED;
    return e100_is_token(octet) ? IN_VALUE : IMPOSSIBLE;
  case IN_VALUE:
    return e100_is_token(octet) ? IN_VALUE : after_part(octet);
  case IN_QUOTED:
    if (octet == '"')
      return AFTER_QUOTED;
    if (octet == '\\')
      return AFTER_BACKSLASH;
    return is_quotable(octet) ? IN_QUOTED : IMPOSSIBLE;
  case AFTER_BACKSLASH:
    return is_quotable(octet) ? IN_QUOTED : IMPOSSIBLE;
  default: /* AFTER_QUOTED */
    return after_part(octet);
  }
}

/* Where one more octet leads, outside chunks and trailers. */
static uint8_t step(struct e100_content *content, uint8_t octet) {
  switch (content->place) {
  case BEFORE_SIZE:
    return add_digit(content, octet) ? IN_SIZE : IMPOSSIBLE;
  case IN_SIZE:
    return add_digit(content, octet) ? IN_SIZE : after_part(octet);
  case SIZE_LINE_CR:
    if (octet != '\n')
      return IMPOSSIBLE;
    return content->left > 0 ? IN_CHUNK : IN_TRAILERS;
  case AFTER_CHUNK:
    return octet == '\r' ? CHUNK_CR : IMPOSSIBLE;
  case CHUNK_CR:
    return octet == '\n' ? BEFORE_SIZE : IMPOSSIBLE;
  default:
    return extension_step(content->place, octet);
  }
}

/* ---- taking octets ---------------------------------------------------------------------------------- */

static size_t take_octets(struct e100_content *content, size_t length) {
  size_t count = content->left < length ? (size_t)content->left : length;
  content->left -= count;
  content->framing = 0;
  if (content->left == 0 && content->place == IN_CHUNK)
    content->place = AFTER_CHUNK;
  return count;
}

static enum e100_content_verdict take_trailers(struct e100_content *content, const uint8_t *octets,
                                               size_t length, size_t *taken) {
  switch (e100_lines_take(&content->trailers, octets, length, taken)) {
  case E100_LINES_GO_ON:
    return E100_CONTENT_GOES_ON;
  case E100_LINES_END:
    return E100_CONTENT_WHOLE;
  default:
    return E100_CONTENT_MALFORMED;
  }
}

/* Takes the octets between two chunks, or before the trailers. */
static enum e100_content_verdict take_framing(struct e100_content *content, const uint8_t *octets,
                                              size_t length, size_t *taken) {
  size_t i = 0;
  while (i < length && content->place != IN_CHUNK && content->place != IN_TRAILERS) {
    uint8_t next = step(content, octets[i]);
    if (next == IMPOSSIBLE || ++content->framing > E100_FRAMING_LIMIT) {
      *taken = i;
      return E100_CONTENT_MALFORMED;
    }
    content->place = next;
    i++;
  }
  *taken = i;
  if (content->place == IN_TRAILERS)
    e100_lines_begin_trailers(&content->trailers, E100_FRAMING_LIMIT - content->framing);
  return E100_CONTENT_GOES_ON;
}

enum e100_content_verdict e100_content_take(struct e100_content *content, const uint8_t *octets,
                                            size_t length, size_t *taken, size_t *count) {
  *taken = *count = content->of_trailers = 0;
  if (content->place == COUNTED && content->left == 0)
    return E100_CONTENT_WHOLE;
  if (content->place != COUNTED && content->place != IN_CHUNK && content->place != IN_TRAILERS) {
    if (take_framing(content, octets, length, taken) == E100_CONTENT_MALFORMED)
      return E100_CONTENT_MALFORMED;
  }
  if (*taken == length)
    return E100_CONTENT_GOES_ON;
  if (content->place != IN_TRAILERS) {
    *count = take_octets(content, length - *taken);
    *taken += *count;
    return E100_CONTENT_OCTETS;
  }
  enum e100_content_verdict verdict =
      take_trailers(content, octets + *taken, length - *taken, &content->of_trailers);
  *taken += content->of_trailers;
  return verdict;
}
