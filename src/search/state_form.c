#include "search/state_form.h"

#include <string.h>

struct e100_state_hash e100_view_form_hash(const struct e100_view *view) {
  uint8_t form[E100_VIEW_FORM_LIMIT];
  return e100_state_hash(form, e100_view_canonical(view, form));
}

struct e100_state_hash e100_state_form_hash(const struct e100_product *product, e100_product_form_fn *form,
                                            struct e100_state_hash *view) {
  uint8_t octets[E100_PRODUCT_FORM_LIMIT + sizeof *view];
  size_t length = form(product, octets);
  *view = e100_view_form_hash(&product->view);
  memcpy(octets + length, view, sizeof *view);
  return e100_state_hash(octets, length + sizeof *view);
}

/* ---- one token's future -----------------------------------------------------------------------------------
 */

static void mix(struct e100_state_hash *sum, const void *octets, size_t length) {
  struct e100_state_hash parts[2];
  parts[0] = *sum;
  parts[1] = e100_state_hash(octets, length);
  *sum = e100_state_hash((const uint8_t *)parts, sizeof parts);
}

static void on_row(void *user, const struct e100_row *row) {
  const uint8_t pair[2] = {row->state, row->event};
  mix(user, pair, sizeof pair);
}

static void on_step(void *user, const struct e100_product *product, const struct e100_step *step,
                    const uint8_t *octets) {
  const uint8_t kind[3] = {step->kind, step->what, (uint8_t)step->count};
  (void)product;
  mix(user, kind, sizeof kind);
  mix(user, octets, step->length);
}

static void mix_findings(struct e100_state_hash *sum, const struct e100_findings *findings) {
  for (uint32_t i = 0; i < findings->count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &findings->list[i];
    const uint32_t what[4] = {finding->rule, finding->party, finding->situation, finding->permitted};
    mix(sum, what, sizeof what);
  }
}

uint64_t e100_state_outlook(const struct e100_product *product, e100_product_form_fn *form) {
  struct e100_state_hash sum = {{0, 0}};
  struct e100_findings findings;
  const struct e100_product_watch watch = {
      .user = &sum, .row = on_row, .step = on_step, .findings = &findings};
  for (unsigned token = 0; token < E100_TOKENS; token++) {
    struct e100_product after;
    struct e100_state_hash view;
    memcpy(&after, product, e100_product_extent(product));
    const uint8_t happening = (uint8_t)e100_product_happens(&after, token, &watch);
    mix(&sum, &happening, 1);
    if (happening != E100_HAPPENS)
      continue;
    const struct e100_state_hash hash = e100_state_form_hash(&after, form, &view);
    mix(&sum, &hash, sizeof hash);
    mix_findings(&sum, &findings);
  }
  return sum.word[0] | 1U;
}
