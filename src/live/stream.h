/*
 * stream.h - a connection to or from a program on libuv: TCP, TLS over TCP, or a socket file.
 *
 *  - A stream belongs to its caller until e100_stream_close or e100_stream_reset; the loop frees it
 * afterwards, and calls nothing any more.
 *  - Octets are sent in the order of the calls; each call is one write, and nothing is held back for more
 *    (TCP_NODELAY).
 *  - With TLS any certificate is taken: what is tested is HTTP, on servers of one's own.
 */
#ifndef E100_STREAM_H
#define E100_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "exchange/exchange.h"
#include "live/address.h"

struct e100_stream;

/* What becomes of a stream. Each is called from the loop. */
struct e100_stream_calls {
  void (*opened)(void *user);
  /* It could not be opened; WHY is a sentence without its end. The stream is still to be closed. */
  void (*failed)(void *user, const char *why);
  void (*received)(void *user, const uint8_t *octets, size_t length);
  /* All octets that were given so far have left. */
  void (*sent)(void *user);
  /* The other end sends no more (HALF_CLOSE), or has reset the connection (RESET). Once. */
  void (*ended)(void *user, enum e100_step_kind how);
};

/* Begins to open a stream. It fails after so many MILLISECONDS. */
struct e100_stream *e100_stream_open(uv_loop_t *loop, const struct e100_address *address,
                                     unsigned milliseconds, const struct e100_stream_calls *calls,
                                     void *user);
/* Takes a connection that waits at a socket that listens (of TCP, within its callback), open at once: neither
 * OPENED nor FAILED is called. NULL: there is none. */
struct e100_stream *e100_stream_accept(uv_stream_t *listening, const struct e100_stream_calls *calls,
                                       void *user);
/* Right after e100_stream_accept: what comes and goes is in TLS, with the certificate of this process. A
 * handshake that fails is an end (RESET). */
void e100_stream_secure(struct e100_stream *stream);
void e100_stream_send(struct e100_stream *stream, const uint8_t *octets, size_t length);
/* Sends no more: after the octets that are under way. */
void e100_stream_shut(struct e100_stream *stream);
void e100_stream_close(struct e100_stream *stream);
/* With a reset where there is one; else a close. */
void e100_stream_reset(struct e100_stream *stream);

#endif
