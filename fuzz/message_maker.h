/*
 * message_maker.h - makes messages from the productions of HTTP/1.1 (RFC 9112 2 to 7, RFC 9110 5 and 10.1.1).
 *
 * Most of what is made is well-formed, since only that leads into a conversation; each piece has its rarer
 * spellings, and now and then one octet is wrong. Nothing here knows of any one mistake of a program.
 */
#ifndef E100_MESSAGE_MAKER_H
#define E100_MESSAGE_MAKER_H

#include "exchange/exchange.h"
#include "fuzz/luck.h"

/* What follows a head that was made, as its own fields say. */
enum e100_made_framing { E100_MADE_NO_CONTENT, E100_MADE_LENGTH, E100_MADE_CHUNKED };

struct e100_made {
  enum e100_made_framing framing;
  uint32_t length;  /* octets of content, where the head says how many */
  bool has_message; /* the content is to be a request */
  bool upgrades;    /* another protocol is asked for */
};

/* All of these add to OUT. */

/* A request head. Gives what is to follow. */
struct e100_made e100_make_request_head(struct e100_luck *luck, struct e100_text *out);

/* A response head, interim or final. */
struct e100_made e100_make_response_head(struct e100_luck *luck, bool interim, struct e100_text *out);

/* The content that MADE asks for, in its framing. */
void e100_make_content(struct e100_luck *luck, const struct e100_made *made, struct e100_text *out);

/* A field line with its line end: one of those that framing, expectations and connections depend on, as a
 * rule. */
void e100_make_field_line(struct e100_luck *luck, struct e100_text *out);

/* A piece of a value: a member, a separator, whitespace, a number. */
void e100_make_piece(struct e100_luck *luck, struct e100_text *out);

/* An octet that means something to HTTP somewhere. */
char e100_make_octet(struct e100_luck *luck);

#endif
