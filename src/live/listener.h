/*
 * listener.h - a port of this machine (127.0.0.1, unless another address is asked for) at which connections
 * come in.
 *
 *  - A port can be bound before there is a loop, so that it can be told to a program that is about to start.
 *  - A listener belongs to its caller until e100_listener_close; the loop frees it afterwards, and calls
 *    nothing any more.
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
/* Binds PORT (0: one that is free) of HOST, a name or an address without brackets, and listens: connections
 * wait in its queue. Gives the socket, whose port is *OWN, or -1 after a sentence without its end in WHY. Who
 * calls closes it. */
int e100_listening_socket(const char *host, uint16_t port, uint16_t *own, char *why, size_t room);
/* Takes connections from a duplicate of SOCKET. While nobody attends, what comes is closed. It does not keep
 * the loop running. */
struct e100_listener *e100_listener_adopt(uv_loop_t *loop, int socket);
/* From now on CAME is called for each connection; NULL: nobody attends. */
void e100_listener_attend(struct e100_listener *listener, e100_listener_came *came, void *user);
uint16_t e100_listener_port(const struct e100_listener *listener);
/* The connection that has come; see e100_stream_accept. NULL: it is gone. */
struct e100_stream *e100_listener_take(struct e100_listener *listener, const struct e100_stream_calls *calls,
                                       void *user);
void e100_listener_close(struct e100_listener *listener);

#endif
