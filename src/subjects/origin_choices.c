#include "subjects/origin_choices.h"

#include "subjects/chosen_policies.h"

enum { LIMIT_OF_THE_POLICY = 5 /* octets, for the policy limit-5 */ };

/* What can be chosen, by the names of policies.def. */
enum choice { LATE_100, DISCARD, REFUSE_UNKNOWN, UNASKED_100, LIMIT, PROMPT, CHOICES };
static const char *const names[CHOICES] = {"late-100",    "discard", "refuse-unknown",
                                           "unasked-100", "limit-5", "prompt"};

static const uint32_t *choice_masks(void) {
  static uint32_t masks[CHOICES];
  return e100_policy_masks(names, masks, CHOICES);
}

bool e100_application_is_prompt(uint32_t policy) {
  return (policy & choice_masks()[PROMPT]) != 0;
}

struct e100_origin_policy e100_origin_policy_of(uint32_t policy) {
  const uint32_t *masks = choice_masks();
  return (struct e100_origin_policy){
      .late_100 = (policy & masks[LATE_100]) != 0,
      .discard = (policy & masks[DISCARD]) != 0,
      .refuse_unknown = (policy & masks[REFUSE_UNKNOWN]) != 0,
      .unasked_100 = (policy & masks[UNASKED_100]) != 0,
      .content_limit = (policy & masks[LIMIT]) != 0 ? LIMIT_OF_THE_POLICY : 0,
  };
}

struct e100_origin_design e100_origin_design_of(const struct e100_variation *variation) {
  struct e100_origin_design design = e100_origin_reference;
  const struct e100_origin_design *own = &variation->events;
  if (own->table != NULL)
    design.table = own->table;
  if (own->head_event != NULL)
    design.head_event = own->head_event;
  if (own->accept_is_aloud != NULL)
    design.accept_is_aloud = own->accept_is_aloud;
  if (own->response_is_last != NULL)
    design.response_is_last = own->response_is_last;
  if (own->upgrade_is_asked != NULL)
    design.upgrade_is_asked = own->upgrade_is_asked;
  return design;
}
