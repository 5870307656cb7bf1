#include "search/client_product.h"

#include <stdio.h>
#include <string.h>

#include "machine/pool.h"
#include "search/answers.h"
#include "subjects/asked.h"
#include "subjects/client_choices.h"

enum {
  TURN_STEPS = 48,   /* steps that may follow from one token */
  TURN_OCTETS = 2048 /* octets that the machines may send for it */
};

/* What the machines do because of one token, in its order. */
struct turn {
  struct e100_client_product *product;
  const struct e100_search_watch *watch;
  size_t count;
  size_t used; /* of `octets` */
  struct e100_step steps[TURN_STEPS];
  uint8_t octets[TURN_OCTETS];
};

/* What a machine calls with: the turn, and which connection it is. */
struct caller {
  struct turn *turn;
  uint8_t link;
};

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

/* ---- what the application asks for
 * -------------------------------------------------------------------------- */

struct ask {
  const char *words;
  const char *text[E100_SEARCH_REQUESTS]; /* by the request's place */
  uint8_t content;                        /* octets */
  uint8_t weight;
  uint8_t wanted; /* enum e100_wanted_response */
};

#define ASK_TEXT(before, letter, after, fields, content) \
  before letter after " HTTP/1.1\r\nHost: h\r\n" fields "\r\n" content
static const struct ask asks[E100_SEARCH_ASKS] = {
#define ASK(symbol, words, before, after, fields, content, weight)                                 \
  {words,                                                                                          \
   {ASK_TEXT(before, "a", after, fields, content), ASK_TEXT(before, "b", after, fields, content)}, \
   sizeof content - 1,                                                                             \
   weight,                                                                                         \
   before[0] == 'H'   ? E100_WANTS_NO_CONTENT                                                      \
   : before[0] == 'C' ? E100_WANTS_TUNNEL                                                          \
                      : E100_WANTS_ANY},
#include "search/client_alphabet.def"
};

static const char *text_of(const struct e100_search_errand *errand) {
  return asks[errand->ask].text[errand->place];
}

/* The request that ERRAND is; to be freed. */
static struct e100_asked read_asked(const struct e100_client_product *product,
                                    const struct e100_search_errand *errand) {
  struct e100_asked asked;
  const char *text = text_of(errand);
  bool sound = e100_asked_read(&asked, (const uint8_t *)text, strlen(text), product->chunked != 0);
  E100_CHECK(sound, "what the alphabet asks for is well-formed");
  if (errand->repeated != 0)
    asked.request.expects = false;
  return asked;
}

/* ---- what the machines do
 * ----------------------------------------------------------------------------------- */

static struct e100_step *add_step(struct turn *turn, enum e100_step_kind kind, enum e100_party from,
                                  uint8_t link) {
  E100_CHECK(turn->count < TURN_STEPS, "a token has few consequences");
  struct e100_step *step = &turn->steps[turn->count++];
  memset(step, 0, sizeof *step);
  step->kind = (uint8_t)kind;
  step->from = (uint8_t)from;
  step->link = link;
  return step;
}

static struct e100_search_connection *connection_of(const struct caller *caller) {
  return &caller->turn->product->connections[caller->link];
}

/* Octets that go on with the last step are part of it. */
static void on_send(void *user, const uint8_t *octets, size_t length) {
  const struct caller *caller = user;
  struct turn *turn = caller->turn;
  struct e100_step *last = turn->count > 0 ? &turn->steps[turn->count - 1] : NULL;
  if (connection_of(caller)->closed != 0 || length == 0)
    return;
  E100_CHECK(turn->used + length <= TURN_OCTETS, "a machine sends little in the search");
  if (last == NULL || last->kind != E100_STEP_DELIVER || last->link != caller->link) {
    last = add_step(turn, E100_STEP_DELIVER, E100_CLIENT, caller->link);
    last->to = E100_ORIGIN;
    last->offset = (uint32_t)turn->used;
  }
  last->length += (uint32_t)length;
  memcpy(turn->octets + turn->used, octets, length);
  turn->used += length;
}

static void on_end(void *user) {
  const struct caller *caller = user;
  struct e100_search_connection *connection = connection_of(caller);
  if (connection->closed != 0)
    return;
  connection->closed = 1;
  add_step(caller->turn, E100_STEP_CLOSE, E100_CLIENT, caller->link);
}

static void told(const struct caller *caller, enum e100_told what, size_t number) {
  struct e100_step *step = add_step(caller->turn, E100_STEP_TOLD, E100_APPLICATION, caller->link);
  step->what = (uint8_t)what;
  if (what == E100_TOLD_CONTENT)
    step->count = (uint32_t)number;
  else
    step->status = (uint16_t)number;
}

static void on_content_wanted(void *user) {
  connection_of(user)->wanted = 1;
}

static void on_content_unwanted(void *user) {
  connection_of(user)->wanted = 0;
}

static void on_interim(void *user, const struct e100_response_facts *facts) {
  told(user, E100_TOLD_INTERIM, facts->status);
}

static void on_response(void *user, const struct e100_response_facts *facts) {
  told(user, facts->status < 200 ? E100_TOLD_INTERIM : E100_TOLD_RESPONSE, facts->status);
}

static void on_content(void *user, const uint8_t *octets, size_t length) {
  (void)octets;
  told(user, E100_TOLD_CONTENT, length);
}

static struct e100_search_errand take_first(struct e100_search_errand *errands, uint8_t *count) {
  E100_CHECK(*count > 0, "what is over was asked for");
  struct e100_search_errand first = errands[0];
  --*count;
  memmove(errands, errands + 1, *count * sizeof *errands);
  memset(&errands[*count], 0, sizeof *errands);
  return first;
}

static void on_complete(void *user) {
  struct e100_search_connection *connection = connection_of(user);
  (void)take_first(connection->asked, &connection->count);
  told(user, E100_TOLD_COMPLETE, 0);
}

static void on_aborted(void *user) {
  struct e100_search_connection *connection = connection_of(user);
  (void)take_first(connection->asked, &connection->count);
  connection->content_left = 0;
  told(user, E100_TOLD_ABORTED, 0);
}

/* It is made again without the expectation, before all others that wait, and nobody is told of the 417. */
static void on_unmet(void *user) {
  const struct caller *caller = user;
  struct e100_client_product *product = caller->turn->product;
  struct e100_search_connection *connection = connection_of(user);
  struct e100_search_errand oldest = take_first(connection->asked, &connection->count);
  connection->content_left = 0;
  oldest.repeated = 1;
  E100_CHECK(product->waiting_count < E100_SEARCH_REQUESTS, "no request waits twice");
  memmove(product->waiting + 1, product->waiting, product->waiting_count * sizeof product->waiting[0]);
  product->waiting[0] = oldest;
  product->waiting_count++;
}

static void on_moved(void *user, const struct e100_row *row) {
  const struct turn *turn = ((const struct caller *)user)->turn;
  turn->watch->row(turn->watch->user, row);
}

static const struct e100_client_calls calls = {
    .send = on_send,
    .end = on_end,
    .content_wanted = on_content_wanted,
    .content_unwanted = on_content_unwanted,
    .interim = on_interim,
    .response = on_response,
    .content = on_content,
    .complete = on_complete,
    .aborted = on_aborted,
    .unmet = on_unmet,
    .moved = on_moved,
};

/* ---- what is done with the machines
 * ------------------------------------------------------------------------- */

/* A new connection takes the place of one that is over. */
static void open_connection(struct turn *turn, uint8_t link) {
  struct e100_client_product *product = turn->product;
  struct e100_client *client = &product->clients[link];
  const struct e100_client old = *client;
  bool was_closed = product->connections[link].closed != 0;
  memset(&product->connections[link], 0, sizeof product->connections[link]);
  e100_client_init(client, old.design, &old.policy);
  if (was_closed)
    add_step(turn, E100_STEP_OPEN, E100_CLIENT, link);
}

static void make_request(struct turn *turn, uint8_t link, const struct e100_asked *asked) {
  struct e100_client_product *product = turn->product;
  struct e100_search_connection *connection = &product->connections[link];
  struct caller caller = {turn, link};
  E100_CHECK(connection->count < E100_SEARCH_REQUESTS, "a conversation has few requests");
  struct e100_search_errand errand = take_first(product->waiting, &product->waiting_count);
  connection->asked[connection->count++] = errand;
  connection->content_left = asks[errand.ask].content;
  connection->wanted = connection->first_half = 0;
  bool made = e100_client_request(&product->clients[link], &calls, &caller, &asked->request);
  E100_CHECK(made, "the pool chooses a connection that takes the request");
  e100_search_server_is_asked(&connection->server, asks[errand.ask].wanted);
}

/* Makes the requests that wait, as long as there is a connection for the first of them. */
static void make_requests(struct turn *turn) {
  struct e100_client_product *product = turn->product;
  bool goes_on = true;
  while (product->waiting_count > 0 && goes_on) {
    struct e100_asked asked = read_asked(product, &product->waiting[0]);
    bool opens = false;
    int link = e100_pool_choose(product->clients, E100_SEARCH_POOL, &asked.request, &opens);
    if (opens && link >= 0)
      open_connection(turn, (uint8_t)link);
    if (link >= 0)
      make_request(turn, (uint8_t)link, &asked);
    goes_on = link >= 0;
    e100_asked_free(&asked);
  }
}

/* Gives what the machine wants: all of it, or the first half until nothing else happens. */
static void give_content(struct turn *turn, uint8_t link, bool all) {
  static const uint8_t content[] = "okay";
  struct e100_client_product *product = turn->product;
  struct e100_client *client = &product->clients[link];
  struct e100_search_connection *connection = &product->connections[link];
  struct caller caller = {turn, link};
  if (connection->wanted == 0 || connection->content_left == 0)
    return;
  uint8_t length = connection->content_left;
  if (!all && product->halves != 0 && length > 1) {
    if (connection->first_half != 0)
      return;
    length = length / 2;
  }
  const uint8_t *octets = content + (sizeof content - 1 - connection->content_left);
  connection->first_half = 1;
  connection->content_left = (uint8_t)(connection->content_left - length);
  bool given = e100_client_content(client, &calls, &caller, octets, length);
  if (given && connection->content_left == 0)
    (void)e100_client_content_ends(client, &calls, &caller);
  if (!given)
    connection->content_left = 0;
}

/* Everything that follows from what has just happened. */
static void go_on(struct turn *turn, bool all) {
  for (unsigned round = 0; round < 2; round++) {
    make_requests(turn);
    for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
      give_content(turn, (uint8_t)link, all);
  }
}

/* ---- steps
 * -------------------------------------------------------------------------------------------------- */

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
  if (product->requests == E100_SEARCH_REQUESTS || product->weight + asks[token].weight > E100_SEARCH_WEIGHT)
    return false;
  step->kind = E100_STEP_DECIDED;
  step->from = E100_APPLICATION;
  step->what = E100_DECIDE_REQUEST;
  step->length = (uint32_t)strlen(text_of(&errand));
  *octets = (const uint8_t *)text_of(&errand);
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

/* True where the machine took it all the same. */
static bool act_out_of_place(struct turn *turn, unsigned token) {
  static const struct e100_request request = {.method = "GET", .target = "/", .fields = "Host: h\r\n"};
  struct e100_client *client = &turn->product->clients[0];
  struct caller caller = {turn, 0};
  switch (token) {
  case E100_CLIENT_TOKEN_GIVES:
    return e100_client_content(client, &calls, &caller, (const uint8_t *)"x", 1);
  case E100_CLIENT_TOKEN_ENDS:
    return e100_client_content_ends(client, &calls, &caller);
  default:
    return e100_client_request(client, &calls, &caller, &request);
  }
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

/* ---- what happens
 * ------------------------------------------------------------------------------------------- */

static void server_acts(struct turn *turn, unsigned token, const struct e100_step *step,
                        const uint8_t *octets) {
  struct caller caller = {turn, step->link};
  struct e100_client *client = &turn->product->clients[step->link];
  struct e100_search_server *server = &turn->product->connections[step->link].server;
  unsigned own = (token - E100_CLIENT_TOKEN_SERVER) % E100_SERVER_TOKENS;
  turn->product->weight = (uint8_t)(turn->product->weight + e100_server_token_weight(own));
  e100_server_token_happens(server, own);
  if (step->kind == E100_STEP_DELIVER)
    e100_client_octets(client, &calls, &caller, octets, step->length);
  else if (step->kind == E100_STEP_RESET)
    e100_client_gone(client, &calls, &caller);
  else
    e100_client_server_ended(client, &calls, &caller);
}

static void timer_fires(struct turn *turn, enum e100_timer timer) {
  struct e100_client_product *product = turn->product;
  uint8_t link = 0;
  while (e100_client_timer(&product->clients[link]) != (int)timer)
    link++;
  struct caller caller = {turn, link};
  e100_client_timed_out(&product->clients[link], &calls, &caller);
}

static void ask(struct e100_client_product *product, unsigned token) {
  product->waiting[product->waiting_count++] =
      (struct e100_search_errand){.ask = (uint8_t)token, .place = product->requests++};
  product->weight = (uint8_t)(product->weight + asks[token].weight);
}

/* False where the machine rejected it. */
static bool act(struct turn *turn, unsigned token, const struct e100_step *step, const uint8_t *octets) {
  struct caller caller = {turn, step->link};
  switch (step->kind) {
  case E100_STEP_TIMER:
    timer_fires(turn, (enum e100_timer)step->what);
    return true;
  case E100_STEP_SETTLED:
    return true;
  case E100_STEP_DECIDED:
    if (step->what == E100_DECIDE_LATER)
      return act_out_of_place(turn, token);
    if (step->what == E100_DECIDE_CLOSE)
      return e100_client_cancel(&turn->product->clients[step->link], &calls, &caller);
    ask(turn->product, token);
    return true;
  default:
    server_acts(turn, token, step, octets);
    return true;
  }
}

static void see(const struct turn *turn, const struct e100_step *step, const uint8_t *octets) {
  struct e100_client_product *product = turn->product;
  turn->watch->step(turn->watch->user, &product->view, step, octets);
  e100_view_step(&product->view, step, 0, octets, turn->watch->findings);
}

/* A silence comes after what is done before it. */
static enum e100_happening happens(void *self, unsigned token, const struct e100_search_watch *watch) {
  struct e100_client_product *product = self;
  struct turn turn;
  struct e100_step step;
  const uint8_t *octets = NULL;
  watch->findings->count = 0;
  if (!step_of(product, token, &step, &octets))
    return E100_CANNOT_HAPPEN;
  turn.product = product;
  turn.watch = watch;
  turn.count = turn.used = 0;
  bool silence = step.kind == E100_STEP_SETTLED;
  if (!act(&turn, token, &step, octets))
    return E100_IS_REJECTED;
  go_on(&turn, silence);
  if (!silence)
    see(&turn, &step, octets);
  for (size_t i = 0; i < turn.count; i++)
    see(&turn, &turn.steps[i], turn.octets + turn.steps[i].offset);
  if (silence)
    see(&turn, &step, octets);
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

/* ---- for people
 * --------------------------------------------------------------------------------------------- */

static const char *words(unsigned token) {
  static char text[96];
  static const char *const others[] = {"timer continue",
                                       "timer response",
                                       "settled",
                                       "content that is not wanted",
                                       "an end of content that is not wanted",
                                       "a request that comes too soon"};
  if (token < E100_CLIENT_TOKEN_SERVER) {
    (void)snprintf(text, sizeof text, "application asks for %s", asks[token].words);
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
