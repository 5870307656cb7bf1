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

/* Describes the first message, or what precedes the next one, of LENGTH octets (at least 1) in TEXT, which
 * has room for ROOM octets (at least 24) and a NUL; printable ASCII, cut with dots. HEARD is what came
 * before, and becomes what came. Gives how many octets that were, at least 1. */
size_t e100_ladder_summary(enum e100_heard *heard, const uint8_t *octets, size_t length, char *text,
                           size_t room);

/* Describes LENGTH octets (at least 1) that are content by the framing; true where they look like the begin
 * of a message all the same. TEXT and ROOM as above. */
bool e100_ladder_content(const uint8_t *octets, size_t length, char *text, size_t room);

/* The octets of content that the fields of a request head announce with a Content-Length; 0 where there is
 * none, it is no number, or the content is chunked. */
uint64_t e100_ladder_announced(const uint8_t *head, size_t length);

#endif
