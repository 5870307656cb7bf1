/*
 * shared_product.h - the product that is searched for a proxy or gateway whose pool two clients share
 * (searched.h): whose octets are whose, and what becomes of a connection that one of them leaves behind.
 */
#ifndef E100_SHARED_PRODUCT_H
#define E100_SHARED_PRODUCT_H

#include "search/proxy_party.h"
#include "search/shared_alphabet.h"

enum {
  E100_SHARED_PLACES = 1, /* in the pool */
  E100_SHARED_WEIGHT = 1  /* of what happens in a conversation (shared_alphabet.def) */
};

/* The tokens: those of each client, with its timer; those of each server; silence. */
enum e100_shared_token {
  E100_SHARED_TOKEN_TIMER = E100_SHARED_CLIENTS * E100_SHARED_CLIENT_TOKENS, /* by client */
  E100_SHARED_TOKEN_SERVER = E100_SHARED_TOKEN_TIMER + E100_SHARED_CLIENTS,
  E100_SHARED_TOKEN_SETTLED = E100_SHARED_TOKEN_SERVER + E100_SHARED_PLACES * E100_SHARED_SERVER_TOKENS,
  E100_SHARED_TOKENS
};

struct e100_shared_product {
  struct e100_proxy_party party;
  struct e100_shared_client clients[E100_SHARED_CLIENTS];
  struct e100_shared_server servers[E100_SHARED_PLACES];
  uint8_t weight;        /* of the conversation */
  struct e100_view view; /* the last: only its extent is in use */
};

/* Their designs are a struct e100_proxy_making. */
extern const struct e100_searched e100_searched_shared_proxy, e100_searched_shared_gateway;

#endif
