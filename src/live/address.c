/* address.c - reads where a program listens. */
#include "live/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
  const char *prefix;
  enum e100_address_kind kind;
  enum e100_role role;
} kinds[] = {{"tcp:", E100_ADDRESS_TCP, E100_ROLE_ORIGIN},
             {"tls:", E100_ADDRESS_TLS, E100_ROLE_ORIGIN},
             {"unix:", E100_ADDRESS_UNIX, E100_ROLE_ORIGIN},
             {"gateway:", E100_ADDRESS_TCP, E100_ROLE_GATEWAY},
             {"proxy:", E100_ADDRESS_TCP, E100_ROLE_PROXY}};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static size_t kind_of(const char *text) {
  size_t kind = 0;
  while (kind < KINDS && strncmp(text, kinds[kind].prefix, strlen(kinds[kind].prefix)) != 0)
    kind++;
  return kind;
}

bool e100_address_begins(const char *text) {
  return kind_of(text) < KINDS;
}

static const char *read_path(const char *text, struct e100_address *out) {
  size_t length = strlen(text);
  if (length == 0)
    return "unix: wants the path of a socket, unix:/run/server.sock";
  if (length >= sizeof out->path)
    return "the path of a socket is at most 107 octets long";
  memcpy(out->path, text, length + 1);
  return NULL;
}

static bool is_port(const char *text) {
  size_t digits = strspn(text, "0123456789");
  unsigned long port = strtoul(text, NULL, 10);
  return digits > 0 && digits < 6 && text[digits] == '\0' && port > 0 && port < 65536;
}

static const char *read_host_and_port(const char *text, struct e100_address *out) {
  bool bracketed = text[0] == '[';
  const char *host = bracketed ? text + 1 : text;
  const char *end = bracketed ? strchr(host, ']') : strrchr(host, ':');
  const char *port = end;
  if (bracketed && end != NULL)
    port = end[1] == ':' ? end + 1 : NULL;
  if (port == NULL || end == host)
    return "it wants a host and a port: tcp:127.0.0.1:8080, tls:[::1]:8443";
  size_t length = (size_t)(end - host);
  if (length >= sizeof out->host)
    return "a host is at most 253 octets long";
  if (!bracketed && memchr(host, ':', length) != NULL)
    return "an IPv6 address goes into brackets: tcp:[::1]:8080";
  if (!is_port(port + 1))
    return "a port is a number from 1 to 65535";
  memcpy(out->host, host, length);
  memcpy(out->port, port + 1, strlen(port + 1) + 1);
  return NULL;
}

const char *e100_address_read(const char *text, struct e100_address *out) {
  size_t kind = kind_of(text);
  memset(out, 0, sizeof *out);
  if (kind == KINDS)
    return "an address is tcp:HOST:PORT, tls:HOST:PORT, unix:PATH, gateway:HOST:PORT or proxy:HOST:PORT";
  out->kind = kinds[kind].kind;
  out->role = kinds[kind].role;
  text += strlen(kinds[kind].prefix);
  return out->kind == E100_ADDRESS_UNIX ? read_path(text, out) : read_host_and_port(text, out);
}

const char *e100_address_to_listen(const char *text, struct e100_address *out) {
  size_t length = strlen(text);
  bool lone = length > 0 && strspn(text, "0123456789") == length;
  char whole[E100_HOST_LIMIT + 8];
  memset(out, 0, sizeof *out);
  if (length + sizeof "127.0.0.1:" > sizeof whole)
    return "a host is at most 253 octets long";
  (void)snprintf(whole, sizeof whole, "%s%s", lone ? "127.0.0.1:" : "", text);
  length = strlen(whole);
  bool any = length > 2 && strcmp(whole + length - 2, ":0") == 0;
  if (any)
    whole[length - 1] = '1';
  const char *wrong = read_host_and_port(whole, out);
  if (any)
    memcpy(out->port, "0", 2);
  return wrong != NULL ? "it wants a port, or a host and a port: 8100, 127.0.0.1:8100" : NULL;
}

bool e100_address_is_local(const struct e100_address *address) {
  struct in_addr four;
  struct in6_addr six;
  if (address->kind == E100_ADDRESS_UNIX || strcasecmp(address->host, "localhost") == 0)
    return true;
  if (inet_pton(AF_INET, address->host, &four) == 1)
    return ntohl(four.s_addr) >> 24 == 127;
  return inet_pton(AF_INET6, address->host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}
