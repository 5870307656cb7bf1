#include "search/unreachable_rows.h"

#include <stddef.h>

#include "machine/origin.h"

const char *e100_unreachable_row(unsigned state, unsigned event) {
  static const struct {
    uint8_t state, event;
    const char *reason;
  } rows[] = {
#define UNREACHABLE(in, when, reason) {E100_ORIGIN_##in, E100_##when, reason},
#include "search/unreachable_rows.def"
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].state == state && rows[i].event == event)
      return rows[i].reason;
  return NULL;
}
