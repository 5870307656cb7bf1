/*
 * framing.c - what a head means for its content (RFC 9112 6), and for the connection (RFC 9112 9.3, 9.6).
 */
#include "model/framing.h"

#include "model/predicates.h"

/* ---- content ------------------------------------------------------------------------------------------- */

bool framing_is_bad(uint32_t facts) {
  if ((facts & HEAD_CODING) != 0)
    return (facts & HEAD_CODING_BAD) != 0;
  return (facts & HEAD_LENGTH_BAD) != 0;
}

bool head_is_malformed(uint32_t facts) {
  return framing_is_bad(facts) || (facts & (HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON)) != 0;
}

static enum content_state declared_length(const struct head *head) {
  return head->length == 0 ? CONTENT_NONE : CONTENT_LENGTH;
}

enum content_state request_content(const struct head *request) {
  if ((request->facts & HEAD_CHUNKED) != 0)
    return CONTENT_CHUNK_SIZE;
  return (request->facts & HEAD_LENGTH) != 0 ? declared_length(request) : CONTENT_NONE;
}

enum content_state response_content(const struct head *response, uint32_t facts) {
  bool bodiless = response->status < 200 || response->status == 204 || response->status == 304;
  bool tunnel = (facts & HEAD_OF_CONNECT) != 0 && response->status >= 200 && response->status < 300;
  if (bodiless || tunnel || (facts & HEAD_OF_HEAD) != 0)
    return CONTENT_NONE;
  if ((response->facts & HEAD_CODING) != 0)
    return (response->facts & HEAD_CHUNKED) != 0 ? CONTENT_CHUNK_SIZE : CONTENT_TO_CLOSE;
  if ((response->facts & HEAD_LENGTH_BAD) != 0)
    return CONTENT_BROKEN;
  return (response->facts & HEAD_LENGTH) != 0 ? declared_length(response) : CONTENT_TO_CLOSE;
}

enum content_state content_to_come(const struct head *request) {
  if (head_is_malformed(request->facts))
    return CONTENT_BROKEN;
  if ((request->facts & HEAD_BELOW_11) != 0 && (request->facts & HEAD_CODING) != 0)
    return CONTENT_BROKEN; /* RFC 9112 6.1: as if the framing were faulty */
  return request_content(request);
}

/* ---- the connection ------------------------------------------------------------------------------------ */

bool implies_close(const struct head *response) {
  return response->minor == 0 && !is_interim(response) && (response->facts & HEAD_KEEP_ALIVE) == 0;
}

uint8_t causes_to_close(enum e100_party server, const struct request *r, const struct head *response) {
  unsigned due = response != NULL && (response->facts & HEAD_CLOSE) != 0 ? CLOSE_SENT : 0;
  if (response != NULL && implies_close(response))
    due |= CLOSE_IMPLIED;
  if (r == NULL)
    return (uint8_t)due;
  if ((r->facts & HEAD_CLOSE) != 0)
    due |= CLOSE_RECEIVED;
  if (framing_is_bad(r->facts))
    due |= CLOSE_BAD_FRAMING;
  else if ((r->facts & HEAD_MALFORMED) != 0)
    due |= CLOSE_MALFORMED;
  else if ((r->facts & HEAD_CODING) != 0 && (r->facts & HEAD_BELOW_11) != 0)
    due |= CLOSE_CODING_IN_10;
  else if ((r->facts & HEAD_CODING) != 0 && (r->facts & HEAD_LENGTH) != 0)
    due |= CLOSE_BOTH_LENGTHS;
  else if ((r->facts & HEAD_BELOW_11) != 0)
    due |= ((r->facts & HEAD_KEEP_ALIVE) == 0 ? CLOSE_IMPLIED : 0) | (server == E100_PROXY ? CLOSE_OF_10 : 0);
  return (uint8_t)due;
}
