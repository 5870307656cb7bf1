/*
 * predicates_asking_shared.c - what predicates about clients ask, of RFC 9110 and of RFC 9112.
 */
#include "model/predicates_asking.h"

bool is_user_agent(const struct judged *j) {
  return j->actor == E100_CLIENT;
}

bool can_act(const struct conversation *c) {
  return !c->client_gone && !c->client_half_closed && !c->server_gone && !c->tunnel;
}

const struct request *owing(const struct judged *j) {
  return owes_content(j->newest) ? j->newest : NULL;
}

bool may_have_given_marks(const struct judged *j) {
  bool given = j->view->asked_count > ASKED_LIMIT;
  for (uint32_t i = 0; i < j->view->asked_count && i < ASKED_LIMIT; i++)
    given |= j->view->asked[i].odd_marks;
  return given && is_user_agent(j);
}

bool is_new_stall(const struct judged *j) {
  return can_act(j->c) && (j->errand->state & STALLED) == 0;
}

/* ---- what the application has asked for ---------------------------------------------------------------- */

static bool was_given_so(const struct asked *asked, uint32_t facts, uint32_t notes) {
  return (asked->facts & facts) != 0 || (asked->notes & notes) != 0;
}

/* One of those that the request may be was given so; or may have been, where some are forgotten. */
static bool any_was_given_so(const struct judged *j, uint32_t facts, uint32_t notes) {
  for (unsigned i = 0; i < ASKED_LIMIT && i < j->view->asked_count; i++) {
    const struct asked *asked = &j->view->asked[i];
    bool like = asked->method == j->errand->method && asked->target == j->errand->target;
    if ((like || j->errand->asked == 0) && was_given_so(asked, facts, notes))
      return true;
  }
  return j->view->asked_count > ASKED_LIMIT;
}

enum ruling fault_of(const struct judged *j, uint32_t facts, uint32_t notes) {
  if (!is_user_agent(j) || j->errand == NULL)
    return BROKEN;
  if (j->errand->asked != 0 && was_given_so(&j->view->asked[j->errand->asked - 1], facts, notes))
    return BROKEN_BY_APPLICATION;
  return any_was_given_so(j, facts, notes) ? OPEN : BROKEN;
}

enum ruling fault_of_unread(const struct judged *j, uint32_t facts, uint32_t notes) {
  unsigned like = 0, so = 0;
  if (!is_user_agent(j))
    return BROKEN;
  for (unsigned i = 0; i < ASKED_LIMIT && i < j->view->asked_count; i++) {
    const struct asked *asked = &j->view->asked[i];
    bool fits = asked->method == j->head->method && asked->target == j->head->target;
    like += fits;
    so += fits && was_given_so(asked, facts, notes);
  }
  if (so == 0 && j->view->asked_count <= ASKED_LIMIT)
    return BROKEN;
  return so == like && so > 0 ? BROKEN_BY_APPLICATION : OPEN;
}

bool is_surely_repeat(const struct judged *j) {
  if (j->errand->came_as.match != NO_MATCH && (j->errand->state & IS_REPEAT) == 0)
    return false; /* it is its client that repeats: this only passes on what came anew */
  bool same_mark = j->before->mark != 0 && j->before->mark == j->errand->mark;
  return same_mark || (j->errand->state & IS_REPEAT) != 0;
}

/* ---- what the application is told of ------------------------------------------------------------------ */

bool knows_of_response(const struct errand *e) {
  return (e->state & HEARD_RESPONSE) != 0;
}

bool is_lost(const struct errand *e) {
  return (e->state & RESPONSE_CUT) != 0;
}

bool has_failed(const struct errand *e) {
  bool half = e->final / 100 == 2 && (e->state & RESPONSE_WHOLE) == 0;
  return is_lost(e) && (e->final == 0 || half);
}

bool may_give_up(const struct judged *j) {
  if ((j->errand->state & (IS_LONG | BAD_HEAD_CAME)) != 0)
    return true;
  uint32_t number = j->errand->number;
  for (uint32_t back = 1; back < REMEMBERED_LIMIT && j->c->first + back <= number; back++) {
    const struct errand *before = &j->asker->errands[(number - back) % REMEMBERED_LIMIT];
    const uint32_t heard = HEARD_RESPONSE | HEARD_END;
    bool taken = (before->state & (heard | HEARD_LOSS)) == heard && before->heard == before->came;
    if ((before->state & (IS_LONG | BAD_HEAD_CAME)) != 0 && !taken)
      return true;
  }
  return false;
}

bool gives_up_in_vain(const struct judged *j) {
  const struct errand *e = j->errand;
  return e != NULL && j->told == E100_TOLD_ABORTED && (e->state & RESPONSE_WHOLE) != 0 && !j->asker->dropped;
}

bool gives_up_for_interim(const struct judged *j) {
  const struct errand *e = j->errand;
  bool unsent = j->c->server_gone && owing(j) != NULL;
  return gives_up_in_vain(j) && e->interims > 0 && (e->state & (HEARD_RESPONSE | RARE_HEAD_CAME)) == 0 &&
         !unsent;
}

bool is_misled_by_hints(const struct judged *j) {
  const struct errand *e = j->errand;
  if (e == NULL || j->told != E100_TOLD_COMPLETE || e->hinted == 0 || e->heard != e->hinted ||
      (e->state & (IS_LONG | BAD_HEAD_CAME | RARE_HEAD_CAME)) != 0)
    return false;
  return e->final == 0 || e->heard != e->came;
}

bool may_refuse_interim(const struct errand *e, unsigned taken) {
  bool is_last = e->framed == e->interims && (e->state & LAST_WAS_INTERIM) != 0;
  return e->framed != 0 && (is_last || (!e->read_on && taken < e->framed));
}

bool ends_at_interim(const struct judged *j) {
  const struct errand *e = j->errand;
  return j->told == E100_TOLD_COMPLETE && e->final != 0 && e->heard_interims > 0 && !knows_of_response(e);
}
