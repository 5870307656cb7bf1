#include "machine/name_pieces.h"

#include <string.h>

#include "machine/octets.h"

/* No name that matters is longer than there is room, or begins with NUL. */
void e100_name_keep(struct e100_kept_name *kept, const uint8_t *octets, size_t length) {
  if (length > (size_t)E100_NAME_KEPT - kept->length) {
    memset(kept->octets, 0, sizeof kept->octets);
    kept->length = E100_NAME_KEPT;
    return;
  }
  for (size_t i = 0; i < length; i++)
    kept->octets[kept->length++] = (char)e100_lower(octets[i]);
}
