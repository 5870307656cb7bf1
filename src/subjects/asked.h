/*
 * asked.h - what a client's application asks for, taken apart: the octets of `app> request` are a head as
 * text, an empty line, and the whole content in no coding.
 */
#ifndef E100_ASKED_H
#define E100_ASKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/client.h"

struct e100_asked {
  struct e100_request request; /* its pointers lead into `block` */
  const uint8_t *content;      /* leads there, too */
  size_t content_length;
  bool again;  /* it is made once more, because its connection failed */
  char *block; /* owned; NULL where there is nothing */
};

/* Takes OCTETS apart. The fields that are a client machine's own (Content-Length, Transfer-Encoding, Expect,
 * Connection) say what the request asks of it, and are left out of its fields; CHUNKED has any content framed
 * in chunks. False: there is no well-formed head of HTTP/1.1
 * with one Host; nothing is owned then. */
bool e100_asked_read(struct e100_asked *asked, const uint8_t *octets, size_t length, bool chunked);
void e100_asked_free(struct e100_asked *asked);

/* Requests one after the other: the first *COUNT of LIST. Takes the first one out, to FIRST; there is one. */
void e100_asked_take_first(struct e100_asked *list, uint32_t *count, struct e100_asked *first);
/* Puts one at PLACE, before those that are there and behind it. LIST has room for it. */
void e100_asked_put_at(struct e100_asked *list, uint32_t *count, uint32_t place,
                       const struct e100_asked *asked);
void e100_asked_free_all(struct e100_asked *list, uint32_t count);

#endif
