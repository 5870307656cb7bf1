#include "search/trace.h"

#include <string.h>

#include "search/product.h"
#include "subjects/origin_choices.h"

/* What is written down while a trace is followed. */
struct writing {
  struct e100_exchange *exchange;
  bool others_only;
};

static void on_row(void *user, const struct e100_row *row) {
  (void)user;
  (void)row;
}

static void on_step(void *user, const struct e100_product *product, const struct e100_step *step,
                    const uint8_t *octets) {
  const struct writing *writing = user;
  (void)product;
  if (!writing->others_only)
    e100_exchange_append(writing->exchange, step, octets, step->length);
}

static void follow(const struct e100_trace *trace, const struct e100_origin_design *design, uint32_t policy,
                   struct writing *writing) {
  struct e100_origin_policy chosen = e100_origin_policy_of(policy);
  struct e100_findings findings;
  const struct e100_product_watch watch = {
      .user = writing, .row = on_row, .step = on_step, .findings = &findings};
  struct e100_product product;
  e100_product_init(&product, design, &chosen);
  e100_exchange_clear(writing->exchange);
  writing->exchange->policy = policy;
  for (unsigned i = 0; i < trace->length; i++) {
    struct e100_step step;
    const uint8_t *octets = NULL;
    bool can = e100_product_step(&product, trace->tokens[i], &step, &octets);
    E100_CHECK(can, "a trace can be followed again");
    if (writing->others_only)
      e100_exchange_append(writing->exchange, &step, octets, step.length);
    e100_product_happens(&product, trace->tokens[i], &watch);
  }
  e100_exchange_normalize(writing->exchange);
}

void e100_trace_play(const struct e100_trace *trace, const struct e100_origin_design *design, uint32_t policy,
                     struct e100_exchange *play) {
  struct writing writing = {.exchange = play, .others_only = true};
  follow(trace, design, policy, &writing);
  play->kind = E100_KIND_PLAY;
}

void e100_trace_transcript(const struct e100_trace *trace, const struct e100_origin_design *design,
                           uint32_t policy, struct e100_exchange *transcript) {
  struct writing writing = {.exchange = transcript, .others_only = false};
  follow(trace, design, policy, &writing);
}

void e100_trace_words(const struct e100_trace *trace, struct e100_text *out) {
  for (unsigned i = 0; i < trace->length; i++)
    e100_text_format(out, "%s%s", i == 0 ? "" : "; ", e100_token_words(trace->tokens[i]));
}
