/*
 * sections.h - header and trailer sections: field lines up to the empty line (RFC 9112 5).
 */
#ifndef E100_MODEL_SECTIONS_H
#define E100_MODEL_SECTIONS_H

#include "model/reader.h"

void section_begin(struct section *section, bool trailers);

/* Reads one octet; facts go to HEAD. True: it was the last of the section, and HEAD is complete. */
bool section_octet(struct section *section, struct head *head, bool lone_lf, uint8_t octet);

#endif
