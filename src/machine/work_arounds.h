/* work_arounds.h - the names of work_arounds.def, for the reader that has them and the test that switches
 * them. */
#ifndef E100_WORK_AROUNDS_H
#define E100_WORK_AROUNDS_H

enum e100_work_around {
#define WORK_AROUND(of, name, does) E100_AROUND_##of##_##name,
#include "machine/work_arounds.def"
  E100_WORK_AROUNDS
};

#ifdef E100_SWITCHED_WORK_AROUNDS /* in a test: a set, 1 << enum e100_work_around */
extern unsigned e100_work_arounds_off;
#define E100_WORKS_AROUND(name) ((e100_work_arounds_off >> E100_AROUND_##name & 1U) == 0)
#else
#define E100_WORKS_AROUND(name) 1
#endif

#endif
