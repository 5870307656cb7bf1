/*
 * proxy_party_form.c - what of a party can influence what happens later.
 *
 * The machines' part is their own to say (proxy_form.c). To it are added the heads that they keep: of the
 * request while its machine may still ask for it, which it does until the response has begun; of the response
 * until it is complete, when its length is set to nothing. Then what is held back and collected, and what was
 * closed. Once the machine has closed the client's connection nothing comes from the client.
 *
 * Policy and making are the same for every state of one search.
 */
#include <string.h>

#include "search/proxy_party.h"

static uint8_t *put_kept(uint8_t *at, const struct e100_kept *kept, size_t length) {
  memcpy(at, &length, sizeof length);
  memcpy(at + sizeof length, kept->octets, length);
  return at + sizeof length + length;
}

static uint8_t *put_flow(uint8_t *at, const struct e100_proxy_flow *flow) {
  const struct e100_proxy *proxy = &flow->proxy;
  bool keeps = proxy->state < E100_PROXY_ANSWERING && !proxy->fresh;
  at += e100_proxy_form(proxy, at);
  *at++ = flow->place;
  *at++ = flow->shut;
  *at++ = flow->closed;
  *at++ = flow->half_close_waits;
  at = put_kept(at, &flow->request, keeps ? flow->request.length : 0);
  at = put_kept(at, &flow->response, flow->place != E100_NO_PLACE ? flow->response.length : 0);
  at = put_kept(at, &flow->collected, flow->collected.length);
  return put_kept(at, &flow->held, flow->closed != 0 ? 0 : flow->held.length);
}

size_t e100_party_form(const struct e100_proxy_party *party, uint8_t *out) {
  uint8_t *at = out;
  for (unsigned flow = 0; flow < party->flow_count; flow++)
    at = put_flow(at, &party->flows[flow]);
  for (unsigned place = 0; place < party->place_count; place++) {
    *at++ = party->open[place];
    *at++ = party->used[place];
  }
  return (size_t)(at - out);
}
