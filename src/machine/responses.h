/* responses.h - writes the heads of responses (RFC 9112 4). */
#ifndef E100_RESPONSES_H
#define E100_RESPONSES_H

#include <stddef.h>
#include <stdint.h>

enum {
  E100_RESPONSE_HEAD_LIMIT = 160 /* octets of what is written here: the lines that are the machine's own */
};

/* Starts with {.length = 0}. */
struct e100_response_head {
  unsigned length;
  char octets[E100_RESPONSE_HEAD_LIMIT];
};

/* Adds "HTTP/1.1 201 Created" CRLF; STATUS is below 1000. Without a known phrase the blank after the code
 * stays, as the grammar asks. */
void e100_add_status_line(struct e100_response_head *head, unsigned status);
/* Adds "Content-Length: 5" CRLF. */
void e100_add_length_line(struct e100_response_head *head, uint64_t length);
/* Adds LENGTH octets: lines that have their CRLF. */
void e100_add_lines(struct e100_response_head *head, const char *lines, size_t length);
#define E100_ADD_LINES(head, literal) e100_add_lines(head, literal, sizeof(literal) - 1)

#endif
