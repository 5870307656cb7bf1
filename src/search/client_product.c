#include "search/client_product.h"

#include <stdio.h>
#include <string.h>

#include "search/answers.h"
#include "search/client_caller.h"
#include "subjects/client_choices.h"

/* ---- the product ------------------------------------------------------------------------------------------
 */

static const char *const links[] = {"c1", "c2"};

static void write_links(struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, E100_ROLE_CLIENT);
  exchange->link_count = 0;
  for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
    e100_exchange_link(exchange, E100_SEARCH_POOL == 1 ? "" : links[link], E100_CLIENT, E100_ORIGIN);
}

static void start(void *self, const void *design, uint32_t policy) {
  struct e100_client_product *product = self;
  const struct e100_client_policy chosen = e100_client_policy_of(policy);
  struct e100_exchange exchange;
  memset(product, 0, sizeof *product);
  for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
    e100_client_init(&product->clients[link], design, &chosen);
  product->chunked = e100_client_is_chunked(policy);
  product->halves = e100_client_sends_halves(policy);
  e100_exchange_init(&exchange);
  write_links(&exchange);
  e100_view_init(&product->view, &exchange);
  e100_exchange_free(&exchange);
}

static size_t extent(const void *self) {
  const struct e100_client_product *product = self;
  return offsetof(struct e100_client_product, view) + e100_view_extent(&product->view);
}

static const struct e100_view *view_of(const void *self) {
  return &((const struct e100_client_product *)self)->view;
}

_Static_assert(E100_SEARCH_POOL == 1 && E100_SEARCH_WEIGHT == 2 && E100_SEARCH_RESPONSES == 20,
               "the bounds are said in words");

/* ---- steps -------------------------------------------------------------------------------------- */

/* Which server's TOKEN is, from 0; or none. */
static unsigned server_of(unsigned token) {
  if (token < E100_CLIENT_TOKEN_SERVER || token >= E100_CLIENT_TOKEN_CANCEL)
    return E100_SEARCH_POOL;
  return (token - E100_CLIENT_TOKEN_SERVER) / E100_SERVER_TOKENS;
}

static bool server_step(const struct e100_client_product *product, unsigned token, struct e100_step *step,
                        const uint8_t **octets) {
  unsigned link = server_of(token);
  const struct e100_search_connection *connection = &product->connections[link];
  unsigned own = (token - E100_CLIENT_TOKEN_SERVER) % E100_SERVER_TOKENS;
  if (connection->closed != 0 || product->weight + e100_server_token_weight(own) > E100_SEARCH_WEIGHT ||
      !e100_server_token_step(&connection->server, own, step, octets))
    return false;
  step->link = (uint8_t)link;
  step->from = E100_ORIGIN;
  step->to = step->kind == E100_STEP_DELIVER ? E100_CLIENT : E100_NOBODY;
  return true;
}

static bool ask_step(const struct e100_client_product *product, unsigned token, struct e100_step *step,
                     const uint8_t **octets) {
  const struct e100_search_errand errand = {.ask = (uint8_t)token, .place = product->requests};
  if (product->requests == E100_SEARCH_REQUESTS ||
      product->weight + e100_search_ask_weight(token) > E100_SEARCH_WEIGHT)
    return false;
  step->kind = E100_STEP_DECIDED;
  step->from = E100_APPLICATION;
  step->what = E100_DECIDE_REQUEST;
  step->length = (uint32_t)strlen(e100_search_errand_text(&errand));
  *octets = (const uint8_t *)e100_search_errand_text(&errand);
  return true;
}

static bool timer_step(const struct e100_client_product *product, enum e100_timer timer,
                       struct e100_step *step) {
  step->kind = E100_STEP_TIMER;
  step->from = E100_CLIENT;
  step->what = (uint8_t)timer;
  for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
    if (e100_client_timer(&product->clients[link]) == (int)timer)
      return true;
  return false;
}

/* Whether the machine has to reject what the caller does. */
static bool is_out_of_place(const struct e100_client_product *product, unsigned token) {
  static const struct e100_request request = {.method = "GET", .target = "/", .fields = "Host: h\r\n"};
  const struct e100_client *client = &product->clients[0];
  if (token == E100_CLIENT_TOKEN_COMES_TOO_SOON)
    return !e100_client_takes(client, &request);
  bool takes = client->state == E100_CLIENT_STATE_SENDING || client->state == E100_CLIENT_STATE_ANSWERED ||
               client->state == E100_CLIENT_STATE_OWING || client->state == E100_CLIENT_STATE_SWITCHING;
  return !takes && (token == E100_CLIENT_TOKEN_GIVES || client->chunked);
}

static bool step_of(const void *self, unsigned token, struct e100_step *step, const uint8_t **octets) {
  const struct e100_client_product *product = self;
  memset(step, 0, sizeof *step);
  *octets = NULL;
  if (token < E100_CLIENT_TOKEN_SERVER)
    return ask_step(product, token, step, octets);
  if (token < E100_CLIENT_TOKEN_CANCEL)
    return server_step(product, token, step, octets);
  switch (token) {
  case E100_CLIENT_TOKEN_TIMER_CONTINUE:
    return timer_step(product, E100_TIMER_CONTINUE, step);
  case E100_CLIENT_TOKEN_TIMER_RESPONSE:
    return timer_step(product, E100_TIMER_RESPONSE, step);
  case E100_CLIENT_TOKEN_SETTLED:
    step->kind = E100_STEP_SETTLED;
    return true;
  case E100_CLIENT_TOKEN_GIVES:
  case E100_CLIENT_TOKEN_ENDS:
  case E100_CLIENT_TOKEN_COMES_TOO_SOON:
    step->kind = E100_STEP_DECIDED;
    step->from = E100_APPLICATION;
    step->what = E100_DECIDE_LATER;
    return is_out_of_place(product, token);
  default:
    step->kind = E100_STEP_DECIDED;
    step->from = E100_APPLICATION;
    step->what = E100_DECIDE_CLOSE;
    step->link = (uint8_t)(token - E100_CLIENT_TOKEN_CANCEL);
    return true;
  }
}

/* ---- what happens ------------------------------------------------------------------------------- */

/* A silence comes after what is done before it. */
static enum e100_happening happens(void *self, unsigned token, const struct e100_search_watch *watch) {
  static struct e100_client_turn turn; /* too large for a stack */
  struct e100_client_product *product = self;
  struct e100_step step;
  const uint8_t *octets = NULL;
  e100_turn_begin(&turn.turn, &product->view, watch);
  turn.product = product;
  if (!step_of(product, token, &step, &octets))
    return E100_CANNOT_HAPPEN;
  bool silence = step.kind == E100_STEP_SETTLED;
  if (!e100_client_acts(&turn, token, &step, octets))
    return E100_IS_REJECTED;
  e100_client_goes_on(&turn, silence);
  if (!silence)
    e100_turn_see(&turn.turn, &step, octets);
  e100_turn_see_all(&turn.turn);
  if (silence)
    e100_turn_see(&turn.turn, &step, octets);
  return E100_HAPPENS;
}

static uint32_t closed(const void *self) {
  const struct e100_client_product *product = self;
  uint32_t set = 0;
  for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
    set |= product->connections[link].closed != 0 ? 1U << link : 0;
  return set;
}

static uint32_t heard(const void *self) {
  const struct e100_client_product *product = self;
  uint32_t set = 0;
  for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
    if (product->connections[link].closed == 0 && product->connections[link].server.gone == 0)
      set |= 1U << link;
  return set;
}

/* ---- for people --------------------------------------------------------------------------------- */

static const char *words(unsigned token) {
  static char text[96];
  static const char *const others[] = {"timer continue",
                                       "timer response",
                                       "settled",
                                       "content that is not wanted",
                                       "an end of content that is not wanted",
                                       "a request that comes too soon"};
  if (token < E100_CLIENT_TOKEN_SERVER) {
    (void)snprintf(text, sizeof text, "application asks for %s", e100_search_ask_words(token));
    return text;
  }
  if (token >= E100_CLIENT_TOKEN_TIMER_CONTINUE)
    return others[token - E100_CLIENT_TOKEN_TIMER_CONTINUE];
  bool cancels = token >= E100_CLIENT_TOKEN_CANCEL;
  unsigned link = cancels ? token - E100_CLIENT_TOKEN_CANCEL : server_of(token);
  const char *own = cancels
                        ? "application drops the connection"
                        : e100_server_token_words((token - E100_CLIENT_TOKEN_SERVER) % E100_SERVER_TOKENS);
  (void)snprintf(text, sizeof text, "%s%s", own, link == 0 ? "" : ", on the second connection");
  return text;
}

/* An exchange has no words for what the caller should not do. */
static bool plays(unsigned token) {
  return token < E100_CLIENT_TOKEN_GIVES;
}

static const char *unreachable(unsigned state, unsigned event) {
  static const struct {
    uint8_t state, event;
    const char *reason;
  } rows[] = {
#define UNREACHABLE(in, when, reason) {E100_CLIENT_STATE_##in, E100_CLIENT_EVENT_##when, reason},
#include "search/client_unreachable_rows.def"
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].state == state && rows[i].event == event)
      return rows[i].reason;
  return NULL;
}

static const char *const names[] = {"close-early", "unknown-releases", "no-wait",
                                    "chunked",     "pipeline",         "halves"};
static const struct e100_policies policies = {names, sizeof names / sizeof names[0], 2};

#define A(answer) (1U << E100_ANSWER_##answer)
static const struct e100_answer_reason reasons[] = {
#define UNUSED(answers, situation, text) {answers, true, situation, text},
#include "search/client_unused_answers.def"
};
#undef A

static const struct e100_answer_kinds answers = {.links = E100_SEARCH_POOL,
                                                 .as_client = (1U << E100_SEARCH_POOL) - 1,
                                                 .reasons = reasons,
                                                 .reason_count = sizeof reasons / sizeof reasons[0]};

const struct e100_searched e100_searched_client = {
    .role = E100_ROLE_CLIENT,
    .tokens = E100_CLIENT_TOKENS,
    .room = sizeof(struct e100_client_product),
    .form_room = E100_CLIENT_PRODUCT_FORM_ROOM,
    .table = &e100_client_table,
    .bounds =
        {.text =
             "one connection, which may be opened again, and conversations of one request with one odd\n"
             "thing, or of two requests; 20 response heads, each whole or cut in two; contents of 4 octets\n"
             "in two pieces, of responses of 2 octets or one chunk; in every state each timer, silence, end",
         .connections = E100_SEARCH_POOL,
         .under_way = E100_SEARCH_REQUESTS,
         .requests = E100_SEARCH_REQUESTS,
         .heads = E100_SEARCH_RESPONSES},
    .answers = &answers,
    .policies = &policies,
    .init = start,
    .extent = extent,
    .view = view_of,
    .exchange = write_links,
    .step = step_of,
    .happens = happens,
    .form = e100_client_product_form,
    .closed = closed,
    .heard = heard,
    .words = words,
    .plays = plays,
    .unreachable = unreachable,
};
