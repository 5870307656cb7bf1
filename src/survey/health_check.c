/* health_check.c - what a server is asked to know whether it answers, and what becomes of that. */
#include "survey/health_check.h"

#include <string.h>

#include "subjects/awaiting.h"
#include "survey/survey_cell.h"

bool e100_health_check_helps(const struct e100_surveyed_subject *subject) {
  return subject->role == E100_ROLE_ORIGIN && subject->here == NULL;
}

void e100_health_check_make(const struct e100_surveyed_subject *subject, struct e100_exchange *out) {
  static const char text[] =
      "kind: play\nrole: origin\n\n-- client --\nPUT /accept HTTP/1.1\nHost: example.com\n"
      "Content-Length: 5\nConnection: close\n\nhello\\\n-- await final --\n";
  struct e100_exchange plain;
  e100_exchange_init(&plain);
  e100_case_decode(&plain, (const uint8_t *)text, sizeof text - 1, false, NULL, NULL);
  (void)e100_map_apply(&subject->map, "", &plain, out);
  e100_exchange_free(&plain);
}

void e100_health_check_target(struct e100_live_target *target) {
  target->settle *= E100_HEALTH_CHECK_SILENCES;
  target->brisk = true;
}

enum e100_health_check_state e100_health_check_ends(struct e100_health_check *health_check,
                                                    const struct e100_exchange *transcript, uint64_t now,
                                                    unsigned settle) {
  bool answered = e100_cell_answered(transcript);
  if (!health_check->ended) {
    health_check->ended = true;
    health_check->answered = answered;
    return E100_HEALTH_CHECK_FINE;
  }
  health_check->fresh = answered || !health_check->answered;
  health_check->wanted = !health_check->fresh;
  health_check->missed = health_check->wanted ? health_check->missed + 1 : 0;
  if (health_check->missed == 0)
    return E100_HEALTH_CHECK_FINE;
  health_check->not_before = now + (uint64_t)settle * E100_HEALTH_CHECK_SILENCES;
  if (health_check->missed < E100_HEALTH_CHECK_TRIES)
    return E100_HEALTH_CHECK_AGAIN;
  health_check->wanted = false;
  health_check->missed = 0;
  health_check->fresh = true; /* all that can be known now */
  return E100_HEALTH_CHECK_STOPPED;
}

struct e100_surveyed_cell *e100_health_check_stopped_in(const struct e100_surveyed_subject *subject,
                                                        size_t count) {
  struct e100_surveyed_cell *heard = NULL;
  struct e100_surveyed_cell *found = NULL;
  for (size_t i = 0; i < count; i++) {
    struct e100_surveyed_cell *cell = &subject->cells[i];
    bool answered = cell->ended != 0 && e100_cell_answered(&cell->transcript);
    if (answered && (heard == NULL || cell->began > heard->began))
      heard = cell;
  }
  for (size_t i = 0; i < count; i++) {
    struct e100_surveyed_cell *cell = &subject->cells[i];
    bool later = cell->ended != 0 && (heard == NULL || cell->began >= heard->began) &&
                 !e100_cell_answered(&cell->transcript);
    if (later && (found == NULL || cell->began < found->began))
      found = cell;
  }
  return found != NULL ? found : heard;
}
