/* end_text.c - an address and a port as people write them (RFC 5952 for IPv6), and reasons. */
#include <arpa/inet.h>

#include "capture/streams.h"

void e100_end_text(const struct e100_end *end, struct e100_text *out) {
  char address[INET6_ADDRSTRLEN] = "?";
  (void)inet_ntop(end->family == 6 ? AF_INET6 : AF_INET, end->address, address, sizeof address);
  e100_text_format(out, end->family == 6 ? "[%s]:%u" : "%s:%u", address, (unsigned)end->port);
}

const char *e100_cut_text(enum e100_cut why) {
  static const char *const texts[E100_CUT_COUNT] = {
      [E100_CUT_BEGAN] = "it began before the capture",
      [E100_CUT_MISSING] = "octets are missing from the capture",
      [E100_CUT_SNAPPED] =
          "the capture holds only the beginning of a packet (its snapshot length is too short)",
      [E100_CUT_CROWD] = "there are too many connections at once to follow this one any longer",
      [E100_CUT_DISORDER] = "more octets than are kept came before those in front of them",
      [E100_CUT_COPIES] = "octets came twice and were not the same, and nobody knows which ones were taken",
      [E100_CUT_ONE_WAY] = "the capture has packets of only one of its two ends"};
  return texts[why];
}
