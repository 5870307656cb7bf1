#include "search/turn.h"

#include <string.h>

void e100_turn_begin(struct e100_search_turn *turn, struct e100_view *view,
                     const struct e100_search_watch *watch) {
  turn->watch = watch;
  turn->view = view;
  turn->count = turn->used = 0;
  watch->findings->count = 0;
}

struct e100_step *e100_turn_add(struct e100_search_turn *turn, enum e100_step_kind kind, enum e100_party from,
                                unsigned link) {
  E100_CHECK(turn->count < E100_TURN_STEPS, "a token has few consequences");
  struct e100_step *step = &turn->steps[turn->count++];
  memset(step, 0, sizeof *step);
  step->kind = (uint8_t)kind;
  step->from = (uint8_t)from;
  step->link = (uint8_t)link;
  return step;
}

void e100_turn_send(struct e100_search_turn *turn, enum e100_party from, enum e100_party to, unsigned link,
                    const uint8_t *octets, size_t length, bool begins) {
  struct e100_step *last = turn->count > 0 ? &turn->steps[turn->count - 1] : NULL;
  E100_CHECK(turn->used + length <= E100_TURN_OCTETS, "a machine sends little in the search");
  if (begins || last == NULL || last->kind != E100_STEP_DELIVER || last->link != link) {
    last = e100_turn_add(turn, E100_STEP_DELIVER, from, link);
    last->to = (uint8_t)to;
    last->offset = (uint32_t)turn->used;
  }
  last->length += (uint32_t)length;
  memcpy(turn->octets + turn->used, octets, length);
  turn->used += length;
}

void e100_turn_tell(struct e100_search_turn *turn, enum e100_told what, unsigned link, size_t number) {
  struct e100_step *step = e100_turn_add(turn, E100_STEP_TOLD, E100_APPLICATION, link);
  step->what = (uint8_t)what;
  if (what == E100_TOLD_INTERIM || what == E100_TOLD_RESPONSE)
    step->status = (uint16_t)number;
  else
    step->count = (uint32_t)number;
}

void e100_turn_row(const struct e100_search_turn *turn, const struct e100_row *row) {
  turn->watch->row(turn->watch->user, row);
}

void e100_turn_see(const struct e100_search_turn *turn, const struct e100_step *step, const uint8_t *octets) {
  turn->watch->step(turn->watch->user, turn->view, step, octets);
  e100_view_step(turn->view, step, 0, octets, turn->watch->findings);
}

void e100_turn_see_all(const struct e100_search_turn *turn) {
  for (size_t i = 0; i < turn->count; i++)
    e100_turn_see(turn, &turn->steps[i], turn->octets + turn->steps[i].offset);
}
