/*
 * predicates_messaging.c - the rules of RFC 9112 (HTTP/1.1), in the order of its sections.
 */
#include "model/passing_on.h"
#include "model/predicates.h"
#include "model/predicates_asking.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* ---- what several predicates ask ------------------------------------------------------------------- */

/* Why a request has to be rejected; of several reasons the first counts. */
enum defect { NO_DEFECT, BAD_FRAMING, SPACE_BEFORE_COLON, BAD_GRAMMAR };

static enum defect defect_of(const struct request *request) {
  if (framing_is_bad(request->facts))
    return BAD_FRAMING;
  if ((request->facts & HEAD_SPACE_BEFORE_COLON) != 0)
    return SPACE_BEFORE_COLON;
  return (request->facts & HEAD_MALFORMED) != 0 ? BAD_GRAMMAR : NO_DEFECT;
}

/* A request with DEFECT is to be answered with an error. Which one is left open: 414, and any 4xx for
 * fields that are too large, are asked for as well (RFC 9112 3, RFC 9110 5.4) and may come first. */
static enum ruling answered_by_error(const struct judged *j, enum defect defect) {
  const struct request *r = j->request;
  if (r == NULL || defect_of(r) != defect || j->event == ON_ENDING)
    return APART;
  if (j->event == ON_RESPONSE && is_interim(j->response))
    return APART; /* what is asked of is the final one: a 100 before it is ORIGIN_FINAL_INSTEAD_OF_100's */
  if (j->event == ON_RESPONSE)
    return j->response->status >= 400 ? KEPT : BROKEN;
  if (!server_can_act(j->c) || (r->progress & LATE_FINAL_OF_ORIGIN) != 0)
    return APART;
  return BROKEN;
}

/* The response accepts a head that is none, behind content that came after a final response: whoever takes it
 * for one has begun to read elsewhere, within that content. */
static bool is_read_elsewhere(const struct judged *j) {
  const struct request *r = j->request;
  return r != NULL && (r->progress & AFTER_OWED_CONTENT) != 0 && (r->facts & HEAD_MALFORMED) != 0 &&
         !is_interim(j->response) && j->response->status < 400;
}

static enum ruling first_of(enum ruling a, enum ruling b) {
  return a != APART ? a : b;
}

/* ---- 2.2: parsing ------------------------------------------------------------------------------------- */

PREDICATE(SERVER_EMPTY_LINE_FIRST) {
  const struct request *r = j->request;
  if (r != NULL)
    return (r->facts & HEAD_EMPTY_LINES) == 0 ? APART : j->response->status == 400 ? OPEN : KEPT;
  bool only_empty = j->c->empty_line && !j->c->head_begun && !j->c->rejected;
  bool timeout = j->response->status == 408;
  return only_empty && j->response->status >= 400 && !timeout ? BROKEN : APART;
}

PREDICATE(SERVER_MALFORMED_400) {
  if (j->event == ON_RESPONSE && is_read_elsewhere(j))
    return APART; /* SERVER_READ_OR_CLOSE */
  if (j->event == ON_RESPONSE && j->request != NULL && j->response->status >= 300 &&
      j->response->status < 400)
    return defect_of(j->request) == BAD_GRAMMAR ? KEPT : APART; /* RFC 9112 3: or a redirect */
  return first_of(answered_by_error(j, BAD_GRAMMAR), closes(j, CLOSE_MALFORMED));
}

/* ---- 3.2: Host ---------------------------------------------------------------------------------- */

bool host_is_wrong(uint32_t facts) {
  return (facts & HEAD_HOST_BAD) != 0 || (facts & (HEAD_HOST | HEAD_BELOW_11)) == 0;
}

/* Errors that a server may have found before it looked for Host, or that have nothing to do with the head. */
static bool may_precede_host(uint16_t status) {
  return status == 408 || status == 414 || status == 421 || status == 429 || status == 431 || status >= 500;
}

PREDICATE(SERVER_HOST_400) {
  const struct request *r = j->request;
  if (r == NULL || is_interim(j->response) || head_is_malformed(r->facts) || !host_is_wrong(r->facts))
    return APART;
  if (j->response->status == 400)
    return KEPT;
  bool accepts = j->response->status < 300; /* what is to be refused by every reading */
  return ((r->facts & HEAD_SEVERAL) != 0 && !accepts) || may_precede_host(j->response->status) ? OPEN
                                                                                               : BROKEN;
}

/* ---- 4, 5: responses that follow the grammar -------------------------------------------------------------
 */

static bool is_in_chunks(const struct conversation *c) {
  return c->sending && reader_is_in_chunks(&c->from_server);
}

/* The content comes in chunks, and the application has given all of it. */
static bool has_all_chunks(const struct conversation *c) {
  return is_in_chunks(c) && c->decided && c->given.length > 0;
}

/* Half a head is no stream that may pause; nor is content, once no timer is left, whose length was said or
 * which the application has given, or of which nothing more comes to who passes it on. */
static enum ruling unfinished(const struct judged *j) {
  const struct conversation *c = j->c;
  bool begun = c->responding || c->sending;
  if (!begun || c->stuck || c->server_gone || c->client_gone)
    return APART;
  const struct request *r = j->request;
  if (c->responding && r != NULL && (awaits_100(r) || (r->progress & REQUEST_COMPLETE) != 0))
    return APART; /* it was due: ORIGIN_100_OR_FINAL, SERVER_ONE_FINAL, SERVER_FINAL_AFTER_100 */
  if (c->responding)
    return BROKEN;
  bool counted = c->from_server.content == CONTENT_LENGTH && c->from_server.remaining > 0;
  bool over = has_all_chunks(c) || (is_in_chunks(c) && j->nothing_more_comes);
  return (counted || over) && j->quiet ? BROKEN : OPEN;
}

/* Content whose length was said, and that the application has given, ends with less. */
static enum ruling cut_off(const struct judged *j) {
  const struct conversation *c = j->c;
  bool counted = c->from_server.content == CONTENT_LENGTH && c->from_server.remaining > 0;
  if (!c->sending || c->stuck || c->client_gone || !counted)
    return APART;
  return c->decided ? BROKEN : OPEN;
}

/* As of a request: CLIENT_WELL_FORMED. */
static enum ruling chunks_are_well_formed(const struct judged *j) {
  const struct reader *reader = &j->c->from_server;
  if (!reader_read_chunks(reader))
    return APART;
  return reader->odd || reader->padded ? unless_it_came_so(j, ODD_CHUNKS_BACK) : KEPT;
}

PREDICATE(SERVER_WELL_FORMED) {
  const uint32_t faults = HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_SEVERAL | HEAD_LONE_LF |
                          HEAD_NO_SPACE | HEAD_LENGTH_BAD;
  enum bare_kind bare = (enum bare_kind)j->c->bare_status;
  if (j->event == ON_ANSWERED || j->event == ON_RELAYED)
    return chunks_are_well_formed(j);
  if (j->event == ON_SILENCE)
    return unfinished(j);
  if (j->event == ON_ENDING)
    return cut_off(j);
  if (j->event == ON_GARBAGE && j->c->from_server.huge)
    return OPEN; /* so large a chunk is in the grammar (RFC 9112 7.1) */
  if (j->event == ON_GARBAGE)
    return bare != NOT_BARE && is_content_after(j, bare) ? APART : BROKEN;
  /* A control that came so: whoever passes it on may keep it (RFC 9110 5.5). A length that nobody can count
   * is a number all the same (RFC 9110 8.6), a parameter of chunked is in the grammar (RFC 9112 7), and
   * Expect means nothing here, however many members it has. */
  bool kept = is_intermediary(j->c->server) && (j->response->notes & NOTE_CONTROL) != 0;
  kept = kept || (j->response->notes & (NOTE_HUGE_LENGTH | NOTE_MANY_EMPTIES | NOTE_CHUNKED_WITH)) != 0;
  if ((j->response->facts & faults) == HEAD_SEVERAL && kept)
    return OPEN;
  if ((j->response->facts & faults) != 0)
    return BROKEN;
  if (j->response->status < 100) /* RFC 9110 15: nobody knows whether it is final */
    return wrong_status(j->request, j->response);
  if (j->response->status > 599)
    return OPEN; /* invalid (RFC 9110 15), but three digits, and read as a 5xx */
  return KEPT;
}

/* ---- 5.1, 5.2: field lines --------------------------------------------------------------------------------
 */

PREDICATE(SERVER_SPACE_BEFORE_COLON_400) {
  return answered_by_error(j, SPACE_BEFORE_COLON);
}

PREDICATE(SERVER_FOLD_400_OR_SPACE) {
  const struct request *r = j->request;
  if (r == NULL || (r->facts & HEAD_FOLDED) == 0 || !server_can_act(j->c) || !awaits_100(r))
    return APART;
  if (j->event == ON_RESPONSE)
    return KEPT;
  return (r->facts & HEAD_SEVERAL) != 0 ? OPEN : silence_before_100(j->c, r);
}

PREDICATE(SENDER_NO_FOLD) {
  if (j->event == ON_RESPONSE)
    return (j->response->facts & HEAD_FOLDED) != 0 ? BROKEN : KEPT;
  return (j->head->facts & HEAD_FOLDED) != 0 ? fault_of(j, HEAD_FOLDED, 0) : KEPT;
}

/* ---- 6.1, 6.2: Transfer-Encoding and Content-Length --------------------------------------------- */

PREDICATE(SERVER_INTERIM_NO_CODING) {
  if (!is_interim(j->response))
    return APART;
  return (j->response->facts & HEAD_CODING) != 0 ? BROKEN : KEPT;
}

PREDICATE(SERVER_204_NO_CODING) {
  uint16_t status = j->response->status;
  bool tunnel =
      status >= 200 && status < 300 && j->request != NULL && (j->request->facts & HEAD_OF_CONNECT) != 0;
  if (status != 204 && !tunnel)
    return APART;
  return (j->response->facts & HEAD_CODING) != 0 ? BROKEN : KEPT;
}

PREDICATE(SERVER_CODING_ONLY_TO_11) {
  const struct request *r = j->request;
  if (r == NULL || (r->facts & HEAD_BELOW_11) == 0)
    return APART;
  return (j->response->facts & HEAD_CODING) != 0 ? BROKEN : KEPT;
}

PREDICATE(SERVER_LENGTH_OR_CODING) {
  if ((j->response->facts & (HEAD_LENGTH | HEAD_CODING)) == 0)
    return APART;
  uint32_t both = HEAD_LENGTH | HEAD_CODING;
  return (j->response->facts & both) == both ? BROKEN : KEPT;
}

PREDICATE(SERVER_BOTH_LENGTHS_CLOSE) {
  return closes(j, CLOSE_BOTH_LENGTHS);
}

PREDICATE(SERVER_10_CODING_CLOSE) {
  return closes(j, CLOSE_CODING_IN_10);
}

/* ---- 6.3: where content ends -------------------------------------------------------------------- */

PREDICATE(SERVER_BAD_FRAMING_400) {
  return first_of(answered_by_error(j, BAD_FRAMING), closes(j, CLOSE_BAD_FRAMING));
}

PREDICATE(SERVER_CONTENT_AS_FRAMED) {
  const struct request *r = j->request;
  if (r == NULL || j->told == E100_TOLD_HEAD || j->told == E100_TOLD_ABORTED)
    return APART;
  if (r->content == CONTENT_BROKEN)
    return OPEN;
  if (j->told == E100_TOLD_CONTENT)
    return r->told + j->count > r->arrived ? BROKEN : KEPT;
  if ((r->progress & REQUEST_COMPLETE) == 0 || (r->progress & PROGRAM_RESPONDED) != 0)
    return APART;
  if (r->told > r->arrived)
    return APART; /* it was judged when the application was told of more */
  return r->told == r->arrived ? KEPT : BROKEN;
}

/* ---- 8: incomplete messages --------------------------------------------------------------------- */

PREDICATE(SERVER_INCOMPLETE_IS_NOT_WHOLE) {
  const struct request *r = j->request;
  if (r == NULL || j->told != E100_TOLD_COMPLETE)
    return APART;
  if (r->content == CONTENT_BROKEN) /* by its head: nobody knows when it is complete */
    return OPEN;
  if ((r->progress & REQUEST_COMPLETE) != 0)
    return KEPT;
  /* With its last chunk the content is all there (RFC 9112 8), if not the message (7.1): its end may still
   * come.
   */
  bool may_end = !j->c->client_gone && !j->c->client_half_closed && r == newest_request(j->c);
  return may_end && reader_has_last_chunk(&j->c->from_client) ? OPEN : BROKEN;
}

/* The response that is being sent came from somebody else, and will never be whole. */
static bool is_broken_behind(const struct conversation *c) {
  const struct request *r = c->sending ? request_at(c, c->answered - 1) : NULL;
  return r != NULL && (r->progress & LOST_BEHIND) != 0;
}

/* A response is not over: whether the rest will come nobody knows, but whoever waits for it suffers. */
PREDICATE(SERVER_WHOLE_RESPONSE) {
  const struct conversation *c = j->c;
  bool waits_for_close = c->from_server.content == CONTENT_TO_CLOSE;
  if (!c->sending || c->stuck || c->client_gone || is_broken_behind(c))
    return APART;
  if (j->event == ON_ENDING) {
    bool counted = c->from_server.content == CONTENT_LENGTH;
    return waits_for_close ? KEPT : counted && c->decided ? APART : BROKEN; /* SERVER_WELL_FORMED */
  }
  return waits_for_close && j->quiet && !c->server_gone ? BROKEN : APART; /* to half-close is enough */
}

/* ---- 9.3: persistence --------------------------------------------------------------------------- */

bool is_left_unread(const struct conversation *c) {
  const struct request *last = newest_request(c);
  return last != NULL && c->client_half_closed && !c->sending && c->close_due == 0 &&
         (last->progress & (FINAL_SENT | REQUEST_COMPLETE | CONTENT_IS_BROKEN)) == FINAL_SENT &&
         last->content != CONTENT_NONE && last->content != CONTENT_BROKEN;
}

PREDICATE(SERVER_READ_OR_CLOSE) {
  const struct request *last = j->newest;
  if (j->event == ON_SILENCE)
    return j->quiet && is_left_unread(j->c) ? still_open(j->c) : APART;
  /* Broken content may be whole to who is lenient; but a letter is no chunk to anybody. */
  bool lenient = last != NULL && (last->progress & CONTENT_IS_BROKEN) != 0 && !j->c->from_client.no_chunk;
  if (j->event == ON_TOLD) {
    if (j->told != E100_TOLD_HEAD || j->request != NULL || last == NULL)
      return APART;
    if (lenient)
      return OPEN;
    return (last->progress & CONTENT_ARRIVED) != 0 && !reader_is_in_head(&j->c->from_client) ? BROKEN : APART;
  }
  if (j->request != NULL)
    return is_read_elsewhere(j) ? BROKEN : APART;
  if (j->c->head_begun || last == NULL || is_interim(j->response))
    return APART;
  if ((last->progress & CONTENT_AFTER_FINAL) == 0)
    return APART; /* nothing was left to read: SERVER_ONE_FINAL */
  if (answers_no_content(last, j->response))
    return APART; /* nor was any of it read as a request */
  bool refuses = (last->progress & CONTENT_IS_BROKEN) != 0 && j->response->status >= 400; /* what is broken */
  return lenient || refuses || j->c->rejected ? OPEN : BROKEN;
}

PREDICATE(SERVER_INTERIM_NO_CLOSE) {
  if (!is_interim(j->response) || j->response->status == 101)
    return APART;
  return (j->response->facts & HEAD_CLOSE) != 0 ? BROKEN : KEPT;
}

/* ---- 9.6: tear-down ----------------------------------------------------------------------------- */

PREDICATE(SERVER_NOTHING_AFTER_CLOSE) {
  const uint8_t said = CLOSE_RECEIVED | CLOSE_SENT;
  if (j->event == ON_TOLD) {
    if (j->told != E100_TOLD_HEAD || j->request == NULL)
      return APART;
    bool after = j->c->closing != NO_REQUEST && j->told_request > j->c->closing;
    if (after || (j->c->close_due & said) != 0)
      return BROKEN;
    return (j->c->close_due & CLOSE_IMPLIED) != 0 ? OPEN : KEPT;
  }
  if ((j->c->close_due & said) == 0)
    return (j->c->close_due & CLOSE_IMPLIED) != 0 ? OPEN : APART;
  bool more = j->request != NULL || j->c->head_begun || reader_is_stopped(&j->c->from_client);
  return more ? BROKEN : APART; /* otherwise it answers nothing at all: SERVER_ONE_FINAL */
}

PREDICATE(SERVER_CLOSES) {
  const struct conversation *c = j->c;
  if ((c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) == 0)
    return APART;
  if (j->event == ON_ENDING)
    return KEPT;
  return still_open(c);
}

PREDICATE(SERVER_SAYS_CLOSE) {
  const struct request *r = j->request;
  if (r == NULL || is_interim(j->response) || (r->facts & HEAD_CLOSE) == 0)
    return APART;
  return (j->response->facts & HEAD_CLOSE) != 0 || implies_close(j->response) ? KEPT : BROKEN;
}

/* There is a final response, or some of one, that a reset may take with it. */
static bool has_responded(const struct conversation *c) {
  return c->answered > c->first || c->responding || c->rejected || (c->close_due & CLOSE_SENT) != 0;
}

PREDICATE(SERVER_CLOSES_IN_STAGES) {
  if (j->c->client_gone || !has_responded(j->c) || is_broken_behind(j->c))
    return APART; /* nothing is lost by a reset; or it says that the response is not whole */
  return j->ending == E100_STEP_RESET ? BROKEN : KEPT;
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_messaging[] = {
    ROW(SERVER_EMPTY_LINE_FIRST, ON_RESPONSE),
    ROW(SERVER_MALFORMED_400, ON_RESPONSE | ON_SILENCE | ON_ENDING),
    ROW(SERVER_HOST_400, ON_RESPONSE),
    ROW(SERVER_WELL_FORMED, ON_RESPONSE | ON_GARBAGE | ON_SILENCE | ON_ENDING | ON_ANSWERED | ON_RELAYED),
    ROW(SERVER_SPACE_BEFORE_COLON_400, ON_RESPONSE | ON_SILENCE),
    ROW(SERVER_FOLD_400_OR_SPACE, ON_RESPONSE | ON_SILENCE),
    ROW(SENDER_NO_FOLD, ON_RESPONSE | ON_REQUEST),
    ROW(SERVER_INTERIM_NO_CODING, ON_RESPONSE),
    ROW(SERVER_204_NO_CODING, ON_RESPONSE),
    ROW(SERVER_CODING_ONLY_TO_11, ON_RESPONSE),
    ROW(SERVER_BOTH_LENGTHS_CLOSE, ON_RESPONSE | ON_SILENCE | ON_ENDING),
    ROW(SERVER_10_CODING_CLOSE, ON_RESPONSE | ON_SILENCE | ON_ENDING),
    ROW(SERVER_LENGTH_OR_CODING, ON_RESPONSE),
    ROW(SERVER_BAD_FRAMING_400, ON_RESPONSE | ON_SILENCE | ON_ENDING),
    ROW(SERVER_CONTENT_AS_FRAMED, ON_TOLD),
    ROW(SERVER_INCOMPLETE_IS_NOT_WHOLE, ON_TOLD),
    ROW(SERVER_WHOLE_RESPONSE, ON_SILENCE | ON_ENDING),
    ROW(SERVER_READ_OR_CLOSE, ON_RESPONSE | ON_TOLD | ON_SILENCE),
    ROW(SERVER_INTERIM_NO_CLOSE, ON_RESPONSE),
    ROW(SERVER_NOTHING_AFTER_CLOSE, ON_RESPONSE | ON_TOLD),
    ROW(SERVER_CLOSES, ON_SILENCE | ON_ENDING),
    ROW(SERVER_SAYS_CLOSE, ON_RESPONSE),
    ROW(SERVER_CLOSES_IN_STAGES, ON_ENDING),
};
const size_t predicates_of_messaging_count = sizeof predicates_of_messaging / sizeof *predicates_of_messaging;
