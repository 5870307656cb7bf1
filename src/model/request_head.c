/*
 * request_head.c - one request head, read on its own, for comparison with other parsers.
 */
#include <string.h>

#include "model/framing.h"
#include "model/reader.h"
#include "model/view.h"

static enum e100_framing framing_of(uint32_t facts) {
  if (framing_is_bad(facts))
    return E100_FRAMING_BAD;
  if ((facts & HEAD_CODING) != 0)
    return (facts & HEAD_CHUNKED) != 0 ? E100_FRAMING_CHUNKED : E100_FRAMING_BAD;
  return (facts & HEAD_LENGTH) != 0 ? E100_FRAMING_LENGTH : E100_FRAMING_NONE;
}

/* RFC 9112 9.3: the option close, or HTTP/1.0 without keep-alive. */
static bool ends_connection(uint32_t facts) {
  bool keeps = (facts & HEAD_BELOW_11) == 0 || (facts & HEAD_KEEP_ALIVE) != 0;
  return (facts & HEAD_CLOSE) != 0 || !keeps;
}

void e100_read_request_head(const uint8_t *octets, size_t length, uint32_t reading,
                            struct e100_head_reading *out) {
  struct reader reader;
  const uint8_t *at = octets;
  uint64_t content = 0;
  enum reader_event event = READER_BEGINS;
  memset(out, 0, sizeof *out);
  reader_init(&reader, READS_REQUESTS, (reading & READING_LONE_LF) != 0);
  while (event == READER_BEGINS)
    event = reader_read(&reader, &at, octets + length, &content);

  uint32_t facts = reader.head.facts;
  out->complete = event == READER_HEAD;
  out->malformed = head_is_malformed(facts);
  out->several = (facts & (HEAD_SEVERAL | HEAD_BLURRED | HEAD_FOLDED | HEAD_MAY_ASK)) != 0;
  out->major = reader.head.major;
  out->minor = reader.head.minor;
  out->framing = (uint8_t)framing_of(facts);
  out->asks = (facts & HEAD_ASKS) != 0;
  out->other = (facts & (HEAD_OTHER | HEAD_MAY_ASK)) != 0;
  out->close = ends_connection(facts);
  out->head_method = (facts & HEAD_OF_HEAD) != 0;
  out->length = out->framing == E100_FRAMING_LENGTH ? reader.head.length : 0;
  out->octets = (size_t)(at - octets);
}
