/*
 * coding_list.h - reads the value of Transfer-Encoding octet by octet (RFC 9112 6.1, 7; RFC 9110 5.6.1).
 *
 *   Transfer-Encoding = #transfer-coding
 *   transfer-coding   = token *( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) )
 *
 * Not llhttp's affair: it takes a tab behind a coding for a part of its name, and an empty member at the end
 * of the list for another coding. Pieces may be cut anywhere; several field lines are one list.
 */
#ifndef E100_CODING_LIST_H
#define E100_CODING_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct e100_coding_list {
  uint8_t place;      /* private */
  uint8_t as_chunked; /* octets of "chunked" that the present member has so far */
  bool parameters;    /* it has some */
  bool chunked_last;  /* the last member is chunked, without parameters */
  bool chunked_twice;
  bool chunked_with_parameters; /* it has none: an error (RFC 9112 7.1) */
  bool wrong;                   /* a member is none, or stands behind chunked */
};

/* All zero is the start. Feeds octets of a value; call e100_codings_line_end after each field line. */
void e100_codings_feed(struct e100_coding_list *list, const uint8_t *octets, size_t length);
void e100_codings_line_end(struct e100_coding_list *list);

/* Does the list end with chunked, applied once, in the grammar (RFC 9112 6.3 item 4)? */
bool e100_codings_are_chunked(const struct e100_coding_list *list);

#ifdef __cplusplus
}
#endif

#endif
