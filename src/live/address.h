/*
 * address.h - where a program listens: "tcp:HOST:PORT", "tls:HOST:PORT" or "unix:PATH" for an origin server,
 * "gateway:HOST:PORT" or "proxy:HOST:PORT" for one that passes requests on.
 *
 * HOST is a name, an IPv4 address, or an IPv6 address in brackets.
 */
#ifndef E100_ADDRESS_H
#define E100_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "exchange/exchange.h"

enum { E100_HOST_LIMIT = 254, E100_SOCKET_PATH_LIMIT = 108 }; /* octets, with the closing NUL */

enum e100_address_kind { E100_ADDRESS_TCP, E100_ADDRESS_TLS, E100_ADDRESS_UNIX };

struct e100_address {
  enum e100_address_kind kind; /* of gateway and proxy: TCP */
  enum e100_role role;         /* what the program is: origin, gateway or proxy */
  char host[E100_HOST_LIMIT];  /* of tcp and tls, without brackets */
  char port[6];
  char path[E100_SOCKET_PATH_LIMIT]; /* of unix */
};

/* Whether TEXT begins like an address, well formed or not. */
bool e100_address_begins(const char *text);
/* Reads an address. NULL where it is one, else what is wrong, as a sentence without its end. */
const char *e100_address_read(const char *text, struct e100_address *out);
/* Reads where to listen: "PORT" (of 127.0.0.1) or "HOST:PORT"; port 0 is one that is free. As
 * e100_address_read else. */
const char *e100_address_to_listen(const char *text, struct e100_address *out);
/* Whether everybody at this address is on this machine: a socket file, localhost, 127.0.0.0/8, ::1. */
bool e100_address_is_local(const struct e100_address *address);

#endif
