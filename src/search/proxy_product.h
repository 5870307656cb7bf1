/*
 * proxy_product.h - the product that is searched for a proxy or gateway (searched.h) with one connection of a
 * client, which sends as one does to an origin server, and a pool of one connection to the next server, which
 * answers as one does to a client. With two clients it is shared_product.h.
 */
#ifndef E100_PROXY_PRODUCT_H
#define E100_PROXY_PRODUCT_H

#include "search/origin_alphabet.h"
#include "search/proxy_party.h"
#include "search/response_alphabet.h"

enum { E100_PROXY_SEARCH_WEIGHT = 2 /* of what happens in a conversation */ };

/* The tokens: those of the client, with silence and the timer; then those of the server. */
enum e100_proxy_token {
  E100_PROXY_TOKEN_SETTLED = E100_TOKEN_SETTLED,
  E100_PROXY_TOKEN_TIMER = E100_TOKEN_TIMER,
  E100_PROXY_TOKEN_SERVER,
  E100_PROXY_TOKENS = E100_PROXY_TOKEN_SERVER + E100_SERVER_TOKENS
};

struct e100_proxy_product {
  struct e100_proxy_party party;
  struct e100_search_client client;
  struct e100_search_server server;
  uint8_t weight;        /* of the conversation */
  struct e100_view view; /* the last: only its extent is in use */
};

/* Their designs are a struct e100_proxy_making. */
extern const struct e100_searched e100_searched_proxy, e100_searched_gateway;

#endif
