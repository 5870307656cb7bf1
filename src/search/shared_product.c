#include "search/shared_product.h"

#include <stdio.h>
#include <string.h>

#include "search/answers.h"

/* ---- the product -------------------------------------------------------------------------------- */

static void write_links(struct e100_exchange *exchange, enum e100_role role) {
  static const char *const down[] = {"d1", "d2"}, *const up[] = {"u1", "u2"};
  const enum e100_party party = e100_role_party(role);
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, role);
  exchange->link_count = 0;
  for (unsigned client = 0; client < E100_SHARED_CLIENTS; client++)
    e100_exchange_link(exchange, down[client], E100_CLIENT, party);
  for (unsigned place = 0; place < E100_SHARED_PLACES; place++)
    e100_exchange_link(exchange, up[place], party, E100_ORIGIN);
}

static void write_proxy(struct e100_exchange *exchange) {
  write_links(exchange, E100_ROLE_PROXY);
}

static void write_gateway(struct e100_exchange *exchange) {
  write_links(exchange, E100_ROLE_GATEWAY);
}

static void start(struct e100_shared_product *product, const void *making, enum e100_role role,
                  uint32_t policy) {
  struct e100_exchange exchange;
  memset(product, 0, sizeof *product);
  e100_party_init(&product->party, making, role, policy, E100_SHARED_CLIENTS, E100_SHARED_PLACES);
  for (unsigned place = 0; place < E100_SHARED_PLACES; place++)
    e100_shared_server_init(&product->servers[place]);
  e100_exchange_init(&exchange);
  write_links(&exchange, role);
  e100_view_init(&product->view, &exchange);
  e100_exchange_free(&exchange);
}

static void start_proxy(void *self, const void *making, uint32_t policy) {
  start(self, making, E100_ROLE_PROXY, policy);
}

static void start_gateway(void *self, const void *making, uint32_t policy) {
  start(self, making, E100_ROLE_GATEWAY, policy);
}

static size_t extent(const void *self) {
  const struct e100_shared_product *product = self;
  return offsetof(struct e100_shared_product, view) + e100_view_extent(&product->view);
}

static const struct e100_view *view_of(const void *self) {
  return &((const struct e100_shared_product *)self)->view;
}

/* ---- what the servers learn --------------------------------------------------------------------- */

static void on_asked(void *user, unsigned place, unsigned flow) {
  struct e100_shared_product *product = user;
  e100_shared_server_is_asked(&product->servers[place], flow);
}

static void on_opened(void *user, unsigned place) {
  struct e100_shared_product *product = user;
  e100_shared_server_init(&product->servers[place]);
}

static void on_answered(void *user, unsigned flow) {
  (void)user;
  (void)flow;
}

static const struct e100_party_others others = {
    .asked = on_asked, .opened = on_opened, .answered = on_answered};

/* ---- steps -------------------------------------------------------------------------------------- */

/* What a token is. */
struct meaning {
  enum { OF_CLIENT, OF_TIMER, OF_SERVER, OF_NOBODY } of;
  unsigned number; /* of the client, or the place */
  unsigned own;    /* the token of the client or server */
};

static struct meaning meaning_of(unsigned token) {
  if (token < E100_SHARED_TOKEN_TIMER)
    return (struct meaning){OF_CLIENT, token / E100_SHARED_CLIENT_TOKENS, token % E100_SHARED_CLIENT_TOKENS};
  if (token < E100_SHARED_TOKEN_SERVER)
    return (struct meaning){OF_TIMER, token - E100_SHARED_TOKEN_TIMER, 0};
  if (token == E100_SHARED_TOKEN_SETTLED)
    return (struct meaning){OF_NOBODY, 0, 0};
  token -= E100_SHARED_TOKEN_SERVER;
  return (struct meaning){OF_SERVER, token / E100_SHARED_SERVER_TOKENS, token % E100_SHARED_SERVER_TOKENS};
}

static unsigned weight_of(const struct meaning *meaning) {
  switch (meaning->of) {
  case OF_CLIENT:
    return e100_shared_client_weight(meaning->own);
  case OF_SERVER:
    return e100_shared_server_weight(meaning->own);
  default:
    return 1;
  }
}

/* Clients are alike, so the second one does nothing before the first has asked. */
static bool client_step(const struct e100_shared_product *product, const struct meaning *meaning,
                        struct e100_step *step, const uint8_t **octets) {
  const unsigned number = meaning->number;
  if (product->party.flows[number].closed != 0 || (number > 0 && product->clients[number - 1].asked == 0) ||
      !e100_shared_client_step(&product->clients[number], number, meaning->own, step, octets))
    return false;
  step->link = (uint8_t)number;
  step->from = E100_CLIENT;
  step->to = step->kind == E100_STEP_DELIVER ? (uint8_t)e100_party_is(&product->party) : E100_NOBODY;
  return true;
}

/* A timer has no link: it is that of the first machine that keeps it. */
static bool timer_step(const struct e100_shared_product *product, const struct meaning *meaning,
                       struct e100_step *step) {
  const int timer = e100_proxy_timer(&product->party.flows[meaning->number].proxy);
  step->kind = E100_STEP_TIMER;
  step->from = (uint8_t)e100_party_is(&product->party);
  step->what = (uint8_t)timer;
  for (unsigned before = 0; before < meaning->number; before++)
    if (e100_proxy_timer(&product->party.flows[before].proxy) == timer)
      return false;
  return timer >= 0;
}

static bool server_step(const struct e100_shared_product *product, const struct meaning *meaning,
                        struct e100_step *step, const uint8_t **octets) {
  const unsigned place = meaning->number;
  if (product->party.open[place] == 0 ||
      !e100_shared_server_step(&product->servers[place], meaning->own, step, octets))
    return false;
  step->link = (uint8_t)e100_party_link(&product->party, place);
  step->from = E100_ORIGIN;
  step->to = step->kind == E100_STEP_DELIVER ? (uint8_t)e100_party_is(&product->party) : E100_NOBODY;
  return true;
}

static bool step_of(const void *self, unsigned token, struct e100_step *step, const uint8_t **octets) {
  const struct e100_shared_product *product = self;
  const struct meaning meaning = meaning_of(token);
  memset(step, 0, sizeof *step);
  *octets = NULL;
  if (product->weight + weight_of(&meaning) > E100_SHARED_WEIGHT)
    return false;
  switch (meaning.of) {
  case OF_CLIENT:
    return client_step(product, &meaning, step, octets);
  case OF_TIMER:
    return timer_step(product, &meaning, step);
  case OF_SERVER:
    return server_step(product, &meaning, step, octets);
  default:
    step->kind = E100_STEP_SETTLED;
    return true;
  }
}

static enum e100_happening happens(void *self, unsigned token, const struct e100_search_watch *watch) {
  static struct e100_party_turn turn; /* too large for a stack */
  struct e100_shared_product *product = self;
  const struct meaning meaning = meaning_of(token);
  struct e100_step step;
  const uint8_t *octets = NULL;
  e100_turn_begin(&turn.turn, &product->view, watch);
  if (!step_of(product, token, &step, &octets))
    return E100_CANNOT_HAPPEN;
  turn.party = &product->party;
  turn.others = &others;
  turn.product = product;
  product->weight = (uint8_t)(product->weight + weight_of(&meaning));
  if (meaning.of == OF_CLIENT)
    e100_shared_client_happens(&product->clients[meaning.number], meaning.own);
  if (meaning.of == OF_SERVER)
    e100_shared_server_happens(&product->servers[meaning.number], meaning.own);
  if (meaning.of == OF_TIMER)
    e100_party_times_out(&turn, meaning.number);
  else if (meaning.of != OF_NOBODY)
    e100_party_acts(&turn, &step, octets);
  e100_turn_see(&turn.turn, &step, octets);
  e100_turn_see_all(&turn.turn);
  return E100_HAPPENS;
}

static uint32_t closed(const void *self) {
  return e100_party_closed(&((const struct e100_shared_product *)self)->party);
}

/* To the party's part are added the weight, which is bounded, and where clients and servers stand, as far as
 * they can still do something: not on connections that are closed. But that the first client has asked is
 * what the second one waits for. */
static size_t form(const void *self, uint8_t *out) {
  const struct e100_shared_product *product = self;
  uint8_t *at = out + e100_party_form(&product->party, out);
  *at++ = product->weight;
  for (unsigned i = 0; i < E100_SHARED_CLIENTS; i++) {
    const struct e100_shared_client over = {.asked = product->clients[i].asked != 0};
    memcpy(at, product->party.flows[i].closed != 0 ? &over : &product->clients[i], sizeof over);
    at += sizeof over;
  }
  for (unsigned i = 0; i < E100_SHARED_PLACES; i++) {
    const struct e100_shared_server none = {.count = 0};
    memcpy(at, product->party.open[i] != 0 ? &product->servers[i] : &none, sizeof none);
    at += sizeof none;
  }
  return (size_t)(at - out);
}

/* ---- for people --------------------------------------------------------------------------------- */

static const char *words(unsigned token) {
  static char text[96];
  static const char *const clients[] = {"client 1", "client 2"};
  static const char *const servers[] = {"", ", on the second connection"};
  const struct meaning meaning = meaning_of(token);
  switch (meaning.of) {
  case OF_CLIENT:
    (void)snprintf(text, sizeof text, "%s: %s", clients[meaning.number],
                   e100_shared_client_words(meaning.own));
    return text;
  case OF_TIMER:
    (void)snprintf(text, sizeof text, "%s: timer", clients[meaning.number]);
    return text;
  case OF_SERVER:
    (void)snprintf(text, sizeof text, "%s%s", e100_shared_server_words(meaning.own), servers[meaning.number]);
    return text;
  default:
    return "settled";
  }
}

static const char *const names[] = {"discard", "own-expectation", "next-hop-10", "own-100", "collect"};
static const struct e100_policies proxy_policies = {names, 3, 2};
static const struct e100_policies gateway_policies = {names, 5, 2};

#define BOUNDS                                                                                               \
  {                                                                                                          \
    .text =                                                                                                  \
        "two connections of clients, the second of which begins after the first, and one to the server,\n"   \
        "which may be opened again; a request of each, and in all of it one odd thing: chunks, 103, "        \
        "close,\n"                                                                                           \
        "a malformed response, octets that nobody asked for, silence, a timer, or an end of either side;\n"  \
        "4 request heads, 7 response heads, marked by whose they are; contents in two pieces",               \
    .connections = E100_SHARED_CLIENTS + E100_SHARED_PLACES, .clients = E100_SHARED_CLIENTS, .under_way = 1, \
    .requests = E100_SHARED_CLIENTS, .heads = E100_SHARED_ASKS + E100_SHARED_REPLIES                         \
  }
_Static_assert(E100_SHARED_WEIGHT == 1 && E100_SHARED_ASKS == 4 && E100_SHARED_REPLIES == 7,
               "the bounds are said in words");

enum {
  FORM_ROOM = E100_PARTY_FORM_ROOM + E100_SHARED_CLIENTS * sizeof(struct e100_shared_client) +
              E100_SHARED_PLACES * sizeof(struct e100_shared_server) + 8
};

#define SEARCHED(of_role, start_it, write_it, its_policies)                                            \
  {                                                                                                    \
    .role = (of_role), .tokens = E100_SHARED_TOKENS, .room = sizeof(struct e100_shared_product),       \
    .form_room = FORM_ROOM, .table = &e100_proxy_table, .bounds = BOUNDS, .policies = &(its_policies), \
    .init = (start_it), .extent = extent, .view = view_of, .exchange = (write_it), .step = step_of,    \
    .happens = happens, .form = form, .closed = closed, .words = words                                 \
  }

const struct e100_searched e100_searched_shared_proxy =
    SEARCHED(E100_ROLE_PROXY, start_proxy, write_proxy, proxy_policies);
const struct e100_searched e100_searched_shared_gateway =
    SEARCHED(E100_ROLE_GATEWAY, start_gateway, write_gateway, gateway_policies);
