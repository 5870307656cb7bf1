/*
 * name_pieces.h - a field's name, which a parser reports in pieces: looked at where it stands while it is one
 * piece among octets that are there, and else kept.
 */
#ifndef E100_NAME_PIECES_H
#define E100_NAME_PIECES_H

#include <stddef.h>
#include <stdint.h>

#include "machine/field_names.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { E100_NAME_KEPT = 17 /* octets of a field name that are kept to recognise it */ };

/* What came before the octets that are there. All zero before a name. */
struct e100_kept_name {
  uint8_t length;
  char octets[E100_NAME_KEPT]; /* small letters; begins with NUL where the name is of no interest */
};

/* The only piece of a name so far, among the octets that are there; NULL where there is none. */
struct e100_name_piece {
  const uint8_t *octets;
  size_t length;
};

/* Keeps a part of a name, for when the rest of it comes. */
void e100_name_keep(struct e100_kept_name *kept, const uint8_t *octets, size_t length);

/* The octets that are there are going. */
static inline void e100_name_put_away(struct e100_kept_name *kept, struct e100_name_piece *piece) {
  if (piece->octets != NULL)
    e100_name_keep(kept, piece->octets, piece->length);
  piece->octets = NULL;
}

/* A piece is reported. */
static inline void e100_name_comes(struct e100_kept_name *kept, struct e100_name_piece *piece,
                                   const uint8_t *octets, size_t length) {
  if (piece->octets == NULL && kept->length == 0) {
    piece->octets = octets;
    piece->length = length;
    return;
  }
  e100_name_put_away(kept, piece);
  e100_name_keep(kept, octets, length);
}

/* The name is whole: which it is. The next one may come. */
static inline enum e100_field e100_name_ends(struct e100_kept_name *kept, struct e100_name_piece *piece) {
  enum e100_field field = piece->octets != NULL
                              ? e100_field_named(piece->octets, piece->length)
                              : e100_field_named((const uint8_t *)kept->octets, kept->length);
  piece->octets = NULL;
  kept->length = 0;
  return field;
}

#ifdef __cplusplus
}
#endif

#endif
