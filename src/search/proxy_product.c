#include "search/proxy_product.h"

#include <stdio.h>
#include <string.h>

#include "search/answers.h"
#include "subjects/proxy_choices.h"

enum {
  DOWN = 0, /* the client's link */
  UP = 1,
  TURN_STEPS = 48,   /* steps that may follow from one token */
  TURN_OCTETS = 4096 /* octets that the machine may send for it */
};

/* What the machine does because of one token, in its order. */
struct turn {
  struct e100_proxy_product *product;
  const struct e100_search_watch *watch;
  bool head_is_due; /* the next octets to the server begin a request */
  size_t count;
  size_t used; /* of `octets` */
  struct e100_step steps[TURN_STEPS];
  uint8_t octets[TURN_OCTETS];
  struct e100_proxy_heads heads; /* for the machine, while it is called */
};

static enum e100_party party_of(const struct e100_proxy_product *product) {
  return product->proxy.policy.gateway ? E100_GATEWAY : E100_PROXY;
}

/* ---- the product
 * -------------------------------------------------------------------------------------------- */

static void write_proxy(struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, E100_ROLE_PROXY);
}

static void write_gateway(struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, E100_ROLE_GATEWAY);
}

static void start(struct e100_proxy_product *product, const void *design, enum e100_role role,
                  uint32_t policy) {
  const struct e100_proxy_policy chosen = e100_proxy_policy_of(role, policy);
  struct e100_exchange exchange;
  memset(product, 0, sizeof *product);
  e100_proxy_init(&product->proxy, design, &chosen);
  product->up_open = 1;
  e100_exchange_init(&exchange);
  e100_exchange_set_role(&exchange, role);
  e100_view_init(&product->view, &exchange);
  e100_exchange_free(&exchange);
}

static void start_proxy(void *self, const void *design, uint32_t policy) {
  start(self, design, E100_ROLE_PROXY, policy);
}

static void start_gateway(void *self, const void *design, uint32_t policy) {
  start(self, design, E100_ROLE_GATEWAY, policy);
}

static size_t extent(const void *self) {
  const struct e100_proxy_product *product = self;
  return offsetof(struct e100_proxy_product, view) + e100_view_extent(&product->view);
}

static const struct e100_view *view_of(const void *self) {
  return &((const struct e100_proxy_product *)self)->view;
}

/* ---- what the machine does
 * ------------------------------------------------------------------------------------ */

static struct e100_step *add_step(struct turn *turn, enum e100_step_kind kind, uint8_t link) {
  E100_CHECK(turn->count < TURN_STEPS, "a token has few consequences");
  struct e100_step *step = &turn->steps[turn->count++];
  memset(step, 0, sizeof *step);
  step->kind = (uint8_t)kind;
  step->from = (uint8_t)party_of(turn->product);
  step->link = link;
  return step;
}

/* Octets that go on with the last step are part of it. */
static void add_octets(struct turn *turn, uint8_t link, const uint8_t *octets, size_t length) {
  struct e100_step *last = turn->count > 0 ? &turn->steps[turn->count - 1] : NULL;
  E100_CHECK(turn->used + length <= TURN_OCTETS, "a machine sends little in the search");
  if (last == NULL || last->kind != E100_STEP_DELIVER || last->link != link) {
    last = add_step(turn, E100_STEP_DELIVER, link);
    last->to = link == DOWN ? E100_CLIENT : E100_ORIGIN;
    last->offset = (uint32_t)turn->used;
  }
  last->length += (uint32_t)length;
  memcpy(turn->octets + turn->used, octets, length);
  turn->used += length;
}

static void keep(struct e100_kept *kept, const uint8_t *octets, size_t length) {
  E100_CHECK(kept->length + length <= sizeof kept->octets, "the alphabet sends little");
  memcpy(kept->octets + kept->length, octets, length);
  kept->length = (uint16_t)(kept->length + length);
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  struct turn *turn = user;
  if (turn->product->shut == 0 && length > 0)
    add_octets(turn, DOWN, octets, length);
}

static void on_end(void *user, enum e100_proxy_ending how) {
  static const enum e100_step_kind kinds[] = {[E100_PROXY_SENDS_NO_MORE] = E100_STEP_HALF_CLOSE,
                                              [E100_PROXY_CLOSES] = E100_STEP_CLOSE,
                                              [E100_PROXY_RESETS] = E100_STEP_RESET};
  struct turn *turn = user;
  struct e100_proxy_product *product = turn->product;
  bool wholly = how != E100_PROXY_SENDS_NO_MORE;
  if (wholly ? product->closed : product->shut)
    return;
  add_step(turn, kinds[how], DOWN);
  product->shut = 1;
  product->closed = wholly;
}

static bool on_connect(void *user) {
  struct turn *turn = user;
  struct e100_proxy_product *product = turn->product;
  if (product->up_used != 0)
    return false;
  if (product->up_open == 0) {
    add_step(turn, E100_STEP_OPEN, UP);
    memset(&product->server, 0, sizeof product->server);
  }
  product->up_open = product->up_used = 1;
  turn->head_is_due = true;
  return true;
}

static void on_send_up(void *user, const uint8_t *octets, size_t length) {
  struct turn *turn = user;
  struct e100_proxy_product *product = turn->product;
  const unsigned method = product->proxy.request.facts.method;
  if (length == 0 || product->up_open == 0)
    return;
  add_octets(turn, UP, octets, length);
  if (turn->head_is_due)
    e100_search_server_is_asked(&product->server, method == E100_METHOD_HEAD      ? E100_WANTS_NO_CONTENT
                                                  : method == E100_METHOD_CONNECT ? E100_WANTS_TUNNEL
                                                                                  : E100_WANTS_ANY);
  turn->head_is_due = false;
}

static void close_up(struct turn *turn) {
  if (turn->product->up_open != 0)
    add_step(turn, E100_STEP_CLOSE, UP);
  turn->product->up_open = 0;
}

static void on_part(void *user, bool reusable) {
  struct turn *turn = user;
  turn->product->up_used = 0;
  if (!reusable)
    close_up(turn);
}

static struct e100_proxy_heads *on_heads(void *user) {
  return &((struct turn *)user)->heads;
}

static void on_collect(void *user, const uint8_t *octets, size_t length) {
  keep(&((struct turn *)user)->product->collected, octets, length);
}

static const uint8_t *on_collected(void *user, size_t *length) {
  struct e100_kept *collected = &((struct turn *)user)->product->collected;
  *length = collected->length;
  collected->length = 0;
  return collected->octets;
}

static void on_check_head(void *user, struct e100_request_facts *facts) {
  (void)facts;
  ((struct turn *)user)->product->collected.length = 0;
}

static void on_moved(void *user, const struct e100_row *row) {
  const struct turn *turn = user;
  if (row->next == E100_PROXY_AWAITED && row->state != E100_PROXY_AWAITED)
    e100_search_client_is_answered(&turn->product->client);
  turn->watch->row(turn->watch->user, row);
}

static const struct e100_proxy_calls calls = {.heads = on_heads,
                                              .send = on_send,
                                              .end = on_end,
                                              .connect = on_connect,
                                              .send_up = on_send_up,
                                              .part = on_part,
                                              .collect = on_collect,
                                              .collected = on_collected,
                                              .check_head = on_check_head,
                                              .moved = on_moved};

/* ---- what is done with the machine
 * ---------------------------------------------------------------------------- */

/* The machine's memory for heads is there while it is called. */
static void lay_out(uint8_t *room, const struct e100_kept *kept) {
  memcpy(room, kept->octets, kept->length);
}

static void put_away(struct e100_kept *kept, const uint8_t *room, uint32_t length) {
  kept->length = 0;
  keep(kept, room, length);
}

/* Offers what is held back, until the machine takes no more; then the client's half-close is next. */
static void pump(struct turn *turn) {
  struct e100_proxy_product *product = turn->product;
  struct e100_kept *held = &product->held;
  uint16_t from = 0;
  while (from < held->length) {
    size_t took =
        e100_proxy_octets(&product->proxy, &calls, turn, held->octets + from, (size_t)(held->length - from));
    from = (uint16_t)(from + took);
    if (took == 0)
      break;
  }
  held->length = (uint16_t)(held->length - from);
  memmove(held->octets, held->octets + from, held->length);
  if (held->length == 0 && product->half_close_waits != 0) {
    product->half_close_waits = 0;
    e100_proxy_half_closed(&product->proxy, &calls, turn);
  }
}

static void client_acts(struct turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_product *product = turn->product;
  if (step->kind == E100_STEP_DELIVER) {
    keep(&product->held, octets, step->length);
    pump(turn);
  } else if (step->kind == E100_STEP_HALF_CLOSE) {
    product->half_close_waits = 1;
    pump(turn);
  } else {
    e100_proxy_gone(&product->proxy, &calls, turn);
  }
}

/* What comes on a connection that no request has is why it is closed. */
static void server_acts(struct turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_product *product = turn->product;
  bool used = product->up_used != 0;
  if (step->kind == E100_STEP_DELIVER && used)
    e100_proxy_answer(&product->proxy, &calls, turn, octets, step->length);
  else if (used)
    e100_proxy_server_gone(&product->proxy, &calls, turn, step->kind == E100_STEP_RESET);
  if (used)
    pump(turn);
  bool ended = step->kind != E100_STEP_DELIVER && product->up_used == 0;
  if (ended || !used)
    close_up(turn);
}

static void act(struct turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_product *product = turn->product;
  lay_out(turn->heads.request, &product->request);
  lay_out(turn->heads.response, &product->response);
  if (step->kind == E100_STEP_TIMER) {
    e100_proxy_timed_out(&product->proxy, &calls, turn);
    pump(turn);
  } else if (step->from == E100_CLIENT) {
    client_acts(turn, step, octets);
  } else if (step->from == E100_ORIGIN) {
    server_acts(turn, step, octets);
  }
  put_away(&product->request, turn->heads.request, product->proxy.request_length);
  put_away(&product->response, turn->heads.response, product->proxy.response_length);
}

/* ---- steps
 * ------------------------------------------------------------------------------------------------------ */

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
    int timer = e100_proxy_timer(&product->proxy);
    step->from = (uint8_t)party_of(product);
    step->what = (uint8_t)timer;
    return timer >= 0;
  }
  if (step->kind == E100_STEP_DELIVER)
    step->to = (uint8_t)party_of(product);
  return step->kind == E100_STEP_SETTLED || product->closed == 0;
}

static bool server_step(const struct e100_proxy_product *product, unsigned token, struct e100_step *step,
                        const uint8_t **octets) {
  if (product->up_open == 0 ||
      !e100_server_token_step(&product->server, token - E100_PROXY_TOKEN_SERVER, step, octets))
    return false;
  step->link = UP;
  step->from = E100_ORIGIN;
  step->to = step->kind == E100_STEP_DELIVER ? (uint8_t)party_of(product) : (uint8_t)E100_NOBODY;
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

static void see(const struct turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_proxy_product *product = turn->product;
  turn->watch->step(turn->watch->user, &product->view, step, octets);
  e100_view_step(&product->view, step, 0, octets, turn->watch->findings);
}

static enum e100_happening happens(void *self, unsigned token, const struct e100_search_watch *watch) {
  static struct turn turn; /* too large for a stack */
  struct e100_proxy_product *product = self;
  struct e100_step step;
  const uint8_t *octets = NULL;
  watch->findings->count = 0;
  if (!step_of(product, token, &step, &octets))
    return E100_CANNOT_HAPPEN;
  turn.product = product;
  turn.watch = watch;
  turn.head_is_due = false;
  turn.count = turn.used = 0;
  product->weight = (uint8_t)(product->weight + weight_of(token));
  if (token >= E100_PROXY_TOKEN_SERVER)
    e100_server_token_happens(&product->server, token - E100_PROXY_TOKEN_SERVER);
  else
    e100_token_happens(&product->client, token);
  act(&turn, &step, octets);
  see(&turn, &step, octets);
  for (size_t i = 0; i < turn.count; i++)
    see(&turn, &turn.steps[i], turn.octets + turn.steps[i].offset);
  return E100_HAPPENS;
}

static uint32_t closed(const void *self) {
  const struct e100_proxy_product *product = self;
  return (product->closed != 0 ? 1U << DOWN : 0) | (product->up_open == 0 ? 1U << UP : 0);
}

/* ---- for people
 * --------------------------------------------------------------------------------------------------- */

static const char *words(unsigned token) {
  return token < E100_PROXY_TOKEN_SERVER ? e100_token_words(token)
                                         : e100_server_token_words(token - E100_PROXY_TOKEN_SERVER);
}

struct unreachable {
  uint8_t state, event;
  const char *reason;
};

static const char *reason_among(const struct unreachable *rows, size_t count, unsigned state,
                                unsigned event) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].state == state && rows[i].event == event)
      return rows[i].reason;
  return NULL;
}

#define UNREACHABLE(in, when, reason) {E100_PROXY_##in, E100_PROXY_ON_##when, reason},
#define PROXY_ONLY(in, when, reason)
static const struct unreachable by_gateway[] = {
#include "search/proxy_unreachable_rows.def"
};
#define UNREACHABLE(in, when, reason) {E100_PROXY_##in, E100_PROXY_ON_##when, reason},
#define PROXY_ONLY(in, when, reason) {E100_PROXY_##in, E100_PROXY_ON_##when, reason},
static const struct unreachable by_proxy[] = {
#include "search/proxy_unreachable_rows.def"
};

static const char *unreachable_by_proxy(unsigned state, unsigned event) {
  return reason_among(by_proxy, sizeof by_proxy / sizeof by_proxy[0], state, event);
}

static const char *unreachable_by_gateway(unsigned state, unsigned event) {
  return reason_among(by_gateway, sizeof by_gateway / sizeof by_gateway[0], state, event);
}

/* Without `tunnel`: the client of the search makes no CONNECT. */
static const char *const names[] = {"discard",         "refuse-unknown", "limit-5", "next-hop-10",
                                    "own-expectation", "own-100",        "collect"};
static const struct e100_policies proxy_policies = {names, 5, 2};
static const struct e100_policies gateway_policies = {names, 7, 2};

#define BOUNDS                                                                                              \
  {                                                                                                         \
    .text =                                                                                                 \
        "one connection of a client, and one to the server, which may be opened again; a plain request\n"   \
        "with one thing more (another one, a head cut in two, an interim or odd response, a silence), or\n" \
        "an odd request; 26 request heads, 20 response heads; in every state the timer, and each end of\n"  \
        "either side",                                                                                      \
    .connections = 2, .under_way = 2, .requests = 2, .heads = E100_SEARCH_HEADS + E100_SEARCH_RESPONSES     \
  }
_Static_assert(E100_PROXY_SEARCH_WEIGHT == 2 && E100_SEARCH_HEADS == 26 && E100_SEARCH_RESPONSES == 20,
               "the bounds are said in words");

#define SEARCHED(of_role, start_it, write_it, its_policies, why)                                  \
  {                                                                                               \
    .role = (of_role), .tokens = E100_PROXY_TOKENS, .room = sizeof(struct e100_proxy_product),    \
    .form_room = E100_PROXY_PRODUCT_FORM_ROOM, .table = &e100_proxy_table, .bounds = BOUNDS,      \
    .policies = &(its_policies), .init = (start_it), .extent = extent, .view = view_of,           \
    .exchange = (write_it), .step = step_of, .happens = happens, .form = e100_proxy_product_form, \
    .closed = closed, .words = words, .unreachable = (why)                                        \
  }

const struct e100_searched e100_searched_proxy =
    SEARCHED(E100_ROLE_PROXY, start_proxy, write_proxy, proxy_policies, unreachable_by_proxy);
const struct e100_searched e100_searched_gateway =
    SEARCHED(E100_ROLE_GATEWAY, start_gateway, write_gateway, gateway_policies, unreachable_by_gateway);
