/*
 * response_differences.h - where llhttp alone reads responses otherwise than the model permits, as
 * known_differences.h has it for requests. A difference that no row explains is a breach.
 */
#ifndef E100_RESPONSE_DIFFERENCES_H
#define E100_RESPONSE_DIFFERENCES_H

#include "fuzz/known_differences.h"
#include "fuzz/response_readings.h"

/* The responses to one request, read by both. */
struct e100_two_responses {
  const uint8_t *octets;
  size_t length;
  enum e100_answered request;
  struct e100_llhttp_responses llhttp;
  struct e100_response_reading model;
};

struct e100_response_difference {
  struct e100_difference_row is;
  bool (*explains)(const struct e100_two_responses *two);
};
const struct e100_response_difference *e100_response_difference_at(size_t index); /* NULL past the last */

/* Reads responses in both ways, and says how they differ. */
enum e100_difference_kind e100_compare_llhttp_responses(const uint8_t *octets, size_t length,
                                                        enum e100_answered request,
                                                        struct e100_two_responses *two);

/* The row that explains the difference, the first where there are several; NULL: none. */
const struct e100_response_difference *e100_response_explained(const struct e100_two_responses *two,
                                                               enum e100_difference_kind kind);

/* NULL where llhttp alone and the model read OCTETS alike, or a row explains why not; else a constant
 * sentence. *ROW becomes that row, or NULL; ROW may be NULL. */
const char *e100_holds_llhttp_responses(const uint8_t *octets, size_t length, enum e100_answered request,
                                        const struct e100_response_difference **row);

#endif
