#include "search/watching.h"

#include "search/state_form.h"

/* Where nobody is there any more to hear it, any answer is permitted, and none is given. */
static void ask(struct e100_watching *watching, const struct e100_product *product,
                const struct e100_state_hash *form) {
  if (product->client.gone != 0 || product->closed != 0)
    return;
  struct e100_answered *situation = e100_answers_ask(watching->answers, &product->view, form);
  if (situation != NULL)
    watching->situation(watching->user, situation);
}

static void on_row(void *user, const struct e100_row *row) {
  const struct e100_watching *watching = user;
  watching->row(watching->user, row);
}

static void on_step(void *user, const struct e100_product *product, const struct e100_step *step,
                    const uint8_t *octets) {
  struct e100_watching *watching = user;
  if (watching->answers == NULL || step->from != E100_ORIGIN || step->kind == E100_STEP_TIMER)
    return;
  struct e100_state_hash form = e100_view_form_hash(&product->view);
  ask(watching, product, &form);
  if (!e100_answers_give(watching->answers, &product->view, &form, step, octets))
    watching->not_permitted = true;
}

static enum e100_search_wrong wrong_with(const struct e100_watching *watching) {
  bool violation = false;
  for (uint32_t i = 0; i < watching->findings.count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &watching->findings.list[i];
    if (e100_rule_severity(finding->rule) != E100_VIOLATION)
      continue;
    if (finding->party == E100_ORIGIN)
      return E100_WRONG_VIOLATION;
    violation = true;
  }
  return watching->not_permitted && !violation ? E100_WRONG_DISAGREEMENT : E100_WRONG_NOTHING;
}

static void add_rules(struct e100_rule_set *sum, const struct e100_view *view) {
  struct e100_rule_set decided, undecided;
  e100_view_rules(view, &decided, &undecided);
  for (unsigned i = 0; i < E100_RULE_WORDS; i++)
    sum->word[i] |= decided.word[i];
}

enum e100_happening e100_watching_happens(struct e100_watching *watching, struct e100_product *product,
                                          unsigned token, enum e100_search_wrong *wrong) {
  const struct e100_product_watch watch = {
      .user = watching, .row = on_row, .step = on_step, .findings = &watching->findings};
  watching->not_permitted = false;
  enum e100_happening happening = e100_product_happens(product, token, &watch);
  *wrong = wrong_with(watching);
  if (happening == E100_HAPPENS)
    add_rules(watching->rules, &product->view);
  return happening;
}

void e100_watching_arrives(struct e100_watching *watching, const struct e100_product *product,
                           const struct e100_state_hash *view) {
  if (watching->answers != NULL)
    ask(watching, product, view);
}
