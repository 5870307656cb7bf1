/*
 * outside.h - programs of somebody else's around a subject of their own: what `find_package(expect100)` gives
 * them besides subject.h (docs/your-library.md).
 */
#ifndef E100_OUTSIDE_H
#define E100_OUTSIDE_H

#include <stddef.h>
#include <stdint.h>

#include "subjects/subject.h"

/* Defined by whoever uses this: the subject. */
extern const struct e100_subject e100_own_subject;

/* Runs one input of a fuzzing engine against SUBJECT. A finding that E100_KNOWN does not name aborts, with
 * its cause on stderr; otherwise 0. For LLVMFuzzerTestOneInput. */
int e100_subject_fuzz(const struct e100_subject *subject, const uint8_t *data, size_t size);

/* The replay program of SUBJECT: plays the cases, folders and inputs of an engine that the command line
 * names, or those that came along (DATA/cases and DATA/found) where it names none, and shows what is found.
 * Gives the exit code: 0 nothing (or only what is known), 1 findings, 2 it could not run. */
int e100_subject_main(const struct e100_subject *subject, const char *data, int argc, char **argv);

#endif
