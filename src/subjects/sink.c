#include "subjects/sink.h"

#include <string.h>

#include "subjects/subject.h"

/* The other end of the link, as seen from the subject. */
static uint8_t other_end(const struct e100_sink *sink, uint32_t link) {
  const struct e100_link *ends = &sink->transcript->links[link];
  return ends->client == sink->party ? ends->server : ends->client;
}

/* Status lines at the beginnings of lines. A guess: it only decides whether somebody goes on waiting. */
static void notice(struct e100_sink *sink) {
  static const char version[] = "HTTP/1.";
  const char *text = sink->pending.text;
  sink->came[E100_AWAIT_ANY] = true;
  for (size_t at = 0; at + 12 <= sink->pending.length; at++) {
    bool begins = at == 0 || text[at - 1] == '\n';
    if (!begins || memcmp(text + at, version, sizeof version - 1) != 0)
      continue;
    if (memcmp(text + at + 9, "100", 3) == 0)
      sink->came[E100_AWAIT_100] = true;
    if (text[at + 9] != '1')
      sink->came[E100_AWAIT_FINAL] = true;
  }
}

void e100_sink_flush(struct e100_sink *sink) {
  if (sink->pending.length == 0)
    return;
  notice(sink);
  struct e100_step step = {.kind = E100_STEP_DELIVER,
                           .link = (uint8_t)sink->pending_link,
                           .from = sink->party,
                           .to = other_end(sink, sink->pending_link)};
  e100_exchange_append(sink->transcript, &step, (const uint8_t *)sink->pending.text, sink->pending.length);
  sink->pending.length = 0;
}

void e100_sink_send(struct e100_sink *sink, uint32_t link, const uint8_t *octets, size_t length) {
  if (link >= sink->transcript->link_count || sink->shut[link] || length == 0)
    return;
  if (link != sink->pending_link)
    e100_sink_flush(sink);
  sink->pending_link = link;
  e100_text_add(&sink->pending, (const char *)octets, length);
}

void e100_sink_end(struct e100_sink *sink, uint32_t link, enum e100_step_kind ending) {
  if (link >= sink->transcript->link_count || sink->closed[link])
    return;
  if (ending == E100_STEP_HALF_CLOSE && sink->shut[link])
    return;
  e100_sink_flush(sink);
  struct e100_step step = {.kind = (uint8_t)ending, .link = (uint8_t)link, .from = sink->party};
  e100_exchange_append(sink->transcript, &step, NULL, 0);
  sink->shut[link] = true;
  sink->closed[link] = ending != E100_STEP_HALF_CLOSE;
}

void e100_sink_told(struct e100_sink *sink, uint32_t link, enum e100_told told, uint32_t count) {
  if (link >= sink->transcript->link_count)
    return;
  e100_sink_flush(sink);
  struct e100_step step = {.kind = E100_STEP_TOLD,
                           .link = (uint8_t)link,
                           .from = E100_APPLICATION,
                           .what = (uint8_t)told,
                           .count = count};
  e100_exchange_append(sink->transcript, &step, NULL, 0);
}

void e100_sink_decided(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets,
                       size_t length) {
  if (step->link >= sink->transcript->link_count)
    return;
  e100_sink_flush(sink);
  struct e100_step decision = *step;
  decision.kind = E100_STEP_DECIDED;
  decision.from = E100_APPLICATION;
  e100_exchange_append(sink->transcript, &decision, octets, length);
}
