/* origin_mutants.h - the machine of an origin server with its events derived otherwise. */
#ifndef E100_ORIGIN_MUTANTS_H
#define E100_ORIGIN_MUTANTS_H

#include "search/origin_product.h"
#include "tests/machine_mutants.h"

/* Everything that events are derived from. */
struct inputs {
  struct e100_request_facts facts;
  struct e100_origin_policy policy;
  bool content_owed, close, said_100;
};

enum derived {
  HEAD_EVENT,
  ACCEPT_IS_ALOUD,
  RESPONSE_IS_LAST,
  UPGRADE_IS_ASKED,
  FACTS, /* what everything is derived from: as the head is read */
  CHOSEN /* what the machine was told to choose */
};

static struct inputs misread(struct inputs inputs) {
  if (derivation->misread != NULL)
    derivation->misread(&inputs);
  return inputs;
}

static enum e100_origin_event other_head_event(const struct e100_request_facts *facts) {
  struct inputs inputs = misread((struct inputs){.facts = *facts});
  return (enum e100_origin_event)other_event(e100_origin_reference.head_event(&inputs.facts));
}

static bool other_accept_is_aloud(const struct e100_request_facts *facts,
                                  const struct e100_origin_policy *policy) {
  struct inputs inputs = misread((struct inputs){.facts = *facts, .policy = *policy});
  return answered(e100_origin_reference.accept_is_aloud(&inputs.facts, &inputs.policy));
}

static bool other_response_is_last(const struct e100_request_facts *facts,
                                   const struct e100_origin_policy *policy, bool content_owed, bool close) {
  struct inputs inputs = misread(
      (struct inputs){.facts = *facts, .policy = *policy, .content_owed = content_owed, .close = close});
  return answered(e100_origin_reference.response_is_last(&inputs.facts, &inputs.policy, inputs.content_owed,
                                                         inputs.close));
}

static bool other_upgrade_is_asked(const struct e100_request_facts *facts, bool said_100) {
  struct inputs inputs = misread((struct inputs){.facts = *facts, .said_100 = said_100});
  return answered(e100_origin_reference.upgrade_is_asked(&inputs.facts, inputs.said_100));
}

static void other_facts(const void *data, const struct e100_varied *varied, const uint8_t *head,
                        size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong == 0)
    *facts = misread((struct inputs){.facts = *facts}).facts;
}

static void *open_with_other_policy(const struct e100_subject *subject, const struct e100_setup *setup,
                                    struct e100_sink *sink) {
  struct e100_setup other = with_other_policy(setup);
  return e100_origin_subject_open(subject, &other, sink);
}

static const struct e100_variation other_variations[] = {
    [HEAD_EVENT] = {.events = {.head_event = other_head_event}},
    [ACCEPT_IS_ALOUD] = {.events = {.accept_is_aloud = other_accept_is_aloud}},
    [RESPONSE_IS_LAST] = {.events = {.response_is_last = other_response_is_last}},
    [UPGRADE_IS_ASKED] = {.events = {.upgrade_is_asked = other_upgrade_is_asked}},
    [FACTS] = {.read_facts = other_facts},
    [CHOSEN] = {.data = NULL},
};

#define MISREADING(name, input, value)      \
  static void name(void *in) {              \
    ((struct inputs *)in)->input = (value); \
  }
MISREADING(never_wrong, facts.wrong, 0)
MISREADING(always_asks, facts.asks, true)
MISREADING(never_asks, facts.asks, false)
MISREADING(always_11, facts.minor, 1)
MISREADING(always_10, facts.minor, 0)
MISREADING(never_content, facts.framing, E100_CONTENT_NONE)
MISREADING(always_content, facts.framing, E100_CONTENT_LENGTH)
MISREADING(always_other, facts.other, true)
MISREADING(never_other, facts.other, false)
MISREADING(always_head, facts.method, E100_METHOD_HEAD)
MISREADING(never_head, facts.method, E100_METHOD_OTHER)
MISREADING(always_upgrade, facts.upgrade, true)
MISREADING(never_upgrade, facts.upgrade, false)
MISREADING(always_persists, facts.persists, true)
MISREADING(never_persists, facts.persists, false)
MISREADING(always_unasked, policy.unasked_100, true)
MISREADING(never_unasked, policy.unasked_100, false)
MISREADING(always_late, policy.late_100, true)
MISREADING(never_late, policy.late_100, false)
MISREADING(always_discards, policy.discard, true)
MISREADING(never_discards, policy.discard, false)
MISREADING(always_owed, content_owed, true)
MISREADING(never_owed, content_owed, false)
MISREADING(always_close, close, true)
MISREADING(never_close, close, false)
MISREADING(always_said, said_100, true)
MISREADING(never_said, said_100, false)

#define TAKEN_FOR(event, other) \
  { #event " is " #other, HEAD_EVENT, NULL, AS_DERIVED, E100_##event, E100_##other }

static const struct derivation derivations[] = {
    TAKEN_FOR(HEAD_ASKS, HEAD_OFFERS),
    TAKEN_FOR(HEAD_ASKS, HEAD_STANDS_ALONE),
    TAKEN_FOR(HEAD_ASKS, HEAD_IS_WRONG),
    TAKEN_FOR(HEAD_OFFERS, HEAD_ASKS),
    TAKEN_FOR(HEAD_OFFERS, HEAD_STANDS_ALONE),
    TAKEN_FOR(HEAD_OFFERS, HEAD_IS_WRONG),
    TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_ASKS),
    TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_OFFERS),
    TAKEN_FOR(HEAD_STANDS_ALONE, HEAD_IS_WRONG),
    TAKEN_FOR(HEAD_IS_WRONG, HEAD_ASKS),
    TAKEN_FOR(HEAD_IS_WRONG, HEAD_OFFERS),
    TAKEN_FOR(HEAD_IS_WRONG, HEAD_STANDS_ALONE),
    MISREAD(HEAD_EVENT, never_wrong),
    MISREAD(HEAD_EVENT, always_asks),
    MISREAD(HEAD_EVENT, never_asks),
    MISREAD(HEAD_EVENT, always_11),
    MISREAD(HEAD_EVENT, always_10),
    MISREAD(HEAD_EVENT, never_content),
    MISREAD(HEAD_EVENT, always_content),
    ANSWERS(ACCEPT_IS_ALOUD),
    MISREAD(ACCEPT_IS_ALOUD, always_11),
    MISREAD(ACCEPT_IS_ALOUD, always_10),
    MISREAD(ACCEPT_IS_ALOUD, always_asks),
    MISREAD(ACCEPT_IS_ALOUD, never_asks),
    MISREAD(ACCEPT_IS_ALOUD, always_unasked),
    MISREAD(ACCEPT_IS_ALOUD, never_unasked),
    MISREAD(ACCEPT_IS_ALOUD, always_late),
    MISREAD(ACCEPT_IS_ALOUD, never_late),
    ANSWERS(RESPONSE_IS_LAST),
    MISREAD(RESPONSE_IS_LAST, always_persists),
    MISREAD(RESPONSE_IS_LAST, never_persists),
    MISREAD(RESPONSE_IS_LAST, always_discards),
    MISREAD(RESPONSE_IS_LAST, never_discards),
    MISREAD(RESPONSE_IS_LAST, always_owed),
    MISREAD(RESPONSE_IS_LAST, never_owed),
    MISREAD(RESPONSE_IS_LAST, always_close),
    MISREAD(RESPONSE_IS_LAST, never_close),
    ANSWERS(UPGRADE_IS_ASKED),
    MISREAD(UPGRADE_IS_ASKED, always_asks),
    MISREAD(UPGRADE_IS_ASKED, never_asks),
    MISREAD(UPGRADE_IS_ASKED, always_11),
    MISREAD(UPGRADE_IS_ASKED, always_10),
    MISREAD(UPGRADE_IS_ASKED, always_said),
    MISREAD(UPGRADE_IS_ASKED, never_said),
    MISREAD(FACTS, always_asks),
    MISREAD(FACTS, never_asks),
    MISREAD(FACTS, always_other),
    MISREAD(FACTS, never_other),
    MISREAD(FACTS, always_11),
    MISREAD(FACTS, always_10),
    MISREAD(FACTS, always_head),
    MISREAD(FACTS, never_head),
    MISREAD(FACTS, always_upgrade),
    MISREAD(FACTS, never_upgrade),
    MISREAD(FACTS, always_persists),
    MISREAD(FACTS, never_persists),
    CHOICES_OF(CHOSEN, 0, "late-100"),
    CHOICES_OF(CHOSEN, 1, "discard"),
    CHOICES_OF(CHOSEN, 2, "refuse-unknown"),
    CHOICES_OF(CHOSEN, 3, "unasked-100"),
    CHOICES_OF(CHOSEN, 4, "prompt"),
    CHOICES_OF(CHOSEN, 5, "limit-5"),
};
enum { DERIVATIONS = sizeof derivations / sizeof derivations[0] };

static bool is_origin(unsigned role) {
  return role == E100_ROLE_ORIGIN;
}

static const struct e100_subject *reference_origin(unsigned role) {
  (void)role;
  return &e100_origin_subject_reference;
}

static void vary_origin(const struct mutant *mutant, struct made *made) {
  if (mutant->derivation != NULL)
    made->variation.origin = other_variations[mutant->derivation->derived];
  else
    made->variation.origin.events.table = &made->table;
  if (mutant->derivation != NULL && mutant->derivation->derived == CHOSEN)
    made->subject.open = open_with_other_policy;
}

/* As the search has it. */
static const char *unreachable_of_origin(unsigned state, unsigned event) {
  return e100_searched_origin.unreachable(state, event);
}

static const struct mutated mutated_origin = {
    .prefix = "",
    .table = &e100_origin_table,
    .actions = E100_ORIGIN_ACTIONS,
    .impossible = E100_DO_IMPOSSIBLE,
    .derivations = derivations,
    .derivation_count = DERIVATIONS,
    .plays = is_origin,
    .reference = reference_origin,
    .unreachable = unreachable_of_origin,
    .watch = e100_origin_subject_watch,
    .vary = vary_origin,
};

static inline void try_origins(struct fates *fates) {
  try_machine(&mutated_origin, fates);
}

#endif
