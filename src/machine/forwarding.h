/*
 * forwarding.h - what becomes of a head on its way through a proxy or gateway (RFC 9110 7.6, RFC 9112 3, 4,
 * 5).
 *
 * Field lines go on as they came and in their order; but those of one hop do not (Connection and what it
 * nominates, Keep-Alive, Proxy-Connection, TE, Upgrade), how the content is framed is written anew from what
 * was decided, so that nobody reads another framing, a fold becomes a blank, and a blank before a colon goes.
 * The version is our own, and Via says whom the message came through.
 */
#ifndef E100_FORWARDING_H
#define E100_FORWARDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/head_lines.h"
#include "machine/outgoing.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is said about the content. */
enum e100_forwarded_framing {
  E100_FORWARD_NO_FRAMING,   /* nothing */
  E100_FORWARD_LENGTH,       /* Content-Length, where the head has a line about framing */
  E100_FORWARD_CHUNKED,      /* Transfer-Encoding: chunked */
  E100_FORWARD_STATED_LENGTH /* the Content-Length as it came: an answer to HEAD, or 304 */
};
/* What is decided about a head. */
struct e100_forwarded {
  bool response;          /* else a request */
  uint8_t minor;          /* of the version that was received: HTTP/1.MINOR */
  uint8_t framing;        /* enum e100_forwarded_framing */
  uint64_t length;        /* octets of content, with E100_FORWARD_LENGTH */
  bool without_expect;    /* the expectation is answered here */
  bool with_expect;       /* ask the next server, though the client does not */
  bool upgrades;          /* the upgrade goes on, too */
  const char *connection; /* options of Connection for this hop, or NULL */
};

/* Writes HEAD as FORWARDED says, with one call to SEND, or with several where it is long. */
void e100_forward_head(const struct e100_whole_head *head, const struct e100_forwarded *forwarded,
                       e100_send_fn *send, void *user);

/* Whether the request line of HEAD has one blank before its target and one behind it (RFC 9112 3). Other
 * octets that a lenient reader takes for a blank are not in it: the guard lets none through (lines.h). */
bool e100_head_has_three_words(const struct e100_whole_head *head);
/* Whether what stands in the target of HEAD in the place of a host is one: with CONNECT, and in absolute form
 * (RFC 9112 3.2.2, 3.2.3). True where nothing does. */
bool e100_head_names_host(const struct e100_whole_head *head);

/* Whether a field line Connection of HEAD nominates the field LOWER, which is in small letters. */
bool e100_head_nominates(const struct e100_whole_head *head, const char *lower);
/* Whether one nominates any field: all its members do, but for "close" (RFC 9110 7.6.1). */
bool e100_head_nominates_fields(const struct e100_whole_head *head);

/* Whether HEAD has a transfer coding besides a single "chunked". */
bool e100_head_codes_otherwise(const struct e100_whole_head *head);

#ifdef __cplusplus
}
#endif

#endif
