#include "subjects/sink.h"

#include "subjects/subject.h"

/* The other end of the link, as seen from the subject. */
static uint8_t other_end(const struct e100_sink *sink, uint32_t link) {
  const struct e100_link *ends = &sink->transcript->links[link];
  return ends->client == sink->party ? ends->server : ends->client;
}

static inline void write_step(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets) {
  sink->sending = false;
  e100_exchange_append(sink->transcript, step, octets, step->length);
}

void e100_sink_write(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets) {
  write_step(sink, step, octets);
}

static inline void write_ahead(struct e100_sink *sink) {
  const struct e100_step *ahead = sink->ahead;
  if (ahead == NULL)
    return;
  sink->ahead = NULL;
  write_step(sink, ahead, sink->octets);
}

void e100_sink_write_ahead(struct e100_sink *sink) {
  write_ahead(sink);
}

/* A delivery that the last step is no part of. */
static void begin_delivery(struct e100_sink *sink, uint32_t link, const uint8_t *octets, size_t length) {
  struct e100_step step = {
      .kind = E100_STEP_DELIVER, .link = (uint8_t)link, .from = sink->party, .to = other_end(sink, link)};
  sink->sending = e100_exchange_append(sink->transcript, &step, octets, length) >= 0;
}

/* Adds to the last step. Beyond a limit all of it is left out, as any step would be. */
static void go_on_with_delivery(struct e100_sink *sink, const uint8_t *octets, size_t length) {
  struct e100_exchange *transcript = sink->transcript;
  if (e100_exchange_extend(transcript, octets, length))
    return;
  transcript->step_count--;
  transcript->octet_count -= transcript->steps[transcript->step_count].length;
  sink->sending = false;
}

void e100_sink_send(struct e100_sink *sink, uint32_t link, const uint8_t *octets, size_t length) {
  const struct e100_exchange *transcript = sink->transcript;
  if (link >= transcript->link_count || sink->shut[link] || length == 0)
    return;
  write_ahead(sink);
  if (sink->sending && transcript->steps[transcript->step_count - 1].link == link)
    go_on_with_delivery(sink, octets, length);
  else
    begin_delivery(sink, link, octets, length);
}

static void write_own(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets) {
  write_ahead(sink);
  write_step(sink, step, octets);
}

void e100_sink_not_open(struct e100_sink *sink, uint32_t link) {
  if (link < sink->transcript->link_count)
    sink->not_open[link] = sink->shut[link] = sink->closed[link] = true;
}

void e100_sink_open(struct e100_sink *sink, uint32_t link) {
  if (link >= sink->transcript->link_count || !sink->closed[link])
    return;
  if (sink->not_open[link]) {
    sink->not_open[link] = sink->shut[link] = sink->closed[link] = false;
    return;
  }
  struct e100_step step = {.kind = E100_STEP_OPEN, .link = (uint8_t)link, .from = sink->party};
  write_own(sink, &step, NULL);
  sink->shut[link] = sink->closed[link] = false;
  sink->reopened[link] = true;
}

void e100_sink_end(struct e100_sink *sink, uint32_t link, enum e100_step_kind ending) {
  if (link >= sink->transcript->link_count || sink->closed[link])
    return;
  if (ending == E100_STEP_HALF_CLOSE && sink->shut[link])
    return;
  struct e100_step step = {.kind = (uint8_t)ending, .link = (uint8_t)link, .from = sink->party};
  write_own(sink, &step, NULL);
  sink->shut[link] = true;
  sink->closed[link] = ending != E100_STEP_HALF_CLOSE;
}

void e100_sink_told(struct e100_sink *sink, uint32_t link, enum e100_told told, uint32_t number) {
  if (link >= sink->transcript->link_count)
    return;
  struct e100_step step = {
      .kind = E100_STEP_TOLD, .link = (uint8_t)link, .from = E100_APPLICATION, .what = (uint8_t)told};
  if (told == E100_TOLD_CONTENT)
    step.count = number;
  else
    step.status = (uint16_t)number;
  write_own(sink, &step, NULL);
}

void e100_sink_decided(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets,
                       size_t length) {
  if (step->link >= sink->transcript->link_count)
    return;
  struct e100_step decision = *step;
  decision.kind = E100_STEP_DECIDED;
  decision.from = E100_APPLICATION;
  decision.length = (uint32_t)length;
  write_own(sink, &decision, octets);
}
