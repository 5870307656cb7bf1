/*
 * choices.c - an exchange as a sequence of choices, for fuzzers (docs/case-format.md, "Choices").
 *
 * An operation is an octet, taken modulo the number of operations; its arguments follow. Octets of a
 * message are chosen from fragments.def. A link is chosen once and stays, so that most steps are one
 * octet. A mutated octet changes one choice and what follows stays readable, because every argument
 * has a length that does not depend on later ones.
 */
#include <string.h>

#include "exchange/choice_tables.h"

static uint8_t peer_end(const struct e100_exchange *exchange, uint32_t link) {
  const struct e100_link *on = &exchange->links[link];
  return subject_end(exchange, link) == on->client ? on->server : on->client;
}

struct choices {
  const uint8_t *octets;
  size_t length;
  size_t at;
};

static uint8_t choose(struct choices *choices) {
  return choices->at < choices->length ? choices->octets[choices->at++] : 0;
}

/* Seven bits an octet, the low ones first; the fifth octet is the last. */
static uint32_t choose_number(struct choices *choices) {
  uint32_t number = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    uint8_t octet = choose(choices);
    number |= (uint32_t)(octet & 127) << shift;
    if (octet < 128)
      break;
  }
  return number;
}

static bool add_run(struct choices *choices, struct e100_exchange *exchange) {
  uint8_t run[256];
  memset(run, choose(choices), sizeof(run));
  uint32_t count = choose(choices);
  if (count < RUN_SHORT)
    count++;
  else
    count = RUN_SHORT + (count - RUN_SHORT) * 256 + choose(choices) + 1;
  for (; count > sizeof(run); count -= (uint32_t)sizeof(run))
    if (!e100_exchange_extend(exchange, run, sizeof(run)))
      return false;
  return e100_exchange_extend(exchange, run, count);
}

static bool add_literal(struct choices *choices, struct e100_exchange *exchange) {
  uint8_t literal[255];
  size_t length = choose(choices);
  size_t left = choices->length - choices->at;
  size_t taken = length < left ? length : left;
  memset(literal, 0, sizeof(literal)); /* what is missing reads as zero */
  memcpy(literal, choices->octets + choices->at, taken);
  choices->at += taken;
  return e100_exchange_extend(exchange, literal, length);
}

/* Adds the chosen fragments to the last step; false where a limit was reached. */
static bool add_fragments(struct choices *choices, struct e100_exchange *exchange) {
  for (;;) {
    uint8_t number = choose(choices);
    bool fits = true;
    if (number == FRAGMENT_LITERAL)
      fits = add_literal(choices, exchange);
    else if (number == FRAGMENT_RUN)
      fits = add_run(choices, exchange);
    else if (number % FRAGMENT_COUNT == 0)
      return true;
    else
      fits = e100_exchange_extend(exchange, (const uint8_t *)fragments[number % FRAGMENT_COUNT].octets,
                                  fragments[number % FRAGMENT_COUNT].length);
    if (!fits)
      return false;
  }
}

static void choose_setup(struct choices *choices, struct e100_exchange *exchange) {
  uint8_t who = choose(choices);
  uint32_t policy = choose_number(choices);
  uint32_t reading = choose_number(choices);
  if (exchange->step_count > 0)
    return;
  exchange->kind = who & SETUP_JUDGE ? E100_KIND_JUDGE : E100_KIND_PLAY;
  e100_exchange_set_role(exchange, (enum e100_role)(who >> SETUP_ROLE_SHIFT & SETUP_ROLE_MASK));
  exchange->seen_by = who >> SETUP_SEEN_SHIFT & SETUP_SEEN_MASK;
  exchange->policy = policy;
  exchange->reading = reading;
}

static void choose_links(struct choices *choices, struct e100_exchange *exchange) {
  bool counts = exchange->step_count == 0;
  uint32_t number = choose(choices) % E100_LINKS_LIMIT + 1;
  if (counts)
    exchange->link_count = number;
  for (uint32_t i = 0; i < number; i++) {
    char name[E100_NAME_LIMIT] = {0};
    const uint8_t *ends = link_ends[choose(choices) % LINK_ENDS_COUNT];
    size_t length = choose(choices) % E100_NAME_LIMIT;
    for (size_t at = 0; at < length; at++)
      name[at] = (char)choose(choices);
    if (!counts)
      continue;
    memcpy(exchange->links[i].name, name, sizeof(name));
    exchange->links[i].client = ends[0];
    exchange->links[i].server = ends[1];
  }
}

/* One of COUNT statuses from LEAST on. */
static uint16_t choose_status(struct choices *choices, uint32_t least, uint32_t count) {
  uint32_t status = (uint32_t)choose(choices) << 8;
  status |= choose(choices);
  return (uint16_t)(least + status % count);
}

static void choose_answer(struct choices *choices, struct e100_step *step) {
  uint8_t answer = choose(choices);
  step->kind = E100_STEP_DECIDED;
  step->what = E100_DECIDE_RESPOND;
  if (answer & ANSWER_CLOSING)
    step->flags |= E100_STEP_CLOSING;
  if (answer % ANSWER_CLOSING < STATUS_COUNT) {
    step->status = statuses[answer % ANSWER_CLOSING];
    return;
  }
  step->status = choose_status(choices, 200, 800);
}

/* Reads the arguments of OPERATION into STEP; false where it is no step. */
static bool choose_step(struct choices *choices, const struct e100_exchange *exchange, unsigned operation,
                        struct e100_step *step) {
  uint8_t argument = 0;
  step->from = peer_end(exchange, step->link);
  switch (operation) {
  case OP_PEER_SENDS:
    step->kind = E100_STEP_DELIVER;
    return true;
  case OP_SUBJECT_SENDS:
    step->kind = E100_STEP_DELIVER;
    step->from = subject_end(exchange, step->link);
    return true;
  case OP_QUIET:
    step->kind = E100_STEP_QUIET;
    return true;
  case OP_SETTLED:
    step->kind = E100_STEP_SETTLED;
    return true;
  case OP_ACCEPT:
    step->kind = E100_STEP_DECIDED;
    step->what = E100_DECIDE_ACCEPT;
    return true;
  case OP_RESPOND:
    choose_answer(choices, step);
    return true;
  case OP_DECIDE:
    argument = choose(choices);
    step->kind = E100_STEP_DECIDED;
    step->what = decisions[argument % sizeof(decisions)];
    if (argument & DECISION_CLOSING)
      step->flags |= E100_STEP_CLOSING;
    return true;
  case OP_LINK_ENDS:
    argument = choose(choices);
    step->kind = endings[argument % sizeof(endings)];
    if (argument & ENDING_OF_SUBJECT)
      step->from = subject_end(exchange, step->link);
    return true;
  case OP_TIMER:
    argument = choose(choices);
    step->kind = E100_STEP_TIMER;
    step->what = argument % E100_TIMER_COUNT;
    step->from = timer_parties[argument / E100_TIMER_COUNT % TIMER_PARTY_COUNT];
    return true;
  case OP_AWAIT:
    step->kind = E100_STEP_AWAIT;
    step->what = choose(choices) % E100_AWAIT_COUNT;
    return true;
  case OP_TOLD:
    step->kind = E100_STEP_TOLD;
    step->what = choose(choices) % E100_TOLD_COUNT;
    if (step->what == E100_TOLD_CONTENT)
      step->count = choose_number(choices);
    if (e100_step_tells_status(step))
      step->status = choose_status(choices, step->what == E100_TOLD_INTERIM ? 100 : 200,
                                   step->what == E100_TOLD_INTERIM ? 100 : 800);
    return true;
  case OP_REQUEST:
    step->kind = E100_STEP_DECIDED;
    step->what = E100_DECIDE_REQUEST;
    return true;
  default:
    return false;
  }
}

void e100_choices_decode(struct e100_exchange *exchange, const uint8_t *choices, size_t length) {
  struct choices left = {.octets = choices, .length = length};
  uint8_t link = 0;
  uint8_t flags = 0;
  e100_exchange_clear(exchange);
  exchange->kind = E100_KIND_PLAY;
  for (;;) {
    unsigned operation = choose(&left) % OP_COUNT;
    if (operation == OP_END)
      break;
    struct e100_step step = {.link = link < exchange->link_count ? link : 0, .flags = flags};
    if (operation == OP_ON_LINK) {
      link = choose(&left) % E100_LINKS_LIMIT;
    } else if (operation == OP_EXPECT) {
      flags = E100_STEP_EXPECTED;
    } else if (operation == OP_SETUP) {
      choose_setup(&left, exchange);
    } else if (operation == OP_LINKS) {
      choose_links(&left, exchange);
    } else if (choose_step(&left, exchange, operation, &step)) {
      flags = 0;
      if (e100_exchange_append(exchange, &step, NULL, 0) < 0 ||
          (e100_step_carries_octets(&step) && !add_fragments(&left, exchange)))
        break;
    }
  }
  e100_exchange_normalize(exchange);
}
