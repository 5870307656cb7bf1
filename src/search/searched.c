#include "search/searched.h"

#include "search/client_product.h"
#include "search/origin_product.h"
#include "search/proxy_product.h"

const struct e100_searched *e100_searched_of(enum e100_role role) {
  switch (role) {
  case E100_ROLE_ORIGIN:
    return &e100_searched_origin;
  case E100_ROLE_CLIENT:
    return &e100_searched_client;
  case E100_ROLE_PROXY:
    return &e100_searched_proxy;
  case E100_ROLE_GATEWAY:
    return &e100_searched_gateway;
  default:
    return NULL;
  }
}
