/*
 * listener.h - a port of this machine (127.0.0.1) at which connections come in.
 *
 * A listener belongs to its caller until e100_listener_close; the loop frees it afterwards, and calls nothing
 * any more.
 */
#ifndef E100_LISTENER_H
#define E100_LISTENER_H

#include "live/stream.h"

struct e100_listener;

/* A connection has come: to be taken within the call with e100_listener_take. */
typedef void e100_listener_came(void *user, struct e100_listener *listener);

/* Listens on PORT, or where it is 0 on one that is free. NULL: it cannot; WHY (of ROOM octets) is a sentence
 * without its end. */
struct e100_listener *e100_listener_open(uv_loop_t *loop, uint16_t port, e100_listener_came *came, void *user,
                                         char *why, size_t room);
uint16_t e100_listener_port(const struct e100_listener *listener);
/* The connection that has come; see e100_stream_accept. NULL: it is gone. */
struct e100_stream *e100_listener_take(struct e100_listener *listener, const struct e100_stream_calls *calls,
                                       void *user);
void e100_listener_close(struct e100_listener *listener);

#endif
