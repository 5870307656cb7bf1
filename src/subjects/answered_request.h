/*
 * answered_request.h - what an origin server's application keeps of a request for its answer: the mark, and
 * the protocols that Upgrade names.
 *
 * Field lines come in pieces, as the machine hands them on (struct e100_head_calls).
 */
#ifndef E100_ANSWERED_REQUEST_H
#define E100_ANSWERED_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  E100_ANSWERED_NAME = 10,      /* octets of a field name: one more than E100-Mark has */
  E100_ANSWERED_MARK = 8,       /* octets of a mark (docs/case-format.md) */
  E100_ANSWERED_PROTOCOLS = 64, /* octets of Upgrade */
  E100_MARK_LINE = 32,          /* room for a field line with a mark */
  E100_MARKED_CONTENT = 16,     /* room for content with a mark */
  E100_UPGRADE_LINES = 128      /* room for the field lines of a 101 */
};

/* All zero at the start of a connection, but for the octets from `name` on: the lengths say what there is. */
struct e100_answered_request {
  bool in_head;  /* a field line of the present head was read; false again once the head is whole */
  bool in_value; /* of a field line, after its name */
  uint8_t name_length;
  uint8_t mark_length;
  uint8_t protocols_length; /* what the values of Upgrade say, as far as there is room */
  char name[E100_ANSWERED_NAME];
  char mark[E100_ANSWERED_MARK];
  char protocols[E100_ANSWERED_PROTOCOLS];
};

/* A piece of a field name, or of a value. The first name of a head forgets what the last head said. */
void e100_answered_name(struct e100_answered_request *request, const uint8_t *octets, size_t length);
void e100_answered_value(struct e100_answered_request *request, const uint8_t *octets, size_t length);

/* The field line with the mark, written to LINE; NULL where the request has none. */
const char *e100_answered_mark_line(const struct e100_answered_request *request, char line[E100_MARK_LINE]);
/* The content of a 200 that the application gives by itself, written to CONTENT; gives its length. */
size_t e100_answered_content(const struct e100_answered_request *request, char content[E100_MARKED_CONTENT]);
/* The field lines of a 101 to the first protocol that the request names: a token, possibly with a version
 * behind a slash (RFC 9110 7.8). False where it names none, or one for which there is no room. */
bool e100_answered_upgrade(const struct e100_answered_request *request, char lines[E100_UPGRADE_LINES]);

#endif
