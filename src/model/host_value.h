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
  bool escaped;       /* a percent sign is in it: another spelling of the same host may have none */
  uint16_t port;
  uint32_t hash; /* of the octets of the host, in lower case */
};

void host_octet(struct host_reader *host, uint8_t octet);
/* True: the value that was read is no host, or there were several. */
bool host_is_bad(const struct host_reader *host);
/* What the value names: a hash of its host and port, the same for the port that is implied and none. 0: there
 * is no value, or none that could be compared. */
uint32_t host_named(const struct host_reader *host);

#endif
