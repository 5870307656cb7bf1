#include "search/trace.h"

#include <stdlib.h>
#include <string.h>

/* What is written down while a trace is followed. */
struct writing {
  struct e100_exchange *exchange;
  bool others_only;
};

static void on_row(void *user, const struct e100_row *row) {
  (void)user;
  (void)row;
}

static void on_step(void *user, const struct e100_view *view, const struct e100_step *step,
                    const uint8_t *octets) {
  const struct writing *writing = user;
  (void)view;
  if (!writing->others_only)
    e100_exchange_append(writing->exchange, step, octets, step->length);
}

static void follow(const struct e100_trace *trace, const struct e100_searched *searched, const void *design,
                   uint32_t policy, struct writing *writing) {
  struct e100_findings findings;
  const struct e100_search_watch watch = {
      .user = writing, .row = on_row, .step = on_step, .findings = &findings};
  void *product = malloc(searched->room);
  E100_CHECK(product != NULL, "out of memory");
  searched->init(product, design, policy);
  searched->exchange(writing->exchange);
  writing->exchange->policy = policy;
  for (unsigned i = 0; i < trace->length; i++) {
    struct e100_step step;
    const uint8_t *octets = NULL;
    bool can = searched->step(product, trace->tokens[i], &step, &octets);
    E100_CHECK(can, "a trace can be followed again");
    if (writing->others_only)
      e100_exchange_append(writing->exchange, &step, octets, step.length);
    searched->happens(product, trace->tokens[i], &watch);
  }
  free(product);
  e100_exchange_normalize(writing->exchange);
}

void e100_trace_play(const struct e100_trace *trace, const struct e100_searched *searched, const void *design,
                     uint32_t policy, struct e100_exchange *play) {
  struct writing writing = {.exchange = play, .others_only = true};
  follow(trace, searched, design, policy, &writing);
  play->kind = E100_KIND_PLAY;
}

void e100_trace_transcript(const struct e100_trace *trace, const struct e100_searched *searched,
                           const void *design, uint32_t policy, struct e100_exchange *transcript) {
  struct writing writing = {.exchange = transcript, .others_only = false};
  follow(trace, searched, design, policy, &writing);
}

void e100_trace_words(const struct e100_trace *trace, const struct e100_searched *searched,
                      struct e100_text *out) {
  for (unsigned i = 0; i < trace->length; i++)
    e100_text_format(out, "%s%s", i == 0 ? "" : "; ", searched->words(trace->tokens[i]));
}
