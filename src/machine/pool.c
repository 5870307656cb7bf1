#include "machine/pool.h"

void e100_pool_init(struct e100_client *clients, size_t count) {
  static const struct e100_client_policy none = {.close_early = false};
  for (size_t i = 0; i < count; i++) {
    e100_client_init(&clients[i], &e100_client_reference, &none);
    clients[i].state = E100_CLIENT_STATE_OVER;
  }
}

int e100_pool_choose(const struct e100_client *clients, size_t count, const struct e100_request *request,
                     bool *opens) {
  *opens = false;
  for (size_t i = 0; i < count; i++) {
    if (e100_client_takes(&clients[i], request))
      return (int)i;
  }
  *opens = true;
  for (size_t i = 0; i < count; i++) {
    if (clients[i].state == E100_CLIENT_STATE_OVER)
      return (int)i;
  }
  return -1;
}
