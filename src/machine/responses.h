/* responses.h - writes the heads of responses (RFC 9112 4). */
#ifndef E100_RESPONSES_H
#define E100_RESPONSES_H

#include <stdint.h>

enum { E100_STATUS_LINE_LIMIT = 80 /* octets of a status line or of one field line that is written here */ };

/* Writes "HTTP/1.1 201 Created" CRLF to OUT and gives its length. A status without a known phrase keeps
 * the blank after its code, as the grammar asks. */
unsigned e100_write_status_line(char out[E100_STATUS_LINE_LIMIT], unsigned status);

#endif
