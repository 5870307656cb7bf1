/*
 * choices_written.c - the choices that an exchange is made of, the reverse of choices.c.
 *
 * Engines call this for each input that is changed as an exchange, and learn nothing from it: builds for
 * them leave it out of their coverage (cmake/components.cmake).
 */
#include <string.h>

#include "exchange/choice_tables.h"

static void put(struct e100_text *out, unsigned octet) {
  const char c = (char)(uint8_t)octet;
  e100_text_add(out, &c, 1);
}

static void put_number(struct e100_text *out, uint32_t number) {
  for (; number > 127; number >>= 7)
    put(out, 128 | (number & 127));
  put(out, number);
}

/* The fragments of the table by their first octet: for each octet the last, for each fragment the one before
 * that begins with the same; 0: none. */
struct fragment_index {
  uint8_t last[256];
  uint8_t before[FRAGMENT_COUNT];
};

static void index_fragments(struct fragment_index *index) {
  memset(index, 0, sizeof(*index));
  for (unsigned i = 1; i < FRAGMENT_COUNT; i++) {
    uint8_t first = (uint8_t)fragments[i].octets[0];
    index->before[i] = index->last[first];
    index->last[first] = (uint8_t)i;
  }
}

/* The longest fragment of the table that OCTETS start with; 0: none. */
static unsigned longest_fragment(const struct fragment_index *index, const uint8_t *octets, size_t length) {
  unsigned longest = 0;
  for (unsigned i = index->last[octets[0]]; i > 0; i = index->before[i]) {
    size_t this = fragments[i].length;
    if (this >= fragments[longest].length && this <= length && memcmp(fragments[i].octets, octets, this) == 0)
      longest = i;
  }
  return longest;
}

static size_t run_length(const uint8_t *octets, size_t length) {
  size_t run = 1;
  while (run < length && run < RUN_LONGEST && octets[run] == octets[0])
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

static void put_fragments(struct e100_text *out, const struct fragment_index *index, const uint8_t *octets,
                          size_t length) {
  enum { WORTH_A_BREAK = 4 }; /* octets for which a literal is ended: to start another costs two */
  size_t literal = 0;         /* octets before AT that are not written yet */
  size_t at = 0;
  while (at < length) {
    unsigned fragment = longest_fragment(index, octets + at, length - at);
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

static void put_step(struct e100_text *out, const struct fragment_index *index,
                     const struct e100_exchange *exchange, const struct e100_step *step) {
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
    put_fragments(out, index, e100_step_octets(exchange, step), step->length);
}

void e100_choices_encode(const struct e100_exchange *exchange, struct e100_text *out) {
  size_t start = out->length;
  uint8_t link = 0;
  struct fragment_index index;
  index_fragments(&index);
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
    put_step(out, &index, exchange, step);
  }
  put(out, OP_END);
  /* What is missing reads as zero. */
  while (out->length > start && out->text[out->length - 1] == '\0')
    out->length--;
  out->text[out->length] = '\0';
}
