/*
 * predicates_asking.c - the rules of RFC 9110 that bind a client, in the order of its sections.
 *
 * They bind a proxy or a gateway, too, in its part as a client (RFC 9110 3.7), but for what only a user agent
 * decides, and for what it merely passes on.
 */
#include "model/predicates_asking.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* ---- what several predicates ask ----------------------------------------------------------------------- */

/* There is content to send: a user agent has it, who passes requests on has what came. */
static bool has_more_content(const struct judged *j) {
  if (is_user_agent(j))
    return true;
  return j->peer != NULL && tie_of(j)->match == IS_MATCH && j->peer->arrived > j->newest->arrived;
}

/* As fault_of, but for who only passes on what came so, or may. */
static enum ruling unless_passed_on(const struct judged *j, bool came_so, uint32_t facts, uint32_t notes) {
  if (is_user_agent(j))
    return fault_of(j, facts, notes);
  return j->peer_errand == NULL || tie_of(j)->match != IS_MATCH ? OPEN : came_so ? APART : BROKEN;
}

static bool is_first_content(const struct judged *j) {
  return (j->request->progress & CONTENT_ARRIVED) == 0;
}

/* ---- RFC 9110 2.2, 5: grammar ----------------------------------------------------------------------------
 */

/* Nobody goes on, and empty lines follow a request, before which none may stand (RFC 9112 2.2); or, once no
 * timer is left, half a head that whoever passes on whole ones has begun. */
static enum ruling is_left_so(const struct judged *j) {
  const struct reader *reader = &j->c->from_client;
  if (!can_act(j->c) || j->asker->dropped)
    return APART;
  if (reader_is_behind_empty_lines(reader))
    return j->asker->line_late ? APART : BROKEN;
  bool half = reader_is_in_head(reader) && j->quiet && !j->asker->head_late;
  return half && !is_user_agent(j) ? BROKEN : APART;
}

/* What was asked for, or may have been, is no request. */
static bool may_be_given_so(const struct view *v) {
  bool given = v->asked_count > ASKED_LIMIT;
  for (uint32_t i = 0; i < v->asked_count && i < ASKED_LIMIT; i++)
    given = given || (v->asked[i].facts & HEAD_MALFORMED) != 0;
  return given;
}

/* Octets that can be no head stand where one would begin: content for which the request has no framing, or
 * more of it than that says. Behind a CONNECT, or an Upgrade, they may be of what is switched to, too early
 * (RFC 9110 7.8, 9.3.6). */
static enum ruling can_be_no_head(const struct judged *j) {
  bool switches = j->newest != NULL && (j->newest->facts & (HEAD_OF_CONNECT | HEAD_UPGRADE)) != 0;
  return switches || (is_user_agent(j) && may_be_given_so(j->view)) ? OPEN : BROKEN;
}

/* Behind the size of a chunk, or in the trailers, stands what the grammar does not have, or whitespace that
 * only recipients know of (RFC 9112 7.1.1; RFC 9110 5.6.3). */
static enum ruling chunks_are_well_formed(const struct judged *j) {
  const struct reader *reader = &j->c->from_client;
  if (j->request->content != CONTENT_CHUNK_SIZE)
    return APART;
  if (!reader->odd && !reader->padded)
    return KEPT;
  return unless_passed_on(j, j->peer_errand != NULL && (j->peer_errand->odd_came & ODD_CHUNKS) != 0, 0, 0);
}

PREDICATE(CLIENT_WELL_FORMED) {
  if (j->event == ON_PAUSE)
    return is_left_so(j);
  if (j->event == ON_HALF_HEAD)
    return can_be_no_head(j);
  if (j->event == ON_WHOLE)
    return chunks_are_well_formed(j);
  uint32_t faults =
      HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_LENGTH_BAD | HEAD_LONE_LF | HEAD_EMPTY_LINES;
  uint32_t facts = j->head->facts;
  if ((j->head->notes & NOTE_ODD_CODING) != 0)
    faults |= HEAD_CODING_BAD; /* else CLIENT_CHUNKED_LAST */
  if (j->event == ON_UNREADABLE && j->c->from_client.content == CONTENT_BROKEN)
    return (j->request->progress & FINAL_SENT) != 0 ? APART : j->c->from_client.huge ? OPEN : BROKEN;
  if ((j->head->notes & NOTE_NO_VERSION) != 0 && j->head->major != 1)
    return j->event == ON_REQUEST ? APART : OPEN; /* of another grammar: CLIENT_NO_SUCH_VERSION */
  if ((facts & HEAD_MALFORMED) != 0 && j->asker->no_head_late)
    return APART; /* so far as it had come then */
  if ((facts & faults) != 0)
    return j->event == ON_UNREADABLE ? BROKEN : fault_of(j, faults, 0);
  if ((j->head->notes & NOTE_CHUNKED_TWICE) != 0)
    return APART; /* CLIENT_CHUNKED_LAST */
  if (j->event == ON_UNREADABLE)
    return OPEN;
  if ((facts & HEAD_MAY_ASK) != 0)
    return unless_passed_on(j, j->peer_errand != NULL && (j->peer_errand->facts & HEAD_MAY_ASK) != 0,
                            HEAD_MAY_ASK, 0);
  const uint32_t kept = NOTE_MANY_EMPTIES | NOTE_CONTROL; /* on the way: they may be somebody else's */
  const uint32_t allowed =
      NOTE_HUGE_LENGTH | NOTE_CHUNKED_WITH; /* by the grammar, if not by each recipient */
  if ((facts & HEAD_SEVERAL) != 0 && (j->head->notes & allowed) == 0)
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

/* ---- RFC 9110 6.2: versions ----------------------------------------------------------------------- */

PREDICATE(CLIENT_NO_SUCH_VERSION) {
  if ((j->head->notes & NOTE_NO_VERSION) == 0)
    return (j->head->facts & HEAD_MALFORMED) != 0 ? APART : KEPT;
  if (!is_user_agent(j) && j->head->major == 1)
    return APART; /* INTERMEDIARY_OWN_VERSION */
  return fault_of(j, 0, NOTE_NO_VERSION);
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
  bool closes = j->c->close_due != 0 || j->asker->coded_10 == CODED_10;
  return is_new_stall(j) && !closes ? BROKEN : APART;
}

PREDICATE(CLIENT_OPTIONS_OF_ONE_HOP) {
  if ((j->head->notes & NOTE_NAMES_EXPECT) != 0 || (j->head->facts & HEAD_NAMES_FOR_ALL) != 0)
    return fault_of(j, HEAD_NAMES_FOR_ALL, NOTE_NAMES_EXPECT);
  return (j->head->notes & NOTE_EXPECT) != 0 || j->head->options > 0 ? KEPT : APART;
}

PREDICATE(CLIENT_UPGRADE_OPTION) {
  if ((j->head->facts & (HEAD_UPGRADE | HEAD_MALFORMED)) != HEAD_UPGRADE)
    return APART;
  if ((j->head->facts & HEAD_UPGRADE_OPTION) != 0)
    return KEPT;
  return (j->head->notes & NOTE_ODD_OPTION) != 0 ? OPEN : fault_of(j, 0, NOTE_UPGRADE_ALONE);
}

PREDICATE(CLIENT_WHOLE_BEFORE_UPGRADE) {
  if (!j->c->tunnel)
    return APART;
  return j->other_content ? BROKEN : j->errand->asked == 0 ? OPEN : KEPT;
}

/* ---- RFC 9110 9: methods -------------------------------------------------------------------------- */

/* Without its content the request cannot have been applied, and that is a means to tell (RFC 9110 9.2.2). */
PREDICATE(CLIENT_NO_RETRY) {
  const struct errand *before = j->before;
  if (before == NULL || !has_failed(before) || j->actor == E100_PROXY)
    return APART; /* a proxy must not at all: a rule of its own */
  if ((before->notes & NOTE_IDEMPOTENT) != 0)
    return KEPT;
  bool sure = (before->notes & NOTE_NOT_IDEMPOTENT) != 0 && is_surely_repeat(j);
  return sure && before->went_out ? BROKEN : OPEN;
}

/* ERRAND was an attempt at what is asked now, and its connection ended without a response, or within it. */
static bool is_failed_attempt(const struct judged *j, const struct errand *errand) {
  if (errand->serial == 0 || !has_failed(errand))
    return false;
  if (is_user_agent(j))
    return errand->asked != 0 && errand->asked == j->errand->asked;
  const struct tie *was = &errand->came_as, *is = &j->errand->came_as;
  return was->match != NO_MATCH && was->link == is->link && was->number == is->number;
}

static unsigned failed_attempts(const struct judged *j) {
  unsigned failed = 0;
  for (uint32_t link = 0; link < j->view->link_count; link++)
    for (unsigned i = 0; i < REMEMBERED_LIMIT && j->view->conversations[link].client == j->actor; i++)
      failed += is_failed_attempt(j, &asker_at(j->view, link)->errands[i]) ? 1 : 0;
  return failed;
}

PREDICATE(CLIENT_NO_SECOND_RETRY) {
  unsigned failed = (j->errand->state & IS_REPEAT) != 0 ? failed_attempts(j) : 0;
  if (failed == 0)
    return APART;
  if (!is_user_agent(j) && tie_of(j)->match != IS_MATCH)
    return OPEN;
  return failed > 1 ? BROKEN : KEPT;
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

/* ERRAND expects something, and has no content, or nobody knows. */
static bool may_expect_without_content(const struct errand *errand) {
  const uint32_t doubts = HEAD_MALFORMED | HEAD_SEVERAL | HEAD_BLURRED | HEAD_LENGTH_BAD | HEAD_CODING_BAD;
  bool content = (errand->facts & doubts) == 0 && ((errand->facts & HEAD_CODING) != 0 || errand->length > 0);
  return (errand->notes & NOTE_EXPECT) != 0 && !content;
}

/* A request that nobody was seen to send to who passes on: an Expect without content may be a client's all
 * the same, whose request was changed on the way, or is not seen. */
static bool may_come_from_client(const struct judged *j) {
  bool seen = false;
  for (uint32_t link = 0; link < j->view->link_count; link++) {
    const struct conversation *c = &j->view->conversations[link];
    if (c->server != j->actor)
      continue;
    seen |= c->requests > 0;
    if (c->blurred || c->tunnel || c->requests > REMEMBERED_LIMIT || reader_is_in_head(&c->from_client))
      return true;
    for (uint32_t i = 0; i < REMEMBERED_LIMIT; i++)
      if (may_expect_without_content(&asker_at(j->view, link)->errands[i]))
        return true;
  }
  return !seen || j->asker->order_is_other;
}

/* The request that is passed on asked in vain itself: to leave content out is not to pass that on. */
static bool asked_in_vain(const struct judged *j) {
  if (j->peer_errand == NULL || (j->peer_errand->facts & HEAD_ASKS) == 0)
    return false;
  bool may_have =
      (j->peer_errand->facts & HEAD_OF_CONNECT) == 0 && (j->peer_errand->notes & NOTE_OF_TRACE) == 0;
  return j->peer == NULL || !may_have || j->peer->content == CONTENT_NONE ||
         j->peer->content == CONTENT_BROKEN;
}

PREDICATE(CLIENT_EXPECT_NEEDS_CONTENT) {
  uint32_t facts = j->head->facts;
  if ((facts & HEAD_ASKS) == 0 || head_is_malformed(facts))
    return APART;
  bool has_none = (facts & HEAD_OF_CONNECT) != 0 || (j->head->notes & NOTE_OF_TRACE) != 0;
  if (!has_none && request_content(j->head) != CONTENT_NONE)
    return KEPT;
  if (!is_user_agent(j) && j->peer_errand == NULL && !may_come_from_client(j))
    return BROKEN;
  return unless_passed_on(j, asked_in_vain(j), 0, NOTE_ASKS_IN_VAIN);
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
  bool passes_on = j->errand->came_as.match == IS_MATCH && (j->errand->state & IS_REPEAT) == 0;
  if (j->before == NULL || j->before->final != 417 || (j->before->facts & HEAD_ASKS) == 0 || passes_on)
    return APART;
  if ((j->head->facts & (HEAD_ASKS | HEAD_MAY_ASK)) == 0)
    return KEPT;
  return is_surely_repeat(j) && (j->head->facts & HEAD_ASKS) != 0 ? BROKEN : OPEN;
}

/* ---- RFC 9110 10.1.4: TE -------------------------------------------------------------------------- */

PREDICATE(CLIENT_TE_OPTION) {
  if ((j->head->facts & HEAD_MALFORMED) != 0 || !reader_found(&j->c->from_client, name_hash("te")))
    return APART;
  if ((j->head->notes & NOTE_TE_ALONE) == 0)
    return KEPT;
  const uint32_t unknown = NOTE_ODD_OPTION | NOTE_MANY_NAMES;
  return (j->head->notes & unknown) != 0 ? OPEN : fault_of(j, 0, NOTE_TE_ALONE);
}

/* ---- RFC 9110 15: interim responses --------------------------------------------------------------- */

PREDICATE(CLIENT_TAKES_INTERIM) {
  const struct errand *e = j->errand;
  if (e == NULL || e->interims == 0 || is_misled_by_hints(j))
    return APART;
  if (ends_at_interim(j))
    return BROKEN;
  if (j->c->tunnel && !gives_up_for_interim(j))
    return APART;
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
  return may_refuse_interim(e, e->heard_interims) || may_give_up(j) || j->asker->octets > LONG_HEADS ||
                 j->c->responding
             ? OPEN
             : BROKEN;
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
  if (is_misled_by_hints(j))
    return BROKEN;
  bool kept = j->told == E100_TOLD_COMPLETE && knows_of_response(e) && e->heard == e->came;
  return kept ? KEPT : APART;
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_asking[] = {
    ROW(CLIENT_WELL_FORMED, ON_REQUEST | ON_UNREADABLE | ON_PAUSE | ON_HALF_HEAD | ON_WHOLE),
    ROW(CLIENT_NO_EMPTY_MEMBERS, ON_REQUEST),
    ROW(CLIENT_NO_SUCH_VERSION, ON_REQUEST),
    ROW(CLIENT_TRAILERS_IN_PLACE, ON_WHOLE),
    ROW(CLIENT_KEEPS_SENDING, ON_PAUSE | ON_CONTENT),
    ROW(CLIENT_OPTIONS_OF_ONE_HOP, ON_REQUEST),
    ROW(CLIENT_UPGRADE_OPTION, ON_REQUEST),
    ROW(CLIENT_WHOLE_BEFORE_UPGRADE, ON_CONTENT),
    ROW(CLIENT_NO_RETRY, ON_REQUEST),
    ROW(CLIENT_NO_SECOND_RETRY, ON_REQUEST),
    ROW(CLIENT_TRACE_NO_CONTENT, ON_REQUEST),
    ROW(CLIENT_EXPECT_NEEDS_CONTENT, ON_REQUEST),
    ROW(CLIENT_WAITS_ONLY_IF_ASKED, ON_CONTENT),
    ROW(CLIENT_BOUNDED_WAIT, ON_PAUSE | ON_CONTENT),
    ROW(CLIENT_REPEATS_WITHOUT_EXPECT, ON_REQUEST),
    ROW(CLIENT_TE_OPTION, ON_REQUEST),
    ROW(CLIENT_TAKES_INTERIM, ON_HEARD),
    ROW(CLIENT_GOES_ON_AFTER_100, ON_PAUSE | ON_CONTENT),
    ROW(CLIENT_HINTS_ARE_HINTS, ON_HEARD),
};
const size_t predicates_of_asking_count = sizeof predicates_of_asking / sizeof *predicates_of_asking;
