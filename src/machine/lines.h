/*
 * lines.h - guards the structure of lines: of a head, and of trailers (RFC 9112 2.1, 2.2, 4, 5, 7.1.2).
 *
 * It knows no fields, only where lines, names and values begin and end. What it does not let through nobody
 * else ever sees: a line feed alone, a carriage return alone, NUL, a folded line, a blank before the colon,
 * a protocol that is not HTTP. In a response the latter two are no mistake that a client may refuse: it says
 * where they are, so that nobody else sees them either.
 */
#ifndef E100_LINES_H
#define E100_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Limits of a head; E100_FIELD_LINES_LIMIT is one of trailers, too. */
enum {
  E100_START_LINE_LIMIT = 8192, /* octets of the first line, without its CRLF: beyond it 414 */
  E100_HEAD_LIMIT = 65536,      /* octets of a head, from its first line to its empty line: beyond it 431 */
  E100_FIELD_LINES_LIMIT = 128, /* field lines: beyond it 431 */
  E100_EMPTY_LINES_LIMIT = 8    /* empty lines before a request line (RFC 9112 2.2): beyond it 400 */
};

enum e100_lines_verdict {
  E100_LINES_GO_ON,
  E100_LINES_END, /* with the empty line */
  E100_LINES_WRONG,
  E100_LINES_START_LINE_TOO_LONG,
  E100_LINES_TOO_MUCH, /* octets or field lines */
  /* In a response; the next octets are to be offered, as after GO_ON. */
  E100_LINES_FOLD,   /* the line end that was taken last is none, as a blank follows: it means a blank */
  E100_LINES_DROPPED /* the octet that was taken last, a blank before a colon, means nothing */
};

struct e100_lines {
  uint32_t octets; /* so far; empty lines before a request line do not count */
  uint32_t limit;  /* of them */
  uint16_t field_lines;
  uint8_t empty_lines;
  uint8_t place; /* private: what the last octets were */
  bool of_response;
  uint64_t protocol; /* the last 8 octets of the request line */
};

void e100_lines_begin_head(struct e100_lines *lines);
/* The head of a response of HTTP/1. */
void e100_lines_begin_response(struct e100_lines *lines);
/* Trailers of at most LIMIT octets with their empty line. */
void e100_lines_begin_trailers(struct e100_lines *lines, uint32_t limit);

/* Takes octets up to the end of the lines; *TAKEN says how many. An octet that is not permitted is not taken;
 * one that is beyond a limit is. After anything but GO_ON, FOLD and DROPPED nothing more may be offered. */
enum e100_lines_verdict e100_lines_take(struct e100_lines *lines, const uint8_t *octets, size_t length,
                                        size_t *taken);

/* True once an octet of the first line was taken. */
bool e100_lines_begun(const struct e100_lines *lines);
/* How many of the last octets, 0 to 2, are a line end that may yet be a fold. */
unsigned e100_lines_undecided(const struct e100_lines *lines);
/* True before the CR of the first line. */
bool e100_lines_in_start_line(const struct e100_lines *lines);

#ifdef __cplusplus
}
#endif

#endif
