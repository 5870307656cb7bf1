/*
 * sections.h - header and trailer sections: field lines up to the empty line (RFC 9112 5).
 */
#ifndef E100_MODEL_SECTIONS_H
#define E100_MODEL_SECTIONS_H

#include "model/reader.h"

void section_begin(struct section *section, bool trailers);

/* Reads from *OCTETS and moves it on; facts go to HEAD. True: the section is complete, and so is HEAD. */
bool section_read(struct section *section, struct head *head, bool lone_lf, const uint8_t **octets,
                  const uint8_t *end);

#endif
