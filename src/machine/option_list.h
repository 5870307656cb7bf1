/*
 * option_list.h - reads the value of Connection octet by octet (RFC 9110 7.6.1, 5.6.1), for the two options
 * that say whether the connection goes on (RFC 9112 9.3).
 *
 * Not llhttp's affair: version 8.1.0 overlooks an option before a tab, and every version keeps a connection
 * of HTTP/1.0 where close stands beside keep-alive. Pieces may be cut anywhere; several field lines are one
 * list.
 */
#ifndef E100_OPTION_LIST_H
#define E100_OPTION_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct e100_option_list {
  uint8_t place;         /* private */
  uint8_t as_close;      /* octets of "close" that the present member has so far */
  uint8_t as_keep_alive; /* ... of "keep-alive" */
  bool close;
  bool keep_alive;
};

/* All zero is the start. Feeds octets of a value; call e100_options_line_end after each field line. A member
 * that is no token is no option. */
void e100_options_feed(struct e100_option_list *list, const uint8_t *octets, size_t length);
void e100_options_line_end(struct e100_option_list *list);

#ifdef __cplusplus
}
#endif

#endif
