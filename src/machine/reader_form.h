/*
 * reader_form.h - what of a reader can influence what it reads later, as octets: for the forms of machines
 * (origin_form.c, proxy_form.c).
 *
 * What is left out, and why nothing can ask for it again:
 *
 *  - Of llhttp's state, while it reads a head: the positions are set anew with the next octets (the first one
 *    counts only as being there or not), `error_pos`, `reason` and `data` are cleared after each call, and
 *    `settings` is always the same. Everything else counts.
 *  - The first octets of a field name count while the name goes on; the last octets of a request line while
 * the line goes on.
 *
 * What counts is written field by field, so padding never does.
 */
#ifndef E100_READER_FORM_H
#define E100_READER_FORM_H

#include "machine/heads.h"
#include "machine/response_heads.h"

struct e100_form {
  uint8_t *octets; /* the caller's, with room for all that is put */
  size_t length;
};

void e100_form_put(struct e100_form *form, uint64_t value);

/* A request head that is being read. */
void e100_form_put_head(struct e100_form *form, const struct e100_reader *reader);
/* What is still asked of a request head that was read: not `wrong`, `hosts`, `major` and `length`. */
void e100_form_put_facts(struct e100_form *form, const struct e100_request_facts *facts);
/* Content that is being read. */
void e100_form_put_content(struct e100_form *form, const struct e100_content *content);
/* A response head that is being read. */
void e100_form_put_response_head(struct e100_form *form, const struct e100_response_reader *reader);

#endif
