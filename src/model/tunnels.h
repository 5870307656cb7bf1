/*
 * tunnels.h - the two sides of a tunnel that somebody keeps for a client (RFC 9110 9.3.6): what comes in on
 * one goes out on the other, no octet more, no octet less and none changed; and if one ends, so does the
 * other.
 *
 * Only tunnels by CONNECT are counted, to the destination or by way of somebody else who passes requests on:
 * where protocols were switched by Upgrade, no rule says what the octets are. All do nothing elsewhere.
 */
#ifndef E100_MODEL_TUNNELS_H
#define E100_MODEL_TUNNELS_H

#include "model/conversation.h"

/* The client, or the server, of the link of COURT sends octets in a tunnel. */
void tunnel_is_used(const struct conversation *c, bool by_client, const uint8_t *octets, uint64_t length,
                    const struct court *court);
/* ... ends its side of it, which does not count yet. */
void tunnel_ends(const struct conversation *c, bool by_client, enum e100_step_kind how,
                 const struct court *court);
/* Nobody goes on; QUIET: and no timer is left. */
void tunnel_pauses(const struct conversation *c, bool quiet, const struct court *court);
/* The OCTETS that begin C, from its client or its server, may be no HTTP: the client of C, who passes
 * requests on, has a CONNECT that it has not passed on, so this may be the tunnel to the destination (RFC
 * 9110 9.3.6). */
bool tunnel_has_no_request(const struct view *v, const struct conversation *c, const uint8_t *octets,
                           size_t length, bool by_client);
/* ... and it is: it is the tunnel of that CONNECT, where there is one of each. */
void tunnel_is_direct(struct conversation *c, const struct court *court);

#endif
