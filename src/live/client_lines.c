/* client_lines.c - which connection a line is about that a client program says. */
#include "live/client_lines.h"

#include <string.h>

#include "subjects/awaiting.h"

enum { NO_LINK = E100_LINKS_LIMIT };

static bool is_head(const struct e100_step *step) {
  return step->kind == E100_STEP_TOLD &&
         (step->what == E100_TOLD_RESPONSE || step->what == E100_TOLD_INTERIM);
}

/* The steps that belong to the latest request begin there. */
static uint32_t latest_request(const struct e100_exchange *transcript) {
  uint32_t from = transcript->step_count;
  while (from > 0 && (transcript->steps[from - 1].kind != E100_STEP_DECIDED ||
                      transcript->steps[from - 1].what != E100_DECIDE_REQUEST))
    from--;
  return from;
}

/* How many lines of STEP's octets begin a response with STATUS. */
static unsigned heads_with(const struct e100_exchange *transcript, const struct e100_step *step,
                           unsigned status) {
  const char digits[] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
                         (char)('0' + status % 10)};
  const uint8_t *at = e100_step_octets(transcript, step), *end = at + step->length;
  unsigned heads = 0;
  while (at < end) {
    bool version = end - at >= 12 && memcmp(at, "HTTP/1.", 7) == 0;
    heads += version && memcmp(at + 9, digits, sizeof digits) == 0;
    at = memchr(at, '\n', (size_t)(end - at));
    at = at != NULL ? at + 1 : end;
  }
  return heads;
}

/* The link on which a response with STATUS came last, of those that have one that was not told yet. */
static uint32_t untold_link(const struct e100_exchange *transcript, uint32_t from, unsigned status) {
  unsigned untold[E100_LINKS_LIMIT] = {0};
  uint32_t came[E100_LINKS_LIMIT] = {0}, found = NO_LINK;
  for (uint32_t i = from; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    if (step->kind == E100_STEP_DELIVER && step->from == E100_ORIGIN) {
      unsigned heads = heads_with(transcript, step, status);
      untold[step->link] += heads;
      came[step->link] = heads > 0 ? i + 1 : came[step->link];
    } else if (is_head(step) && step->status == status && untold[step->link] > 0) {
      untold[step->link]--;
    }
  }
  for (uint32_t link = 0; link < transcript->link_count; link++)
    if (untold[link] > 0 && (found == NO_LINK || came[link] > came[found]))
      found = link;
  return found;
}

/* The link of the head that was told last; FINAL: unless it is an interim response's. */
static uint32_t told_link(const struct e100_exchange *transcript, uint32_t from, bool final) {
  for (uint32_t i = transcript->step_count; i > from; i--)
    if (is_head(&transcript->steps[i - 1]))
      return final && transcript->steps[i - 1].what == E100_TOLD_INTERIM ? (uint32_t)NO_LINK
                                                                         : transcript->steps[i - 1].link;
  return NO_LINK;
}

/* The link on which the last request was sent, or something else of the program's, from that step on. */
static uint32_t busy_link(const struct e100_exchange *transcript, uint32_t from, bool request) {
  for (uint32_t i = transcript->step_count; i > from; i--) {
    const struct e100_step *step = &transcript->steps[i - 1];
    bool sent = step->kind == E100_STEP_DELIVER && step->from == E100_CLIENT;
    if (sent &&
        (!request || e100_awaited_came(transcript, from, E100_CLIENT, E100_AWAIT_HEAD, 1u << step->link)))
      return step->link;
  }
  return NO_LINK;
}

uint32_t e100_client_line_link(const struct e100_exchange *transcript, const struct e100_step *step,
                               uint32_t otherwise) {
  uint32_t from = latest_request(transcript);
  bool gives_up = step->kind != E100_STEP_TOLD || step->what == E100_TOLD_ABORTED;
  uint32_t link =
      is_head(step) ? untold_link(transcript, from, step->status) : told_link(transcript, from, gives_up);
  if (link == NO_LINK)
    link = busy_link(transcript, from, true);
  if (link == NO_LINK)
    link = busy_link(transcript, from, false);
  if (link == NO_LINK)
    link = busy_link(transcript, 0, false);
  return link != NO_LINK ? link : otherwise;
}
