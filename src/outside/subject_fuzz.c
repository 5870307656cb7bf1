/* subject_fuzz.c - a subject of somebody else's as a fuzz target: the target of its role, played against it.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "fuzz/checks.h"
#include "fuzz/run_target.h"
#include "outside/outside.h"
#include "outside/subject_inputs.h"

const struct e100_target *e100_subject_inputs(const struct e100_subject *subject) {
  for (size_t i = 0; e100_target_at(i) != NULL; i++) {
    const struct e100_target *target = e100_target_at(i);
    if (target->plays && (target->role == subject->role ||
                          (target->role == E100_ROLE_PROXY && subject->role == E100_ROLE_GATEWAY)))
      return target;
  }
  return NULL;
}

int e100_subject_fuzz(const struct e100_subject *subject, const uint8_t *data, size_t size) {
  static const struct e100_target *target;
  if (target == NULL) {
    E100_CHECK(subject->version == E100_SUBJECT_VERSION, "the subject is of this version of the interface");
    target = e100_subject_inputs(subject);
    E100_CHECK(target != NULL, "there is a target for the subject's role");
    e100_subject_add(subject);
    E100_CHECK(setenv("E100_SUBJECT", subject->name, 1) == 0, "the subject can be named");
  }
  return e100_run_target(target, data, size);
}
