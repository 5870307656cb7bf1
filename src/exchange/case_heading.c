/*
 * case_heading.c - reads the heading of a step in .case text.
 */
#include <string.h>

#include "exchange/case_reader.h"

/* A heading while it is read: what is left of it, and the step that it means so far. */
struct heading {
  struct e100_case_reader *reader;
  struct e100_words all;
  struct e100_words rest;
  struct e100_step step;
};

/* Says what is wrong; the heading then means nothing. */
static bool wrong(const struct heading *heading, const char *advice) {
  e100_case_lose(heading->reader, "unknown heading: ", heading->all, advice);
  return false;
}

static bool next_is(struct heading *heading, const char *word) {
  struct e100_words rest = heading->rest;
  if (!e100_words_are(e100_words_next(&rest), word))
    return false;
  heading->rest = rest;
  return true;
}

static bool nothing_left(const struct heading *heading) {
  if (e100_words_trimmed(heading->rest).length == 0)
    return true;
  return wrong(heading, "; it has a word too many");
}

/* ---- links ------------------------------------------------------------------------------------------ */

static int link_named(const struct e100_exchange *exchange, struct e100_words name) {
  for (uint32_t i = 0; i < exchange->link_count; i++)
    if (name.length > 0 && e100_words_are(name, exchange->links[i].name))
      return (int)i;
  return -1;
}

/* Whether FROM can act on the link, towards TO (E100_NOBODY: whoever is there). */
static bool link_fits(const struct e100_link *link, unsigned from, unsigned to) {
  if (from == E100_NOBODY)
    return true;
  return (link->client == from && (to == E100_NOBODY || link->server == to)) ||
         (link->server == from && (to == E100_NOBODY || link->client == to));
}

/* Reads the name of a link, which may be left out where only one link fits. */
static bool read_link_name(struct heading *heading, unsigned from, unsigned to) {
  const struct e100_exchange *exchange = heading->reader->exchange;
  struct e100_words name = e100_words_next(&heading->rest);
  if (name.length > 0) {
    int named = link_named(exchange, name);
    if (named < 0)
      return wrong(heading, "; its last word is to be the name of a link that `links` declares");
    if (!link_fits(&exchange->links[named], from, to))
      return wrong(heading, "; that link joins other parties");
    heading->step.link = (uint8_t)named;
    return nothing_left(heading);
  }
  uint32_t fitting = 0;
  for (uint32_t i = exchange->link_count; i-- > 0;) {
    if (!link_fits(&exchange->links[i], from, to))
      continue;
    heading->step.link = (uint8_t)i;
    fitting++;
  }
  if (fitting == 0)
    return wrong(heading, "; no link joins these parties");
  if (fitting > 1)
    e100_case_lose(heading->reader, "several links fit, and the first is taken: ", heading->all,
                   "; end it with the name of the link");
  return true;
}

/* ---- kinds of steps --------------------------------------------------------------------------------- */

static bool read_party(struct heading *heading, struct e100_words first) {
  static const struct {
    const char *word;
    uint8_t kind;
  } verbs[] = {{"opens", E100_STEP_OPEN},
               {"half-closes", E100_STEP_HALF_CLOSE},
               {"closes", E100_STEP_CLOSE},
               {"resets", E100_STEP_RESET}};
  enum e100_party from = E100_NOBODY;
  enum e100_party to = E100_NOBODY;
  if (!e100_words_parties(first, &from, &to)) {
    int party = e100_words_named(first, e100_party_named);
    if (party < 0)
      return wrong(heading, "; it starts with a party, settled, quiet, timer, app<, app>, await or expect");
    from = (enum e100_party)party;
  }
  if (from == E100_NOBODY || from == E100_APPLICATION)
    return wrong(heading, "; a party on a link is client, proxy, gateway or origin");
  heading->step.kind = E100_STEP_DELIVER;
  for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
    if (next_is(heading, verbs[i].word)) {
      heading->step.kind = verbs[i].kind;
      break;
    }
  if (!read_link_name(heading, from, to))
    return false;
  if (heading->step.kind == E100_STEP_OPEN &&
      heading->reader->exchange->links[heading->step.link].client != from)
    return wrong(heading, "; a connection is opened by its client, and servers open none");
  heading->step.from = (uint8_t)from;
  return true;
}

static bool read_timer(struct heading *heading) {
  int party = e100_words_named(e100_words_next(&heading->rest), e100_party_named);
  int timer = e100_words_named(e100_words_next(&heading->rest), e100_timer_named);
  if (party <= E100_NOBODY || party == E100_APPLICATION || timer < 0)
    return wrong(heading, "; a timer is a party and one of continue, head, content, response, discard, idle");
  heading->step.kind = E100_STEP_TIMER;
  heading->step.from = (uint8_t)party;
  heading->step.what = (uint8_t)timer;
  return nothing_left(heading);
}

static bool read_status(struct heading *heading, uint32_t least, uint32_t most) {
  uint32_t status = 0;
  if (!e100_words_number(e100_words_next(&heading->rest), &status) || status < least || status > most)
    return false;
  heading->step.status = (uint16_t)status;
  return true;
}

static bool read_told(struct heading *heading) {
  int told = e100_words_named(e100_words_next(&heading->rest), e100_told_named);
  if (told < 0)
    return wrong(heading, "; app< is head, content N, complete, aborted, interim STATUS or response STATUS");
  heading->step.kind = E100_STEP_TOLD;
  heading->step.what = (uint8_t)told;
  if (told == E100_TOLD_CONTENT && !e100_words_number(e100_words_next(&heading->rest), &heading->step.count))
    return wrong(heading, "; app< content has the number of octets");
  if (told == E100_TOLD_INTERIM && !read_status(heading, 100, 199))
    return wrong(heading, "; app< interim has an interim status, 100 to 199");
  if (told == E100_TOLD_RESPONSE && !read_status(heading, 200, 999))
    return wrong(heading, "; app< response has a final status, 200 to 999");
  return read_link_name(heading, E100_NOBODY, E100_NOBODY);
}

static bool read_decided(struct heading *heading) {
  int decision = e100_words_named(e100_words_next(&heading->rest), e100_decision_named);
  if (decision < 0)
    return wrong(heading, "; app> is accept, respond STATUS, unmet, upgrade, close, later or request");
  heading->step.kind = E100_STEP_DECIDED;
  heading->step.what = (uint8_t)decision;
  if (decision == E100_DECIDE_RESPOND && !read_status(heading, 200, 999))
    return wrong(heading, "; app> respond has a final status, 200 to 999");
  if (decision == E100_DECIDE_REQUEST)
    return nothing_left(heading);
  if ((decision == E100_DECIDE_RESPOND || decision == E100_DECIDE_UNMET) && next_is(heading, "close"))
    heading->step.flags |= E100_STEP_CLOSING;
  return read_link_name(heading, E100_NOBODY, E100_NOBODY);
}

static bool read_await(struct heading *heading) {
  int await = e100_words_named(e100_words_next(&heading->rest), e100_await_named);
  if (await < 0)
    return wrong(heading, "; what can be awaited is 100, final, any or head");
  heading->step.kind = E100_STEP_AWAIT;
  heading->step.what = (uint8_t)await;
  if (heading->reader->exchange->kind != E100_KIND_PLAY)
    e100_case_lose(heading->reader, "left out, as nothing is awaited in what is only judged: ", heading->all,
                   "; await goes with `kind: play`");
  return read_link_name(heading, E100_NOBODY, E100_NOBODY);
}

static bool read_words(struct heading *heading) {
  struct e100_words first = e100_words_next(&heading->rest);
  if (e100_words_are(first, "settled") || e100_words_are(first, "quiet")) {
    heading->step.kind = e100_words_are(first, "quiet") ? E100_STEP_QUIET : E100_STEP_SETTLED;
    return nothing_left(heading);
  }
  if (e100_words_are(first, "timer"))
    return read_timer(heading);
  if (e100_words_are(first, "app<"))
    return read_told(heading);
  if (e100_words_are(first, "app>"))
    return read_decided(heading);
  if (e100_words_are(first, "await"))
    return read_await(heading);
  return read_party(heading, first);
}

/* `expect` goes before what the subject does, in what is played. */
static void check_expected(struct heading *heading) {
  if (!e100_step_can_be_expected(&heading->step)) {
    e100_case_lose(heading->reader,
                   "`expect` goes before what the subject does, and is ignored here: ", heading->all, "");
    return;
  }
  heading->step.flags |= E100_STEP_EXPECTED;
  if (heading->reader->exchange->kind != E100_KIND_PLAY)
    e100_case_lose(heading->reader, "left out, as nothing is expected in what is only judged: ", heading->all,
                   "; expect goes with `kind: play`");
}

void e100_case_heading(struct e100_case_reader *reader, struct e100_words words) {
  struct heading heading = {.reader = reader, .all = words, .rest = words};
  bool expected = next_is(&heading, "expect");
  reader->zone = E100_ZONE_SKIPPED;
  if (!read_words(&heading))
    return;
  if (expected)
    check_expected(&heading);
  if (e100_exchange_append(reader->exchange, &heading.step, NULL, 0) < 0) {
    reader->zone = E100_ZONE_STOPPED;
    e100_case_say_only(reader, "more steps than an exchange may have (E100_STEPS_LIMIT); "
                               "everything from here on is left out");
    return;
  }
  reader->zone = e100_step_carries_octets(&heading.step) ? E100_ZONE_OCTETS : E100_ZONE_NOTHING;
}
