#include "subjects/origin_choices.h"

enum { LIMIT_OF_THE_POLICY = 5 /* octets, for the policy limit-5 */ };

/* What can be chosen, by the names of policies.def. */
enum choice { LATE_100, DISCARD, REFUSE_UNKNOWN, UNASKED_100, LIMIT, PROMPT, CHOICES };
static const char *const names[CHOICES] = {"late-100",    "discard", "refuse-unknown",
                                           "unasked-100", "limit-5", "prompt"};

/* The names are looked up once: a connection is opened for each exchange that is played. */
static bool is_chosen(uint32_t policy, enum choice choice) {
  static uint32_t masks[CHOICES];
  if (masks[choice] == 0) {
    int bit = e100_policy_named(names[choice]);
    E100_CHECK(bit >= 0, "a policy that the machine follows is in policies.def");
    masks[choice] = 1U << bit;
  }
  return (policy & masks[choice]) != 0;
}

bool e100_application_is_prompt(uint32_t policy) {
  return is_chosen(policy, PROMPT);
}

struct e100_origin_policy e100_origin_policy_of(uint32_t policy) {
  return (struct e100_origin_policy){
      .late_100 = is_chosen(policy, LATE_100),
      .discard = is_chosen(policy, DISCARD),
      .refuse_unknown = is_chosen(policy, REFUSE_UNKNOWN),
      .unasked_100 = is_chosen(policy, UNASKED_100),
      .content_limit = is_chosen(policy, LIMIT) ? LIMIT_OF_THE_POLICY : 0,
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
