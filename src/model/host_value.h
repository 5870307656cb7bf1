/*
 * host_value.h - the value of Host: a host, and a port behind a colon (RFC 9112 3.2, RFC 3986 3.2.2, 3.2.3).
 */
#ifndef E100_MODEL_HOST_VALUE_H
#define E100_MODEL_HOST_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* All zero before the first octet. */
struct host_reader {
  uint8_t begun; /* a field line Host was seen */
  uint8_t part;
  uint8_t hex_digits; /* that a percent sign still wants */
  bool bad;           /* several lines, or octets that no host and port have */
};

void host_octet(struct host_reader *host, uint8_t octet);
/* True: the value that was read is no host, or there were several. */
bool host_is_bad(const struct host_reader *host);

#endif
