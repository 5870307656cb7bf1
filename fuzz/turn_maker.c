#include "fuzz/turn_maker.h"

#include "fuzz/message_maker.h"

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

enum { SOMETIMES = 4, RARELY = 12 };

/* ---- single steps ---------------------------------------------------------------------------------------
 */

static void append(struct e100_exchange *exchange, const struct e100_step *step) {
  e100_exchange_append(exchange, step, NULL, 0);
}

static void append_kind(struct e100_exchange *exchange, enum e100_step_kind kind) {
  append(exchange, &(struct e100_step){.kind = (uint8_t)kind});
}

static void decide(struct e100_exchange *exchange, uint8_t link, enum e100_decision decision) {
  append(exchange,
         &(struct e100_step){
             .kind = E100_STEP_DECIDED, .link = link, .from = E100_APPLICATION, .what = (uint8_t)decision});
}

static void respond(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link) {
  static const uint16_t statuses[] = {200, 201, 204, 205, 304, 400, 401, 404, 405, 413, 415, 417, 500, 503};
  struct e100_step step = {.kind = E100_STEP_DECIDED,
                           .link = link,
                           .from = E100_APPLICATION,
                           .what = E100_DECIDE_RESPOND,
                           .status = statuses[e100_luck_below(luck, COUNT_OF(statuses))],
                           .flags = e100_luck_once_in(luck, SOMETIMES) ? E100_STEP_CLOSING : 0};
  static const uint8_t page[] = "a page\r\n";
  e100_exchange_append(exchange, &step, page, e100_luck_once_in(luck, 3) ? sizeof page - 1 : 0);
}

/* Octets of one end of LINK, now and then in two deliveries. */
static void deliver(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link, bool by_server,
                    const struct e100_text *octets) {
  const struct e100_link *on = &exchange->links[link];
  struct e100_step step = {.kind = E100_STEP_DELIVER,
                           .link = link,
                           .from = by_server ? on->server : on->client,
                           .to = by_server ? on->client : on->server};
  const uint8_t *all = (const uint8_t *)octets->text;
  size_t cut = octets->length;
  if (cut > 1 && e100_luck_once_in(luck, SOMETIMES))
    cut = 1 + e100_luck_below(luck, cut - 1);
  if (octets->length > 0)
    e100_exchange_append(exchange, &step, all, cut);
  if (cut < octets->length)
    e100_exchange_append(exchange, &step, all + cut, octets->length - cut);
}

static bool has_application(const struct e100_exchange *exchange) {
  return exchange->role == E100_ROLE_ORIGIN || exchange->role == E100_ROLE_GATEWAY;
}

static void make_decision(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link) {
  static const enum e100_decision rare[] = {E100_DECIDE_UNMET, E100_DECIDE_UPGRADE, E100_DECIDE_CLOSE,
                                            E100_DECIDE_LATER};
  if (e100_luck_once_in(luck, 6))
    decide(exchange, link, rare[e100_luck_below(luck, COUNT_OF(rare))]);
  else if (e100_luck_once_in(luck, 3))
    respond(luck, exchange, link);
  else
    decide(exchange, link, E100_DECIDE_ACCEPT);
}

/* One in MANY times. All timers fire in a silence that is long, and most conversations are over then. */
static void make_silence(struct e100_luck *luck, struct e100_exchange *exchange, uint32_t many) {
  if (e100_luck_once_in(luck, many))
    append_kind(exchange, e100_luck_rarely(luck, SOMETIMES) ? E100_STEP_QUIET : E100_STEP_SETTLED);
}

static void make_ending(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link) {
  static const uint8_t endings[] = {E100_STEP_HALF_CLOSE, E100_STEP_CLOSE, E100_STEP_RESET, E100_STEP_OPEN};
  const struct e100_link *on = &exchange->links[link];
  uint8_t subject = (uint8_t)e100_role_party((enum e100_role)exchange->role);
  struct e100_step step = {.kind = endings[e100_luck_below(luck, COUNT_OF(endings))],
                           .link = link,
                           .from = on->client == subject ? on->server : on->client};
  append(exchange, &step);
  /* Another client, or the same one, comes in its place. */
  bool left = step.from == on->client && (step.kind == E100_STEP_CLOSE || step.kind == E100_STEP_RESET);
  step.kind = E100_STEP_OPEN;
  if (left && e100_luck_once_in(luck, 2))
    append(exchange, &step);
}

/* ---- turns -----------------------------------------------------------------------------------------------
 */

/* A link on which the subject is the server (or the client), or -1. In a conversation to be judged, any. */
static int some_link(struct e100_luck *luck, const struct e100_exchange *exchange, bool as_server) {
  uint8_t subject = (uint8_t)e100_role_party((enum e100_role)exchange->role);
  uint32_t first = e100_luck_below(luck, exchange->link_count);
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    uint32_t link = (first + i) % exchange->link_count;
    const struct e100_link *on = &exchange->links[link];
    if (exchange->kind == E100_KIND_JUDGE || (as_server ? on->server : on->client) == subject)
      return (int)link;
  }
  return -1;
}

static void make_response(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link,
                          bool interim) {
  struct e100_text octets = {0};
  struct e100_made made = e100_make_response_head(luck, interim, &octets);
  if (e100_luck_once_in(luck, 2))
    e100_make_content(luck, &made, &octets);
  deliver(luck, exchange, link, true, &octets);
  e100_text_free(&octets);
  make_silence(luck, exchange, RARELY);
}

static void make_interims(struct e100_luck *luck, struct e100_exchange *exchange, int link) {
  while (link >= 0 && e100_luck_once_in(luck, 2))
    make_response(luck, exchange, (uint8_t)link, true);
}

/* A client's application asks. */
static void ask(struct e100_exchange *exchange, const struct e100_text *request) {
  struct e100_step step = {.kind = E100_STEP_DECIDED, .from = E100_APPLICATION, .what = E100_DECIDE_REQUEST};
  e100_exchange_append(exchange, &step, (const uint8_t *)request->text, request->length);
}

static void make_asked_turn(struct e100_luck *luck, struct e100_exchange *exchange) {
  struct e100_text request = {0};
  struct e100_made made = e100_make_request_head(luck, &request);
  e100_make_content(luck, &made, &request);
  ask(exchange, &request);
  e100_text_free(&request);
  int link = some_link(luck, exchange, false);
  make_silence(luck, exchange, SOMETIMES);
  make_interims(luck, exchange, link);
  if (link >= 0 && !e100_luck_once_in(luck, SOMETIMES))
    make_response(luck, exchange, (uint8_t)link, false);
}

/* The content of a request, whole as a rule, in one delivery or several. */
static void make_content(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link,
                         const struct e100_made *made) {
  struct e100_text content = {0};
  e100_text_add(&content, "", 0);
  e100_make_content(luck, made, &content);
  bool cut = content.length > 0 && e100_luck_rarely(luck, RARELY);
  if (cut)
    content.length = e100_luck_below(luck, content.length);
  deliver(luck, exchange, link, false, &content);
  if (cut && e100_luck_once_in(luck, 2))
    make_ending(luck, exchange, link);
  e100_text_free(&content);
}

static void make_served_turn(struct e100_luck *luck, struct e100_exchange *exchange, uint8_t link) {
  bool at_once = e100_luck_once_in(luck, SOMETIMES);
  bool decides = has_application(exchange) || exchange->kind == E100_KIND_JUDGE;
  int next = exchange->role == E100_ROLE_ORIGIN && exchange->kind == E100_KIND_PLAY
                 ? -1
                 : some_link(luck, exchange, false);
  struct e100_text octets = {0};
  struct e100_made made = e100_make_request_head(luck, &octets);
  if (at_once)
    e100_make_content(luck, &made, &octets);
  deliver(luck, exchange, link, false, &octets);
  e100_text_free(&octets);
  make_silence(luck, exchange, RARELY);
  make_interims(luck, exchange, next);
  if (decides && made.upgrades && e100_luck_once_in(luck, 2))
    decide(exchange, link, E100_DECIDE_UPGRADE);
  else if (decides && !e100_luck_once_in(luck, RARELY))
    make_decision(luck, exchange, link);
  make_silence(luck, exchange, SOMETIMES);
  bool answers = next >= 0 && !e100_luck_once_in(luck, SOMETIMES);
  bool early = e100_luck_once_in(luck, SOMETIMES); /* before the content (RFC 9110 7.5) */
  if (answers && early) {
    make_response(luck, exchange, (uint8_t)next, false);
    make_silence(luck, exchange, SOMETIMES);
  }
  if (!at_once && !e100_luck_once_in(luck, 6))
    make_content(luck, exchange, link, &made);
  if (decides && !e100_luck_once_in(luck, SOMETIMES))
    respond(luck, exchange, link);
  if (answers && !early)
    make_response(luck, exchange, (uint8_t)next, false);
  if (e100_luck_rarely(luck, RARELY))
    make_ending(luck, exchange, link);
}

/* Whether applications of clients ask: of the subject, or of the clients in a chain, where all others act by
 * themselves. */
static bool clients_ask(const struct e100_exchange *exchange) {
  int prompt = e100_policy_named("prompt");
  return exchange->role == E100_ROLE_CLIENT ||
         (exchange->role != E100_ROLE_ORIGIN && (exchange->policy >> prompt & 1U) != 0);
}

void e100_make_turn(struct e100_luck *luck, struct e100_exchange *exchange) {
  int link = some_link(luck, exchange, true);
  luck->plain = e100_luck_once_in(luck, 2);
  if (clients_ask(exchange))
    make_asked_turn(luck, exchange);
  else if (link >= 0)
    make_served_turn(luck, exchange, (uint8_t)link);
  luck->plain = false;
}

void e100_make_step(struct e100_luck *luck, struct e100_exchange *exchange) {
  uint8_t link = (uint8_t)e100_luck_below(luck, exchange->link_count);
  switch (e100_luck_below(luck, 8)) {
  case 0:
    make_silence(luck, exchange, 1);
    break;
  case 1:
    make_ending(luck, exchange, link);
    break;
  case 2:
    append(exchange, &(struct e100_step){.kind = E100_STEP_TIMER,
                                         .from = (uint8_t)e100_role_party((enum e100_role)exchange->role),
                                         .what = (uint8_t)e100_luck_below(luck, E100_TIMER_COUNT)});
    break;
  case 3:
    append(exchange, &(struct e100_step){.kind = E100_STEP_AWAIT,
                                         .link = link,
                                         .what = (uint8_t)e100_luck_below(luck, E100_AWAIT_COUNT)});
    break;
  case 4:
    respond(luck, exchange, link);
    break;
  default:
    make_decision(luck, exchange, link);
    break;
  }
}
