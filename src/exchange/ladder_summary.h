/*
 * ladder_summary.h - says in a few words what octets of HTTP/1 look like, for people.
 *
 * Guesses, not parsing: what is judged never depends on it.
 */
#ifndef E100_LADDER_SUMMARY_H
#define E100_LADDER_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

/* What came last in one direction of a link, as far as can be guessed. Starts as 0. */
enum e100_heard { E100_HEARD_NOTHING, E100_HEARD_PART_OF_HEAD, E100_HEARD_HEAD };

/* Describes the first message, or what precedes the next one, of LENGTH octets (at least 1) in TEXT, which
 * has room for ROOM octets (at least 24) and a NUL; printable ASCII, cut with dots. HEARD is what came
 * before, and becomes what came. Gives how many octets that were, at least 1. */
size_t e100_ladder_summary(enum e100_heard *heard, const uint8_t *octets, size_t length, char *text,
                           size_t room);

#endif
