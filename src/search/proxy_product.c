#include "search/proxy_product.h"

#include <string.h>

#include "search/answers.h"
#include "search/proxy_unreachable.h"

enum { DOWN = 0 /* the client's link */, UP = 1 };

/* ---- the product -------------------------------------------------------------------------------- */

static void write_proxy(struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, E100_ROLE_PROXY);
}

static void write_gateway(struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, E100_ROLE_GATEWAY);
}

static void start(struct e100_proxy_product *product, const void *making, enum e100_role role,
                  uint32_t policy) {
  struct e100_exchange exchange;
  memset(product, 0, sizeof *product);
  e100_party_init(&product->party, making, role, policy, 1, 1);
  e100_exchange_init(&exchange);
  e100_exchange_set_role(&exchange, role);
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
  const struct e100_proxy_product *product = self;
  return offsetof(struct e100_proxy_product, view) + e100_view_extent(&product->view);
}

static const struct e100_view *view_of(const void *self) {
  return &((const struct e100_proxy_product *)self)->view;
}

/* ---- what the others learn ---------------------------------------------------------------------- */

static void on_asked(void *user, unsigned place, unsigned flow) {
  struct e100_proxy_product *product = user;
  const unsigned method = product->party.flows[flow].proxy.request.facts.method;
  (void)place;
  e100_search_server_is_asked(&product->server, method == E100_METHOD_HEAD      ? E100_WANTS_NO_CONTENT
                                                : method == E100_METHOD_CONNECT ? E100_WANTS_TUNNEL
                                                                                : E100_WANTS_ANY);
}

static void on_opened(void *user, unsigned place) {
  struct e100_proxy_product *product = user;
  (void)place;
  memset(&product->server, 0, sizeof product->server);
}

static void on_answered(void *user, unsigned flow) {
  struct e100_proxy_product *product = user;
  (void)flow;
  e100_search_client_is_answered(&product->client);
}

static const struct e100_party_others others = {
    .asked = on_asked, .opened = on_opened, .answered = on_answered};

/* ---- steps -------------------------------------------------------------------------------------- */

/* What TOKEN adds to the weight of a conversation; a head that is cut, a 100 and a silence add something. */
static unsigned weight_of(unsigned token) {
  if (token >= E100_PROXY_TOKEN_SERVER) {
    unsigned own = token - E100_PROXY_TOKEN_SERVER;
    bool part = own >= E100_SERVER_TOKEN_PART && own < E100_SERVER_TOKEN_REST_OF_HEAD;
    bool interim =
        own < E100_SERVER_TOKEN_REST_OF_HEAD && own % E100_SEARCH_RESPONSES == E100_RESPONDS_SAYS_100;
    return own == E100_SERVER_TOKEN_STRAY ? 0 : e100_server_token_weight(own) + part + interim;
  }
  if (token >= E100_TOKEN_REST_OF_HEAD)
    return token == E100_PROXY_TOKEN_SETTLED;
  bool part = token >= E100_TOKEN_PART;
  switch (token % E100_SEARCH_HEADS) {
  case E100_SENDS_ASKS:
  case E100_SENDS_OFFERS:
  case E100_SENDS_ALONE:
    return 1U + part;
  default:
    return 2U + part;
  }
}

static bool client_step(const struct e100_proxy_product *product, unsigned token, struct e100_step *step,
                        const uint8_t **octets) {
  if (!e100_token_step(&product->client, token, step, octets))
    return false;
  if (step->kind == E100_STEP_TIMER) {
    int timer = e100_proxy_timer(&product->party.flows[0].proxy);
    step->from = (uint8_t)e100_party_is(&product->party);
    step->what = (uint8_t)timer;
    return timer >= 0;
  }
  if (step->kind == E100_STEP_DELIVER)
    step->to = (uint8_t)e100_party_is(&product->party);
  return step->kind == E100_STEP_SETTLED || product->party.flows[0].closed == 0;
}

static bool server_step(const struct e100_proxy_product *product, unsigned token, struct e100_step *step,
                        const uint8_t **octets) {
  if (product->party.open[0] == 0 ||
      !e100_server_token_step(&product->server, token - E100_PROXY_TOKEN_SERVER, step, octets))
    return false;
  step->link = UP;
  step->from = E100_ORIGIN;
  step->to = step->kind == E100_STEP_DELIVER ? (uint8_t)e100_party_is(&product->party) : (uint8_t)E100_NOBODY;
  return true;
}

static bool step_of(const void *self, unsigned token, struct e100_step *step, const uint8_t **octets) {
  const struct e100_proxy_product *product = self;
  memset(step, 0, sizeof *step);
  *octets = NULL;
  if (product->weight + weight_of(token) > E100_PROXY_SEARCH_WEIGHT)
    return false;
  return token < E100_PROXY_TOKEN_SERVER ? client_step(product, token, step, octets)
                                         : server_step(product, token, step, octets);
}

static enum e100_happening happens(void *self, unsigned token, const struct e100_search_watch *watch) {
  static struct e100_party_turn turn; /* too large for a stack */
  struct e100_proxy_product *product = self;
  struct e100_step step;
  const uint8_t *octets = NULL;
  e100_turn_begin(&turn.turn, &product->view, watch);
  if (!step_of(product, token, &step, &octets))
    return E100_CANNOT_HAPPEN;
  turn.party = &product->party;
  turn.others = &others;
  turn.product = product;
  product->weight = (uint8_t)(product->weight + weight_of(token));
  if (token >= E100_PROXY_TOKEN_SERVER)
    e100_server_token_happens(&product->server, token - E100_PROXY_TOKEN_SERVER);
  else
    e100_token_happens(&product->client, token);
  if (step.kind == E100_STEP_TIMER)
    e100_party_times_out(&turn, 0);
  else if (step.kind != E100_STEP_SETTLED)
    e100_party_acts(&turn, &step, octets);
  e100_turn_see(&turn.turn, &step, octets);
  e100_turn_see_all(&turn.turn);
  return E100_HAPPENS;
}

static uint32_t closed(const void *self) {
  return e100_party_closed(&((const struct e100_proxy_product *)self)->party);
}

/* To the party's part are added the weight, which is bounded, and where client and server stand, which are
 * records of what they sent as far as the alphabet asks for it. Once the machine has closed the client's
 * connection the client cannot act, and of a connection to the server that is closed the server cannot. */
static size_t form(const void *self, uint8_t *out) {
  const struct e100_proxy_product *product = self;
  const struct e100_search_server none = {.place = 0};
  uint8_t *at = out + e100_party_form(&product->party, out);
  *at++ = product->weight;
  memcpy(at, product->party.open[0] != 0 ? &product->server : &none, sizeof none);
  at += sizeof none;
  if (product->party.flows[0].closed != 0)
    return (size_t)(at - out);
  memcpy(at, &product->client, sizeof product->client);
  return (size_t)(at - out) + sizeof product->client;
}

/* Where nobody is there to hear it, anything is permitted, and nothing is done. */
static uint32_t heard(const void *self) {
  const struct e100_proxy_product *product = self;
  const struct e100_proxy_flow *flow = &product->party.flows[0];
  bool down = product->client.gone == 0 && flow->closed == 0;
  bool up = product->party.open[0] != 0 && product->server.gone == 0;
  return (down ? 1U << DOWN : 0) | (up ? 1U << UP : 0);
}

/* ---- for people --------------------------------------------------------------------------------- */

static const char *words(unsigned token) {
  return token < E100_PROXY_TOKEN_SERVER ? e100_token_words(token)
                                         : e100_server_token_words(token - E100_PROXY_TOKEN_SERVER);
}

static const char *const proxy_names[] = {"discard",     "refuse-unknown",  "limit-5",
                                          "next-hop-10", "own-expectation", "tunnel"};
/* A gateway makes no tunnels. */
static const char *const gateway_names[] = {"discard",         "refuse-unknown", "limit-5", "next-hop-10",
                                            "own-expectation", "own-100",        "collect"};
static const struct e100_policies proxy_policies = {proxy_names, sizeof proxy_names / sizeof proxy_names[0],
                                                    2};
static const struct e100_policies gateway_policies = {gateway_names,
                                                      sizeof gateway_names / sizeof gateway_names[0], 2};

#define BOUNDS                                                                                              \
  {                                                                                                         \
    .text =                                                                                                 \
        "one connection of a client, and one to the server, which may be opened again; a plain request\n"   \
        "with one thing more (another one, a head cut in two, an interim or odd response, a silence), or\n" \
        "an odd request; 27 request heads, 20 response heads; in every state the timer, and each end of\n"  \
        "either side",                                                                                      \
    .connections = 2, .under_way = 2, .requests = 2, .heads = E100_SEARCH_HEADS + E100_SEARCH_RESPONSES     \
  }
_Static_assert(E100_PROXY_SEARCH_WEIGHT == 2 && E100_SEARCH_HEADS == 27 && E100_SEARCH_RESPONSES == 20,
               "the bounds are said in words");

#define A(answer) (1U << E100_ANSWER_##answer)
static const struct e100_answer_reason reasons[] = {
#define AS_SERVER(answers, situation, text) {answers, false, situation, text},
#define AS_CLIENT(answers, situation, text) {answers, true, situation, text},
#include "search/proxy_unused_answers.def"
};
#undef A

static const struct e100_answer_kinds answers = {.links = 2,
                                                 .as_client = 1U << UP,
                                                 .reasons = reasons,
                                                 .reason_count = sizeof reasons / sizeof reasons[0]};

enum {
  FORM_ROOM = E100_PARTY_FORM_ROOM + sizeof(struct e100_search_server) + sizeof(struct e100_search_client) + 8
};

#define SEARCHED(of_role, start_it, write_it, its_policies, why)                                             \
  {                                                                                                          \
    .role = (of_role), .tokens = E100_PROXY_TOKENS, .room = sizeof(struct e100_proxy_product),               \
    .form_room = FORM_ROOM, .table = &e100_proxy_table, .bounds = BOUNDS, .policies = &(its_policies),       \
    .init = (start_it), .extent = extent, .view = view_of, .exchange = (write_it), .step = step_of,          \
    .happens = happens, .form = form, .closed = closed, .heard = heard, .answers = &answers, .words = words, \
    .unreachable = (why)                                                                                     \
  }

const struct e100_searched e100_searched_proxy =
    SEARCHED(E100_ROLE_PROXY, start_proxy, write_proxy, proxy_policies, e100_unreachable_by_proxy);
const struct e100_searched e100_searched_gateway =
    SEARCHED(E100_ROLE_GATEWAY, start_gateway, write_gateway, gateway_policies, e100_unreachable_by_gateway);
