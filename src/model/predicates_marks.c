/*
 * predicates_marks.c - whose octets are whose, as marks show it.
 */
#include "model/predicates_asking.h"

#define PREDICATE(id) static enum ruling id(const struct judged *j)

static enum ruling unless(const struct judged *j, enum sight wrong) {
  if (j->sight == MARK_IN_PLACE)
    return KEPT;
  return j->sight == wrong ? BROKEN : APART;
}

static bool is_by_client(const struct judged *j) {
  return j->actor == j->c->client;
}

/* An application may have given content with such marks, which is to be sent as it is. */
static enum ruling unless_given(const struct judged *j, enum sight wrong) {
  enum ruling ruling = unless(j, wrong);
  bool given = is_by_client(j) ? may_have_given_marks(j) : j->c->given.odd_marks;
  return ruling == BROKEN && given ? OPEN : ruling;
}

PREDICATE(CONTENT_STAYS_OUT_OF_HEADS) {
  return unless(j, CONTENT_IN_HEAD);
}

PREDICATE(HEAD_STAYS_OUT_OF_CONTENT) {
  bool owed = is_by_client(j) && j->newest != NULL && (j->newest->progress & FINAL_SENT) != 0;
  if (owed)
    return APART; /* a rule of its own: CLIENT_FINISHES_CONTENT_FIRST */
  return unless_given(j, HEAD_IN_CONTENT);
}

PREDICATE(CONTENT_UNDER_ITS_HEAD) {
  return is_by_client(j) ? unless_given(j, CONTENT_OF_OTHER) : APART;
}

PREDICATE(RESPONSE_UNDER_ITS_REQUEST) {
  if (is_by_client(j))
    return APART;
  return j->sight == CONTENT_OF_OTHER ? unless_given(j, CONTENT_OF_OTHER) : unless(j, RESPONSE_OF_OTHER);
}

#define ROW(id) \
  { E100_##id, ON_MARK, id }

const struct predicate predicates_of_marks[] = {
    ROW(CONTENT_STAYS_OUT_OF_HEADS),
    ROW(HEAD_STAYS_OUT_OF_CONTENT),
    ROW(CONTENT_UNDER_ITS_HEAD),
    ROW(RESPONSE_UNDER_ITS_REQUEST),
};
const size_t predicates_of_marks_count = sizeof predicates_of_marks / sizeof *predicates_of_marks;
