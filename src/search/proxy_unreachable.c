#include "search/proxy_unreachable.h"

#include <stddef.h>
#include <stdint.h>

#include "machine/proxy.h"

struct unreachable {
  uint8_t state, event;
  const char *reason;
};

static const char *reason_among(const struct unreachable *rows, size_t count, unsigned state,
                                unsigned event) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].state == state && rows[i].event == event)
      return rows[i].reason;
  return NULL;
}

#define ROW(in, when, reason) {E100_PROXY_##in, E100_PROXY_ON_##when, reason},
#define UNREACHABLE ROW
#define ONE_CLIENT(in, when, reason)
#define PROXY_ONLY(in, when, reason)
static const struct unreachable by_anybody[] = {
#include "search/proxy_unreachable_rows.def"
};
#define UNREACHABLE ROW
#define ONE_CLIENT ROW
#define PROXY_ONLY(in, when, reason)
static const struct unreachable by_gateway[] = {
#include "search/proxy_unreachable_rows.def"
};
#define UNREACHABLE ROW
#define ONE_CLIENT ROW
#define PROXY_ONLY ROW
static const struct unreachable by_proxy[] = {
#include "search/proxy_unreachable_rows.def"
};

const char *e100_unreachable_by_anybody(unsigned state, unsigned event) {
  return reason_among(by_anybody, sizeof by_anybody / sizeof by_anybody[0], state, event);
}

const char *e100_unreachable_by_proxy(unsigned state, unsigned event) {
  return reason_among(by_proxy, sizeof by_proxy / sizeof by_proxy[0], state, event);
}

const char *e100_unreachable_by_gateway(unsigned state, unsigned event) {
  return reason_among(by_gateway, sizeof by_gateway / sizeof by_gateway[0], state, event);
}
