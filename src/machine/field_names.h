/* field_names.h - the fields whose names mean something to a machine. */
#ifndef E100_FIELD_NAMES_H
#define E100_FIELD_NAMES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum e100_field {
  E100_FIELD_OTHER,
  E100_FIELD_CONNECTION,
  E100_FIELD_CONTENT_LENGTH,
  E100_FIELD_EXPECT,
  E100_FIELD_HOST,
  E100_FIELD_KEEP_ALIVE,
  E100_FIELD_PROXY_CONNECTION,
  E100_FIELD_TE,
  E100_FIELD_TRANSFER_ENCODING,
  E100_FIELD_UPGRADE
};

/* The field of that name, in any letter case (RFC 9110 5.1). */
enum e100_field e100_field_named(const uint8_t *name, size_t length);

#ifdef __cplusplus
}
#endif

#endif
