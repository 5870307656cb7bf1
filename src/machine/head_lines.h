/*
 * head_lines.h - takes a whole head apart into its lines, once for all that is asked of it (RFC 9112 3, 4,
 * 5).
 *
 * For a proxy, which writes a head anew. The guard (lines.h) has found its structure sound; whatever the
 * octets are, nothing beyond them is looked at.
 */
#ifndef E100_HEAD_LINES_H
#define E100_HEAD_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/field_names.h"
#include "machine/lines.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { E100_TAKEN_APART_LIMIT = 16384 /* octets of a head that is taken apart */ };

/* Octets from FROM up to TO. */
struct e100_part {
  const uint8_t *from, *to;
};

/* A field line: places in the head. */
struct e100_field_line {
  uint16_t from;     /* of its name */
  uint16_t name_end; /* before blanks, if there are any before the colon */
  uint16_t colon;
  uint16_t to;   /* behind its CRLF; a line that is folded ends behind its last fold */
  uint8_t field; /* enum e100_field */
  bool plain;    /* neither a fold nor a blank before the colon is in it */
};

struct e100_whole_head {
  const uint8_t *octets;
  uint16_t start;       /* of the start line */
  uint16_t first_blank; /* in the start line; where there is none, its end */
  uint16_t next_blank;  /* ... the one behind it */
  uint16_t start_end;   /* behind its CRLF */
  uint16_t line_count;
  bool options; /* there is a field line Connection */
  struct e100_field_line lines[E100_FIELD_LINES_LIMIT];
};

/* Takes LENGTH octets, at most E100_TAKEN_APART_LIMIT, apart: a head with its empty line. HEAD points to
 * them. */
void e100_head_take_apart(struct e100_whole_head *head, const uint8_t *octets, size_t length);

/* Without blanks, and the line ends of folds, at its ends. */
struct e100_part e100_without_gaps(struct e100_part part);
/* The value of a line, without blanks at its ends; a fold in it is still one. */
struct e100_part e100_value_of(const struct e100_whole_head *head, const struct e100_field_line *line);
/* The next member of a list, perhaps an empty one, is taken off LIST; false at its end (RFC 9110 5.6.1). */
bool e100_next_member(struct e100_part *list, struct e100_part *member);

#ifdef __cplusplus
}
#endif

#endif
