/*
 * tunnels.h - the two sides of a tunnel that somebody keeps for a client (RFC 9110 9.3.6): what comes in on
 * one goes out on the other, no octet more and no octet less.
 *
 * Only tunnels by CONNECT that were passed on are looked at: where the other side is no HTTP, or protocols
 * were switched by Upgrade, no rule says what the octets are. All do nothing elsewhere.
 */
#ifndef E100_MODEL_TUNNELS_H
#define E100_MODEL_TUNNELS_H

#include "model/conversation.h"

/* The client, or the server, of the link of COURT sends LENGTH octets in a tunnel. */
void tunnel_is_used(const struct conversation *c, bool by_client, uint64_t length, const struct court *court);
/* Nobody goes on. */
void tunnel_pauses(const struct conversation *c, const struct court *court);

#endif
