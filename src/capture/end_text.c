/* end_text.c - an address and a port as people write them (RFC 5952 for IPv6). */
#include <arpa/inet.h>

#include "capture/streams.h"

void e100_end_text(const struct e100_end *end, struct e100_text *out) {
  char address[INET6_ADDRSTRLEN] = "?";
  (void)inet_ntop(end->family == 6 ? AF_INET6 : AF_INET, end->address, address, sizeof address);
  e100_text_format(out, end->family == 6 ? "[%s]:%u" : "%s:%u", address, (unsigned)end->port);
}
