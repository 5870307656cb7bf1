/*
 * predicates_passing_on.c - the rules that bind proxies and gateways between their two sides.
 *
 * A rule of a proxy does not bind a gateway, which has an origin server's duties towards its clients (RFC
 * 9110 3.7). Where it is open which request was passed on as which, so is everything that is asked here.
 */
#include "model/predicates_passing_on.h"

#include "model/framing.h"
#include "model/predicates_asking.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* ---- what several predicates ask ---------------------------------------------------------------------- */

bool is_paired(const struct judged *j) {
  return j->peer_errand != NULL && j->peer != NULL;
}

bool is_sure(const struct judged *j) {
  return tie_of(j)->match == IS_MATCH;
}

enum ruling if_sure(const struct judged *j, enum ruling ruling) {
  return ruling == APART || is_sure(j) ? ruling : OPEN;
}

bool is_final(const struct head *response) {
  return !is_interim(response);
}

bool is_passed_on(const struct judged *j) {
  return is_paired(j) && j->relayed;
}

enum ruling missing_final(const struct judged *j) {
  if (j->peer_errand->final == 0 || (j->peer_errand->state & (BAD_RESPONSE | RESPONSE_CUT)) != 0 ||
      !server_can_act(j->c) || j->c->responding)
    return APART;
  return (j->peer_errand->state & RESPONSE_WHOLE) != 0 ? if_sure(j, BROKEN) : OPEN;
}

/* ---- RFC 9110 9.2.2: methods -------------------------------------------------------------------- */

/* A final response may ask for another attempt: with credentials, without the expectation, at another server,
 * without a coding (RFC 9110 11.7.1, 10.1.1, 15.5.20, 15.6.2). Others from 500 on say that the server has
 * failed, after whatever it has done of the request. */
static bool asks_for_another_attempt(uint16_t final) {
  return (final > 0 && final < 500) || final == 501;
}

/* A timer of the one who has sent BEFORE has fired, and nothing was sent or came on its connection since. */
static bool has_given_up(const struct judged *j, const struct errand *before) {
  for (uint32_t link = 0; link < j->view->link_count; link++) {
    const struct asker *asker = asker_at(j->view, link);
    for (unsigned i = 0; i < REMEMBERED_LIMIT; i++)
      if (&asker->errands[i] == before)
        return asker->timed;
  }
  return false;
}

/* The request was sent before, and is neither answered nor lost nor given up: what is sent beside it may be a
 * copy for somebody else, which retries nothing. */
static bool is_under_way(const struct judged *j) {
  const struct errand *before = j->before;
  return before->final == 0 && (before->state & (RESPONSE_CUT | NO_RESPONSE | BAD_RESPONSE)) == 0 &&
         !has_given_up(j, before);
}

PREDICATE(PROXY_NO_RETRY) {
  if ((j->errand->state & IS_REPEAT) == 0 || j->before == NULL ||
      (asks_for_another_attempt(j->before->final) && !has_failed(j->before)))
    return APART;
  if ((j->head->notes & NOTE_IDEMPOTENT) != 0)
    return KEPT;
  if (is_under_way(j))
    return OPEN;
  return (j->head->notes & NOTE_NOT_IDEMPOTENT) != 0 ? if_sure(j, BROKEN) : OPEN;
}

PREDICATE(INTERMEDIARY_BLIND_IN_TUNNEL) {
  return j->foreign_content ? BROKEN : KEPT;
}

/* ---- RFC 9110 10.1.1: Expect -------------------------------------------------------------------- */

/* The client waits for a 100 that nobody owes but who passes its request on. */
static bool client_waits(const struct judged *j) {
  return j->request != NULL && server_can_act(j->c) && awaits_100(j->request) &&
         (j->errand->state & NOT_PASSED) == 0;
}

PREDICATE(PROXY_FORWARD_OR_FINAL) {
  if (j->event == ON_REQUEST)
    return is_paired(j) && awaits_100(j->peer) ? KEPT : APART;
  if (!client_waits(j) || j->peer_errand != NULL)
    return APART;
  return j->may_be_elsewhere || (j->request->facts & HEAD_SEVERAL) != 0 ? OPEN : BROKEN;
}

/* The client waits, and its request was passed on without the expectation. */
static bool waits_in_vain(const struct judged *j) {
  return client_waits(j) && is_paired(j) && j->peer_errand->final == 0 && (j->peer->facts & HEAD_ASKS) == 0;
}

static bool is_passed_on_asking(const struct judged *j) {
  return is_paired(j) && awaits_100(j->peer) && (j->head->facts & HEAD_ASKS) != 0;
}

/* An Expect that Connection names has to be removed (RFC 9110 7.6.1), and to forward what is left is all that
 * 10.1.1 then asks of a proxy: that the client waits is what the client has asked for. */
PREDICATE(PROXY_PASSES_EXPECT_ON) {
  if (j->event == ON_REQUEST)
    return is_passed_on_asking(j) ? KEPT : APART;
  if (!waits_in_vain(j) || (j->errand->notes & NOTE_NAMES_EXPECT) != 0)
    return APART;
  return (j->request->facts & HEAD_SEVERAL) != 0 ? OPEN : if_sure(j, BROKEN);
}

PREDICATE(PROXY_RELEASES_NOMINATED) {
  if (j->event == ON_REQUEST)
    return is_passed_on_asking(j) && (j->peer_errand->notes & NOTE_NAMES_EXPECT) != 0 ? KEPT : APART;
  if (!waits_in_vain(j) || (j->errand->notes & NOTE_NAMES_EXPECT) == 0)
    return APART;
  return (j->request->facts & HEAD_SEVERAL) != 0 ? OPEN : if_sure(j, BROKEN);
}

/* The next server's version, as far as it was seen: 0, 1 (HTTP/1.0) or 2. */
static unsigned version_beyond(const struct judged *j) {
  unsigned version = 0;
  for (uint32_t link = 0; link < j->view->link_count; link++)
    if (j->view->conversations[link].client == j->actor && asker_at(j->view, link)->server_minor > version)
      version = asker_at(j->view, link)->server_minor;
  return version;
}

static bool sends_own_100(const struct judged *j) {
  return j->event == ON_RELAY && is_own_100(j, j->response);
}

PREDICATE(PROXY_OWN_100_FOR_10) {
  if (!sends_own_100(j))
    return APART;
  unsigned version = version_beyond(j);
  if (version == 0 || tie_of(j)->match == MAY_MATCH)
    return OPEN; /* it may have come back to another one */
  return version == 1 ? KEPT : BROKEN;
}

/* FACTS and NOTES of a head with an Expect that is not 100-continue. */
static bool expects_other(uint32_t facts, uint32_t notes) {
  return (notes & NOTE_EXPECT) != 0 && (facts & HEAD_ASKS) == 0;
}

/* ... and nobody knows where its members begin, one of which may be 100-continue. */
static bool may_expect_100(uint32_t facts, uint32_t notes) {
  return (facts & HEAD_MAY_ASK) != 0 && (notes & NOTE_PART_IS_100) != 0;
}

/* A note: a 100 that nobody asked for may be sent (RFC 9110 15.2), and of what is outside the grammar
 * something usable may be recovered (2.2). But the next server reads it in another way. */
PREDICATE(INTERMEDIARY_DECIDES_AS_IT_FORWARDS) {
  bool released = j->event == ON_REQUEST ? is_paired(j) && (j->peer_errand->state & OWN_100) != 0
                                         : sends_own_100(j) && is_paired(j);
  if (!released)
    return APART;
  const struct errand *came = j->event == ON_REQUEST ? j->peer_errand : j->errand;
  const struct errand *sent = j->event == ON_REQUEST ? j->errand : j->peer_errand;
  if (!expects_other(came->facts, came->notes) || !expects_other(sent->facts, sent->notes))
    return KEPT;
  bool in_doubt = may_expect_100(came->facts, came->notes) || may_expect_100(sent->facts, sent->notes);
  return in_doubt || j->view->unasked_100 ? OPEN : if_sure(j, BROKEN);
}

/* ---- RFC 9110 15: interim and final responses --------------------------------------------------- */

/* Interim responses came back that are not sent on: is that wrong? */
static enum ruling missing_interims(const struct judged *j) {
  const struct errand *theirs = j->peer_errand;
  enum ruling own = is_asked_again(j) ? KEPT : asks_by_itself(j->errand, theirs);
  if (theirs->interims > INTERIMS_LIMIT || (theirs->state & (IS_LONG | BAD_HEAD_CAME | NO_RESPONSE)) != 0)
    return OPEN; /* who finds that what came is no response may find it of all of it */
  enum ruling ruling = APART;
  for (unsigned i = j->errand->passed; i < theirs->interims; i++) {
    if (theirs->interim[i] != 0)
      return BROKEN;
    if (own != KEPT)
      ruling = own == OPEN || (j->errand->state & OWN_100) != 0 ? OPEN : BROKEN;
    if (ruling == BROKEN)
      return ruling;
  }
  return ruling;
}

PREDICATE(PROXY_FORWARDS_INTERIM) {
  if (!is_paired(j) || (j->request->facts & HEAD_BELOW_11) != 0)
    return APART;
  if (j->event == ON_STALL)
    return server_can_act(j->c) ? if_sure(j, missing_interims(j)) : APART;
  if (!is_final(j->response) &&
      j->response->status != 101) /* behind that one none can follow (RFC 9110 7.8) */
    return j->relayed ? KEPT : APART;
  bool refuses = j->response->status == 502 && may_refuse_interim(j->peer_errand, j->errand->passed);
  return refuses ? OPEN : if_sure(j, missing_interims(j));
}

/* The order of the steps is not that of who passes the request on: what is sent back may be seen before what
 * came. */
static bool is_seen_elsewhere(const struct judged *j) {
  return asker_at(j->view, tie_of(j)->link)->order_is_other;
}

/* 502 and 504 say that no valid response came, or none in time (RFC 9110 15.6.3, 15.6.5); and one came, whole
 * and well-formed, before all of the content had gone: whoever sends on has to look for it (RFC 9112 9.5).
 * With a coding that the request did not ask for in TE it is of no use to who does not know it (RFC
 * 9112 7.4). */
static bool denies_early_final(const struct judged *j) {
  const struct errand *theirs = j->peer_errand;
  bool denies = j->response->status == 502 || j->response->status == 504;
  bool good = theirs->final != 101 && (theirs->state & RESPONSE_WHOLE) != 0 &&
              (theirs->state & (BAD_HEAD_CAME | CODING_CAME | BAD_RESPONSE | NO_RESPONSE | IS_LONG)) == 0;
  return denies && good && (j->peer->progress & REQUEST_COMPLETE) == 0 && !j->peer_c->blurred;
}

/* Whether a proxy's final response says that what it has passed on was done, though nobody has said so: what
 * changes something no cache answers for (RFC 9111 4), and the status is the result of the request (RFC 9110
 * 15). Its own errors it may always send, and a 200 that it transforms is a 203 (RFC 9110 7.7). A gateway
 * answers as it likes (RFC 9110 3.7), and a proxy may have reached the other end of a CONNECT by another way.
 */
static enum ruling answered_by_itself(const struct judged *j) {
  const struct errand *theirs = j->peer_errand;
  uint16_t status = j->response->status;
  if (denies_early_final(j))
    return is_seen_elsewhere(j) ? OPEN : if_sure(j, BROKEN);
  if (j->actor != E100_PROXY || (j->errand->notes & NOTE_UNSAFE) == 0 || !is_final(j->response) ||
      status >= 400)
    return APART;
  if (any_attempt_got(j, status, false))
    return APART;
  bool redirects =
      status >= 300 && status != 303 && status != 304; /* that says of nothing that it was done */
  if (j->peer_c->blurred || (theirs->final == 200 && status == 203) || redirects || is_seen_elsewhere(j))
    return OPEN;
  return if_sure(j, BROKEN);
}

PREDICATE(INTERMEDIARY_RELAYS_FINAL) {
  if (!is_paired(j))
    return APART;
  if (j->event == ON_RELAY)
    return j->relayed && is_final(j->response) ? KEPT : answered_by_itself(j);
  bool due = !content_comes_unasked(j->request) && (j->errand->state & NOT_RELAYED) == 0;
  return due ? missing_final(j) : APART;
}

PREDICATE(PROXY_NO_421) {
  enum { MISDIRECTED = 421 };
  if (j->response->status != MISDIRECTED)
    return APART;
  if (!is_paired(j)) /* it may have asked somewhere else */
    return OPEN;
  if (j->relayed || any_attempt_got(j, MISDIRECTED, false))
    return KEPT;
  return j->peer_c->blurred || is_seen_elsewhere(j) ? OPEN : if_sure(j, BROKEN);
}

PREDICATE(INTERMEDIARY_ANSWERS_FOR_LOST) {
  if (!is_paired(j) || (j->peer_errand->state & (RESPONSE_CUT | NO_RESPONSE)) == 0)
    return APART;
  if (j->event == ON_RELAY)
    return is_final(j->response) ? KEPT : APART;
  if (!server_can_act(j->c) || (j->errand->state & NOT_RELAYED) != 0 || j->c->responding)
    return APART;
  return content_comes_unasked(j->request) ? OPEN : if_sure(j, BROKEN);
}

/* ---- RFC 9112 3.2.2: Host ---------------------------------------------------------------------------- */

/* An absolute target says where the request goes, and the Host that came beside it counts for nothing: one
 * made of the target takes its place. A host of neither may be another name for the target's. */
PREDICATE(PROXY_HOST_OF_TARGET) {
  const struct errand *came = j->peer_errand;
  if (!is_paired(j) || head_is_malformed(j->head->facts) || came->authority == 0 ||
      (j->head->facts & (HEAD_HOST | HEAD_HOST_BAD)) != HEAD_HOST)
    return APART;
  if (j->head->host == came->authority)
    return KEPT;
  bool doubtful = ((came->facts | j->head->facts) & (HEAD_SEVERAL | HEAD_BLURRED)) != 0;
  bool passed_on = came->host != 0 && j->head->host == came->host;
  return passed_on && !doubtful ? if_sure(j, BROKEN) : OPEN;
}

/* ---- RFC 9112 6.3, 9.3 -------------------------------------------------------------------------- */

PREDICATE(PROXY_BAD_FRAMING_502) {
  if (!is_paired(j) || (j->peer_errand->state & BAD_RESPONSE) == 0)
    return APART;
  if (j->event == ON_RELAY)
    return !is_final(j->response) ? APART : j->response->status == 502 ? KEPT : if_sure(j, BROKEN);
  if (!server_can_act(j->c) || (j->errand->state & NOT_RELAYED) != 0 || j->errand->kept_back ||
      j->c->responding)
    return APART;
  return if_sure(j, BROKEN);
}

/* A head is passed on with the length of content that its request does not have (RFC 9110 8.6). */
static bool content_is_made_up(const struct judged *j) {
  const uint32_t doubts = HEAD_SEVERAL | HEAD_BLURRED | HEAD_LENGTH_BAD | HEAD_CODING | HEAD_CODING_BAD;
  const uint32_t facts = j->errand->facts;
  bool sure = ((facts | j->peer->facts) & doubts) == 0 && !head_is_malformed(facts);
  return sure && j->peer->content == CONTENT_NONE && (facts & HEAD_LENGTH) != 0 && j->errand->length > 0;
}

/* Octets of content go out before they came in; after the final response others in their place, so that the
 * request ends which has not ended where it came from. */
static enum ruling content_in_time(const struct judged *j) {
  if (content_is_made_up(j))
    return APART; /* its head said so */
  bool answered = (j->request->progress & FINAL_SENT) != 0;
  bool filled_up = answered && j->foreign_content && j->no_request;
  if (!filled_up && j->request->arrived + j->octets <= j->peer->arrived)
    return KEPT;
  if ((j->errand->state & AHEAD_OF_CONTENT) != 0 || j->c->tunnel || (answered && !filled_up))
    return APART; /* the next request: CLIENT_FINISHES_CONTENT_FIRST */
  bool as_long = j->errand->length == j->peer_errand->length;
  return as_long || j->peer->arrived == 0 ? if_sure(j, BROKEN) : OPEN; /* it may have been transformed */
}

static enum ruling content_is_kept(const struct judged *j) {
  bool said = (j->errand->state & CONTENT_KEPT) != 0;
  return keeps_content(j) && !said ? if_sure(j, BROKEN) : APART;
}

/* A Content-Length that counts for nothing beside chunks is passed on without them, before all of the content
 * came or though it is another one: an intermediary has to take it off first (RFC 9112 6.3). */
static enum ruling overridden_length(const struct judged *j) {
  const uint32_t both = HEAD_LENGTH | HEAD_CHUNKED, framing = HEAD_LENGTH | HEAD_CODING;
  const uint32_t doubts =
      HEAD_LENGTH_BAD | HEAD_CODING_BAD | HEAD_CODING_OTHER | HEAD_SEVERAL | HEAD_BLURRED | HEAD_MALFORMED;
  const struct errand *came = j->peer_errand;
  if ((came->facts & both) != both || ((came->facts | j->head->facts) & doubts) != 0 ||
      (j->head->facts & framing) != HEAD_LENGTH || j->head->length != came->length)
    return APART;
  bool whole = (j->peer->progress & REQUEST_COMPLETE) != 0;
  return whole && j->peer->arrived == came->length ? APART : if_sure(j, BROKEN);
}

/* ... of a response. */
static enum ruling overridden_length_back(const struct judged *j) {
  const uint32_t framing = HEAD_LENGTH | HEAD_CODING;
  const struct errand *came = j->peer_errand;
  if (!j->relayed || came->back_beside == 0 || (j->response->facts & framing) != HEAD_LENGTH ||
      j->response->length != came->back_beside - 1 ||
      response_content(j->response, j->request->facts) != CONTENT_LENGTH)
    return APART;
  bool whole = (came->state & RESPONSE_WHOLE) != 0;
  if (whole && came->came == came->back_beside - 1)
    return APART;
  return is_seen_elsewhere(j) ? OPEN : if_sure(j, BROKEN);
}

/* A head is passed on without the content that its request has. What GET, HEAD and DELETE have means nothing,
 * so it may be left out (RFC 9110 9.3.1, 9.3.2, 9.3.5); a gateway may ask somebody else about the head first.
 */
static enum ruling content_is_left_out(const struct judged *j) {
  bool known = j->peer->content == CONTENT_LENGTH || j->peer->arrived > 0;
  if (!has_content(j->peer) || head_is_malformed(j->head->facts) || request_content(j->head) != CONTENT_NONE)
    return APART;
  bool means_nothing = j->head->method == name_hash("GET") || j->head->method == name_hash("HEAD") ||
                       j->head->method == name_hash("DELETE");
  return !known || means_nothing || j->actor == E100_GATEWAY ? OPEN : if_sure(j, BROKEN);
}

/* All of the request is passed on now: none of the content that came, or on a second attempt less of it than
 * came, is not all. */
static enum ruling content_is_whole(const struct judged *j) {
  bool final = (j->request->progress & FINAL_SENT) != 0;
  if ((j->peer->progress & REQUEST_COMPLETE) == 0)
    return if_sure(j, BROKEN); /* who is answered need not send on, but closes then (RFC 9112 8, 9.5) */
  bool lost = j->request->arrived == 0 && j->peer->arrived > 0;
  bool again = (j->errand->state & IS_REPEAT) != 0 && j->request->arrived < j->peer->arrived;
  return (lost || again) && !final ? if_sure(j, BROKEN) : KEPT;
}

/* A gateway sends the success back of a request that had none of the content: it was no question beforehand.
 */
static enum ruling is_success_of_nothing(const struct judged *j) {
  bool success = j->relayed && is_final(j->response) && j->response->status < 400;
  if (!success || j->actor != E100_GATEWAY || has_content(j->peer) || j->request->arrived == 0 ||
      (j->errand->notes & NOTE_UNSAFE) == 0 || j->errand->method == name_hash("DELETE"))
    return APART;
  return any_attempt_got(j, j->response->status, true) ? APART : if_sure(j, BROKEN);
}

static enum ruling head_as_it_came(const struct judged *j) {
  if (content_is_made_up(j))
    return if_sure(j, BROKEN);
  enum ruling length = overridden_length(j);
  return length != APART ? length : content_is_left_out(j);
}

static enum ruling head_as_it_came_back(const struct judged *j) {
  enum ruling length = overridden_length_back(j);
  return length != APART ? length : is_success_of_nothing(j);
}

/* Octets of the content of a response go out before they came in. */
static enum ruling response_in_time(const struct judged *j) {
  const struct errand *sent = j->errand, *came = j->peer_errand;
  if (sent->back_ahead || !is_final_passed_on(came, sent->final) || (came->state & BAD_RESPONSE) != 0)
    return APART;
  if (any_attempt_has(j, sent->final, sent->came + j->octets, false))
    return KEPT;
  return !j->foreign_content || is_seen_elsewhere(j) ? OPEN : if_sure(j, BROKEN);
}

/* What is sent as content are the octets of the chunks that came, with the lines around them (RFC 9112 7.1).
 */
static bool is_undecoded(const struct errand *sent, const struct errand *came) {
  return came->back_raw > 0 && sent->final == came->final && sent->came == came->back_raw &&
         sent->back_sum == came->back_raw_sum;
}

/* The response that is complete now, and the one that came. */
static enum ruling response_as_it_came(const struct judged *j) {
  const struct errand *sent = j->errand, *came = j->peer_errand;
  if (is_undecoded(sent, came)) /* or its head said so, with a length that counts for nothing */
    return sent->back_length > 0 && sent->back_length == came->back_beside ? APART : if_sure(j, BROKEN);
  if (j->ends_by_close)
    return APART; /* it may have been cut on its way */
  if (!is_final_passed_on(came, sent->final) || (j->request->facts & HEAD_OF_HEAD) != 0 ||
      (came->state & BAD_RESPONSE) != 0 || sent->back_ahead)
    return APART;
  if (!any_attempt_has(j, sent->final, 0, true))
    return begins_anew(sent, came) ? OPEN : if_sure(j, BROKEN);
  bool left_out = came->came > 0 && sent->came == 0 && sent->final != 205; /* which must not have it */
  return left_out ? if_sure(j, BROKEN) : KEPT;
}

PREDICATE(INTERMEDIARY_CONTENT_AS_IT_CAME) {
  if (!is_paired(j))
    return APART;
  if (j->event != ON_REQUEST && j->event != ON_STALL && j->peer->content == CONTENT_BROKEN)
    return OPEN; /* nobody knows where it ends: codings without chunked, or in HTTP/1.0 (RFC 9112 6.1, 6.3) */
  switch (j->event) {
  case ON_REQUEST:
    return head_as_it_came(j);
  case ON_CONTENT:
    return content_in_time(j);
  case ON_WHOLE:
    if (!has_content(j->request) || (j->errand->state & AHEAD_OF_CONTENT) != 0)
      return APART;
    return content_is_whole(j);
  case ON_STALL:
    return content_is_kept(j);
  case ON_RELAY:
    return head_as_it_came_back(j);
  case ON_RELAYED_CONTENT:
    return response_in_time(j);
  default:
    return response_as_it_came(j);
  }
}

/* A proxy may not take an HTTP/1.0 client's keep-alive up, nor leave the connection open without it: silence
 * and a response to a later request show that it is kept. Of other servers nothing is demanded. */
PREDICATE(PROXY_10_NOT_KEPT) {
  return closes(j, CLOSE_OF_10);
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_passing_on[] = {
    ROW(PROXY_NO_RETRY, ON_REQUEST),
    ROW(INTERMEDIARY_BLIND_IN_TUNNEL, ON_TUNNEL),
    ROW(PROXY_FORWARD_OR_FINAL, ON_REQUEST | ON_STALL),
    ROW(PROXY_PASSES_EXPECT_ON, ON_REQUEST | ON_STALL),
    ROW(PROXY_RELEASES_NOMINATED, ON_REQUEST | ON_STALL),
    ROW(PROXY_OWN_100_FOR_10, ON_RELAY),
    ROW(INTERMEDIARY_DECIDES_AS_IT_FORWARDS, ON_REQUEST | ON_RELAY),
    ROW(PROXY_FORWARDS_INTERIM, ON_RELAY | ON_STALL),
    ROW(INTERMEDIARY_RELAYS_FINAL, ON_RELAY | ON_STALL),
    ROW(INTERMEDIARY_ANSWERS_FOR_LOST, ON_RELAY | ON_STALL),
    ROW(PROXY_NO_421, ON_RELAY),
    ROW(PROXY_HOST_OF_TARGET, ON_REQUEST),
    ROW(PROXY_BAD_FRAMING_502, ON_RELAY | ON_STALL),
    ROW(INTERMEDIARY_CONTENT_AS_IT_CAME,
        ON_REQUEST | ON_CONTENT | ON_WHOLE | ON_STALL | ON_RELAY | ON_RELAYED | ON_RELAYED_CONTENT),
    ROW(PROXY_10_NOT_KEPT, ON_RESPONSE | ON_SILENCE | ON_ENDING),
};
const size_t predicates_of_passing_on_count =
    sizeof predicates_of_passing_on / sizeof *predicates_of_passing_on;
