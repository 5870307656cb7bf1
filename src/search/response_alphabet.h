/*
 * response_alphabet.h - what a server can send next on a connection that is searched, and where it stands.
 *
 * The server sends what HTTP lets it send next: interim heads and a final one for a request that waits, then
 * the content that the head declares, in pieces. What it must not do are tokens of their own: heads that are
 * malformed, broken chunks, and octets that nobody has asked for.
 */
#ifndef E100_RESPONSE_ALPHABET_H
#define E100_RESPONSE_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"

enum e100_search_response {
#define RESPONSE(symbol, words, first, second, follows, octets, weight) E100_RESPONDS_##symbol,
#include "search/client_alphabet.def"
  E100_SEARCH_RESPONSES
};

/* The tokens of a server on one connection: the whole heads come first, then their first parts, then these.
 */
enum e100_server_token {
  E100_SERVER_TOKEN_PART = E100_SEARCH_RESPONSES,
  E100_SERVER_TOKEN_REST_OF_HEAD = 2 * E100_SEARCH_RESPONSES,
  E100_SERVER_TOKEN_CONTENT,         /* its first octet */
  E100_SERVER_TOKEN_REST_OF_CONTENT, /* until close: one more octet */
  E100_SERVER_TOKEN_CHUNK_SIZE,
  E100_SERVER_TOKEN_CHUNK_DATA,
  E100_SERVER_TOKEN_CHUNK, /* both */
  E100_SERVER_TOKEN_LAST_CHUNK,
  E100_SERVER_TOKEN_BROKEN_CHUNK,
  E100_SERVER_TOKEN_STRAY, /* a response that nobody asked for; octets of another protocol */
  E100_SERVER_TOKEN_HALF_CLOSES,
  E100_SERVER_TOKEN_CLOSES,
  E100_SERVER_TOKEN_RESETS,
  E100_SERVER_TOKENS
};

enum {
  E100_SERVER_PIPELINE = 4, /* requests that can wait for a server's response */
  E100_SERVER_INTERIMS = 2  /* interim responses that it sends to one request */
};

/* What the server knows of a request. */
enum e100_wanted_response {
  E100_WANTS_ANY,
  E100_WANTS_NO_CONTENT /* HEAD */,
  E100_WANTS_TUNNEL /* CONNECT */
};

/* Where the server stands. Plain data without padding: it is part of a state's form as it is. */
struct e100_search_server {
  uint8_t place;                         /* private */
  uint8_t head;                          /* enum e100_search_response: whose rest is due */
  uint8_t owed;                          /* octets of content */
  uint8_t chunks;                        /* sent for the present response */
  uint8_t interims;                      /* sent to the present request */
  uint8_t stray;                         /* octets that nobody asked for were sent */
  uint8_t count;                         /* requests that wait, the oldest first */
  uint8_t waiting[E100_SERVER_PIPELINE]; /* enum e100_wanted_response */
  uint8_t shut;                          /* it sends no more */
  uint8_t gone;                          /* it closed or reset the connection */
};

/* "200", "first part of: 200", "server closes": for people. */
const char *e100_server_token_words(unsigned token);

/* What TOKEN adds to the weight of a conversation. */
unsigned e100_server_token_weight(unsigned token);

/* The step that TOKEN is for SERVER: kind and octets; the caller sets link and parties. False where it cannot
 * do that now. */
bool e100_server_token_step(const struct e100_search_server *server, unsigned token, struct e100_step *step,
                            const uint8_t **octets);

/* What TOKEN, which e100_server_token_step allows, does to the server. */
void e100_server_token_happens(struct e100_search_server *server, unsigned token);

/* A request came whole in its head; WANTED: enum e100_wanted_response. */
void e100_search_server_is_asked(struct e100_search_server *server, unsigned wanted);

#endif
