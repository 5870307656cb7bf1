/*
 * predicates_shared.c - what several predicates about servers ask.
 */
#include "model/predicates.h"

#include "model/passing_on.h"

bool is_bound(enum e100_bound bound, const struct judged *j) {
  switch (bound) {
  case E100_BOUND_ORIGIN: /* a gateway has an origin server's duties towards its clients (RFC 9110 3.7) */
    return j->c->server == E100_ORIGIN || j->c->server == E100_GATEWAY;
  case E100_BOUND_PROXY:
    return j->actor == E100_PROXY;
  case E100_BOUND_INTERMEDIARY:
    return j->actor == E100_PROXY || j->actor == E100_GATEWAY;
  default:
    return true;
  }
}

bool is_content_after(const struct judged *j, enum bare_kind kind) {
  return j->event == ON_GARBAGE && j->c->bare_status == kind && !j->of_empty_line &&
         !reader_is_in_status_line(&j->c->from_server);
}

bool is_interim(const struct head *response) {
  return response->status >= 100 && response->status < 200;
}

bool server_can_act(const struct conversation *c) {
  return !c->server_gone && !c->client_gone && c->close_due == 0 && !c->sending && !c->rejected;
}

bool content_is_to_come(const struct request *request) {
  bool declared = request->content != CONTENT_NONE && request->content != CONTENT_BROKEN;
  return declared && (request->facts & HEAD_BELOW_11) == 0 && request->hundreds == 0 &&
         (request->progress & (CONTENT_ARRIVED | CUT_SHORT | FINAL_SENT)) == 0;
}

bool awaits_100(const struct request *request) {
  return (request->facts & HEAD_ASKS) != 0 && content_is_to_come(request);
}

bool content_comes_unasked(const struct request *request) {
  return (request->progress & REQUEST_COMPLETE) == 0 && !awaits_100(request);
}

bool is_100_too_many(const struct request *request) {
  if (request->hundreds_back > 0 && (request->progress & SAID_OWN_100) == 0)
    return false; /* it is passed on */
  return request->hundreds > 0 || (request->facts & (HEAD_ASKS | HEAD_MAY_ASK)) == 0;
}

bool answers_no_content(const struct request *request, const struct head *response) {
  return response->status < 400 && (request->progress & (LINE_IN_CONTENT | CONTENT_IS_BROKEN)) == 0;
}

/* All that was heard of the server on this connection is HTTP/1.0, in which there is no 100. */
static bool speaks_10(const struct conversation *c) {
  return c->answered > c->first && c->minor == 0;
}

enum ruling silence_before_100(const struct conversation *c, const struct request *request) {
  if ((request->progress & (WAITS_FOR_OTHERS | EARLY_100)) != 0 || speaks_10(c))
    return OPEN;
  bool undecided = (request->progress & (PROGRAM_ACCEPTED | PROGRAM_RESPONDED)) == 0;
  bool program = c->program_seen && (request->progress & TOLD_OF_HEAD) != 0 && undecided;
  uint32_t already = program ? WAITED_FOR_PROGRAM : WAITED_FOR_ORIGIN;
  if ((request->progress & already) != 0)
    return APART; /* this silence was judged before */
  return program ? BROKEN_BY_APPLICATION : BROKEN;
}

enum ruling silence_before_final(const struct conversation *c, const struct request *request) {
  if ((request->progress & WAITS_FOR_OTHERS) != 0)
    return OPEN;
  if (request->relayed != 0)
    return APART; /* it has come, and is to be passed on: INTERMEDIARY_RELAYS_FINAL */
  bool knows_all = (request->progress & TOLD_OF_HEAD) != 0 && (request->progress & TOLD_COMPLETE) != 0;
  bool program = c->program_seen && knows_all && (request->progress & PROGRAM_RESPONDED) == 0;
  uint32_t already = program ? LATE_FINAL_OF_PROGRAM : LATE_FINAL_OF_ORIGIN;
  if ((request->progress & already) != 0)
    return APART;
  return program ? BROKEN_BY_APPLICATION : BROKEN;
}

const struct tie *tie_of(const struct judged *event) {
  return event->actor == event->c->client ? &event->errand->came_as : &event->errand->sent_as;
}

enum ruling unless_it_came_so(const struct judged *j, unsigned what) {
  if (!is_intermediary(j->c->server))
    return BROKEN;
  if (j->peer_errand == NULL || tie_of(j)->match != IS_MATCH)
    return OPEN;
  return (j->peer_errand->odd_came & what) != 0 ? APART : BROKEN;
}

enum ruling wrong_status(const struct request *request, const struct head *response) {
  if (response->status == 0) /* 000: it stands for no status elsewhere */
    return BROKEN;
  if (request != NULL && request->relayed == response->status)
    return APART; /* so it came */
  bool program = request != NULL && request->decided == response->status;
  return program ? BROKEN_BY_APPLICATION : BROKEN;
}

enum ruling still_open(const struct conversation *c) {
  if (c->sending || c->server_gone || c->client_gone || c->close_missed)
    return APART;
  return c->seen_by_client ? OPEN : BROKEN;
}

enum ruling closes(const struct judged *j, enum close_cause cause) {
  const struct conversation *c = j->c;
  if ((c->close_due & cause) == 0)
    return APART;
  if (j->event == ON_ENDING)
    return KEPT;
  if ((c->close_due & (CLOSE_RECEIVED | CLOSE_SENT)) != 0)
    return APART; /* said: SERVER_CLOSES, SERVER_NOTHING_AFTER_CLOSE */
  if (j->event == ON_RESPONSE)
    return j->request != NULL || c->head_begun || reader_is_stopped(&c->from_client) ? BROKEN : APART;
  return still_open(c);
}
