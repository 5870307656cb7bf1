#include "search/state_form.h"

#include <stdlib.h>
#include <string.h>

void e100_state_former_init(struct e100_state_former *former, const struct e100_searched *searched,
                            e100_product_form_fn *form) {
  former->searched = searched;
  former->form = form == NULL ? searched->form : form;
  former->octets = malloc(searched->form_room + sizeof(struct e100_state_hash));
  former->after = malloc(searched->room);
  E100_CHECK(former->octets != NULL && former->after != NULL, "out of memory");
}

void e100_state_former_free(struct e100_state_former *former) {
  free(former->octets);
  free(former->after);
}

struct e100_state_hash e100_view_form_hash(const struct e100_view *view, uint32_t closed) {
  uint8_t form[E100_VIEW_FORM_LIMIT];
  return e100_state_hash(form, e100_view_canonical(view, closed, form));
}

struct e100_state_hash e100_state_form_hash(const struct e100_state_former *former, const void *product,
                                            struct e100_state_hash *view) {
  size_t length = former->form(product, former->octets);
  *view = e100_view_form_hash(former->searched->view(product), former->searched->closed(product));
  memcpy(former->octets + length, view, sizeof *view);
  return e100_state_hash(former->octets, length + sizeof *view);
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

static void on_step(void *user, const struct e100_view *view, const struct e100_step *step,
                    const uint8_t *octets) {
  const uint8_t kind[4] = {step->kind, step->what, (uint8_t)step->count, step->link};
  (void)view;
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

uint64_t e100_state_outlook(const struct e100_state_former *former, const void *product) {
  const struct e100_searched *searched = former->searched;
  struct e100_state_hash sum = {{0, 0}};
  struct e100_findings findings;
  const struct e100_search_watch watch = {
      .user = &sum, .row = on_row, .step = on_step, .findings = &findings};
  size_t extent = searched->extent(product);
  for (unsigned token = 0; token < searched->tokens; token++) {
    struct e100_state_hash view;
    memcpy(former->after, product, extent);
    const uint8_t happening = (uint8_t)searched->happens(former->after, token, &watch);
    mix(&sum, &happening, 1);
    if (happening != E100_HAPPENS)
      continue;
    const struct e100_state_hash hash = e100_state_form_hash(former, former->after, &view);
    mix(&sum, &hash, sizeof hash);
    mix_findings(&sum, &findings);
  }
  return sum.word[0] | 1U;
}
