/*
 * pool.h - which connection to a server a request takes, as plain data: an array of clients' machines.
 *
 * A connection that still owes content, or that anything else keeps busy, takes none (RFC 9112 9.3): the
 * machine of each says so (e100_client_takes), and the pool never knows better. A request whose expectation
 * was not met is made again through the same choice with `expects` false, so it goes elsewhere where its old
 * connection still owed content; and since it does not ask again, it is repeated once (RFC 9110 10.1.1).
 */
#ifndef E100_POOL_H
#define E100_POOL_H

#include "machine/client.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes COUNT machines stand for connections that are not open: their state is OVER. */
void e100_pool_init(struct e100_client *clients, size_t count);

/* The connection that REQUEST takes: the first open one that takes it, or else the first that is not open,
 * which the caller then opens (*OPENS) and starts with e100_client_init. -1: it must wait for one of them. */
int e100_pool_choose(const struct e100_client *clients, size_t count, const struct e100_request *request,
                     bool *opens);

#ifdef __cplusplus
}
#endif

#endif
