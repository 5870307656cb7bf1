/*
 * known_differences.h - where llhttp alone reads a request head otherwise than the model permits.
 *
 * The reference machine has no such exceptions: what llhttp gets wrong it does not ask llhttp about. The
 * table is for those who use llhttp without it, and says what the machine has to guard against
 * (docs/llhttp.md). A difference that no row explains is a breach.
 */
#ifndef E100_KNOWN_DIFFERENCES_H
#define E100_KNOWN_DIFFERENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fuzz/llhttp_alone.h"
#include "model/model.h"

/* The modes in which a row holds. Version 9 reads strictly; 8 does where it was compiled so. */
enum { E100_LLHTTP_LOOSE = 1, E100_LLHTTP_STRICT = 2, E100_LLHTTP_BOTH = 3 };

/* How the two readings differ; a row may explain several kinds. */
enum e100_difference_kind {
  E100_DIFFERENCE_NONE = 0,
  E100_DIFFERENCE_REFUSES = 1, /* llhttp refuses a head that is well-formed, or never sees its end */
  E100_DIFFERENCE_ACCEPTS = 2, /* it accepts one that must be refused, or is none */
  E100_DIFFERENCE_READS = 4    /* both accept it, and read something else */
};

/* One head, read by both. */
struct e100_two_readings {
  const uint8_t *octets;
  size_t length;
  struct e100_llhttp_head llhttp;
  struct e100_head_reading model;
};

/* What a row says, whether of requests or of responses (response_differences.h). */
struct e100_difference_row {
  const char *id;
  unsigned from, to; /* versions, both included: 80100 for 8.1.0 */
  uint8_t modes;     /* set of E100_LLHTTP_... */
  uint8_t kinds;     /* set of enum e100_difference_kind */
  const char *section;
  const char *ids; /* of the rule catalogue */
  const char *example;
  size_t example_length;
  const char *llhttp_does;
  /* The work-arounds without which the machine's reader would do so, too: a set, 1 << enum e100_work_around;
   * empty: none, as it does so, or since llhttp never sees what it is about. */
  uint16_t work_arounds;
};

enum { E100_DIFFERENCE_CASE_ROOM = 96 };
/* The name of the case that shows what a machine does instead. OF: "request" or "response". */
void e100_difference_case(const char *of, const struct e100_difference_row *row,
                          char name[E100_DIFFERENCE_CASE_ROOM]);

/* Whether ROW is about this program's llhttp. */
bool e100_difference_applies(const struct e100_difference_row *row);

struct e100_known_difference {
  struct e100_difference_row is;
  uint16_t machine_answers; /* a status; 0: it reads the head as the model does */
  bool (*explains)(const struct e100_two_readings *two);
};
const struct e100_known_difference *e100_known_difference_at(size_t index); /* NULL past the last */

enum { E100_DIFFERENCES_LIMIT = 64 /* rows of a table */ };

/* Reads a head in both ways, and says how they differ. */
enum e100_difference_kind e100_compare_readings(const uint8_t *octets, size_t length,
                                                struct e100_two_readings *two);

/* The row that explains the difference, the first where there are several; NULL: none. */
const struct e100_known_difference *e100_difference_explained(const struct e100_two_readings *two,
                                                              enum e100_difference_kind kind);

/* NULL where llhttp alone and the model read the first head of OCTETS alike, or a row explains why not; else
 * a sentence, which is a constant. *ROW becomes that row, or NULL; ROW may be NULL. */
const char *e100_holds_llhttp(const uint8_t *octets, size_t length, const struct e100_known_difference **row);

#endif
