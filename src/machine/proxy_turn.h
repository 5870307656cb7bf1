/* proxy_turn.h - one call from outside to a proxy's machine: what proxy.c and proxy_acts.c share. */
#ifndef E100_PROXY_TURN_H
#define E100_PROXY_TURN_H

#include "machine/forwarding.h"
#include "machine/proxy.h"

struct e100_proxy_turn {
  struct e100_proxy *proxy;
  const struct e100_proxy_calls *calls;
  void *user;
  const uint8_t *octets; /* with the events of content and answers: what goes on */
  size_t length;
};

/* An event comes: the state of its row, then its action. */
void e100_proxy_happen(struct e100_proxy_turn *turn, unsigned event);
/* Does an action (enum e100_proxy_action). */
void e100_proxy_act(struct e100_proxy_turn *turn, unsigned action);

/* The heads that are held. */
struct e100_whole_head e100_proxy_request_head(const struct e100_proxy_turn *turn);
struct e100_whole_head e100_proxy_response_head(const struct e100_proxy_turn *turn);

#endif
