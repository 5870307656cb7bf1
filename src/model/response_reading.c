/*
 * response_reading.c - the responses to one request, read on their own, for comparison with other parsers.
 */
#include <string.h>

#include "model/framing.h"
#include "model/reader.h"
#include "model/view.h"

static bool is_tunnel(const struct head *head, uint32_t request) {
  return head->status == 101 || ((request & HEAD_OF_CONNECT) != 0 && head->status / 100 == 2);
}

static bool persists(const struct head *head) {
  bool keeps = head->minor > 0 || (head->facts & HEAD_KEEP_ALIVE) != 0;
  return keeps && (head->facts & HEAD_CLOSE) == 0;
}

/* Notes what HEAD says; the content that follows it. */
static enum content_state note_head(const struct head *head, bool bad_codings, uint32_t request,
                                    struct e100_response_reading *out) {
  out->status = head->status;
  out->tunnel = is_tunnel(head, request);
  if (out->tunnel)
    return CONTENT_NONE;
  if (head->status < 200) {
    out->interims++;
    return CONTENT_NONE;
  }
  enum content_state content = response_content(head, request);
  /* Both are a sign of smuggling, and HTTP/1.0 has no codings: an error is right, too (RFC 9112 6.1, 6.3); so
   * it is where a coding does not follow the grammar. Whether to close behind codings in HTTP/1.0 that frame
   * nothing is open. */
  bool in_10 = head->minor == 0;
  bool both = (head->facts & (HEAD_LENGTH | HEAD_LENGTH_BAD)) != 0 || bad_codings;
  if ((head->facts & HEAD_CODING) != 0 && (in_10 || (content != CONTENT_NONE && both)))
    out->several = true;
  out->malformed = out->malformed || content == CONTENT_BROKEN;
  out->final = true;
  out->chunked = content == CONTENT_CHUNK_SIZE;
  out->until_close = content == CONTENT_TO_CLOSE;
  out->close = !persists(head) || out->until_close;
  return content;
}

/* What has several readings, or one that only some recipients share. */
static bool is_open(uint32_t facts) {
  return (facts & (HEAD_SEVERAL | HEAD_BLURRED | HEAD_LONE_LF | HEAD_NO_SPACE | HEAD_EMPTY_LINES)) != 0;
}

/* A status code begins with 1 at the least (RFC 9110 15). */
static bool has_no_status(const struct reader *reader) {
  enum { AFTER_FIRST_DIGIT = 10, AFTER_LAST_DIGIT = 12 };
  unsigned least = 1;
  for (unsigned at = AFTER_FIRST_DIGIT; at < AFTER_LAST_DIGIT && at < reader->at; at++)
    least *= 10;
  return reader->begun && reader->at >= AFTER_FIRST_DIGIT && reader->head.status < least;
}

void e100_read_responses(const uint8_t *octets, size_t length, bool to_head, bool to_connect,
                         struct e100_response_reading *out) {
  struct reader reader;
  const uint8_t *at = octets;
  uint32_t request = (to_head ? (uint32_t)HEAD_OF_HEAD : 0) | (to_connect ? (uint32_t)HEAD_OF_CONNECT : 0);
  bool over = false;
  memset(out, 0, sizeof *out);
  reader_init(&reader, READS_RESPONSES, false);
  while (!over) {
    uint64_t content = 0;
    enum reader_event event = reader_read(&reader, &at, octets + length, &content);
    out->several = out->several || is_open(reader.head.facts);
    out->content += content;
    out->malformed = out->malformed || event == READER_BROKEN || event == READER_GARBAGE ||
                     (reader.head.facts & HEAD_MALFORMED) != 0 || has_no_status(&reader);
    if (event == READER_HEAD && !out->malformed)
      reader_content(&reader, note_head(&reader.head, reader.section.coding_bad, request, out));
    out->complete = out->tunnel || (event == READER_COMPLETE && out->final);
    over = out->complete || out->malformed || event == READER_WANTS_MORE;
  }
  out->octets = (size_t)(at - octets);
}
