/*
 * host_field.h - reads the value of Host octet by octet (RFC 9112 3.2, RFC 9110 7.2).
 *
 *   Host     = uri-host [ ":" port ]
 *   uri-host = reg-name, which an IPv4 address is, too, or an address between brackets (RFC 3986 3.2.2)
 *
 * Which octets there are is checked, and where; not what an address between brackets means. An empty value
 * is one: a target without an authority has it. Pieces may be cut anywhere.
 */
#ifndef E100_HOST_FIELD_H
#define E100_HOST_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct e100_host_field {
  uint8_t place; /* private */
};

/* All zero is the start. Feeds octets of a value, with or without the blanks around it. */
void e100_host_feed(struct e100_host_field *field, const uint8_t *octets, size_t length);
/* The value is over: is it one? */
bool e100_host_is_valid(const struct e100_host_field *field);

#ifdef __cplusplus
}
#endif

#endif
