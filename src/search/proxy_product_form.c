/*
 * proxy_product_form.c - what of a product, but for its view, can influence what happens later.
 *
 * The machine's part is its own to say (proxy_form.c). To it are added the heads that it keeps: of the
 * request while its machine may still ask for it, which it does until the response has begun; of the response
 * until it is complete, when its length is set to nothing. Then what is held back and collected, what was
 * closed, and where client and server stand, which are records of what they sent as far as the alphabet asks
 * for it; the weight, which is bounded. Once the machine has closed the client's connection the client cannot
 * act, and of a connection to the server that is closed the server cannot.
 *
 * Policy and design are the same for every state of one search.
 */
#include <string.h>

#include "search/proxy_product.h"

static uint8_t *put(uint8_t *at, const void *octets, size_t length) {
  memcpy(at, octets, length);
  return at + length;
}

static uint8_t *put_kept(uint8_t *at, const struct e100_kept *kept, size_t length) {
  at = put(at, &length, sizeof length);
  return put(at, kept->octets, length);
}

size_t e100_proxy_product_form(const void *self, uint8_t *out) {
  const struct e100_proxy_product *product = self;
  const struct e100_proxy *proxy = &product->proxy;
  const struct e100_search_server none = {.place = 0};
  bool keeps = proxy->state < E100_PROXY_ANSWERING && !proxy->fresh;
  uint8_t *at = out + e100_proxy_form(proxy, out);
  *at++ = product->shut;
  *at++ = product->closed;
  *at++ = product->half_close_waits;
  *at++ = product->up_open;
  *at++ = product->up_used;
  *at++ = product->weight;
  at = put_kept(at, &product->request, keeps ? product->request.length : 0);
  at = put_kept(at, &product->response, product->up_used != 0 ? product->response.length : 0);
  at = put_kept(at, &product->collected, product->collected.length);
  at = put(at, product->up_open != 0 ? &product->server : &none, sizeof none);
  if (product->closed != 0)
    return (size_t)(at - out);
  at = put(at, &product->client, sizeof product->client);
  at = put_kept(at, &product->held, product->held.length);
  return (size_t)(at - out);
}
