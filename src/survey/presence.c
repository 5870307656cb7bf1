/* presence.c - the times of plays, and which of them were under way when a program went. */
#include "survey/presence.h"

enum { NAMES_TOLD = 5 };

void e100_presence_note(struct e100_surveyed_subject *subject, struct e100_surveyed_cell *cell,
                        uint64_t began, uint64_t now, bool connected) {
  if (!connected) {
    if (subject->reached && subject->lost == 0)
      subject->lost = now;
    return;
  }
  if (began >= subject->lost)
    subject->lost = 0; /* it is there again */
  if (began > subject->alive)
    subject->alive = began;
  if (cell == NULL)
    return;
  cell->began = began;
  cell->ended = now;
}

size_t e100_presence_lost_in(const struct e100_survey *survey, size_t subject, char *names, size_t room) {
  const struct e100_surveyed_subject *program = &survey->subjects[subject];
  size_t count = 0, length = 0;
  names[0] = '\0';
  for (size_t i = 0; program->lost != 0 && i < survey->situation_count; i++) {
    const struct e100_surveyed_cell *cell = &program->cells[i];
    if (cell->ended == 0 || cell->ended < program->alive || cell->began > program->lost)
      continue;
    if (count++ < NAMES_TOLD && length < room)
      length += (size_t)snprintf(names + length, room - length, "%s%s", length > 0 ? ", " : "",
                                 survey->situations[i].name);
  }
  if (count > NAMES_TOLD && length < room)
    (void)snprintf(names + length, room - length, ", and %zu more", count - NAMES_TOLD);
  return count;
}
