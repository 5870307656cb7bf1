/* awaiting.c - whether what somebody waits for is there. */
#include "subjects/awaiting.h"

#include <string.h>

/* Whether what is awaited begins a line: a response of that kind, or the empty line after a request head. A
 * guess: it only decides whether somebody goes on waiting. */
static bool begins_awaited(const uint8_t *octets, size_t length, unsigned awaited) {
  static const char version[] = "HTTP/1.";
  if (awaited == E100_AWAIT_HEAD)
    return length >= 2 && memcmp(octets, "\r\n", 2) == 0;
  if (length < 12 || memcmp(octets, version, sizeof version - 1) != 0)
    return false;
  const uint8_t *status = octets + 9;
  return awaited == E100_AWAIT_100 ? memcmp(status, "100", 3) == 0 : *status != '1';
}

static bool holds_awaited(const uint8_t *octets, size_t length, unsigned awaited) {
  const uint8_t *end = octets + length;
  for (const uint8_t *line = octets; line != NULL && line < end;) {
    if (begins_awaited(line, (size_t)(end - line), awaited))
      return true;
    line = memchr(line, '\n', (size_t)(end - line));
    line = line != NULL ? line + 1 : NULL;
  }
  return false;
}

bool e100_awaited_came(const struct e100_exchange *transcript, uint32_t from, unsigned party,
                       unsigned awaited, uint32_t links) {
  for (uint32_t i = from; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    if (step->kind != E100_STEP_DELIVER || step->from != party || (links >> step->link & 1u) == 0)
      continue;
    if (awaited == E100_AWAIT_ANY || holds_awaited(e100_step_octets(transcript, step), step->length, awaited))
      return true;
  }
  return false;
}
