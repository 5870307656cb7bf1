/*
 * product.h - the product that is searched: a machine, what its caller keeps for it, the client, and what
 * the model has seen of their conversation. Plain data: a copy of its extent is a snapshot.
 *
 * The machine is driven through its own interface, as subjects/origin_subject.c does: octets that it does
 * not take are held back and offered again after each answer.
 */
#ifndef E100_PRODUCT_H
#define E100_PRODUCT_H

#include "machine/origin.h"
#include "model/model.h"
#include "search/alphabet.h"

enum {
  E100_PRODUCT_HELD_LIMIT = 512, /* octets that can be held back: E100_PIPELINE requests of the alphabet */
  E100_PRODUCT_FORM_LIMIT = E100_ORIGIN_ROOM + E100_PRODUCT_HELD_LIMIT + 64
};

struct e100_product {
  struct e100_origin origin;
  struct e100_search_client client;
  uint8_t shut;             /* the machine sends no more */
  uint8_t closed;           /* ... and has closed the connection */
  uint8_t half_close_waits; /* the client half-closed, behind the octets that are held back */
  uint16_t held;            /* octets that the machine has not taken */
  uint8_t octets[E100_PRODUCT_HELD_LIMIT];
  struct e100_view view; /* the last: only its extent is in use */
};

/* Who looks on while something happens. */
struct e100_product_watch {
  void *user;
  /* The machine took a row of its table. */
  void (*row)(void *user, const struct e100_row *row);
  /* A step took place. Called in their order, right before PRODUCT's view learns of it. */
  void (*step)(void *user, const struct e100_product *product, const struct e100_step *step,
               const uint8_t *octets);
  struct e100_findings *findings; /* of the model, about this token: set anew */
};

enum e100_happening {
  E100_CANNOT_HAPPEN, /* now: the product is as it was */
  E100_IS_REJECTED,   /* the machine rejected a decision of the application: nothing took place */
  E100_HAPPENS
};

/* A new connection. DESIGN stays the caller's and must outlive the product. */
void e100_product_init(struct e100_product *product, const struct e100_origin_design *design,
                       const struct e100_origin_policy *policy);

/* How many octets of a product are in use. */
size_t e100_product_extent(const struct e100_product *product);

/* Whether TOKEN can happen now, and the step that it is: as e100_token_step, with the timer's name. */
bool e100_product_step(const struct e100_product *product, unsigned token, struct e100_step *step,
                       const uint8_t **octets);

/* Lets TOKEN happen. After E100_IS_REJECTED only rows were told; the product
 * is as it was but for its machine's note of the rejection. */
enum e100_happening e100_product_happens(struct e100_product *product, unsigned token,
                                         const struct e100_product_watch *watch);

/* product_form.c: everything of PRODUCT but its view that can influence what happens later, as octets; how
 * many there are. Two products with equal forms whose views have equal forms (e100_view_canonical) go on
 * alike whatever happens. */
typedef size_t e100_product_form_fn(const struct e100_product *product, uint8_t out[E100_PRODUCT_FORM_LIMIT]);
e100_product_form_fn e100_product_form;

#endif
