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
  bool without_trailers; /* ... whose trailers were left out: their empty line goes on behind it */
  const struct e100_whole_head *head; /* with the events of heads, where they are forwarded: else NULL */
};

/* An event comes: the state of its row, then its action. */
void e100_proxy_happen(struct e100_proxy_turn *turn, unsigned event);
/* Does an action (enum e100_proxy_action). */
void e100_proxy_act(struct e100_proxy_turn *turn, unsigned action);

/* Takes the head of the request apart, which is held whole. */
void e100_proxy_take_request_apart(const struct e100_proxy_turn *turn, struct e100_whole_head *head);

#endif
