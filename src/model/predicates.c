/*
 * predicates.c - the rules of RFC 9110 (semantics), in the order of its sections.
 *
 * Silence and the application. The application is a part of the origin server, so silence breaks
 * RFC 9110 10.1.1 whoever it is that does not go on. Which part is to blame is another question: a server
 * that has told its application of the request and waits for the decision has done its own part, and the
 * finding names the application. Where the application's view is not in the exchange, it names the server.
 */
#include "model/passing_on.h"
#include "model/predicates.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* A response to no request at all that may nevertheless be sent: the connection was idle for too long. */
static bool is_timeout(const struct head *response) {
  return response->status == 408 && (response->facts & HEAD_CLOSE) != 0;
}

static bool is_final(const struct head *response) {
  return !is_interim(response);
}

/* ---- 2.2: reading what is well formed ----------------------------------------------------------- */

/* The application was told of the head and has decided nothing; all of the content came, in chunks of which
 * each follows the grammar, with extensions that nobody need know (RFC 9112 7.1.1). */
static bool is_well_formed_to_its_end(const struct judged *j) {
  const uint32_t whole = TOLD_OF_HEAD | REQUEST_COMPLETE;
  const uint32_t others = PROGRAM_RESPONDED | CONTENT_IS_BROKEN | CUT_SHORT;
  return (j->request->progress & (whole | others)) == whole && j->request->content == CONTENT_CHUNK_SIZE &&
         j->request == j->newest && !j->c->from_client.odd && !j->c->client_gone && !j->c->client_half_closed;
}

/* An application's own 400 may have any reason. So either it is there to be seen, and was not told; or
 * content came before this that was owed, which a server that reads it as a request would refuse like that.
 */
PREDICATE(SERVER_PARSES_WELL_FORMED) {
  const uint32_t doubtful =
      HEAD_SEVERAL | HEAD_BLURRED | HEAD_FOLDED | HEAD_EMPTY_LINES | HEAD_MAY_ASK | HEAD_LONE_LF;
  const uint32_t over = CUT_SHORT | CONTENT_ARRIVED | CONTENT_IS_BROKEN | TOLD_OF_HEAD;
  const struct request *r = j->request;
  if (r == NULL || is_interim(j->response))
    return APART;
  if ((r->progress & over) != 0 && !is_well_formed_to_its_end(j))
    return APART;
  if (!j->c->program_seen && (r->progress & AFTER_OWED_CONTENT) == 0)
    return APART;
  if (head_is_malformed(r->facts) || host_is_wrong(r->facts) || (r->facts & doubtful) != 0)
    return APART;
  return j->response->status == 400 ? BROKEN : KEPT;
}

/* ---- 5.3: the whole header section first ------------------------------------------------------------ */

/* A 100 to a head that is not complete. */
static bool is_early_100(const struct judged *j) {
  return j->request == NULL && j->c->head_begun && !j->c->rejected && j->response->status == 100;
}

PREDICATE(SERVER_WHOLE_HEAD_FIRST) {
  if (j->event == ON_TOLD) {
    bool content = j->newest != NULL && (j->newest->progress & CONTENT_ARRIVED) != 0;
    if (j->told != E100_TOLD_HEAD || (content && !reader_is_in_head(&j->c->from_client)))
      return APART; /* content read as a request: SERVER_READ_OR_CLOSE */
    if (j->request == NULL && j->newest != NULL && j->newest->content == CONTENT_BROKEN)
      return OPEN; /* where the next head begins nobody knows: that the last one was accepted is the breach */
    return j->request != NULL ? KEPT : BROKEN;
  }
  if (j->request != NULL)
    return KEPT;
  if (j->c->rejected)
    return OPEN;
  if (is_early_100(j)) /* once for a head; SERVER_10_NO_INTERIM */
    return j->c->early_100 || (j->c->from_client.head.facts & HEAD_BELOW_11) != 0 ? APART : BROKEN;
  if (!j->c->head_begun)
    return APART; /* no octet of a head came: SERVER_ONE_FINAL */
  /* An error may be about the head itself (RFC 9110 5.4, RFC 9112 2.2). */
  return j->response->status >= 400 ? KEPT : BROKEN;
}

/* ---- 5.6.1: lists ------------------------------------------------------------------------------------- */

/* Whoever passes a response on is judged by what came back. */
PREDICATE(SERVER_NO_EMPTY_MEMBERS) {
  if (is_intermediary(j->c->server) != (j->event == ON_RELAY))
    return APART;
  if ((j->response->notes & NOTE_EMPTY_MEMBER) == 0)
    return KEPT;
  return unless_it_came_so(j, EMPTY_MEMBER_BACK);
}

PREDICATE(SERVER_IGNORES_EMPTY_MEMBERS) {
  const struct request *r = j->request;
  if (r == NULL || (r->facts & HEAD_EXPECTS_NOTHING) == 0 || (r->facts & HEAD_SEVERAL) != 0 ||
      head_is_malformed(r->facts) || !is_final(j->response))
    return APART;
  return j->response->status == 417 ? wrong_status(r, j->response) : KEPT;
}

/* ---- 6.2: versions ------------------------------------------------------------------------------------ */

PREDICATE(SERVER_NO_SUCH_VERSION) {
  return j->response->minor > 1 ? BROKEN : KEPT;
}

PREDICATE(SERVER_HIGHEST_VERSION) {
  if (j->response->minor > 0)
    return KEPT;
  return is_interim(j->response) || j->c->minor > 0 ? BROKEN : OPEN;
}

/* ---- 6.4: Content ------------------------------------------------------------------------------- */

/* Content that only the end of the connection ends is compared there. */
PREDICATE(SERVER_SENDS_AS_GIVEN) {
  const struct conversation *c = j->c;
  bool ends_by_close =
      c->sending && c->from_server.content == CONTENT_TO_CLOSE && j->ending != E100_STEP_RESET;
  if (c->given.length == 0 || c->bare_status != NOT_BARE || (j->event == ON_ENDING && !ends_by_close))
    return APART;
  return c->sent.length == c->given.length && c->sent.sum == c->given.sum ? KEPT : BROKEN;
}

PREDICATE(SERVER_204_NO_CONTENT) {
  if (is_content_after(j, BARE_STATUS))
    return BROKEN;
  return j->event == ON_RESPONSE && j->c->bare_status == BARE_STATUS ? KEPT : APART;
}

/* ---- 6.5: Trailers ------------------------------------------------------------------------------ */

PREDICATE(SERVER_TRAILERS_IN_PLACE) {
  if (!reader_read_chunks(&j->c->from_server))
    return APART;
  return j->c->from_server.misplaced ? unless_it_came_so(j, MISPLACED_BACK) : KEPT;
}

/* ---- 7.8: Upgrade ------------------------------------------------------------------------------------- */

/* Who passes a 101 on has left out nothing, where no protocol was named to him; that is known ON_RELAY. */
static enum ruling names_no_protocol(const struct judged *j) {
  if (j->event == ON_RESPONSE)
    return j->c->server == E100_ORIGIN ? BROKEN : APART;
  if (tie_of(j)->match == MAY_MATCH)
    return OPEN;
  return !j->relayed || (j->peer_errand->back_notes & NOTE_UPGRADE) != 0 ? BROKEN : OPEN;
}

PREDICATE(SERVER_UPGRADE_AS_ASKED) {
  const struct request *r = j->request;
  if (j->response->status != 101 || r == NULL || (r->facts & HEAD_BELOW_11) != 0)
    return APART;
  bool offered = (r->facts & HEAD_UPGRADE) != 0;
  if (offered && (j->response->facts & HEAD_UPGRADE) == 0)
    return names_no_protocol(j);
  if (j->event == ON_RELAY)
    return APART;
  if (!offered)
    return BROKEN;
  for (unsigned i = 0; i < j->response->protocols && i < PROTOCOLS_LIMIT; i++)
    if (!is_offered(r, j->response->protocol[i]))
      /* Who passes a 101 on has chosen nothing: the origin server has. */
      return r->protocols > PROTOCOLS_LIMIT || j->c->server != E100_ORIGIN ? OPEN : BROKEN;
  return KEPT;
}

PREDICATE(SERVER_UPGRADE_OPTION) {
  if ((j->response->facts & HEAD_UPGRADE) == 0)
    return APART;
  return (j->response->facts & HEAD_UPGRADE_OPTION) != 0 ? KEPT : BROKEN;
}

/* Who passes a 101 on has not chosen to leave the 100 out, but where he did not pass the expectation on, or
 * kept the 100 that came. */
static enum ruling switched_unasked(const struct judged *j) {
  if (!j->relayed || (j->request->facts & HEAD_ASKS) == 0 || j->request->content == CONTENT_NONE ||
      (j->request->progress & CONTENT_ARRIVED) != 0)
    return APART;
  bool passed_on = (j->peer_errand->facts & (HEAD_ASKS | HEAD_MAY_ASK)) != 0;
  bool kept = j->request->hundreds_back > 0;
  return (passed_on && !kept) || tie_of(j)->match == MAY_MATCH ? OPEN : BROKEN;
}

PREDICATE(SERVER_100_BEFORE_101) {
  const struct request *r = j->request;
  if (j->response->status != 101 || r == NULL || (r->facts & HEAD_UPGRADE) == 0)
    return APART;
  if ((r->facts & HEAD_BELOW_11) != 0 || r->hundreds > 0)
    return j->event == ON_RELAY ? APART : KEPT;
  if ((r->progress & EARLY_100) != 0)
    return OPEN;
  if (j->event == ON_RELAY)
    return switched_unasked(j);
  if (r->relayed == 101)
    return APART; /* ON_RELAY */
  if ((r->facts & HEAD_ASKS) !=
      0) /* RFC 9110 10.1.1 lets a server leave the 100 out where content is not to come */
    return r->content == CONTENT_NONE || (r->progress & CONTENT_ARRIVED) != 0 ? OPEN : BROKEN;
  return (r->facts & HEAD_MAY_ASK) != 0 ? OPEN : KEPT;
}

/* ---- 8.6: Content-Length ---------------------------------------------------------------------------------
 */

PREDICATE(SERVER_INTERIM_NO_LENGTH) {
  if (!is_interim(j->response))
    return APART;
  return (j->response->facts & HEAD_LENGTH) != 0 ? BROKEN : KEPT;
}

/* 204, and 2xx to CONNECT. */
static bool ends_at_the_head(const struct judged *j) {
  uint16_t status = j->response->status;
  bool tunnel =
      status >= 200 && status < 300 && j->request != NULL && (j->request->facts & HEAD_OF_CONNECT) != 0;
  return status == 204 || tunnel;
}

PREDICATE(SERVER_204_NO_LENGTH) {
  if (!ends_at_the_head(j))
    return APART;
  return (j->response->facts & HEAD_LENGTH) != 0 ? BROKEN : KEPT;
}

/* 204, 205 and 304 have none, whatever was given. */
static bool status_has_content(unsigned status) {
  return status != 204 && status != 205 && status != 304;
}

/* A response to HEAD, or a 304, is passed on with a length of 0 in place of the one that came: that of the
 * octets which are not there. Another length may be that of content that would be transformed (RFC 9110 7.7).
 * Of several that came, and differ, it may be one. */
static enum ruling length_is_lost(const struct judged *j) {
  const struct head *response = j->response;
  bool bare = (j->request->facts & HEAD_OF_HEAD) != 0 || response->status == 304;
  if (!j->relayed || !bare || is_interim(response) || (j->peer_errand->back_notes & NOTE_SOME_LENGTH) == 0 ||
      (response->facts & HEAD_LENGTH) == 0)
    return APART;
  bool sure = tie_of(j)->match == IS_MATCH && (j->peer_errand->state & BAD_HEAD_CAME) == 0;
  return response->length > 0 ? KEPT : sure ? BROKEN : OPEN;
}

/* The length that the content would have had, if the request had been GET. */
PREDICATE(SERVER_LENGTH_AS_GIVEN) {
  const struct request *r = j->request;
  const struct head *response = j->response;
  if (j->event == ON_RELAY)
    return j->peer_errand == NULL ? APART : length_is_lost(j);
  if (r == NULL || (r->facts & HEAD_OF_HEAD) == 0 || r->given.length == 0 || r->decided != response->status)
    return APART;
  if (!status_has_content(response->status) || (response->facts & HEAD_LENGTH) == 0)
    return APART;
  return response->length == r->given.length ? KEPT : BROKEN;
}

/* ---- 9.3.2: HEAD -------------------------------------------------------------------------------- */

PREDICATE(SERVER_HEAD_NO_CONTENT) {
  if (is_content_after(j, BARE_TO_HEAD))
    return BROKEN;
  return j->event == ON_RESPONSE && j->c->bare_status == BARE_TO_HEAD ? KEPT : APART;
}

/* ---- 10.1.1: Expect ----------------------------------------------------------------------------- */

PREDICATE(SERVER_10_EXPECT_IGNORED) {
  const struct request *r = j->request;
  if (r == NULL || (r->facts & HEAD_BELOW_11) == 0 || (r->facts & HEAD_ASKS) == 0 || !is_final(j->response))
    return APART;
  if ((r->facts & (HEAD_OTHER | HEAD_MAY_ASK)) != 0)
    return APART; /* the other member may be why */
  return j->response->status == 417 ? wrong_status(r, j->response) : KEPT;
}

PREDICATE(SERVER_FINAL_AFTER_100) {
  const struct request *r = j->request;
  if (r == NULL || r->hundreds == 0)
    return APART;
  if (j->event == ON_RESPONSE)
    return is_final(j->response) ? KEPT : APART;
  if (!server_can_act(j->c) || (r->progress & REQUEST_COMPLETE) == 0)
    return APART;
  return silence_before_final(j->c, r);
}

PREDICATE(SERVER_SAYS_WHETHER_CLOSE) {
  const struct request *r = j->newest;
  bool early = r != NULL && (r->progress & FINAL_SENT) != 0 && (r->progress & REQUEST_COMPLETE) == 0;
  if (!early || r->content == CONTENT_BROKEN || (r->progress & (CUT_SHORT | CONTENT_IS_BROKEN)) != 0)
    return APART;
  if ((j->c->close_due & (CLOSE_SENT | CLOSE_IMPLIED)) != 0)
    return KEPT;
  return j->c->moved_on || j->c->sending ? OPEN : BROKEN;
}

PREDICATE(ORIGIN_100_OR_FINAL) {
  const struct request *r = j->request;
  if (r == NULL || !server_can_act(j->c))
    return APART;
  if (!awaits_100(r))
    return (r->facts & HEAD_MAY_ASK) != 0 && content_is_to_come(r) ? OPEN : APART;
  if (j->event == ON_RESPONSE)
    return j->response->status == 100 || is_final(j->response) ? KEPT : APART;
  if ((r->facts & HEAD_SEVERAL) != 0)
    return OPEN;
  if ((r->facts & HEAD_FOLDED) != 0)
    return APART; /* a rule of its own: SERVER_FOLD_400_OR_SPACE */
  return silence_before_100(j->c, r);
}

PREDICATE(ORIGIN_NO_WAIT) {
  const struct request *r = j->request;
  if (r == NULL || j->response->status != 100 || (r->facts & HEAD_ASKS) == 0 || r->hundreds > 0)
    return APART;
  if ((r->progress & CONTENT_ARRIVED) == 0 || (r->progress & (WAITED_FOR_ORIGIN | WAITED_FOR_PROGRAM)) == 0)
    return KEPT; /* sent before the content, or the client had not waited for it */
  if (j->c->seen_by_client)
    return OPEN; /* it may have been under way before the content was */
  return (r->progress & WAITED_FOR_ORIGIN) != 0 ? BROKEN : BROKEN_BY_APPLICATION;
}

/* Statuses that say themselves that the head was enough to know them. */
static bool is_known_from_head(uint16_t status) {
  return status == 405 || status == 411 || status == 414 || status == 417 || status == 431 || status == 501 ||
         status == 505;
}

/* Statuses that may have come up since the 100, although nothing was received: a server may fail at any time.
 */
static bool may_come_at_any_time(uint16_t status) {
  return status == 408 || status >= 500;
}

PREDICATE(ORIGIN_FINAL_INSTEAD_OF_100) {
  const struct request *r = j->request;
  uint16_t status = j->response->status;
  if (r != NULL && status == 100 && (r->facts & HEAD_ASKS) != 0 && r->hundreds_back == 0)
    return r->decided != 0 && !j->c->seen_by_client ? BROKEN : APART;
  if (r == NULL || r->hundreds == 0 || (r->facts & HEAD_ASKS) == 0 || !is_final(j->response))
    return APART;
  /* Between the 100 and it nothing came and no time passed: what decided it was known before the 100. Where
   * the application is seen to accept the content and then to refuse it, it has changed its mind. */
  bool nothing_new = (r->progress & JUST_CONTINUED) != 0 && (r->progress & CONTENT_ARRIVED) == 0 &&
                     r->content != CONTENT_NONE && !may_come_at_any_time(status);
  bool of_head = is_known_from_head(status) || (status == 400 && head_is_malformed(r->facts));
  if (of_head || (nothing_new && r->decided != status))
    return wrong_status(r, j->response);
  /* The application refuses what it has never accepted: the 100 was the server's own. */
  bool unasked = status >= 400 && (r->progress & (PROGRAM_ACCEPTED | DECIDED_AFTER_100)) == DECIDED_AFTER_100;
  return nothing_new && unasked ? BROKEN : KEPT;
}

/* ---- 15: interim and final responses ------------------------------------------------------------ */

/* A response while the head that was answered early has not ended: to the same request, unless it is so
 * malformed that there may be several in it. */
static enum ruling answered_twice(const struct conversation *c) {
  const uint32_t unclear = HEAD_MALFORMED | HEAD_SEVERAL | HEAD_SPACE_BEFORE_COLON;
  if ((c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) != 0)
    return APART; /* SERVER_NOTHING_AFTER_CLOSE */
  return (c->from_client.head.facts & unclear) != 0 ? OPEN : BROKEN;
}

PREDICATE(SERVER_ONE_FINAL) {
  const struct request *r = j->request;
  if (j->event == ON_SILENCE) {
    bool due = r != NULL && (r->progress & REQUEST_COMPLETE) != 0 && r->hundreds == 0;
    if (!due || !server_can_act(j->c) || head_is_malformed(r->facts))
      return APART;
    return (r->facts & HEAD_SEVERAL) != 0 ? OPEN : silence_before_final(j->c, r);
  }
  if (r != NULL)
    return is_final(j->response) ? KEPT : APART;
  if (j->c->answered_early)
    return answered_twice(j->c);
  if (j->c->rejected)
    return OPEN;
  if (j->c->head_begun || is_timeout(j->response))
    return APART;
  if (j->c->empty_line && j->response->status >= 400)
    return APART; /* a rule of its own: SERVER_EMPTY_LINE_FIRST */
  if (j->newest == NULL)
    return BROKEN; /* nothing was asked */
  if ((j->newest->progress & CONTENT_IS_BROKEN) != 0)
    return OPEN;
  bool content = is_final(j->response) && (j->newest->progress & CONTENT_AFTER_FINAL) != 0 &&
                 !answers_no_content(j->newest, j->response);
  return content ? APART : BROKEN; /* content read as a request: SERVER_READ_OR_CLOSE */
}

/* Of two errors, and of two that are none, the server may have its own reasons to send the other. */
PREDICATE(SERVER_REFUSES_AS_DECIDED) {
  const struct request *r = j->request;
  if (r == NULL || r->decided < 400 || !is_final(j->response) || j->c->seen_by_client)
    return APART;
  return j->response->status < 400 ? BROKEN : KEPT;
}

PREDICATE(SERVER_10_NO_INTERIM) {
  const struct request *r = j->request;
  if (is_early_100(j) && (j->c->from_client.head.facts & (HEAD_BELOW_11 | HEAD_MALFORMED)) == HEAD_BELOW_11)
    return BROKEN;
  if (r == NULL || (r->facts & HEAD_MALFORMED) != 0)
    return APART;
  if ((r->facts & HEAD_BELOW_11) == 0)
    return APART;
  return is_interim(j->response) ? BROKEN : KEPT;
}

PREDICATE(SERVER_INTERIM_NO_CONTENT) {
  if (is_content_after(j, BARE_INTERIM))
    return BROKEN;
  return j->event == ON_RESPONSE && j->c->bare_status == BARE_INTERIM ? KEPT : APART;
}

/* One finding a request, however many there are. */
PREDICATE(SERVER_ONE_100) {
  const struct request *r = j->request;
  if (r == NULL || j->response->status != 100 || (r->facts & (HEAD_BELOW_11 | HEAD_SEVERAL)) != 0)
    return APART;
  if ((r->progress & (TOO_MANY_100 | EARLY_100)) != 0)
    return APART; /* judged before */
  if (is_100_too_many(r))
    return BROKEN;
  return r->hundreds > 0 || r->hundreds_back > 0 ? APART : KEPT; /* or it is passed on */
}

/* ---- 15.3.6: Reset Content --------------------------------------------------------------------- */

/* A 205 came to ERRAND that has content, or may have it yet. */
static bool got_a_filled_205(const struct errand *errand) {
  bool empty = errand->back_length == 1 || (errand->state & RESPONSE_WHOLE) != 0;
  return errand->final == 205 && (errand->came > 0 || !empty);
}

/* ... to who answers now, for whichever request: to pass it on is not to generate it (15.3.6). */
static bool passes_a_205_on(const struct judged *j) {
  if (!is_intermediary(j->c->server) || j->view == NULL || !j->view->askers)
    return false;
  for (uint32_t link = 0; link < j->view->link_count; link++)
    for (unsigned i = 0; i < REMEMBERED_LIMIT; i++)
      if (j->view->conversations[link].client == j->c->server &&
          got_a_filled_205(&asker_at(j->view, link)->errands[i]))
        return true;
  return false;
}

PREDICATE(SERVER_205_NO_CONTENT) {
  const struct head *response = j->response;
  if (passes_a_205_on(j))
    return APART;
  if (j->event == ON_FILLED)
    return BROKEN;
  if (response->status != 205 || (j->request != NULL && (j->request->facts & HEAD_OF_HEAD) != 0))
    return APART;
  if ((response->facts & (HEAD_LENGTH | HEAD_CODING)) != HEAD_LENGTH)
    return OPEN; /* how much there is comes later: ON_FILLED */
  return response->length > 0 ? BROKEN : KEPT;
}

/* ---- 15.5.18: 417 ------------------------------------------------------------------------------- */

PREDICATE(ORIGIN_KNOWS_100_CONTINUE) {
  const uint32_t others = HEAD_OTHER | HEAD_MAY_ASK | HEAD_BELOW_11;
  const struct request *r = j->request;
  if (r == NULL || (r->facts & HEAD_ASKS) == 0 || (r->facts & others) != 0 || !is_final(j->response))
    return APART;
  if (r->content == CONTENT_NONE || j->response->status != 417)
    return KEPT;
  if (r->relayed == 417)
    return APART;                           /* so it came, from who may be blamed for it */
  return r->decided == 417 ? KEPT : BROKEN; /* an application that refuses has its reasons */
}

PREDICATE(SERVER_417_NEEDS_CAUSE) {
  const struct request *r = j->request;
  if (r == NULL || j->response->status != 417 || head_is_malformed(r->facts))
    return APART;
  bool expects = (r->facts & (HEAD_ASKS | HEAD_MAY_ASK | HEAD_OTHER)) != 0;
  if (j->event == ON_RELAY) /* it came as it is: who passes it on asked for it where it asked by itself */
    return j->relayed && !expects && (j->peer_errand->facts & HEAD_ASKS) != 0 ? BROKEN : APART;
  if ((r->facts & (HEAD_EXPECTS_NOTHING | HEAD_SEVERAL)) == HEAD_EXPECTS_NOTHING)
    return APART; /* SERVER_IGNORES_EMPTY_MEMBERS */
  return expects ? KEPT : wrong_status(r, j->response);
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_semantics[] = {
    ROW(SERVER_PARSES_WELL_FORMED, ON_RESPONSE),
    ROW(SERVER_WHOLE_HEAD_FIRST, ON_RESPONSE | ON_TOLD),
    ROW(SERVER_NO_EMPTY_MEMBERS, ON_RESPONSE | ON_RELAY),
    ROW(SERVER_IGNORES_EMPTY_MEMBERS, ON_RESPONSE),
    ROW(SERVER_NO_SUCH_VERSION, ON_RESPONSE),
    ROW(SERVER_HIGHEST_VERSION, ON_RESPONSE),
    ROW(SERVER_SENDS_AS_GIVEN, ON_SENT | ON_ENDING),
    ROW(SERVER_204_NO_CONTENT, ON_RESPONSE | ON_GARBAGE),
    ROW(SERVER_TRAILERS_IN_PLACE, ON_ANSWERED | ON_RELAYED),
    ROW(SERVER_UPGRADE_AS_ASKED, ON_RESPONSE | ON_RELAY),
    ROW(SERVER_UPGRADE_OPTION, ON_RESPONSE),
    ROW(SERVER_100_BEFORE_101, ON_RESPONSE | ON_RELAY),
    ROW(SERVER_INTERIM_NO_LENGTH, ON_RESPONSE),
    ROW(SERVER_204_NO_LENGTH, ON_RESPONSE),
    ROW(SERVER_LENGTH_AS_GIVEN, ON_RESPONSE | ON_RELAY),
    ROW(SERVER_HEAD_NO_CONTENT, ON_RESPONSE | ON_GARBAGE),
    ROW(SERVER_10_EXPECT_IGNORED, ON_RESPONSE),
    ROW(SERVER_FINAL_AFTER_100, ON_RESPONSE | ON_SILENCE),
    ROW(SERVER_SAYS_WHETHER_CLOSE, ON_ENDING),
    ROW(ORIGIN_100_OR_FINAL, ON_RESPONSE | ON_SILENCE),
    ROW(ORIGIN_NO_WAIT, ON_RESPONSE),
    ROW(ORIGIN_FINAL_INSTEAD_OF_100, ON_RESPONSE),
    ROW(SERVER_ONE_FINAL, ON_RESPONSE | ON_SILENCE),
    ROW(SERVER_REFUSES_AS_DECIDED, ON_RESPONSE),
    ROW(SERVER_10_NO_INTERIM, ON_RESPONSE),
    ROW(SERVER_INTERIM_NO_CONTENT, ON_RESPONSE | ON_GARBAGE),
    ROW(SERVER_ONE_100, ON_RESPONSE),
    ROW(SERVER_205_NO_CONTENT, ON_RESPONSE | ON_FILLED),
    ROW(ORIGIN_KNOWS_100_CONTINUE, ON_RESPONSE),
    ROW(SERVER_417_NEEDS_CAUSE, ON_RESPONSE | ON_RELAY),
};
const size_t predicates_of_semantics_count = sizeof predicates_of_semantics / sizeof *predicates_of_semantics;
