/*
 * origin_form.c - a machine without what can no longer matter: two machines of one design and one form go on
 * alike for ever, whatever comes.
 *
 * What is left out, and why nothing can ask for it again:
 *
 *  - Where the connection is over, lingers or is switched, and where the next request starts a reader anew,
 *    no octet reaches the reader as it is, and no answer asks for its facts: only the state, and whether the
 *    client half-closed, remain.
 *  - Once a head is complete, all that read it is never used again: llhttp, the guard, the field. Of its
 * facts `wrong`, `hosts`, `major` and `length` were asked for when the head was complete, and are not asked
 * again.
 *  - Once the content is complete, where it was read is over, too.
 *  - Of the readers, what reader_form.h says.
 *
 * What counts is written field by field, so padding never does.
 */
#include <string.h>

#include "machine/origin.h"
#include "machine/reader_form.h"

_Static_assert(sizeof(struct e100_origin) <= E100_ORIGIN_ROOM, "the size that is documented");

static bool is_done(const struct e100_origin *origin) {
  return origin->fresh || origin->state == E100_ORIGIN_LINGERING || origin->state == E100_ORIGIN_SWITCHED ||
         origin->state == E100_ORIGIN_OVER;
}

size_t e100_origin_form(const struct e100_origin *origin, uint8_t out[E100_ORIGIN_ROOM]) {
  const struct e100_reader *reader = &origin->reader;
  struct e100_form form = {.octets = out};
  e100_form_put(&form, (uint64_t)origin->state << 8 | (uint64_t)origin->fresh << 1 | origin->client_done);
  e100_form_put(&form, (uint64_t)origin->policy.late_100 << 3 | (uint64_t)origin->policy.discard << 2 |
                           (uint64_t)origin->policy.refuse_unknown << 1 | origin->policy.unasked_100);
  e100_form_put(&form, origin->policy.content_limit);
  if (is_done(origin))
    return form.length;
  if (!reader->in_content) {
    e100_form_put_head(&form, reader);
    return form.length;
  }
  e100_form_put_facts(&form, &reader->facts);
  e100_form_put(&form, (uint64_t)origin->said_100 << 1 | reader->complete);
  if (!reader->complete)
    e100_form_put_content(&form, &reader->content);
  return form.length;
}
