/*
 * origin_product.h - the product that is searched for an origin server (searched.h): its machine, and a
 * client.
 *
 * The machine is driven through its own interface, as subjects/origin_subject.c does: octets that it does
 * not take are held back and offered again after each answer.
 */
#ifndef E100_ORIGIN_PRODUCT_H
#define E100_ORIGIN_PRODUCT_H

#include "machine/origin.h"
#include "model/model.h"
#include "search/origin_alphabet.h"
#include "search/searched.h"

enum {
  E100_ORIGIN_PRODUCT_HELD_LIMIT = 512, /* octets that can be held back */
  E100_ORIGIN_PRODUCT_FORM_LIMIT = E100_ORIGIN_ROOM + E100_ORIGIN_PRODUCT_HELD_LIMIT + 64
};

struct e100_origin_product {
  struct e100_origin origin;
  struct e100_search_client client;
  uint8_t shut;             /* the machine sends no more */
  uint8_t closed;           /* ... and has closed the connection */
  uint8_t half_close_waits; /* the client half-closed, behind the octets that are held back */
  uint16_t held;            /* octets that the machine has not taken */
  uint8_t octets[E100_ORIGIN_PRODUCT_HELD_LIMIT];
  struct e100_view view; /* the last: only its extent is in use */
};

/* origin_product_form.c */
e100_product_form_fn e100_origin_product_form;

extern const struct e100_searched e100_searched_origin;

#endif
