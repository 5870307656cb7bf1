/* lateness.c - a timer that beats, and whether it was late. */
#include "survey/lateness.h"

enum { NANOSECONDS = 1000000 /* of a millisecond */ };

unsigned e100_lateness_count(struct e100_lateness *lateness) {
  uint64_t now = uv_hrtime();
  if (now - lateness->looked > (uint64_t)(E100_BEAT + E100_LATE) * NANOSECONDS)
    lateness->count++;
  lateness->looked = now;
  return lateness->count;
}

static void on_beat(uv_timer_t *beat) {
  (void)e100_lateness_count(beat->data);
}

void e100_lateness_begin(struct e100_lateness *lateness, uv_loop_t *loop) {
  *lateness = (struct e100_lateness){.looked = uv_hrtime()};
  (void)uv_timer_init(loop, &lateness->beat);
  lateness->beat.data = lateness;
  (void)uv_timer_start(&lateness->beat, on_beat, E100_BEAT, E100_BEAT);
  uv_unref((uv_handle_t *)&lateness->beat);
}

void e100_lateness_end(struct e100_lateness *lateness) {
  uv_close((uv_handle_t *)&lateness->beat, NULL);
}
