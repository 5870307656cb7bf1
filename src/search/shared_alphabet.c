#include "search/shared_alphabet.h"

#include <string.h>

#include "exchange/impossible.h"

enum follows { INTERIM, NOTHING, CONTENT, LOST };

struct ask {
  const char *words;
  const char *head[E100_SHARED_CLIENTS], *piece[E100_SHARED_CLIENTS]; /* by whose they are */
  const char *rest;
  uint8_t weight;
};

#define HEAD_OF(mark, method, fields) \
  method " /" mark " HTTP/1.1\r\nHost: h\r\nE100-Mark: " mark "\r\n" fields "\r\n"
static const struct ask asks[E100_SHARED_ASKS] = {
#define ASK(symbol, words, method, fields, before, behind, rest, weight) \
  {words,                                                                \
   {HEAD_OF("a", method, fields), HEAD_OF("b", method, fields)},         \
   {before "a" behind, before "b" behind},                               \
   rest,                                                                 \
   weight},
#include "search/shared_alphabet.def"
};

struct reply {
  const char *words;
  const char *head[E100_SHARED_CLIENTS], *piece[E100_SHARED_CLIENTS];
  const char *rest;
  uint8_t follows; /* enum follows */
  uint8_t weight;
};

#define REPLY_TO(mark, line, fields) "HTTP/1.1 " line "\r\nE100-Mark: " mark "\r\n" fields "\r\n"
static const struct reply replies[E100_SHARED_REPLIES] = {
#define REPLY(symbol, words, line, fields, before, behind, rest, follows, weight) \
  {words,                                                                         \
   {REPLY_TO("a", line, fields), REPLY_TO("b", line, fields)},                    \
   {before "a" behind, before "b" behind},                                        \
   rest,                                                                          \
   follows,                                                                       \
   weight},
#include "search/shared_alphabet.def"
};

#define REFUSAL(mark) REPLY_TO(mark, "403 Forbidden", "Content-Length: 0\r\n")
static const char *const twice[] = {REFUSAL("a") REFUSAL("a"), REFUSAL("b") REFUSAL("b")};
static const char *const stray[] = {REFUSAL("a"), REFUSAL("b"),
                                    "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"};

const char *e100_shared_client_words(unsigned token) {
  static const char *const words[] = {"a piece of its content", "the rest of its content", "half-closes",
                                      "closes", "resets"};
  E100_CHECK(token < E100_SHARED_CLIENT_TOKENS, "a token has a number below its limit");
  return token < E100_SHARED_ASKS ? asks[token].words : words[token - E100_SHARED_ASKS];
}

const char *e100_shared_server_words(unsigned token) {
  static const char *const words[] = {"a piece of the response's content",
                                      "the rest of the response's content",
                                      "403 twice",
                                      "a response that nobody asked for",
                                      "server half-closes",
                                      "server closes",
                                      "server resets"};
  E100_CHECK(token < E100_SHARED_SERVER_TOKENS, "a token has a number below its limit");
  return token < E100_SHARED_REPLIES ? replies[token].words : words[token - E100_SHARED_REPLIES];
}

unsigned e100_shared_client_weight(unsigned token) {
  return token < E100_SHARED_ASKS ? asks[token].weight : token >= E100_SHARED_CLIENT_HALF_CLOSES;
}

unsigned e100_shared_server_weight(unsigned token) {
  return token < E100_SHARED_REPLIES ? replies[token].weight : token >= E100_SHARED_TWICE;
}

/* ---- what they send ----------------------------------------------------------------------------- */

/* Octets, or an ending of the sender's side; false where neither can be. */
static bool set_step(struct e100_step *step, const uint8_t **octets, const char *text) {
  memset(step, 0, sizeof *step);
  *octets = (const uint8_t *)text;
  step->kind = E100_STEP_DELIVER;
  step->length = text == NULL ? 0 : (uint32_t)strlen(text);
  return text != NULL;
}

static bool set_end(struct e100_step *step, enum e100_step_kind kind, bool can) {
  memset(step, 0, sizeof *step);
  step->kind = (uint8_t)kind;
  return can;
}

static const char *client_text(const struct e100_shared_client *client, unsigned number, unsigned token) {
  if (client->shut != 0)
    return NULL;
  if (token < E100_SHARED_ASKS)
    return client->asked == 0 ? asks[token].head[number] : NULL;
  if (client->asked == 0)
    return NULL;
  const struct ask *ask = &asks[client->asked - 1];
  bool first = token == E100_SHARED_CONTENT;
  if (ask->rest[0] == '\0' || client->pieces != (first ? 0 : 1))
    return NULL;
  return first ? ask->piece[number] : ask->rest;
}

bool e100_shared_client_step(const struct e100_shared_client *client, unsigned number, unsigned token,
                             struct e100_step *step, const uint8_t **octets) {
  switch (token) {
  case E100_SHARED_CLIENT_HALF_CLOSES:
    return set_end(step, E100_STEP_HALF_CLOSE, client->shut == 0);
  case E100_SHARED_CLIENT_CLOSES:
    return set_end(step, E100_STEP_CLOSE, client->gone == 0);
  case E100_SHARED_CLIENT_RESETS:
    return set_end(step, E100_STEP_RESET, client->gone == 0);
  default:
    return set_step(step, octets, client_text(client, number, token));
  }
}

/* A head, where a request waits; of interim ones each once. */
static const char *head_text(const struct e100_shared_server *server, unsigned token) {
  if (server->count == 0 || server->reply != 0 || (server->interims >> token & 1U) != 0)
    return NULL;
  return replies[token].head[server->waiting[0]];
}

static const char *content_text(const struct e100_shared_server *server, unsigned token) {
  bool first = token == E100_SHARED_RESPONSE_CONTENT;
  if (server->reply == 0 || server->pieces != (first ? 0 : 1))
    return NULL;
  return first ? replies[server->reply - 1].piece[server->whose] : replies[server->reply - 1].rest;
}

static const char *server_text(const struct e100_shared_server *server, unsigned token) {
  if (server->shut != 0 || server->lost != 0)
    return NULL;
  if (token < E100_SHARED_REPLIES)
    return head_text(server, token);
  if (token == E100_SHARED_TWICE)
    return server->count > 0 && server->reply == 0 ? twice[server->waiting[0]] : NULL;
  if (token == E100_SHARED_STRAY)
    return server->count == 0 && server->reply == 0 && server->strayed == 0 ? stray[server->whose] : NULL;
  return content_text(server, token);
}

bool e100_shared_server_step(const struct e100_shared_server *server, unsigned token, struct e100_step *step,
                             const uint8_t **octets) {
  switch (token) {
  case E100_SHARED_SERVER_HALF_CLOSES:
    return set_end(step, E100_STEP_HALF_CLOSE, server->shut == 0);
  case E100_SHARED_SERVER_CLOSES:
    return set_end(step, E100_STEP_CLOSE, server->gone == 0);
  case E100_SHARED_SERVER_RESETS:
    return set_end(step, E100_STEP_RESET, server->gone == 0);
  default:
    return set_step(step, octets, server_text(server, token));
  }
}

/* ---- what it does to them ----------------------------------------------------------------------- */

void e100_shared_client_happens(struct e100_shared_client *client, unsigned token) {
  if (token < E100_SHARED_ASKS)
    client->asked = (uint8_t)(token + 1);
  else if (token < E100_SHARED_CLIENT_HALF_CLOSES)
    client->pieces++;
  else
    client->shut = 1;
  client->gone =
      client->gone != 0 || token == E100_SHARED_CLIENT_CLOSES || token == E100_SHARED_CLIENT_RESETS;
}

void e100_shared_server_init(struct e100_shared_server *server) {
  memset(server, 0, sizeof *server);
  server->whose = E100_SHARED_CLIENTS;
}

/* The final response to the oldest request begins. */
static void take_oldest(struct e100_shared_server *server) {
  server->whose = server->waiting[0];
  server->count--;
  memmove(server->waiting, server->waiting + 1, server->count);
  server->waiting[server->count] = 0;
  server->interims = 0;
}

static void head_is_sent(struct e100_shared_server *server, unsigned token) {
  if (replies[token].follows == INTERIM) {
    server->interims = (uint8_t)(server->interims | 1U << token);
    return;
  }
  take_oldest(server);
  server->reply = (uint8_t)(replies[token].follows == CONTENT ? token + 1 : 0);
  server->pieces = 0;
  server->lost = replies[token].follows == LOST;
}

void e100_shared_server_happens(struct e100_shared_server *server, unsigned token) {
  if (token < E100_SHARED_REPLIES) {
    head_is_sent(server, token);
    return;
  }
  switch (token) {
  case E100_SHARED_RESPONSE_CONTENT:
    server->pieces = 1;
    break;
  case E100_SHARED_REST_OF_RESPONSE:
    server->reply = server->pieces = 0;
    break;
  case E100_SHARED_TWICE:
    take_oldest(server);
    server->strayed = 1;
    break;
  case E100_SHARED_STRAY:
    server->strayed = 1;
    break;
  case E100_SHARED_SERVER_HALF_CLOSES:
    server->shut = 1;
    break;
  default:
    server->shut = server->gone = 1;
    break;
  }
}

void e100_shared_server_is_asked(struct e100_shared_server *server, unsigned number) {
  E100_CHECK(server->count < E100_SHARED_WAITING, "two clients make few requests");
  server->waiting[server->count++] = (uint8_t)number;
}
