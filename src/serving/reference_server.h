/*
 * reference_server.h - the reference origin server behind a socket of 127.0.0.1, for gateways and clients to
 * talk to.
 *
 * Its targets: /401, /404, /405 and /413 answer at once what their names say, /ignore answers 200 at once,
 * /echo gives back the field E100-Mark, in the field and as {MARK} in the content; every other one takes the
 * content, then answers 200.
 */
#ifndef E100_REFERENCE_SERVER_H
#define E100_REFERENCE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

enum {
  E100_SERVING_PATIENCE = 30000, /* milliseconds that each timer of the machine has */
  E100_SERVING_TARGET_LIMIT = 64 /* octets of a target, and of a mark, with the closing NUL */
};

/* Serves on PORT (0: one that is free) until SIGINT or SIGTERM comes; LISTENING is called once, with the
 * port. NULL: it ended as told; else why it could not listen, as a sentence without its end. */
const char *e100_reference_serve(uint16_t port, void (*listening)(uint16_t port));

#endif
