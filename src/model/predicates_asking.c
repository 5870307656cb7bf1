/*
 * predicates_asking.c - the rules that bind a client, in the order of the rules.
 *
 * They bind a proxy or a gateway, too, in its part as a client (RFC 9110 3.7), but for what only a user agent
 * decides, and for what it merely passes on.
 */
#include "model/asking.h"
#include "model/predicates.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* ---- what several predicates ask ----------------------------------------------------------------------- */

/* A client at the end of the chain: what it sends is its own. */
static bool is_user_agent(const struct judged *j) {
  return j->actor == E100_CLIENT;
}

/* There is content to send: a user agent has it, who passes requests on has what came. */
static bool has_more_content(const struct judged *j) {
  if (is_user_agent(j))
    return true;
  return j->peer != NULL && j->errand->match == IS_MATCH && j->peer->arrived > j->newest->arrived;
}

static bool was_given_so(const struct asked *asked, uint32_t facts, uint32_t notes) {
  return (asked->facts & facts) != 0 || (asked->notes & notes) != 0;
}

static bool any_was_given_so(const struct view *v, uint32_t facts, uint32_t notes) {
  for (unsigned i = 0; i < ASKED_LIMIT && i < v->asked_count; i++)
    if (was_given_so(&v->asked[i], facts, notes))
      return true;
  return false;
}

/* Whose fault is it that a head has one of these FACTS or NOTES? The application's, where it gave it so. */
static enum ruling fault_of(const struct judged *j, uint32_t facts, uint32_t notes) {
  if (!is_user_agent(j) || j->errand == NULL)
    return BROKEN;
  if (j->errand->asked == 0) /* nobody can tell which it is of what was asked for: was one of them so? */
    return any_was_given_so(j->view, facts, notes) ? OPEN : BROKEN;
  return was_given_so(&j->view->asked[j->errand->asked - 1], facts, notes) ? BROKEN_BY_APPLICATION : BROKEN;
}

/* As fault_of, but for who only passes on what came so, or may. */
static enum ruling unless_passed_on(const struct judged *j, bool came_so, uint32_t facts, uint32_t notes) {
  if (is_user_agent(j))
    return fault_of(j, facts, notes);
  return j->peer_errand == NULL || j->errand->match != IS_MATCH ? OPEN : came_so ? APART : BROKEN;
}

static bool can_act(const struct conversation *c) {
  return !c->client_gone && !c->client_half_closed && !c->server_gone && !c->tunnel;
}

/* The newest request, where some of its content is still to be sent; or NULL. */
static const struct request *owing(const struct judged *j) {
  const struct request *r = j->newest;
  bool declared = r != NULL && r->content != CONTENT_NONE && r->content != CONTENT_BROKEN;
  return declared && (r->progress & (REQUEST_COMPLETE | CONTENT_IS_BROKEN)) == 0 ? r : NULL;
}

static bool is_first_content(const struct judged *j) {
  return (j->request->progress & CONTENT_ARRIVED) == 0;
}

/* The same request was sent before, and not merely one like it. */
static bool is_surely_repeat(const struct judged *j) {
  bool same_mark = j->before->mark != 0 && j->before->mark == j->errand->mark;
  return same_mark || (j->errand->state & IS_REPEAT) != 0;
}

/* The client has not yet been found to stall at this place. */
static bool is_new_stall(const struct judged *j) {
  return can_act(j->c) && (j->errand->state & STALLED) == 0;
}

/* ---- RFC 9110 2.2, 5: grammar ----------------------------------------------------------------------------
 */

/* Nobody goes on, and an empty line follows a request, before which none may stand (RFC 9112 2.2); or, once
 * no timer is left, half a head that whoever passes on whole ones has begun. */
static enum ruling is_left_so(const struct judged *j) {
  const struct reader *reader = &j->c->from_client;
  if (!can_act(j->c) || j->asker->dropped)
    return APART;
  if (reader_is_at_empty_line(reader))
    return j->asker->line_late ? APART : BROKEN;
  bool half = reader_is_in_head(reader) && j->quiet && !j->asker->head_late;
  return half && !is_user_agent(j) ? BROKEN : APART;
}

PREDICATE(CLIENT_WELL_FORMED) {
  if (j->event == ON_PAUSE)
    return is_left_so(j);
  const uint32_t faults = HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_FOLDED | HEAD_LENGTH_BAD |
                          HEAD_CODING_BAD | HEAD_LONE_LF | HEAD_EMPTY_LINES;
  uint32_t facts = j->head->facts;
  if (j->event == ON_UNREADABLE && j->c->from_client.content == CONTENT_BROKEN)
    return (j->request->progress & FINAL_SENT) != 0 ? APART : BROKEN;
  if ((facts & faults) != 0)
    return j->event == ON_UNREADABLE ? BROKEN : fault_of(j, faults, 0);
  if ((j->head->notes & NOTE_CHUNKED_TWICE) != 0) /* RFC 9112 6.1 */
    return fault_of(j, 0, NOTE_CHUNKED_TWICE);
  if (j->event == ON_UNREADABLE)
    return OPEN;
  if ((facts & HEAD_MAY_ASK) != 0)
    return unless_passed_on(j, j->peer_errand != NULL && (j->peer_errand->facts & HEAD_MAY_ASK) != 0,
                            HEAD_MAY_ASK, 0);
  const uint32_t kept = NOTE_MANY_EMPTIES | NOTE_CONTROL; /* on the way: they may be somebody else's */
  if ((facts & HEAD_SEVERAL) != 0 && (j->head->notes & NOTE_HUGE_LENGTH) == 0)
    return is_user_agent(j) || (j->head->notes & kept) == 0 ? fault_of(j, HEAD_SEVERAL, 0) : OPEN;
  if ((facts & HEAD_SEVERAL) != 0)
    return OPEN;
  return KEPT;
}

PREDICATE(CLIENT_NO_EMPTY_MEMBERS) {
  if ((j->head->notes & NOTE_EMPTY_MEMBER) == 0)
    return KEPT;
  return unless_passed_on(j, j->peer_errand != NULL && (j->peer_errand->notes & NOTE_EMPTY_MEMBER) != 0, 0,
                          NOTE_EMPTY_MEMBER);
}

/* ---- RFC 9110 6.5: trailers ----------------------------------------------------------------------- */

PREDICATE(CLIENT_TRAILERS_IN_PLACE) {
  if (j->request->content != CONTENT_CHUNK_SIZE)
    return APART;
  if (!j->c->from_client.misplaced)
    return KEPT;
  return unless_passed_on(j, j->peer_errand != NULL && (j->peer_errand->state & TRAILERS_MISPLACED) != 0, 0,
                          0);
}

/* ---- RFC 9110 7: routing -------------------------------------------------------------------------- */

PREDICATE(CLIENT_KEEPS_SENDING) {
  const struct request *r = owing(j);
  if (r == NULL || (r->progress & FINAL_SENT) == 0 || (r->progress & CONTENT_ARRIVED) == 0 ||
      !has_more_content(j))
    return APART;
  if (j->event == ON_CONTENT)
    return KEPT;
  return is_new_stall(j) && j->c->close_due == 0 ? BROKEN : APART;
}

PREDICATE(CLIENT_EXPECT_IS_FOR_ALL) {
  if ((j->head->notes & NOTE_NAMES_EXPECT) != 0)
    return fault_of(j, 0, NOTE_NAMES_EXPECT);
  return (j->head->notes & NOTE_EXPECT) != 0 ? KEPT : APART;
}

PREDICATE(CLIENT_WHOLE_BEFORE_UPGRADE) {
  if (!j->c->tunnel)
    return APART;
  return j->other_content ? BROKEN : j->errand->asked == 0 ? OPEN : KEPT;
}

/* ---- RFC 9110 9: methods -------------------------------------------------------------------------- */

PREDICATE(CLIENT_NO_RETRY) {
  const struct errand *before = j->before;
  if (before == NULL || before->final != 0 || (before->state & RESPONSE_CUT) == 0 || j->actor == E100_PROXY)
    return APART; /* a proxy must not at all: a rule of its own */
  if ((before->notes & NOTE_IDEMPOTENT) != 0)
    return KEPT;
  return (before->notes & NOTE_NOT_IDEMPOTENT) != 0 && is_surely_repeat(j) ? BROKEN : OPEN;
}

PREDICATE(CLIENT_TRACE_NO_CONTENT) {
  if ((j->head->notes & NOTE_OF_TRACE) == 0)
    return APART;
  if (request_content(j->head) == CONTENT_NONE)
    return KEPT;
  if (is_user_agent(j) && j->errand->asked != 0 && j->view->asked[j->errand->asked - 1].length == 0)
    return BROKEN; /* its application gave none */
  return unless_passed_on(j, j->peer != NULL && j->peer->content != CONTENT_NONE, 0, NOTE_OF_TRACE);
}

/* ---- RFC 9110 10.1.1: Expect ---------------------------------------------------------------------- */

PREDICATE(CLIENT_EXPECT_NEEDS_CONTENT) {
  uint32_t facts = j->head->facts;
  if ((facts & HEAD_ASKS) == 0 || head_is_malformed(facts))
    return APART;
  bool has_none = (facts & HEAD_OF_CONNECT) != 0 || (j->head->notes & NOTE_OF_TRACE) != 0;
  if (!has_none && request_content(j->head) != CONTENT_NONE)
    return KEPT;
  return unless_passed_on(j, j->peer_errand != NULL && (j->peer_errand->facts & HEAD_ASKS) != 0, HEAD_ASKS,
                          0);
}

PREDICATE(CLIENT_WAITS_ONLY_IF_ASKED) {
  if (j->c->tunnel || !is_first_content(j) || (j->request->facts & HEAD_ASKS) != 0)
    return APART;
  if ((j->errand->state & PAUSE_ENDED_BY_100) == 0)
    return KEPT;
  if ((j->request->facts & HEAD_MAY_ASK) != 0 || j->errand->asked == 0 || j->asker->order_is_other)
    return OPEN; /* it may have waited for its application */
  return BROKEN;
}

PREDICATE(CLIENT_BOUNDED_WAIT) {
  const struct request *r = owing(j);
  if (r == NULL || (r->facts & HEAD_ASKS) == 0 || r->hundreds > 0 || !has_more_content(j) ||
      (r->progress & (CONTENT_ARRIVED | FINAL_SENT)) != 0)
    return APART;
  if (j->event == ON_CONTENT)
    return KEPT;
  if (!is_new_stall(j))
    return APART;
  if (j->quiet)
    return BROKEN;
  if (!j->asker->waited_out)
    return APART;
  return j->view->link_count == 1 ? BROKEN : OPEN; /* the timer may be another connection's */
}

PREDICATE(CLIENT_REPEATS_WITHOUT_EXPECT) {
  if (j->before == NULL || j->before->final != 417 || (j->before->facts & HEAD_ASKS) == 0)
    return APART;
  if ((j->head->facts & (HEAD_ASKS | HEAD_MAY_ASK)) == 0)
    return KEPT;
  return is_surely_repeat(j) && (j->head->facts & HEAD_ASKS) != 0 ? BROKEN : OPEN;
}

/* ---- RFC 9110 15: interim responses --------------------------------------------------------------- */

/* The application knows of the final response, if not that it is over. */
static bool knows_of_response(const struct errand *e) {
  return (e->state & HEARD_RESPONSE) != 0;
}

/* No response to it comes any more, or not the rest of it. */
static bool is_lost(const struct errand *e) {
  return (e->state & RESPONSE_CUT) != 0;
}

/* What came allows the client to give up: a head that is longer than everybody takes, or one that may be
 * refused, of this response or of one before it. Who refuses a response can read nothing behind it. */
static bool may_give_up(const struct judged *j) {
  if ((j->errand->state & (IS_LONG | BAD_HEAD_CAME)) != 0)
    return true;
  uint32_t number = j->errand->number;
  for (uint32_t back = 1; back < REMEMBERED_LIMIT && j->c->first + back <= number; back++) {
    const struct errand *before = &j->asker->errands[(number - back) % REMEMBERED_LIMIT];
    const uint32_t heard = HEARD_RESPONSE | HEARD_END;
    bool taken = (before->state & heard) == heard && before->heard == before->came;
    if ((before->state & BAD_HEAD_CAME) != 0 && !taken)
      return true;
  }
  return false;
}

/* The client has given up a request although its final response came in full. */
static bool gives_up_in_vain(const struct judged *j) {
  const struct errand *e = j->errand;
  return e != NULL && j->told == E100_TOLD_ABORTED && (e->state & RESPONSE_WHOLE) != 0 && !j->asker->dropped;
}

/* ... and an interim response would explain it: not where the application knows of the final one, whose fold
 * may be why, nor where the connection ended before all of the request was sent. */
static bool gives_up_for_interim(const struct judged *j) {
  const struct errand *e = j->errand;
  bool unsent = j->c->server_gone && owing(j) != NULL;
  return gives_up_in_vain(j) && e->interims > 0 && (e->state & (HEARD_RESPONSE | FOLD_CAME)) == 0 && !unsent;
}

/* What the client makes of a request is not what came, and a 103 would explain it. */
static bool is_misled_by_hints(const struct judged *j) {
  const struct errand *e = j->errand;
  if (e == NULL || (e->state & HINTED_OTHERWISE) == 0 ||
      (e->state & (IS_LONG | BAD_HEAD_CAME | FOLD_CAME)) != 0)
    return false;
  bool early = j->told == E100_TOLD_COMPLETE && e->final == 0;
  bool other = j->told == E100_TOLD_COMPLETE && e->heard != e->came;
  return gives_up_in_vain(j) || early || other;
}

/* The application is told that a response is over of whose head it knows nothing: an interim one was taken
 * for it. */
static bool ends_at_interim(const struct judged *j) {
  const struct errand *e = j->errand;
  return j->told == E100_TOLD_COMPLETE && e->final != 0 && e->heard_interims > 0 && !knows_of_response(e);
}

PREDICATE(CLIENT_TAKES_INTERIM) {
  const struct errand *e = j->errand;
  if (e == NULL || e->interims == 0 || j->c->tunnel || is_misled_by_hints(j))
    return APART;
  if (ends_at_interim(j))
    return BROKEN;
  if (j->told == E100_TOLD_RESPONSE)
    return j->status < 200 ? BROKEN : e->final != 0 ? KEPT : APART;
  if (j->told == E100_TOLD_COMPLETE && e->final == 0)
    return (e->state & RESPONSE_CUT) != 0 ? APART : BROKEN;
  if (j->told != E100_TOLD_ABORTED)
    return APART;
  bool at_interim =
      (e->state & LAST_WAS_INTERIM) != 0 && !j->asker->timed && !j->asker->dropped && !j->c->server_gone;
  if (!gives_up_for_interim(j) && !at_interim)
    return APART;
  return may_give_up(j) || j->asker->octets > LONG_HEADS || j->c->responding ? OPEN : BROKEN;
}

PREDICATE(CLIENT_GOES_ON_AFTER_100) {
  const struct request *r = owing(j);
  if (r == NULL || r->hundreds == 0 || (r->progress & FINAL_SENT) != 0 || !is_user_agent(j))
    return APART; /* who passes content on: INTERMEDIARY_CONTENT_AS_IT_CAME */
  if (j->event == ON_CONTENT)
    return KEPT;
  return is_new_stall(j) ? BROKEN : APART;
}

PREDICATE(CLIENT_HINTS_ARE_HINTS) {
  const struct errand *e = j->errand;
  if (e == NULL || (e->state & HINTED_OTHERWISE) == 0)
    return APART;
  return is_misled_by_hints(j) ? BROKEN : KEPT;
}

/* ---- RFC 9112 3.2: Host --------------------------------------------------------------------------- */

/* Who passes a request on has no excuse: what came so was to be answered with 400. */
PREDICATE(CLIENT_SENDS_HOST) {
  uint32_t facts = j->head->facts;
  if (head_is_malformed(facts) || (facts & HEAD_SEVERAL) != 0)
    return APART; /* CLIENT_WELL_FORMED */
  if (!host_is_wrong(facts))
    return KEPT;
  bool given =
      is_user_agent(j) && j->errand->asked != 0 && host_is_wrong(j->view->asked[j->errand->asked - 1].facts);
  return given ? BROKEN_BY_APPLICATION : BROKEN;
}

/* ---- RFC 9112 6: framing -------------------------------------------------------------------------- */

PREDICATE(CLIENT_LENGTH_OR_CODING) {
  const uint32_t both = HEAD_LENGTH | HEAD_CODING;
  if ((j->head->facts & both) == 0)
    return APART;
  return (j->head->facts & both) == both ? BROKEN : KEPT;
}

PREDICATE(CLIENT_CODING_ONLY_TO_11) {
  if ((j->head->facts & HEAD_CODING) == 0)
    return APART;
  return (j->head->facts & HEAD_BELOW_11) != 0 || j->asker->server_minor == 1 ? BROKEN : KEPT;
}

/* No timer is left, and content is not sent that the client has, though nobody asked for a 100: nothing is to
 * be waited for. */
static enum ruling content_stays(const struct judged *j) {
  const struct request *r = owing(j);
  bool asked = r != NULL && (r->facts & HEAD_ASKS) != 0 && (r->progress & CONTENT_ARRIVED) == 0;
  if (r == NULL || asked || r->hundreds > 0 || (r->progress & FINAL_SENT) != 0 || !is_user_agent(j))
    return APART; /* else CLIENT_BOUNDED_WAIT, CLIENT_GOES_ON_AFTER_100, CLIENT_KEEPS_SENDING */
  if (!j->quiet || !is_new_stall(j) || j->asker->dropped)
    return APART;
  return j->errand->asked != 0 ? BROKEN : OPEN; /* an application may be slow */
}

/* A head was begun that is not ended, though applications give whole ones. */
static enum ruling head_stays(const struct judged *j) {
  bool begun = reader_is_in_head(&j->c->from_client) && j->view->asked_count > 0;
  if (!begun || !j->quiet || !can_act(j->c) || !is_user_agent(j) || j->asker->head_late || j->asker->dropped)
    return APART;
  return BROKEN;
}

/* The request is whole: is that all that the application gave? */
static enum ruling content_is_whole(const struct judged *j) {
  bool may_have_less = (j->request->facts & HEAD_OF_CONNECT) != 0 ||
                       (j->errand->notes & NOTE_OF_TRACE) != 0 || (j->request->progress & FINAL_SENT) != 0;
  if (j->errand->asked == 0 || (j->errand->state & OTHER_CONTENT) != 0 || may_have_less)
    return APART;
  return j->request->arrived == j->view->asked[j->errand->asked - 1].length ? KEPT : BROKEN;
}

PREDICATE(CLIENT_SENDS_AS_ASKED) {
  if (j->event == ON_PAUSE)
    return head_stays(j) != APART ? head_stays(j) : content_stays(j);
  if (j->event == ON_WHOLE)
    return content_is_whole(j);
  if (j->event == ON_CONTENT) {
    if (j->errand->asked == 0 || j->c->tunnel || (j->request->progress & FINAL_SENT) != 0)
      return APART;
    return j->other_content ? BROKEN : KEPT;
  }
  if ((j->errand->state & IS_UNKNOWN) == 0)
    return j->errand->asked != 0 ? KEPT : APART;
  return j->view->redirected ? OPEN : BROKEN;
}

PREDICATE(CLIENT_READS_AS_FRAMED) {
  const struct errand *e = j->errand;
  if (j->event == ON_UNHEARD)
    return is_lost(e) || !knows_of_response(e) ? APART : may_give_up(j) ? OPEN : BROKEN;
  if (e == NULL || is_misled_by_hints(j))
    return APART;
  if (j->told == E100_TOLD_CONTENT) /* a tunnel's octets are none (RFC 9110 9.3.6) */
    return e->heard + j->count > e->came ? BROKEN : KEPT;
  if (j->told == E100_TOLD_COMPLETE)
    return (e->state & RESPONSE_WHOLE) == 0 || ends_at_interim(j) ? APART
           : e->heard == e->came                                  ? KEPT
                                                                  : BROKEN;
  if (!gives_up_in_vain(j) || gives_up_for_interim(j))
    return APART;
  return may_give_up(j) ? OPEN : BROKEN;
}

/* Of octets that are no response at all the text does not speak: there a silence shows nothing. */
PREDICATE(CLIENT_CLOSES_AFTER_BAD_FRAMING) {
  if (j->event == ON_GIVING_UP)
    return KEPT;
  bool framing = j->errand != NULL && (j->errand->state & BAD_RESPONSE) != 0;
  bool owed = owing(j) != NULL; /* the octets may be the rest of the request */
  if (j->c->client_half_closed)
    return APART;
  if (j->octets == 0)
    return framing ? BROKEN : APART;
  if (j->asker->order_is_other)
    return OPEN; /* they may have been on their way */
  return !framing && owed ? OPEN : BROKEN;
}

/* ---- RFC 9112 8: incomplete messages -------------------------------------------------------------- */

PREDICATE(CLIENT_INCOMPLETE_IS_NOT_WHOLE) {
  const struct errand *e = j->errand;
  if (e == NULL || j->c->tunnel || j->told != E100_TOLD_COMPLETE || is_misled_by_hints(j))
    return APART;
  if (e->final == 0 && e->interims > 0 && (e->state & RESPONSE_CUT) == 0)
    return APART; /* an interim response taken for a final one: CLIENT_TAKES_INTERIM */
  return (e->state & RESPONSE_WHOLE) != 0 ? KEPT : BROKEN;
}

PREDICATE(CLIENT_TELLS_OF_LOSS) {
  const struct errand *e = j->errand;
  if (j->event == ON_UNHEARD)
    return is_lost(e) ? BROKEN : APART;
  return e != NULL && j->told == E100_TOLD_ABORTED && is_lost(e) ? KEPT : APART;
}

/* ---- RFC 9112 9: connections ---------------------------------------------------------------------- */

/* As many interim responses came, one of them with STATUS, as the application hears of now. */
static bool has_interim(const struct errand *e, uint16_t status) {
  bool switches = e->final == 101;
  if (e->interims <= INTERIMS_LIMIT && e->heard_interims >= e->interims + (switches ? 1u : 0u))
    return false;
  if (switches && status == 101)
    return true;
  for (unsigned i = 0; i < e->interims && i < INTERIMS_LIMIT; i++)
    if (e->interim[i] + 100 == status)
      return true;
  return e->interims > INTERIMS_LIMIT;
}

PREDICATE(CLIENT_RESPONSE_TO_ITS_REQUEST) {
  const struct errand *e = j->errand;
  if (j->event == ON_UNHEARD) {
    return is_lost(e) || knows_of_response(e) ? APART : may_give_up(j) ? OPEN : BROKEN;
  }
  if (e == NULL)
    return APART;
  if (j->told == E100_TOLD_INTERIM)
    return has_interim(e, j->status) ? KEPT : BROKEN;
  if (j->told == E100_TOLD_COMPLETE) /* of what? */
    return e->final != 0 && e->heard_interims == 0 && !knows_of_response(e) ? BROKEN : APART;
  if (j->told != E100_TOLD_RESPONSE || (j->status < 200 && has_interim(e, j->status)))
    return APART;
  return e->final == j->status ? KEPT : BROKEN;
}

/* A head was begun, which 408 is an answer to (RFC 9110 15.5.9); or one may be on its way, where the order is
 * not the client's. */
static bool may_have_asked(const struct judged *j) {
  const struct view *v = j->view;
  bool on_its_way = v->asked_count == 0 || v->asked_count > ASKED_LIMIT;
  for (uint32_t i = 0; i < v->asked_count && i < ASKED_LIMIT; i++)
    on_its_way |= v->asked[i].sent == 0;
  return reader_is_in_head(&j->c->from_client) || (j->asker->order_is_other && on_its_way);
}

PREDICATE(CLIENT_NO_STRAY_RESPONSE) {
  bool of_head = j->told == E100_TOLD_RESPONSE || j->told == E100_TOLD_INTERIM;
  if (!of_head && (j->told == E100_TOLD_ABORTED || j->c->requests == j->c->first))
    return APART; /* what was never sent may be given up, too */
  if (j->request == NULL)
    return may_have_asked(j) ? OPEN : BROKEN;
  return of_head ? KEPT : APART;
}

PREDICATE(CLIENT_CLOSES_AFTER_STRAY) {
  if (!j->asker->stray)
    return APART;
  if (j->event == ON_LEAVING)
    return KEPT;
  if (j->event == ON_REQUEST)
    return (j->asker->begun_after & AFTER_STRAY) == 0 ? APART : j->asker->order_is_other ? OPEN : BROKEN;
  return !can_act(j->c) || j->asker->stray_late ? APART : BROKEN;
}

PREDICATE(CLIENT_FINISHES_CONTENT_FIRST) {
  if (j->c->tunnel || j->newest == NULL || (j->newest->progress & FINAL_SENT) == 0 ||
      j->actor != j->c->client)
    return APART;
  if (j->event == ON_MARK)
    return j->sight == HEAD_IN_CONTENT ? BROKEN : APART;
  if (j->event == ON_UNREADABLE)
    return j->c->from_client.content == CONTENT_BROKEN ? BROKEN : APART;
  if (j->other_content)
    return BROKEN;
  if (j->foreign_content)
    return j->errand->match == IS_MATCH ? BROKEN : OPEN;
  return j->like_request && j->errand->asked == 0 && j->errand->mark == 0 ? OPEN : KEPT;
}

PREDICATE(CLIENT_PIPELINES_SAFELY) {
  if (!is_user_agent(j) || waiting_request(j->c) == NULL)
    return APART;
  if ((j->asker->begun_after & AFTER_UNSAFE) != 0)
    return j->asker->order_is_other ? OPEN : BROKEN;
  return (j->asker->begun_after & AFTER_UNKNOWN) != 0 ? OPEN : KEPT;
}

PREDICATE(CLIENT_STOPS_WHEN_REFUSED) {
  if (owing(j) == NULL || (j->errand->state & REFUSED) == 0 || (j->errand->state & WENT_ON) != 0)
    return APART;
  if (j->event == ON_LEAVING)
    return KEPT;
  return j->asker->order_is_other ? OPEN : BROKEN;
}

PREDICATE(CLIENT_NOTHING_AFTER_CLOSE) {
  if ((j->asker->begun_after & AFTER_OWN_CLOSE) != 0)
    return BROKEN;
  if ((j->asker->begun_after & AFTER_CLOSE) != 0)
    return j->asker->order_is_other ? OPEN : BROKEN;
  return j->c->requests > j->c->first ? KEPT : APART;
}

PREDICATE(CLIENT_CLOSES) {
  const struct conversation *c = j->c;
  if ((c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) == 0 || c->sending)
    return APART;
  if (j->event == ON_LEAVING)
    return KEPT;
  return !can_act(c) || j->asker->close_late ? APART : BROKEN;
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_asking[] = {
    ROW(CLIENT_WELL_FORMED, ON_REQUEST | ON_UNREADABLE | ON_PAUSE),
    ROW(CLIENT_NO_EMPTY_MEMBERS, ON_REQUEST),
    ROW(CLIENT_TRAILERS_IN_PLACE, ON_WHOLE),
    ROW(CLIENT_KEEPS_SENDING, ON_PAUSE | ON_CONTENT),
    ROW(CLIENT_EXPECT_IS_FOR_ALL, ON_REQUEST),
    ROW(CLIENT_WHOLE_BEFORE_UPGRADE, ON_CONTENT),
    ROW(CLIENT_NO_RETRY, ON_REQUEST),
    ROW(CLIENT_TRACE_NO_CONTENT, ON_REQUEST),
    ROW(CLIENT_EXPECT_NEEDS_CONTENT, ON_REQUEST),
    ROW(CLIENT_WAITS_ONLY_IF_ASKED, ON_CONTENT),
    ROW(CLIENT_BOUNDED_WAIT, ON_PAUSE | ON_CONTENT),
    ROW(CLIENT_REPEATS_WITHOUT_EXPECT, ON_REQUEST),
    ROW(CLIENT_TAKES_INTERIM, ON_HEARD),
    ROW(CLIENT_GOES_ON_AFTER_100, ON_PAUSE | ON_CONTENT),
    ROW(CLIENT_HINTS_ARE_HINTS, ON_HEARD),
    ROW(CLIENT_SENDS_HOST, ON_REQUEST),
    ROW(CLIENT_LENGTH_OR_CODING, ON_REQUEST),
    ROW(CLIENT_CODING_ONLY_TO_11, ON_REQUEST),
    ROW(CLIENT_SENDS_AS_ASKED, ON_REQUEST | ON_CONTENT | ON_WHOLE | ON_PAUSE),
    ROW(CLIENT_READS_AS_FRAMED, ON_HEARD | ON_UNHEARD),
    ROW(CLIENT_CLOSES_AFTER_BAD_FRAMING, ON_SPOILED | ON_GIVING_UP),
    ROW(CLIENT_INCOMPLETE_IS_NOT_WHOLE, ON_HEARD),
    ROW(CLIENT_TELLS_OF_LOSS, ON_HEARD | ON_UNHEARD),
    ROW(CLIENT_RESPONSE_TO_ITS_REQUEST, ON_HEARD | ON_UNHEARD),
    ROW(CLIENT_NO_STRAY_RESPONSE, ON_HEARD),
    ROW(CLIENT_CLOSES_AFTER_STRAY, ON_PAUSE | ON_LEAVING | ON_REQUEST),
    ROW(CLIENT_FINISHES_CONTENT_FIRST, ON_CONTENT | ON_UNREADABLE | ON_MARK),
    ROW(CLIENT_PIPELINES_SAFELY, ON_REQUEST),
    ROW(CLIENT_STOPS_WHEN_REFUSED, ON_CONTENT | ON_LEAVING),
    ROW(CLIENT_NOTHING_AFTER_CLOSE, ON_REQUEST),
    ROW(CLIENT_CLOSES, ON_PAUSE | ON_LEAVING),
};
const size_t predicates_of_asking_count = sizeof predicates_of_asking / sizeof *predicates_of_asking;
