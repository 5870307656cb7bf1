/*
 * crossing.c - what a client sent before it had what came last, and what it sent after that for sure.
 */
#include "model/crossing.h"

#include "model/errands.h"

_Static_assert(ASKED_LIMIT <= 8, "a set of places in asked fits into an octet");

void something_comes(struct asker *asker) {
  asker->has_last = asker->sends_after = false;
  asker->asked_after = 0;
}

/* What is told of ERRAND shows that what came last was received: of a response that is not whole, its head;
 * of one that is, its end; and where nobody can know where it ends, that it is over, or what makes it so if
 * that is in its head. Nobody who knows of a whole response need know of octets that came behind it. */
static bool shows_last(const struct asker *asker, const struct errand *errand, const struct e100_step *step) {
  const uint32_t heard = HEARD_RESPONSE | HEARD_ANOTHER;
  bool whole = (errand->state & RESPONSE_WHOLE) != 0;
  bool in_head = !asker->spoiled || (errand->state & BAD_RESPONSE) != 0;
  if (step->what == E100_TOLD_RESPONSE)
    return step->status == errand->final && !whole && in_head;
  if (step->what != E100_TOLD_COMPLETE && step->what != E100_TOLD_ABORTED)
    return false;
  return asker->spoiled ? !whole : (errand->state & heard) == HEARD_RESPONSE;
}

void something_is_heard(struct asker *asker, uint32_t number, const struct e100_step *step) {
  if (number == NO_REQUEST || number != asker->receiving || !asker->order_is_other)
    return;
  asker->has_last |= shows_last(asker, &asker->errands[number % REMEMBERED_LIMIT], step);
}

void something_is_asked(struct view *v, uint32_t place) {
  for (uint32_t link = 0; link < v->link_count; link++) {
    struct asker *asker = asker_of(v, link);
    asker->asked_after &= (uint8_t) ~(1u << place);
    asker->asked_after |= (uint8_t)((asker->has_last ? 1u : 0u) << place);
  }
}

void nothing_goes_on(struct asker *asker) {
  asker->sends_after = asker->has_last;
}

bool may_cross(const struct asker *asker) {
  return asker->order_is_other && !asker->sends_after;
}

bool is_sent_after_last(const struct view *v, const struct asker *asker, const struct head *head) {
  bool asked = false;
  if (v->asked_count > ASKED_LIMIT)
    return false;
  for (uint32_t place = 0; place < v->asked_count; place++) {
    if (!is_asked_for(&v->asked[place], head))
      continue;
    asked = true;
    if ((asker->asked_after >> place & 1u) == 0)
      return false;
  }
  return asked;
}
