/*
 * normalize.c - makes any exchange canonical, so that equal exchanges have one spelling.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_inside.h"

/* ---- what is for people -------------------------------------------------------------------------- */

/* A title is lines of printable ASCII without blanks at their ends; none before and after them is empty. */
static void normalize_title(char *title) {
  size_t kept = 0;
  size_t length = strnlen(title, E100_TITLE_LIMIT - 1);
  for (size_t i = 0; i < length; i++) {
    char c = title[i];
    if (c == '\t')
      c = ' ';
    else if (c != '\n' && (c < ' ' || c > '~'))
      c = '?';
    if (c == '\n')
      while (kept > 0 && title[kept - 1] == ' ')
        kept--;
    if (c == '\n' && kept == 0)
      continue;
    title[kept++] = c;
  }
  while (kept > 0 && (title[kept - 1] == ' ' || title[kept - 1] == '\n'))
    kept--;
  title[kept] = '\0';
}

/* A sentence on one line of printable ASCII, without blanks at its ends. */
static void normalize_stays(char *stays) {
  size_t kept = 0;
  size_t length = strnlen(stays, E100_STAYS_LIMIT - 1);
  for (size_t i = 0; i < length; i++) {
    bool blank = stays[i] == ' ' || stays[i] == '\t' || stays[i] == '\n';
    char c = blank ? ' ' : stays[i] < ' ' || stays[i] > '~' ? '?' : stays[i];
    if (!blank || kept > 0)
      stays[kept++] = c;
  }
  while (kept > 0 && stays[kept - 1] == ' ')
    kept--;
  stays[kept] = '\0';
}

static size_t word_length(const char *word, size_t room) {
  return strnlen(word, room);
}

static void normalize_shows(struct e100_exchange *exchange) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < exchange->shows_count && i < E100_SHOWS_LIMIT; i++) {
    size_t length = word_length(exchange->shows[i], E100_RULE_NAME_LIMIT);
    if (!e100_rule_name_valid(exchange->shows[i], length))
      continue;
    if (kept != i)
      memcpy(exchange->shows[kept], exchange->shows[i], E100_RULE_NAME_LIMIT);
    kept++;
  }
  exchange->shows_count = kept;
}

/* A line without a rule could not be written. */
static bool expected_valid(const struct e100_expected_finding *expected) {
  size_t rule = word_length(expected->rule, sizeof(expected->rule));
  size_t link = word_length(expected->link, sizeof(expected->link));
  return e100_rule_name_valid(expected->rule, rule) &&
         (link == 0 || e100_word_valid(expected->link, link, sizeof(expected->link)));
}

static void normalize_expected(struct e100_exchange *exchange) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < exchange->expected_count && i < E100_EXPECTED_LIMIT; i++) {
    if (!expected_valid(&exchange->expected[i]))
      continue;
    if (kept != i)
      exchange->expected[kept] = exchange->expected[i];
    if (exchange->expected[kept].party > E100_APPLICATION)
      exchange->expected[kept].party = E100_NOBODY;
    kept++;
  }
  exchange->expected_count = kept;
  exchange->has_expected = kept > 0 || exchange->has_expected != 0;
}

/* ---- links ------------------------------------------------------------------------------------------ */

static bool name_taken(const struct e100_exchange *exchange, uint32_t before, const char *name) {
  for (uint32_t i = 0; i < before; i++)
    if (strncmp(exchange->links[i].name, name, E100_NAME_LIMIT) == 0)
      return true;
  return false;
}

/* A link whose name cannot stay gets the first name of l1, l2, ... that no other link has. */
static void rename_link(struct e100_exchange *exchange, uint32_t index) {
  char name[3] = {'l', '1', '\0'};
  while (name_taken(exchange, exchange->link_count, name))
    name[1]++;
  e100_word_copy(exchange->links[index].name, E100_NAME_LIMIT, name, 2);
}

static void normalize_links(struct e100_exchange *exchange) {
  if (exchange->link_count == 0)
    e100_exchange_set_role(exchange, exchange->role);
  if (exchange->link_count > E100_LINKS_LIMIT)
    exchange->link_count = E100_LINKS_LIMIT;
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    struct e100_link *link = &exchange->links[i];
    size_t length = word_length(link->name, sizeof(link->name));
    bool alone = exchange->link_count == 1 && length == 0;
    if ((!alone && !e100_link_name_valid(link->name, length)) || name_taken(exchange, i, link->name))
      rename_link(exchange, i);
    else
      memset(link->name + length, 0, sizeof(link->name) - length);
    if (!e100_link_ends_valid(link->client, link->server)) {
      link->client = E100_CLIENT;
      link->server = E100_ORIGIN;
    }
  }
}

/* ---- steps ------------------------------------------------------------------------------------------ */

static bool is_end_of(const struct e100_link *link, unsigned party) {
  return party == link->client || party == link->server;
}

static uint8_t below(uint8_t number, unsigned count) {
  return number < count ? number : 0;
}

static uint16_t within(uint16_t number, uint16_t least, uint16_t most) {
  return number < least ? least : number > most ? most : number;
}

/* The step that is meant, with only those fields set that its kind has. OFFSET and LENGTH stay. */
static struct e100_step fields_of_kind(const struct e100_exchange *exchange, const struct e100_step *step) {
  uint8_t link_index = below(step->link, exchange->link_count);
  const struct e100_link *link = &exchange->links[link_index];
  struct e100_step clean = {.kind = step->kind};
  switch (step->kind) {
  case E100_STEP_DELIVER:
  case E100_STEP_OPEN:
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    clean.link = link_index;
    clean.from = is_end_of(link, step->from) ? step->from : link->client;
    if (step->kind == E100_STEP_OPEN)
      clean.from = link->client; /* servers open no connections */
    if (step->kind == E100_STEP_DELIVER)
      clean.to = clean.from == link->client ? link->server : link->client;
    break;
  case E100_STEP_TIMER:
    clean.from = step->from;
    if (step->from == E100_NOBODY || step->from >= E100_APPLICATION)
      clean.from = (uint8_t)e100_role_party(exchange->role);
    clean.what = below(step->what, E100_TIMER_COUNT);
    break;
  case E100_STEP_TOLD:
    clean.link = link_index;
    clean.from = E100_APPLICATION;
    clean.what = below(step->what, E100_TOLD_COUNT);
    clean.count = clean.what == E100_TOLD_CONTENT ? step->count : 0;
    if (clean.what == E100_TOLD_INTERIM)
      clean.status = within(step->status, 100, 199);
    else if (clean.what == E100_TOLD_RESPONSE)
      clean.status = within(step->status, 200, 999);
    break;
  case E100_STEP_DECIDED:
    clean.from = E100_APPLICATION;
    clean.what = below(step->what, E100_DECISION_COUNT);
    clean.link = clean.what == E100_DECIDE_REQUEST ? 0 : link_index;
    if (clean.what == E100_DECIDE_RESPOND)
      clean.status = within(step->status, 200, 999);
    if (clean.what == E100_DECIDE_RESPOND || clean.what == E100_DECIDE_UNMET)
      clean.flags = step->flags & E100_STEP_CLOSING;
    break;
  case E100_STEP_AWAIT:
    clean.link = link_index;
    clean.what = below(step->what, E100_AWAIT_COUNT);
    break;
  default: /* SETTLED and QUIET have nothing else */
    break;
  }
  if (e100_step_can_be_expected(&clean))
    clean.flags |= step->flags & E100_STEP_EXPECTED;
  if (e100_step_carries_octets(&clean)) {
    clean.offset = step->offset;
    clean.length = step->length;
  }
  return clean;
}

/* In a conversation to be judged nothing is awaited or expected: these steps never happened. */
static bool step_stays(const struct e100_exchange *exchange, const struct e100_step *step) {
  if (step->kind >= E100_STEP_KIND_COUNT)
    return false;
  return exchange->kind == E100_KIND_PLAY ||
         (step->kind != E100_STEP_AWAIT && !(step->flags & E100_STEP_EXPECTED));
}

static void normalize_steps(struct e100_exchange *exchange) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    struct e100_step clean = fields_of_kind(exchange, &exchange->steps[i]);
    if (!step_stays(exchange, &clean))
      continue;
    if (clean.offset > exchange->octet_count || clean.length > exchange->octet_count - clean.offset)
      clean.offset = clean.length = 0;
    exchange->steps[kept++] = clean;
  }
  exchange->step_count = kept;
}

/* Whether the octets of the steps follow each other, with none before, between and after them. */
static bool octets_in_order(const struct e100_exchange *exchange) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (!e100_step_carries_octets(step))
      continue;
    if (step->offset != at)
      return false;
    at += step->length;
  }
  return at == exchange->octet_count;
}

static void order_octets(struct e100_exchange *exchange) {
  struct e100_exchange ordered = {.truncated = 0};
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (e100_exchange_append(&ordered, step, e100_step_octets(exchange, step), step->length) < 0)
      break;
  }
  free(exchange->steps);
  free(exchange->octets);
  exchange->steps = ordered.steps;
  exchange->step_room = ordered.step_room;
  exchange->step_count = ordered.step_count;
  exchange->octets = ordered.octets;
  exchange->octet_room = ordered.octet_room;
  exchange->octet_count = ordered.octet_count;
  exchange->truncated |= ordered.truncated;
}

void e100_exchange_normalize(struct e100_exchange *exchange) {
  exchange->kind = below(exchange->kind, E100_KIND_COUNT);
  exchange->role = below(exchange->role, E100_ROLE_COUNT);
  exchange->policy &= e100_known_policies();
  exchange->reading &= e100_known_readings();
  exchange->truncated = exchange->truncated != 0;
  /* To be seen at the subject is what is meant when nothing is said. */
  if (exchange->seen_by >= E100_APPLICATION || exchange->seen_by == e100_role_party(exchange->role))
    exchange->seen_by = E100_NOBODY;
  normalize_links(exchange);
  normalize_steps(exchange);
  if (!octets_in_order(exchange))
    order_octets(exchange);
  normalize_title(exchange->title);
  normalize_stays(exchange->stays);
  normalize_shows(exchange);
  normalize_expected(exchange);
}
