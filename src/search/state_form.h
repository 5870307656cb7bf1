/* state_form.h - hashes of states, canonical: the product's form and its view's together. */
#ifndef E100_STATE_FORM_H
#define E100_STATE_FORM_H

#include "search/searched.h"
#include "search/visited.h"

/* One search's states; FORM is the product's part of them. */
struct e100_state_former {
  const struct e100_searched *searched;
  e100_product_form_fn *form;
  uint8_t *octets; /* owned: room for a form */
  void *after;     /* owned: room for a product */
};

/* FORM may be NULL: the product's own. */
void e100_state_former_init(struct e100_state_former *former, const struct e100_searched *searched,
                            e100_product_form_fn *form);
void e100_state_former_free(struct e100_state_former *former);

/* The hash of what can influence what happens later; *VIEW is that of the view's part. */
struct e100_state_hash e100_state_form_hash(const struct e100_state_former *former, const void *product,
                                            struct e100_state_hash *view);

/* ... of VIEW alone, where the links CLOSED are closed. */
struct e100_state_hash e100_view_form_hash(const struct e100_view *view, uint32_t closed);

/* What one token, each of them, does to PRODUCT, as a number that is not 0: rows that are taken, octets that
 * are sent, what the application is told, findings, and the form of the state after it. */
uint64_t e100_state_outlook(const struct e100_state_former *former, const void *product);

#endif
