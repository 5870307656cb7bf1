/* impossible.c - alone in its file: whoever links the machine needs it, and nothing else of the exchange. */
#include "exchange/impossible.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void e100_impossible(const char *file, int line, const char *sentence) {
  (void)fflush(stdout);
  (void)fprintf(stderr, "expect100: impossible at %s:%d: this should hold, and does not: %s\n", file, line,
                sentence);
  abort();
}
