/*
 * own_server.h - a small HTTP/1.1 server, one request a connection, as somebody's library might be. It does
 * no I/O.
 */
#ifndef OWN_SERVER_H
#define OWN_SERVER_H

#include <stdbool.h>
#include <stddef.h>

struct own_server;

/* Sends octets to the client; USER is what own_server_new was given. */
typedef void own_server_send(void *user, const char *octets, size_t length);

/* A new connection; NULL: out of memory. End it with own_server_free. */
struct own_server *own_server_new(own_server_send *send, void *user);
void own_server_free(struct own_server *server);

/* Octets came from the client. False: the connection is over, and to be closed. */
bool own_server_octets(struct own_server *server, const char *octets, size_t length);

#endif
