/*
 * shared_alphabet.h - what can happen next where two clients share a pool of connections to servers: what
 * each client and each server can send, and where they stand.
 *
 * A client makes one request, and a server answers what came in their order, as HTTP lets them, or says
 * something that nobody asked for; both can end their connections. All that they send bears the mark of the
 * client whose it is.
 */
#ifndef E100_SHARED_ALPHABET_H
#define E100_SHARED_ALPHABET_H

#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"

enum { E100_SHARED_CLIENTS = 2 };

enum e100_shared_ask {
#define ASK(symbol, words, method, fields, before, behind, rest, weight) E100_SHARED_SENDS_##symbol,
#include "search/shared_alphabet.def"
  E100_SHARED_ASKS
};

enum e100_shared_reply {
#define REPLY(symbol, words, line, fields, before, behind, rest, follows, weight) \
  E100_SHARED_REPLIES_##symbol,
#include "search/shared_alphabet.def"
  E100_SHARED_REPLIES
};

/* The tokens of one client: its requests, and then these. */
enum e100_shared_client_token {
  E100_SHARED_CONTENT = E100_SHARED_ASKS, /* its first piece */
  E100_SHARED_REST_OF_CONTENT,
  E100_SHARED_CLIENT_HALF_CLOSES,
  E100_SHARED_CLIENT_CLOSES,
  E100_SHARED_CLIENT_RESETS,
  E100_SHARED_CLIENT_TOKENS
};

/* Those of one server: its response heads, and then these. */
enum e100_shared_server_token {
  E100_SHARED_RESPONSE_CONTENT = E100_SHARED_REPLIES, /* its first piece */
  E100_SHARED_REST_OF_RESPONSE,
  E100_SHARED_TWICE, /* the 403 of the request that waits, and behind it another one */
  E100_SHARED_STRAY, /* another final response, where no request waits */
  E100_SHARED_SERVER_HALF_CLOSES,
  E100_SHARED_SERVER_CLOSES,
  E100_SHARED_SERVER_RESETS,
  E100_SHARED_SERVER_TOKENS
};

/* Where they stand. Plain data without padding: it is part of a state's form as it is. */
struct e100_shared_client {
  uint8_t asked;  /* enum e100_shared_ask and 1; 0: nothing yet */
  uint8_t pieces; /* of content that were sent */
  uint8_t shut;   /* it sends no more */
  uint8_t gone;   /* it closed or reset the connection */
};

enum { E100_SHARED_WAITING = 4 /* requests that can wait for a server's response */ };

struct e100_shared_server {
  uint8_t count;                        /* requests that wait, the oldest first */
  uint8_t waiting[E100_SHARED_WAITING]; /* whose they are */
  uint8_t reply;                        /* enum e100_shared_reply and 1, whose content is due; or 0 */
  uint8_t pieces;                       /* of it that were sent */
  uint8_t whose;                        /* the last final response is: a client, or E100_SHARED_CLIENTS */
  uint8_t interims;                     /* set of 1 << enum e100_shared_reply: sent to the present request */
  uint8_t lost;                         /* what it sends is nothing that anybody can read */
  uint8_t strayed;                      /* octets that nobody asked for were sent */
  uint8_t shut, gone;
};

/* A new connection to a server. */
void e100_shared_server_init(struct e100_shared_server *server);

/* "asks", "client closes"; "200", "server closes": for people. */
const char *e100_shared_client_words(unsigned token);
const char *e100_shared_server_words(unsigned token);

/* What a token adds to the weight of a conversation. */
unsigned e100_shared_client_weight(unsigned token);
unsigned e100_shared_server_weight(unsigned token);

/* The step that TOKEN is, kind and octets, which are valid for ever; the caller sets link and parties. False
 * where it cannot be done now. NUMBER says which client it is. */
bool e100_shared_client_step(const struct e100_shared_client *client, unsigned number, unsigned token,
                             struct e100_step *step, const uint8_t **octets);
bool e100_shared_server_step(const struct e100_shared_server *server, unsigned token, struct e100_step *step,
                             const uint8_t **octets);

/* What TOKEN, which is allowed, does to who sends it. */
void e100_shared_client_happens(struct e100_shared_client *client, unsigned token);
void e100_shared_server_happens(struct e100_shared_server *server, unsigned token);

/* A request of client NUMBER came to the server whole in its head. */
void e100_shared_server_is_asked(struct e100_shared_server *server, unsigned number);

#endif
