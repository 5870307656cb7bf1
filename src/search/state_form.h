/* state_form.h - hashes of states, canonical: the product's form and its view's together. */
#ifndef E100_STATE_FORM_H
#define E100_STATE_FORM_H

#include "search/product.h"
#include "search/visited.h"

/* The hash of what can influence what happens later, by FORM; *VIEW is that of the view's part. */
struct e100_state_hash e100_state_form_hash(const struct e100_product *product, e100_product_form_fn *form,
                                            struct e100_state_hash *view);

struct e100_state_hash e100_view_form_hash(const struct e100_view *view);

/* What one token, each of them, does to PRODUCT, as a number that is not 0: rows that are taken, octets that
 * are sent, what the application is told, findings, and the form of the state after it. */
uint64_t e100_state_outlook(const struct e100_product *product, e100_product_form_fn *form);

#endif
