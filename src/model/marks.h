/*
 * marks.h - whose octets are whose, as marks show it (docs/case-format.md, Marks).
 *
 * A head carries its mark as the value of E100-Mark, content as {MARK}. Who sends a mark where it does not
 * belong is to blame, unless it has been out of place before: then it came so from somebody else.
 */
#ifndef E100_MODEL_MARKS_H
#define E100_MODEL_MARKS_H

#include "model/asking.h"

/* Octets of a head, or of content, that the client, or the server, sends on the link of COURT. True: the
 * content that the client owes has a head in it, so nobody knows any more where it is. */
bool look_for_marks_in_request(const struct conversation *c, const uint8_t *from, const uint8_t *to,
                               bool content, const struct court *court);
void look_for_marks_in_response(const struct conversation *c, const uint8_t *from, const uint8_t *to,
                                bool content, const struct court *court);
/* Octets of the server of which nobody can know whether they are a head or content: who passes their marks on
 * has them from there. */
void remember_marks_of_server(const uint8_t *from, const uint8_t *to, const struct court *court);
/* CONTENT, which is to be sent under a head with the mark OWN, has the mark of a head in it, or a mark that
 * is not OWN. */
bool has_odd_marks(uint64_t own, const uint8_t *content, size_t length);
/* The client sends a request head that is marked so. */
void mark_heads_request(const struct conversation *c, const struct errand *errand, const struct court *court);
/* RESPONSE answers the waiting request; does it have its mark? */
void compare_marks(const struct conversation *c, const struct head *response, const struct court *court);

#endif
