#include "search/searched.h"

#include "search/client_product.h"
#include "search/origin_product.h"
#include "search/proxy_product.h"
#include "search/shared_product.h"

const struct e100_searched *e100_searched_at(size_t index) {
  static const struct e100_searched *const all[] = {
      &e100_searched_origin,  &e100_searched_client,       &e100_searched_proxy,
      &e100_searched_gateway, &e100_searched_shared_proxy, &e100_searched_shared_gateway};
  return index < sizeof all / sizeof all[0] ? all[index] : NULL;
}

const struct e100_searched *e100_searched_of(enum e100_role role) {
  const struct e100_searched *searched = e100_searched_at(0);
  for (size_t i = 0; searched != NULL; searched = e100_searched_at(++i))
    if (searched->role == role && searched->unreachable != NULL)
      return searched;
  return NULL;
}
