/*
 * ladder_summary.h - says in a few words what octets of HTTP/1 look like, for people.
 *
 * Guesses, not parsing: what is judged never depends on it.
 */
#ifndef E100_LADDER_SUMMARY_H
#define E100_LADDER_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What came last in one direction of a link, as far as can be guessed. Starts as 0. */
enum e100_heard { E100_HEARD_NOTHING, E100_HEARD_PART_OF_HEAD, E100_HEARD_HEAD };

enum { E100_LADDER_LINE_KEPT = 64 /* octets of a line of a head that are kept until the rest of it comes */ };

/* What came of a head, which may come in pieces. Starts as {0}. */
struct e100_head_part {
  uint8_t line[E100_LADDER_LINE_KEPT]; /* the begin of the line that is not ended */
  size_t kept, length;                 /* octets of it that are kept, and that came */
  bool coded;                          /* Transfer-Encoding is there */
  uint64_t announced; /* the octets of content that a Content-Length announces; 0 where there is none, it is
                         no number, or the content is chunked */
};

/* Describes the first message, or what precedes the next one, of LENGTH octets (at least 1) in TEXT, which
 * has room for ROOM octets (at least 24) and a NUL; printable ASCII, cut with dots. HEARD is what came
 * before, and becomes what came; where that is a head or a part of one, PART is what of it came so far. Gives
 * how many octets that were, at least 1. */
size_t e100_ladder_summary(enum e100_heard *heard, struct e100_head_part *part, const uint8_t *octets,
                           size_t length, char *text, size_t room);

/* Describes LENGTH octets (at least 1) that are content by the framing; true where they look like the begin
 * of a message all the same. TEXT and ROOM as above. */
bool e100_ladder_content(const uint8_t *octets, size_t length, char *text, size_t room);

#endif
