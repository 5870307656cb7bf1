#include "search/client_caller.h"

#include <string.h>

#include "machine/pool.h"
#include "subjects/asked.h"

/* What a machine calls with: the turn, and which connection it is. */
struct caller {
  struct e100_client_turn *turn;
  uint8_t link;
};

/* ---- what the application asks for -------------------------------------------------------------- */

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

const char *e100_search_errand_text(const struct e100_search_errand *errand) {
  return asks[errand->ask].text[errand->place];
}

const char *e100_search_ask_words(unsigned ask) {
  return asks[ask].words;
}

unsigned e100_search_ask_weight(unsigned ask) {
  return asks[ask].weight;
}

/* The request that ERRAND is; to be freed. */
static struct e100_asked read_asked(const struct e100_client_product *product,
                                    const struct e100_search_errand *errand) {
  struct e100_asked asked;
  const char *text = e100_search_errand_text(errand);
  bool sound = e100_asked_read(&asked, (const uint8_t *)text, strlen(text), product->chunked != 0);
  E100_CHECK(sound, "what the alphabet asks for is well-formed");
  if (errand->repeated != 0)
    asked.request.expects = false;
  return asked;
}

/* ---- what the machines do ----------------------------------------------------------------------- */

static struct e100_search_connection *connection_of(const struct caller *caller) {
  return &caller->turn->product->connections[caller->link];
}

static void on_send(void *user, const uint8_t *octets, size_t length) {
  const struct caller *caller = user;
  if (connection_of(caller)->closed == 0 && length > 0)
    e100_turn_send(&caller->turn->turn, E100_CLIENT, E100_ORIGIN, caller->link, octets, length, false);
}

static void on_end(void *user) {
  const struct caller *caller = user;
  struct e100_search_connection *connection = connection_of(caller);
  if (connection->closed != 0)
    return;
  connection->closed = 1;
  e100_turn_add(&caller->turn->turn, E100_STEP_CLOSE, E100_CLIENT, caller->link);
}

static void told(const struct caller *caller, enum e100_told what, size_t number) {
  e100_turn_tell(&caller->turn->turn, what, caller->link, number);
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
  e100_turn_row(&((const struct caller *)user)->turn->turn, row);
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

/* ---- what is done with the machines ------------------------------------------------------------- */

/* A new connection takes the place of one that is over. */
static void open_connection(struct e100_client_turn *turn, uint8_t link) {
  struct e100_client_product *product = turn->product;
  struct e100_client *client = &product->clients[link];
  const struct e100_client old = *client;
  bool was_closed = product->connections[link].closed != 0;
  memset(&product->connections[link], 0, sizeof product->connections[link]);
  e100_client_init(client, old.design, &old.policy);
  if (was_closed)
    e100_turn_add(&turn->turn, E100_STEP_OPEN, E100_CLIENT, link);
}

static void make_request(struct e100_client_turn *turn, uint8_t link, const struct e100_asked *asked) {
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
static void make_requests(struct e100_client_turn *turn) {
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
static void give_content(struct e100_client_turn *turn, uint8_t link, bool all) {
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

void e100_client_goes_on(struct e100_client_turn *turn, bool all) {
  for (unsigned round = 0; round < 2; round++) {
    make_requests(turn);
    for (unsigned link = 0; link < E100_SEARCH_POOL; link++)
      give_content(turn, (uint8_t)link, all);
  }
}

/* ---- what happens ------------------------------------------------------------------------------- */

/* True where the machine took it all the same. */
static bool act_out_of_place(struct e100_client_turn *turn, unsigned token) {
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

static void server_acts(struct e100_client_turn *turn, unsigned token, const struct e100_step *step,
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

static void timer_fires(struct e100_client_turn *turn, enum e100_timer timer) {
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

bool e100_client_acts(struct e100_client_turn *turn, unsigned token, const struct e100_step *step,
                      const uint8_t *octets) {
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
