#include "search/searched.h"

#include "search/client_product.h"
#include "search/origin_product.h"

const struct e100_searched *e100_searched_of(enum e100_role role) {
  switch (role) {
  case E100_ROLE_ORIGIN:
    return &e100_searched_origin;
  case E100_ROLE_CLIENT:
    return &e100_searched_client;
  default:
    return NULL;
  }
}
