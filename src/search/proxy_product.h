/*
 * proxy_product.h - the product that is searched for a proxy or gateway (searched.h): its machine, a client
 * that sends as one does to an origin server, and the connection to the next server, which answers as one
 * does to a client.
 *
 * The machine is driven through its own interface, as subjects/proxy_subject.c does: octets that it does not
 * take are held back and offered again; the pool has one place, whose connection is opened again where it was
 * closed.
 */
#ifndef E100_PROXY_PRODUCT_H
#define E100_PROXY_PRODUCT_H

#include "machine/proxy.h"
#include "model/model.h"
#include "search/origin_alphabet.h"
#include "search/response_alphabet.h"
#include "search/searched.h"

enum {
  E100_PROXY_PRODUCT_ROOM = 256, /* octets that are held back of each kind: the alphabet sends little */
  E100_PROXY_SEARCH_WEIGHT = 2   /* of what happens in a conversation */
};

/* The tokens: those of the client, with silence and the timer; then those of the server. */
enum e100_proxy_token {
  E100_PROXY_TOKEN_SETTLED = E100_TOKEN_SETTLED,
  E100_PROXY_TOKEN_TIMER = E100_TOKEN_TIMER,
  E100_PROXY_TOKEN_SERVER,
  E100_PROXY_TOKENS = E100_PROXY_TOKEN_SERVER + E100_SERVER_TOKENS
};

/* Octets that are kept. */
struct e100_kept {
  uint16_t length;
  uint8_t octets[E100_PROXY_PRODUCT_ROOM];
};

struct e100_proxy_product {
  struct e100_proxy proxy;
  struct e100_search_client client;
  struct e100_search_server server;
  uint8_t shut;             /* the machine sends no more to the client */
  uint8_t closed;           /* ... and has closed that connection */
  uint8_t half_close_waits; /* the client half-closed, behind the octets that are held back */
  uint8_t up_open;          /* there is a connection to the server */
  uint8_t up_used;          /* ... and the present request has it */
  uint8_t weight;           /* of the conversation */
  struct e100_kept held;    /* octets of the client that the machine has not taken */
  struct e100_kept collected;
  struct e100_kept request, response; /* heads, as the machine keeps them */
  struct e100_view view;              /* the last: only its extent is in use */
};

enum { E100_PROXY_PRODUCT_FORM_ROOM = E100_PROXY_ROOM + 4 * E100_PROXY_PRODUCT_ROOM + 128 };

e100_product_form_fn e100_proxy_product_form; /* proxy_product_form.c */

extern const struct e100_searched e100_searched_proxy, e100_searched_gateway;

#endif
