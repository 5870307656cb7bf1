/*
 * choices.c - an exchange as a sequence of choices, for fuzzers (docs/case-format.md, "Choices").
 *
 * An operation is an octet, taken modulo the number of operations; its arguments follow. Octets of a
 * message are chosen from fragments.def. A link is chosen once and stays, so that most steps are one
 * octet. A mutated octet changes one choice and what follows stays readable, because every argument
 * has a length that does not depend on later ones.
 */
#include <string.h>

#include "exchange/exchange_inside.h"

enum operation {
  OP_END,           /* nothing follows */
  OP_PEER_SENDS,    /* fragments: the other end of the subject's link delivers */
  OP_QUIET,         /* */
  OP_ACCEPT,        /* the application accepts */
  OP_RESPOND,       /* answer, [two octets of status], fragments of content */
  OP_SETTLED,       /* */
  OP_DECIDE,        /* decision: any but accept and respond */
  OP_LINK_ENDS,     /* ending: half-close, close, reset or open, by the other end or the subject */
  OP_TIMER,         /* timer: the subject's, or a party's */
  OP_AWAIT,         /* what */
  OP_SUBJECT_SENDS, /* fragments: the subject delivers */
  OP_TOLD,          /* what, count where it is content, two octets of status where it is a response */
  OP_ON_LINK,       /* link: what follows happens on it */
  OP_EXPECT,        /* the next step is one that the subject should do */
  OP_SETUP,         /* who, policies, readings: before the first step, else it says nothing */
  OP_LINKS,         /* number, for each: ends, length of the name, name; likewise */
  OP_REQUEST,       /* fragments: a client's application asks for that */
  OP_COUNT
};

/* Fragments from the table have numbers from 1; 0 ends the list; the last two numbers have arguments. */
enum {
  FRAGMENT_RUN = 254,    /* octet, count: the octet so many times */
  FRAGMENT_LITERAL = 255 /* length, so many octets */
};

static const struct {
  const char *octets;
  uint32_t length;
} fragments[] = {
    {"", 0},
#define FRAGMENT(text) {text, sizeof(text) - 1},
#include "exchange/fragments.def"
};

enum { FRAGMENT_COUNT = sizeof(fragments) / sizeof(fragments[0]) };
_Static_assert((int)FRAGMENT_COUNT <= (int)FRAGMENT_RUN,
               "the fragments with arguments come after those of the table");

/* Counts of runs below this are one octet; above, two. */
enum { RUN_SHORT = 192, RUN_LIMIT = RUN_SHORT + 256 * (256 - RUN_SHORT) };

/* The statuses that `respond` has as one choice; the last place says that two octets follow. */
static const uint16_t statuses[] = {200, 201, 204, 304, 400, 401, 403, 404,
                                    405, 413, 417, 500, 501, 503, 302};
enum { STATUS_COUNT = sizeof(statuses) / sizeof(statuses[0]), ANSWER_EXPLICIT = 15, ANSWER_CLOSING = 16 };
_Static_assert((int)STATUS_COUNT <= (int)ANSWER_EXPLICIT,
               "the explicit status comes after those of the table");

static const uint8_t decisions[] = {E100_DECIDE_UNMET, E100_DECIDE_LATER, E100_DECIDE_CLOSE,
                                    E100_DECIDE_UPGRADE};
enum { DECISION_CLOSING = 4 };

static const uint8_t endings[] = {E100_STEP_HALF_CLOSE, E100_STEP_CLOSE, E100_STEP_RESET, E100_STEP_OPEN};
enum { ENDING_OF_SUBJECT = 4 };

/* Who a timer belongs to; the first stands for the subject. */
static const uint8_t timer_parties[] = {E100_NOBODY, E100_CLIENT, E100_PROXY, E100_GATEWAY, E100_ORIGIN};
enum { TIMER_PARTY_COUNT = sizeof(timer_parties) };

/* The first octet of OP_SETUP. */
enum {
  SETUP_JUDGE = 1,
  SETUP_ROLE_SHIFT = 1,
  SETUP_ROLE_MASK = 3,
  SETUP_SEEN_SHIFT = 3,
  SETUP_SEEN_MASK = 7
};

static const uint8_t link_ends[][2] = {
    {E100_CLIENT, E100_ORIGIN},  {E100_CLIENT, E100_PROXY},   {E100_PROXY, E100_ORIGIN},
    {E100_CLIENT, E100_GATEWAY}, {E100_GATEWAY, E100_ORIGIN}, {E100_PROXY, E100_GATEWAY},
    {E100_GATEWAY, E100_PROXY},
};
enum { LINK_ENDS_COUNT = sizeof(link_ends) / sizeof(link_ends[0]) };

/* The end of a link where the subject is; the server's, where it is on neither. */
static uint8_t subject_end(const struct e100_exchange *exchange, uint32_t link) {
  const struct e100_link *on = &exchange->links[link];
  return on->client == e100_role_party(exchange->role) ? on->client : on->server;
}

static uint8_t peer_end(const struct e100_exchange *exchange, uint32_t link) {
  const struct e100_link *on = &exchange->links[link];
  return subject_end(exchange, link) == on->client ? on->server : on->client;
}

/* ---- decoding --------------------------------------------------------------------------------------- */

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
  for (size_t i = 0; i < length; i++)
    literal[i] = choose(choices);
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

/* ---- encoding --------------------------------------------------------------------------------------- */

static void put(struct e100_text *out, unsigned octet) {
  const char c = (char)(uint8_t)octet;
  e100_text_add(out, &c, 1);
}

static void put_number(struct e100_text *out, uint32_t number) {
  for (; number > 127; number >>= 7)
    put(out, 128 | (number & 127));
  put(out, number);
}

/* The longest fragment of the table that OCTETS start with; 0: none. */
static unsigned longest_fragment(const uint8_t *octets, size_t length) {
  unsigned longest = 0;
  for (unsigned i = 1; i < FRAGMENT_COUNT; i++) {
    size_t this = fragments[i].length;
    if ((uint8_t)fragments[i].octets[0] == octets[0] && this > fragments[longest].length && this <= length &&
        memcmp(fragments[i].octets, octets, this) == 0)
      longest = i;
  }
  return longest;
}

static size_t run_length(const uint8_t *octets, size_t length) {
  size_t run = 1;
  while (run < length && run < RUN_LIMIT && octets[run] == octets[0])
    run++;
  return run;
}

static void put_run(struct e100_text *out, uint8_t octet, size_t count) {
  put(out, FRAGMENT_RUN);
  put(out, octet);
  if (count <= RUN_SHORT) {
    put(out, (unsigned)count - 1);
    return;
  }
  unsigned more = (unsigned)count - RUN_SHORT - 1;
  put(out, RUN_SHORT + more / 256);
  put(out, more % 256);
}

static void put_literal(struct e100_text *out, const uint8_t *octets, size_t length) {
  while (length > 0) {
    size_t taken = length < 255 ? length : 255;
    put(out, FRAGMENT_LITERAL);
    put(out, (unsigned)taken);
    e100_text_add(out, (const char *)octets, taken);
    octets += taken;
    length -= taken;
  }
}

static void put_fragments(struct e100_text *out, const uint8_t *octets, size_t length) {
  enum { WORTH_A_BREAK = 4 }; /* octets for which a literal is ended: to start another costs two */
  size_t literal = 0;         /* octets before AT that are not written yet */
  size_t at = 0;
  while (at < length) {
    unsigned fragment = longest_fragment(octets + at, length - at);
    size_t run = run_length(octets + at, length - at);
    size_t taken = run > 3 && run > fragments[fragment].length ? run : fragments[fragment].length;
    if (taken < (literal > 0 ? WORTH_A_BREAK : 1)) {
      literal++;
      at++;
      continue;
    }
    put_literal(out, octets + at - literal, literal);
    literal = 0;
    if (taken == fragments[fragment].length)
      put(out, fragment);
    else
      put_run(out, octets[at], taken);
    at += taken;
  }
  put_literal(out, octets + at - literal, literal);
  put(out, 0);
}

static unsigned place_in(const uint8_t *table, size_t count, uint8_t value) {
  unsigned place = 0;
  while (place < count && table[place] != value)
    place++;
  E100_CHECK(place < count, "a normalized exchange has nothing that cannot be chosen");
  return place;
}

static void put_setup(struct e100_text *out, const struct e100_exchange *exchange) {
  bool usual = exchange->kind == E100_KIND_PLAY && exchange->role == E100_ROLE_ORIGIN &&
               exchange->seen_by == E100_NOBODY && !exchange->policy && !exchange->reading;
  if (!usual) {
    put(out, OP_SETUP);
    put(out, (exchange->kind == E100_KIND_JUDGE ? SETUP_JUDGE : 0U) |
                 (unsigned)exchange->role << SETUP_ROLE_SHIFT |
                 (unsigned)exchange->seen_by << SETUP_SEEN_SHIFT);
    put_number(out, exchange->policy);
    put_number(out, exchange->reading);
  }
  if (e100_links_are_usual(exchange))
    return;
  put(out, OP_LINKS);
  put(out, exchange->link_count - 1);
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    const struct e100_link *link = &exchange->links[i];
    unsigned ends = 0;
    while (ends + 1 < LINK_ENDS_COUNT &&
           (link_ends[ends][0] != link->client || link_ends[ends][1] != link->server))
      ends++;
    put(out, ends);
    put(out, (unsigned)strlen(link->name));
    e100_text_add(out, link->name, strlen(link->name));
  }
}

static void put_status(struct e100_text *out, unsigned status) {
  put(out, status >> 8);
  put(out, status & 255);
}

static void put_decision(struct e100_text *out, const struct e100_step *step) {
  unsigned closing = step->flags & E100_STEP_CLOSING;
  if (step->what == E100_DECIDE_ACCEPT) {
    put(out, OP_ACCEPT);
    return;
  }
  if (step->what == E100_DECIDE_REQUEST) {
    put(out, OP_REQUEST);
    return;
  }
  if (step->what != E100_DECIDE_RESPOND) {
    put(out, OP_DECIDE);
    put(out, place_in(decisions, sizeof(decisions), step->what) | (closing ? DECISION_CLOSING : 0U));
    return;
  }
  unsigned answer = 0;
  while (answer < STATUS_COUNT && statuses[answer] != step->status)
    answer++;
  if (answer == STATUS_COUNT)
    answer = ANSWER_EXPLICIT;
  put(out, OP_RESPOND);
  put(out, answer | (closing ? ANSWER_CLOSING : 0U));
  if (answer == ANSWER_EXPLICIT)
    put_status(out, step->status - 200U);
}

static void put_step(struct e100_text *out, const struct e100_exchange *exchange,
                     const struct e100_step *step) {
  bool by_subject = step->from == subject_end(exchange, step->link);
  switch (step->kind) {
  case E100_STEP_DELIVER:
    put(out, by_subject ? OP_SUBJECT_SENDS : OP_PEER_SENDS);
    break;
  case E100_STEP_SETTLED:
    put(out, OP_SETTLED);
    break;
  case E100_STEP_QUIET:
    put(out, OP_QUIET);
    break;
  case E100_STEP_TIMER:
    put(out, OP_TIMER);
    put(out, step->what + (step->from == e100_role_party(exchange->role)
                               ? 0
                               : place_in(timer_parties, TIMER_PARTY_COUNT, step->from) * E100_TIMER_COUNT));
    break;
  case E100_STEP_TOLD:
    put(out, OP_TOLD);
    put(out, step->what);
    if (step->what == E100_TOLD_CONTENT)
      put_number(out, step->count);
    if (e100_step_tells_status(step))
      put_status(out, step->status - (step->what == E100_TOLD_INTERIM ? 100U : 200U));
    break;
  case E100_STEP_DECIDED:
    put_decision(out, step);
    break;
  case E100_STEP_AWAIT:
    put(out, OP_AWAIT);
    put(out, step->what);
    break;
  default:
    put(out, OP_LINK_ENDS);
    put(out, place_in(endings, sizeof(endings), step->kind) | (by_subject ? ENDING_OF_SUBJECT : 0U));
    break;
  }
  if (e100_step_carries_octets(step))
    put_fragments(out, e100_step_octets(exchange, step), step->length);
}

void e100_choices_encode(const struct e100_exchange *exchange, struct e100_text *out) {
  size_t start = out->length;
  uint8_t link = 0;
  put_setup(out, exchange);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (e100_step_is_on_link(step) && step->link != link) {
      link = step->link;
      put(out, OP_ON_LINK);
      put(out, link);
    }
    if (step->flags & E100_STEP_EXPECTED)
      put(out, OP_EXPECT);
    put_step(out, exchange, step);
  }
  put(out, OP_END);
  /* What is missing reads as zero. */
  while (out->length > start && out->text[out->length - 1] == '\0')
    out->length--;
  out->text[out->length] = '\0';
}
