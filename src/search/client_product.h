/*
 * client_product.h - the product that is searched for a client (searched.h): the machines of its pool, what
 * its application wants, and a server at the end of each connection.
 *
 * The machines are driven through their own interface, as subjects/client_subject.c does: a request waits
 * until a connection takes it; content is given where it is wanted, by policy in halves; one whose
 * expectation was not met is made again without.
 */
#ifndef E100_CLIENT_PRODUCT_H
#define E100_CLIENT_PRODUCT_H

#include "machine/client.h"
#include "model/model.h"
#include "search/response_alphabet.h"
#include "search/searched.h"

enum e100_search_ask {
#define ASK(symbol, words, before, after, fields, content, weight) E100_ASKS_FOR_##symbol,
#include "search/client_alphabet.def"
  E100_SEARCH_ASKS
};

enum {
  E100_SEARCH_REQUESTS = 2, /* of one conversation */
  E100_SEARCH_WEIGHT = 2,   /* of what happens in it (client_alphabet.def) */
  E100_SEARCH_POOL = 1,     /* connections */
};

/* The tokens: what is asked for, then those of the server of each connection, then these. */
enum e100_client_token {
  E100_CLIENT_TOKEN_SERVER = E100_SEARCH_ASKS,
  E100_CLIENT_TOKEN_CANCEL =
      E100_CLIENT_TOKEN_SERVER + E100_SEARCH_POOL * E100_SERVER_TOKENS, /* by connection */
  E100_CLIENT_TOKEN_TIMER_CONTINUE = E100_CLIENT_TOKEN_CANCEL + E100_SEARCH_POOL,
  E100_CLIENT_TOKEN_TIMER_RESPONSE,
  E100_CLIENT_TOKEN_SETTLED,
  /* The caller does what it should not, on the first connection: each is rejected. */
  E100_CLIENT_TOKEN_GIVES,
  E100_CLIENT_TOKEN_ENDS,
  E100_CLIENT_TOKEN_COMES_TOO_SOON,
  E100_CLIENT_TOKENS
};

/* A request that the application wants. Here and below: plain data without padding, part of a state's form.
 */
struct e100_search_errand {
  uint8_t ask;      /* enum e100_search_ask */
  uint8_t place;    /* among the requests of the conversation, from 0 */
  uint8_t repeated; /* its expectation was not met */
};

struct e100_search_connection {
  struct e100_search_errand asked[E100_SEARCH_REQUESTS]; /* what is outstanding, the oldest first */
  uint8_t count;
  uint8_t content_left; /* octets of the latest that are still to be given */
  uint8_t wanted;       /* the machine takes content */
  uint8_t first_half;   /* the first half is given */
  uint8_t closed;       /* by the machine */
  struct e100_search_server server;
};

struct e100_client_product {
  struct e100_client clients[E100_SEARCH_POOL];
  struct e100_search_connection connections[E100_SEARCH_POOL];
  struct e100_search_errand waiting[E100_SEARCH_REQUESTS]; /* for a connection, the first one first */
  uint8_t waiting_count;
  uint8_t requests; /* that were asked for */
  uint8_t weight;   /* of the conversation */
  uint8_t chunked;  /* policies of the application */
  uint8_t halves;
  struct e100_view view; /* the last: only its extent is in use */
};

enum { E100_CLIENT_PRODUCT_FORM_ROOM = E100_SEARCH_POOL * (E100_CLIENT_ROOM + 64) + 64 };

e100_product_form_fn e100_client_product_form; /* client_product_form.c */

extern const struct e100_searched e100_searched_client;

#endif
