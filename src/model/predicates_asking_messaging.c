/*
 * predicates_asking_messaging.c - the rules of RFC 9112 that bind a client, in the order of its sections.
 */
#include "model/errands.h"
#include "model/predicates_asking.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

/* ---- 3.2: Host --------------------------------------------------------------------------- */

/* Who passes a request on has no excuse: what came so was to be answered with 400. */
PREDICATE(CLIENT_SENDS_HOST) {
  uint32_t facts = j->head->facts;
  if (head_is_malformed(facts) || (facts & HEAD_SEVERAL) != 0)
    return APART; /* CLIENT_WELL_FORMED */
  if (!host_is_wrong(facts))
    return KEPT;
  return fault_of(j, 0, NOTE_HOST_IS_WRONG);
}

/* ---- 6: framing -------------------------------------------------------------------------- */

/* Who passes a request on is the sender of what it sends, whoever has applied the codings. Where the codings
 * are outside the grammar, or perhaps no field, that is said: CLIENT_WELL_FORMED. */
PREDICATE(CLIENT_CHUNKED_LAST) {
  const uint32_t unsure = HEAD_MALFORMED | HEAD_SPACE_BEFORE_COLON | HEAD_LONE_LF;
  const struct head *head = j->head;
  bool unread = j->event == ON_UNREADABLE;
  bool is_head = !unread || j->c->from_client.content != CONTENT_BROKEN;
  if (!is_head || (head->facts & HEAD_CODING) == 0 || (head->facts & unsure) != 0 ||
      (head->notes & NOTE_ODD_CODING) != 0)
    return APART;
  if ((head->notes & NOTE_CHUNKED_TWICE) != 0)
    return unread ? fault_of_unread(j, 0, NOTE_CHUNKED_TWICE) : fault_of(j, 0, NOTE_CHUNKED_TWICE);
  if (unread)
    return APART;
  if ((head->facts & HEAD_CODING_BAD) != 0)
    return fault_of(j, HEAD_CODING_BAD, 0);
  return (head->facts & HEAD_CHUNKED) != 0 ? KEPT : APART;
}

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

/* Another request after such a response. What is said by others is not said again. */
static enum ruling asks_after_codings(const struct judged *j) {
  const uint32_t after = j->asker->begun_after;
  if ((after & (AFTER_OWN_CLOSE | AFTER_CLOSE | AFTER_10)) != 0 || j->asker->coded_late)
    return APART; /* CLIENT_NOTHING_AFTER_CLOSE, CLIENT_NOTHING_AFTER_10, or here */
  if ((after & AFTER_CODED_10) != 0)
    return j->crosses ? OPEN : BROKEN;
  return (after & AFTER_CODED_10_PERHAPS) != 0 ? OPEN : APART;
}

/* As CLIENT_CLOSES: no time is named. */
PREDICATE(CLIENT_10_CODING_CLOSE) {
  const struct conversation *c = j->c;
  if (j->event == ON_REQUEST)
    return asks_after_codings(j);
  if (j->asker->coded_10 == NOT_CODED_10 || c->sending)
    return APART;
  if (j->event == ON_LEAVING)
    return KEPT;
  if (!can_act(c) || (c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) != 0)
    return APART; /* CLIENT_CLOSES */
  if (j->asker->coded_10 != CODED_10 || passes_content_on(c) || (j->asker->order_is_other && !j->quiet))
    return OPEN;
  return j->asker->coded_late ? APART : BROKEN;
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
  const struct asked *asked = &j->view->asked[j->errand->asked - 1];
  if (j->request->arrived == asked->length)
    return KEPT;
  /* With credentials of its own it may first want to hear what else they have to be: nothing is done then, as
   * the answer is 401 or 407, and the content follows with the next request (RFC 9110 11.7). */
  bool first_leg = (j->errand->notes & ~asked->notes & NOTE_CREDENTIALS) != 0 && j->request->arrived == 0;
  return first_leg ? OPEN : BROKEN;
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

/* What is told behind that is framed by that one: CLIENT_RESPONSE_TO_ITS_REQUEST says it. */
static bool takes_another(const struct errand *e) {
  return (e->state & HEARD_ANOTHER) != 0;
}

/* The client may not yet be done with its own side of the exchange, though the response is whole: it has
 * content to send, or has asked for a 100 that never came. No rule says how long that may take. */
static bool is_at_its_request(const struct judged *j) {
  const struct request *r = j->request;
  bool waits = (r->facts & HEAD_ASKS) != 0 && r->hundreds == 0 && (r->progress & CONTENT_ARRIVED) == 0;
  return waits || owes_content(r);
}

/* Seen from elsewhere, the client went on with its content behind the response: that may have been on its way
 * when the response was sent, and so may the client's end, and it may close whenever it likes (RFC 9112 9.5).
 */
static bool may_have_left_before(const struct judged *j) {
  bool knows = (j->errand->state & (HEARD_RESPONSE | UNHEARD)) != 0;
  return j->asker->order_is_other && (j->request->progress & CONTENT_AFTER_FINAL) != 0 && !knows;
}

PREDICATE(CLIENT_READS_AS_FRAMED) {
  const struct errand *e = j->errand;
  if (j->event == ON_UNHEARD && (is_lost(e) || !knows_of_response(e) || takes_another(e)))
    return APART;
  if (j->event == ON_UNHEARD)
    return may_give_up(j) || is_at_its_request(j) ? OPEN : BROKEN;
  if (e == NULL || is_misled_by_hints(j) || takes_another(e))
    return APART;
  if (j->told == E100_TOLD_CONTENT) /* a tunnel's octets are none (RFC 9110 9.3.6) */
    return e->heard + j->count > e->came ? BROKEN : KEPT;
  if (j->told == E100_TOLD_COMPLETE)
    return (e->state & RESPONSE_WHOLE) == 0 || ends_at_interim(j) ? APART
           : e->heard == e->came                                  ? KEPT
                                                                  : BROKEN;
  if (!gives_up_in_vain(j) || gives_up_for_interim(j))
    return APART;
  bool breaks = j->c->tunnel && j->c->server_gone && knows_of_response(e); /* the tunnel, not the response */
  return breaks || may_give_up(j) || may_have_left_before(j) ? OPEN : BROKEN;
}

/* Of octets that are no response at all the text does not speak: there a silence shows nothing. */
PREDICATE(CLIENT_CLOSES_AFTER_BAD_FRAMING) {
  if (j->asker->spoiled_by_stray)
    return APART; /* the responses are whole: CLIENT_CLOSES_AFTER_STRAY */
  if (j->event == ON_GIVING_UP)
    return KEPT;
  bool framing = j->errand != NULL && (j->errand->state & BAD_RESPONSE) != 0;
  bool owed = owing(j) != NULL; /* the octets may be the rest of the request */
  if (j->c->client_half_closed)
    return APART;
  if (j->octets == 0)
    return framing ? BROKEN : APART;
  if (j->crosses)
    return OPEN; /* they may have been on their way */
  return !framing && owed ? OPEN : BROKEN;
}

/* ---- 7.4: TE ------------------------------------------------------------------------------- */

PREDICATE(CLIENT_TE_NO_CHUNKED) {
  if ((j->head->facts & HEAD_MALFORMED) != 0 || !reader_found(&j->c->from_client, name_hash("te")))
    return APART;
  return (j->head->facts & HEAD_TE_CHUNKED) == 0 ? KEPT : fault_of(j, HEAD_TE_CHUNKED, 0);
}

/* ---- 8: incomplete messages -------------------------------------------------------------- */

/* Another response is taken for this one, and one is whole that has as much content and was not given yet: it
 * is only given to the wrong request. */
static bool is_whole_elsewhere(const struct judged *j) {
  const struct stray *stray = &j->asker->stray_response;
  bool whole = stray->whole && stray->length == j->errand->heard;
  for (unsigned i = 0; i < REMEMBERED_LIMIT; i++) {
    const struct errand *other = &j->asker->errands[i];
    bool given = other->serial == 0 || knows_of_response(other);
    whole |= !given && (other->state & RESPONSE_WHOLE) != 0 && other->came == j->errand->heard;
  }
  return takes_another(j->errand) && whole;
}

PREDICATE(CLIENT_INCOMPLETE_IS_NOT_WHOLE) {
  const struct errand *e = j->errand;
  if (e == NULL || j->c->tunnel || j->told != E100_TOLD_COMPLETE || is_misled_by_hints(j))
    return APART;
  if (e->final == 0 && e->interims > 0 && (e->state & RESPONSE_CUT) == 0)
    return APART; /* an interim response taken for a final one: CLIENT_TAKES_INTERIM */
  if ((e->state & RESPONSE_WHOLE) != 0)
    return KEPT;
  if (is_whole_elsewhere(j))
    return APART; /* CLIENT_RESPONSE_TO_ITS_REQUEST */
  /* As of a request: SERVER_INCOMPLETE_IS_NOT_WHOLE. */
  bool may_end = !j->c->server_gone && j->asker->receiving == e->number;
  return may_end && reader_has_last_chunk(&j->c->from_server) ? OPEN : BROKEN;
}

PREDICATE(CLIENT_TELLS_OF_LOSS) {
  const struct errand *e = j->errand;
  if (j->event == ON_UNHEARD)
    return is_lost(e) ? BROKEN : APART;
  return e != NULL && j->told == E100_TOLD_ABORTED && is_lost(e) ? KEPT : APART;
}

/* ---- 9: connections ---------------------------------------------------------------------- */

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
  if (j->event == ON_STRAY)
    return j->may_be_elsewhere ? OPEN : BROKEN;
  bool of_head = j->told == E100_TOLD_RESPONSE || j->told == E100_TOLD_INTERIM;
  if (!of_head && (j->told == E100_TOLD_ABORTED || j->c->requests == j->c->first))
    return APART; /* what was never sent may be given up, too */
  if (j->request == NULL)
    return may_have_asked(j) ? OPEN : BROKEN;
  return of_head ? KEPT : APART;
}

/* What belongs to no request is no response either, so that nothing is read behind it. */
static enum ruling goes_on_behind_garbage(const struct judged *j) {
  if (!j->asker->spoiled_by_stray || !can_act(j->c))
    return APART;
  if (j->crosses || (j->octets == 0 && j->asker->order_is_other) || (j->octets > 0 && owing(j) != NULL))
    return OPEN; /* it may have been on its way, or is the rest of the request; or nobody has read so far */
  return BROKEN;
}

PREDICATE(CLIENT_CLOSES_AFTER_STRAY) {
  if (!j->asker->stray)
    return APART;
  if (j->event == ON_LEAVING || j->event == ON_GIVING_UP)
    return KEPT;
  if (j->event == ON_SPOILED)
    return goes_on_behind_garbage(j);
  if (j->event == ON_REQUEST)
    return (j->asker->begun_after & AFTER_STRAY) == 0 ? APART : j->crosses ? OPEN : BROKEN;
  return !can_act(j->c) || j->asker->stray_late ? APART : BROKEN;
}

PREDICATE(CLIENT_NOTHING_AFTER_10) {
  const uint32_t after = j->asker->begun_after;
  if ((after & (AFTER_OWN_CLOSE | AFTER_CLOSE)) != 0)
    return APART; /* said: CLIENT_NOTHING_AFTER_CLOSE */
  if ((after & AFTER_10) != 0)
    return j->crosses ? OPEN : BROKEN;
  if ((after & AFTER_10_PERHAPS) != 0)
    return OPEN;
  return j->asker->kept_of_10 == KEPT_ALIVE ? KEPT : APART;
}

PREDICATE(CLIENT_FINISHES_CONTENT_FIRST) {
  if (j->c->tunnel || j->newest == NULL || (j->newest->progress & FINAL_SENT) == 0 ||
      j->actor != j->c->client)
    return APART;
  if (j->event == ON_MARK && (j->sight != HEAD_IN_CONTENT || j->c->blurred))
    return APART; /* or what was asked for has shown it in the same octets */
  if (j->event == ON_MARK)
    return may_have_given_marks(j) ? OPEN : BROKEN;
  if (j->event == ON_UNREADABLE)
    return j->c->from_client.content != CONTENT_BROKEN ? APART : j->c->from_client.huge ? OPEN : BROKEN;
  if (j->other_content)
    return BROKEN;
  bool filled_up = j->no_request || ((j->errand->state & AHEAD_OF_CONTENT) != 0 && !j->like_request);
  if (j->foreign_content) /* what is no request: INTERMEDIARY_CONTENT_AS_IT_CAME */
    return filled_up ? APART : tie_of(j)->match == IS_MATCH ? BROKEN : OPEN;
  return j->like_request && j->errand->asked == 0 && j->errand->mark == 0 ? OPEN : KEPT;
}

PREDICATE(CLIENT_PIPELINES_SAFELY) {
  if (!is_user_agent(j) || waiting_request(j->c) == NULL)
    return APART;
  if ((j->asker->begun_after & AFTER_UNSAFE) != 0)
    return j->asker->order_is_other ? OPEN : BROKEN;
  return (j->asker->begun_after & AFTER_UNKNOWN) != 0 ? OPEN : KEPT;
}

static bool is_cut_off(const struct errand *e) {
  return e->serial != 0 && e->final == 0 && (e->state & RESPONSE_CUT) != 0;
}

/* The same request as E, which the client sent before and which got no response; or NULL. OF: where it sent
 * it.
 */
static const struct errand *cut_one_like(const struct judged *j, const struct errand *e,
                                         const struct asker **of) {
  const struct errand *found = NULL;
  for (uint32_t link = 0; link < j->view->link_count; link++)
    for (unsigned i = 0; i < REMEMBERED_LIMIT && j->view->conversations[link].client == j->actor; i++) {
      const struct errand *old = &asker_at(j->view, link)->errands[i];
      if (!is_cut_off(old) || old->serial >= e->serial || !asks_the_same_marked(old, e))
        continue;
      found = old;
      *of = asker_at(j->view, link);
    }
  return found;
}

/* The connection on which OLD got no response has failed: its last complete response did not say close. Where
 * there was none on it, the one before that is of an earlier connection, and says nothing more. */
static bool is_of_failed_connection(const struct asker *asker, const struct errand *old) {
  uint32_t number = old->number;
  while (number > 0 && old->number - number < REMEMBERED_LIMIT - 1) {
    const struct errand *before = &asker->errands[--number % REMEMBERED_LIMIT];
    if (before->number != number || before->serial == 0)
      return false; /* forgotten */
    if ((before->state & RESPONSE_WHOLE) != 0)
      return (before->back_notes & NOTE_CLOSE) == 0 && before->back_minor > 0;
    if ((before->back_notes & NOTE_CLOSE) != 0)
      return false;
  }
  return number == 0;
}

/* What was sent is a repeat for sure: so the application shows, or a mark. */
static bool is_known_repeat(const struct errand *e) {
  return (e->state & IS_REPEAT) != 0 || e->mark != 0;
}

/* Of several requests that got no response the first is sent again, and this one behind it at once. */
PREDICATE(CLIENT_NO_PIPELINED_RETRY) {
  if (j->before == NULL || !is_cut_off(j->before))
    return APART;
  if (waiting_request(j->c) == NULL)
    return KEPT;
  const struct errand *first = &j->asker->errands[j->c->first % REMEMBERED_LIMIT];
  const struct asker *of = j->asker;
  const struct errand *old = cut_one_like(j, first, &of);
  if (j->c->answered > j->c->first || old == NULL)
    return APART;
  bool sure = is_known_repeat(first) && is_surely_repeat(j) && is_of_failed_connection(of, old);
  return sure ? BROKEN : OPEN;
}

PREDICATE(CLIENT_STOPS_WHEN_REFUSED) {
  if (owing(j) == NULL || (j->errand->state & REFUSED) == 0 || (j->errand->state & WENT_ON) != 0)
    return APART;
  if (j->event == ON_LEAVING)
    return KEPT;
  return j->crosses ? OPEN : BROKEN;
}

PREDICATE(CLIENT_NOTHING_AFTER_CLOSE) {
  if ((j->asker->begun_after & AFTER_OWN_CLOSE) != 0)
    return BROKEN;
  if ((j->asker->begun_after & AFTER_CLOSE) != 0)
    return j->crosses ? OPEN : BROKEN;
  if ((j->asker->begun_after & AFTER_STRAY_CLOSE) != 0)
    return OPEN; /* CLIENT_CLOSES_AFTER_STRAY */
  return j->c->requests > j->c->first ? KEPT : APART;
}

/* No time is named for the close: an intermediary may first pass on what its own client has not sent yet; and
 * who looks from elsewhere sees no timer, behind which the close may come. */
PREDICATE(CLIENT_CLOSES) {
  const struct conversation *c = j->c;
  if ((c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) == 0 || c->sending)
    return APART;
  if (j->event == ON_LEAVING)
    return KEPT;
  if (!can_act(c))
    return APART;
  bool by_stray = (c->close_due & CLOSE_RECEIVED) == 0 && !j->asker->close_said;
  if (by_stray || passes_content_on(c) || (j->asker->order_is_other && !j->quiet))
    return OPEN;
  return j->asker->close_late ? APART : BROKEN;
}

#define ROW(id, events) \
  { E100_##id, events, id }

const struct predicate predicates_of_asking_messaging[] = {
    ROW(CLIENT_SENDS_HOST, ON_REQUEST),
    ROW(CLIENT_CHUNKED_LAST, ON_REQUEST | ON_UNREADABLE),
    ROW(CLIENT_LENGTH_OR_CODING, ON_REQUEST),
    ROW(CLIENT_CODING_ONLY_TO_11, ON_REQUEST),
    ROW(CLIENT_10_CODING_CLOSE, ON_REQUEST | ON_PAUSE | ON_LEAVING),
    ROW(CLIENT_SENDS_AS_ASKED, ON_REQUEST | ON_CONTENT | ON_WHOLE | ON_PAUSE),
    ROW(CLIENT_READS_AS_FRAMED, ON_HEARD | ON_UNHEARD),
    ROW(CLIENT_CLOSES_AFTER_BAD_FRAMING, ON_SPOILED | ON_GIVING_UP),
    ROW(CLIENT_TE_NO_CHUNKED, ON_REQUEST),
    ROW(CLIENT_INCOMPLETE_IS_NOT_WHOLE, ON_HEARD),
    ROW(CLIENT_TELLS_OF_LOSS, ON_HEARD | ON_UNHEARD),
    ROW(CLIENT_RESPONSE_TO_ITS_REQUEST, ON_HEARD | ON_UNHEARD),
    ROW(CLIENT_NO_STRAY_RESPONSE, ON_HEARD | ON_STRAY),
    ROW(CLIENT_CLOSES_AFTER_STRAY, ON_PAUSE | ON_LEAVING | ON_REQUEST | ON_SPOILED | ON_GIVING_UP),
    ROW(CLIENT_FINISHES_CONTENT_FIRST, ON_CONTENT | ON_UNREADABLE | ON_MARK),
    ROW(CLIENT_NOTHING_AFTER_10, ON_REQUEST),
    ROW(CLIENT_PIPELINES_SAFELY, ON_REQUEST),
    ROW(CLIENT_NO_PIPELINED_RETRY, ON_REQUEST),
    ROW(CLIENT_STOPS_WHEN_REFUSED, ON_CONTENT | ON_LEAVING),
    ROW(CLIENT_NOTHING_AFTER_CLOSE, ON_REQUEST),
    ROW(CLIENT_CLOSES, ON_PAUSE | ON_LEAVING),
};
const size_t predicates_of_asking_messaging_count =
    sizeof predicates_of_asking_messaging / sizeof *predicates_of_asking_messaging;
