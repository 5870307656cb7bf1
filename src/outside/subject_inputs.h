/* subject_inputs.h - how the inputs of a fuzzing engine are read for a subject. */
#ifndef E100_SUBJECT_INPUTS_H
#define E100_SUBJECT_INPUTS_H

#include "fuzz/checks.h"

/* The target whose inputs SUBJECT is played with, by its role; NULL: there is none. */
const struct e100_target *e100_subject_inputs(const struct e100_subject *subject);

#endif
