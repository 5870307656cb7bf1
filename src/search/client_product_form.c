/*
 * client_product_form.c - what of a product, but for its view, can influence what happens later.
 *
 * The machines' part is their own to say (client_form.c). To it are added
 *
 *  - what the application has asked for: the requests that are outstanding, those that wait, and how many
 *    there were and the weight, since both are bounded and each request has a target of its own;
 *  - what its caller keeps for each connection. Of the content it counts only while the machine may want it:
 *    where a connection is over its next request sets it anew, before anything asks for it;
 *  - where each server stands, which is a record of what it sent as far as the alphabet asks for it. Of a
 *    connection that the machine has closed the server can do nothing more, and a new one begins anew.
 *
 * Policies and design are the same for every state of one search.
 */
#include <string.h>

#include "search/client_product.h"

static uint8_t *put(uint8_t *at, const void *octets, size_t length) {
  memcpy(at, octets, length);
  return at + length;
}

size_t e100_client_product_form(const void *self, uint8_t *out) {
  const struct e100_client_product *product = self;
  uint8_t *at = out;
  for (unsigned link = 0; link < E100_SEARCH_POOL; link++) {
    struct e100_search_connection connection = product->connections[link];
    if (product->clients[link].state == E100_CLIENT_STATE_OVER)
      connection.content_left = connection.wanted = connection.first_half = 0;
    if (connection.closed != 0)
      memset(&connection.server, 0, sizeof connection.server);
    at += e100_client_form(&product->clients[link], at);
    at = put(at, &connection, sizeof connection);
  }
  at = put(at, product->waiting, sizeof product->waiting);
  *at++ = product->waiting_count;
  *at++ = product->requests;
  *at++ = product->weight;
  return (size_t)(at - out);
}
