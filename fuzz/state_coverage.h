/*
 * state_coverage.h - tells the fuzzing engine which states were reached, as if they were edges.
 *
 * Without it an engine sees only the code of the table's engine, which is the same for every row. With
 * E100_STATE_COVERAGE=off in the environment a target does without, so that anybody can see the difference;
 * tests/state_coverage.sh does.
 */
#ifndef E100_STATE_COVERAGE_H
#define E100_STATE_COVERAGE_H

/* What is counted: each kind has its own slots. */
enum {
  E100_COVER_PAIRS = 0, /* (state, event) of a machine, exactly: origin servers, clients, then proxies */
  E100_COVER_PAIR_COUNT = 1536,
  E100_COVER_RULES = 1536, /* a rule was decided */
  E100_COVER_RULE_COUNT = 256,
  E100_COVER_PATHS = 1792, /* a hash of the last rows taken */
  E100_COVER_PATH_COUNT = 1280,
  E100_COVER_VIEWS = 3072, /* a hash of the model's view and the machine's state */
  E100_COVER_VIEW_COUNT = 1024,
  E100_COVER_SLOTS = 4096
};

/* Marks a slot (modulo E100_COVER_SLOTS). Marking it again in the same run changes nothing. */
void e100_cover(unsigned slot);

/* True where the engine that this program was linked with can see the slots: libFuzzer's extra
 * counters or AFL++'s map. For the test that they are there. */
const char *e100_cover_engine(void);

#endif
