#include "search/watching.h"

#include "search/state_form.h"

/* Asks what may be done on each link where somebody hears it. */
static void ask(struct e100_watching *watching, const struct e100_view *view, uint32_t heard,
                const struct e100_state_hash *form) {
  const struct e100_answer_kinds *kinds = watching->searched->answers;
  for (uint32_t link = 0; link < kinds->links; link++) {
    struct e100_answered *situation =
        (heard >> link & 1U) != 0 ? e100_answers_ask(watching->answers, kinds, view, link, form) : NULL;
    if (situation != NULL)
      watching->situation(watching->user, situation);
  }
}

static void on_row(void *user, const struct e100_row *row) {
  const struct e100_watching *watching = user;
  watching->row(watching->user, row);
}

/* The machine acts, or a silence passes in which it does not. */
static void on_step(void *user, const struct e100_view *view, const struct e100_step *step,
                    const uint8_t *octets) {
  struct e100_watching *watching = user;
  const struct e100_answer_kinds *kinds = watching->searched->answers;
  bool silence = step->kind == E100_STEP_SETTLED && kinds != NULL && kinds->as_client != 0;
  bool acts = step->from == e100_role_party((enum e100_role)watching->searched->role) &&
              step->kind != E100_STEP_TIMER && step->kind != E100_STEP_OPEN;
  if (watching->answers == NULL || kinds == NULL || (!silence && !acts))
    return;
  struct e100_state_hash form = e100_view_form_hash(view, 0);
  uint32_t heard = watching->searched->heard(watching->product);
  ask(watching, view, heard, &form);
  for (uint32_t link = 0; link < kinds->links; link++) {
    bool on_link = silence ? (kinds->as_client & heard) >> link & 1U : link == step->link;
    if (on_link && !e100_answers_give(watching->answers, kinds, view, link, &form, step, octets))
      watching->not_permitted = true;
  }
}

static enum e100_search_wrong wrong_with(const struct e100_watching *watching) {
  bool violation = false;
  for (uint32_t i = 0; i < watching->findings.count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &watching->findings.list[i];
    bool other = watching->only != NULL && !e100_rule_set_has(watching->only, finding->rule);
    if (e100_rule_severity(finding->rule) != E100_VIOLATION || other)
      continue;
    if (finding->party == e100_role_party((enum e100_role)watching->searched->role))
      return E100_WRONG_VIOLATION;
    violation = true;
  }
  return watching->not_permitted && !violation && watching->only == NULL ? E100_WRONG_DISAGREEMENT
                                                                         : E100_WRONG_NOTHING;
}

static void add_rules(struct e100_rule_set *sum, const struct e100_view *view) {
  struct e100_rule_set decided, undecided;
  e100_view_rules(view, &decided, &undecided);
  for (unsigned i = 0; i < E100_RULE_WORDS; i++)
    sum->word[i] |= decided.word[i];
}

enum e100_happening e100_watching_happens(struct e100_watching *watching, void *product, unsigned token,
                                          enum e100_search_wrong *wrong) {
  const struct e100_searched *searched = watching->searched;
  const struct e100_search_watch watch = {
      .user = watching, .row = on_row, .step = on_step, .findings = &watching->findings};
  watching->not_permitted = false;
  watching->product = product;
  enum e100_happening happening = searched->happens(product, token, &watch);
  *wrong = wrong_with(watching);
  if (happening == E100_HAPPENS)
    add_rules(watching->rules, searched->view(product));
  return happening;
}

void e100_watching_arrives(struct e100_watching *watching, const void *product,
                           const struct e100_state_hash *view) {
  const struct e100_searched *searched = watching->searched;
  if (watching->answers != NULL && searched->answers != NULL)
    ask(watching, searched->view(product), searched->heard(product), view);
}
