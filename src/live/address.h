/*
 * address.h - where a program listens: "tcp:HOST:PORT", "tls:HOST:PORT" or "unix:PATH".
 *
 * HOST is a name, an IPv4 address, or an IPv6 address in brackets.
 */
#ifndef E100_ADDRESS_H
#define E100_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { E100_HOST_LIMIT = 254, E100_SOCKET_PATH_LIMIT = 108 }; /* octets, with the closing NUL */

enum e100_address_kind { E100_ADDRESS_TCP, E100_ADDRESS_TLS, E100_ADDRESS_UNIX };

struct e100_address {
  enum e100_address_kind kind;
  char host[E100_HOST_LIMIT]; /* of tcp and tls, without brackets */
  char port[6];
  char path[E100_SOCKET_PATH_LIMIT]; /* of unix */
};

/* Whether TEXT begins like an address, well formed or not. */
bool e100_address_begins(const char *text);
/* Reads an address. NULL where it is one, else what is wrong, as a sentence without its end. */
const char *e100_address_read(const char *text, struct e100_address *out);
/* Whether everybody at this address is on this machine: a socket file, localhost, 127.0.0.0/8, ::1. */
bool e100_address_is_local(const struct e100_address *address);

#endif
