/*
 * content.h - reads the content of a request as its head frames it (RFC 9112 6.3, 7.1).
 *
 * Not llhttp's affair: version 8.1.0 takes any two octets for the end of a chunk, and other versions refuse
 * what the grammar permits. Here the grammar of RFC 9112 7.1 holds, octet for octet.
 */
#ifndef E100_CONTENT_H
#define E100_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/lines.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  E100_FRAMING_LIMIT = 16384 /* octets of chunk lines, or of the last chunk's line with the trailers, between
                                octets of content: beyond it the content is malformed */
};

enum e100_content_verdict {
  E100_CONTENT_GOES_ON, /* all octets were taken, none is content */
  E100_CONTENT_OCTETS,  /* some were taken, and the last of them are content */
  E100_CONTENT_WHOLE,
  E100_CONTENT_MALFORMED
};

struct e100_content {
  uint64_t left;      /* octets of the content, or of the present chunk */
  uint32_t framing;   /* octets that are not content since the last one that is */
  uint8_t place;      /* private */
  size_t of_trailers; /* of those taken last: octets of trailers, with their empty line */
  struct e100_lines trailers;
};

/* LENGTH octets of content; at least 1. */
void e100_content_begin_length(struct e100_content *content, uint64_t length);
void e100_content_begin_chunked(struct e100_content *content);

/* Takes octets up to the end of the next run of content, or of all content. *TAKEN says how many; with
 * E100_CONTENT_OCTETS the last *COUNT of them are content. After WHOLE and MALFORMED nothing more may be
 * offered. */
enum e100_content_verdict e100_content_take(struct e100_content *content, const uint8_t *octets,
                                            size_t length, size_t *taken, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
