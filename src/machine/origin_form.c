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
 *  - Of llhttp's state, while it reads a head: the positions are set anew with the next octets (the first
 *    one counts only as being there or not), `error_pos`, `reason` and `data` are cleared after each call,
 * and `settings` is always the same. Everything else counts.
 *  - The first octets of a field name count while the name goes on; the last octets of a request line while
 *    the line goes on.
 *
 * What counts is written field by field, so padding never does.
 */
#include <string.h>

#include <llhttp.h>

#include "machine/origin.h"

_Static_assert(sizeof(struct e100_origin) <= E100_ORIGIN_ROOM, "the size that is documented");

struct form {
  uint8_t *octets;
  size_t length;
};

static void put(struct form *form, uint64_t value) {
  for (unsigned i = 0; i < 8; i++)
    form->octets[form->length++] = (uint8_t)(value >> 8 * i);
}

static void put_llhttp(struct form *form, const unsigned char *octets) {
  llhttp_t llhttp;
  memcpy(&llhttp, octets, sizeof llhttp);
  put(form, (uint64_t)(uint32_t)llhttp._index);
  put(form, llhttp._span_pos0 != NULL);
  put(form, (uint64_t)(uintptr_t)llhttp._span_cb0);
  put(form, (uint64_t)(uintptr_t)llhttp._current);
  put(form, (uint64_t)(uint32_t)llhttp.error);
  put(form, llhttp.content_length);
  put(form, (uint64_t)llhttp.method << 16 | (uint64_t)llhttp.http_major << 8 | llhttp.http_minor);
  put(form, (uint64_t)llhttp.header_state << 24 | (uint64_t)llhttp.upgrade << 16 | llhttp.flags);
  put(form, (uint64_t)llhttp.lenient_flags << 16 | llhttp.finish);
}

static void put_lines(struct form *form, const struct e100_lines *lines) {
  put(form, (uint64_t)lines->octets << 32 | lines->limit);
  put(form, (uint64_t)lines->field_lines << 16 | (uint64_t)lines->empty_lines << 8 | lines->place);
  put(form, e100_lines_in_start_line(lines) ? lines->protocol : 0);
}

static void put_name(struct form *form, const struct e100_reader *reader) {
  put(form, reader->name_length);
  for (unsigned i = 0; i < reader->name_length; i++)
    form->octets[form->length++] = (uint8_t)reader->name[i];
}

/* A head that is being read. */
static void put_head(struct form *form, const struct e100_reader *reader) {
  put_llhttp(form, reader->llhttp.octets);
  put_lines(form, &reader->lines);
  put(form, (uint64_t)reader->expect.state << 24 | (uint64_t)reader->expect.matched << 16 |
                (uint64_t)reader->expect.asks << 8 | reader->expect.other);
  put(form, (uint64_t)reader->options.place << 32 | (uint64_t)reader->options.as_close << 24 |
                (uint64_t)reader->options.as_keep_alive << 16 | (uint64_t)reader->options.close << 8 |
                reader->options.keep_alive);
  put(form, (uint64_t)reader->in_value << 8 | reader->host.place);
  put(form, (uint64_t)reader->codings.place << 16 | (uint64_t)reader->codings.as_chunked << 8 |
                (uint64_t)reader->codings.parameters << 4 | (uint64_t)reader->codings.chunked_last << 3 |
                (uint64_t)reader->codings.chunked_twice << 2 | reader->codings.wrong);
  put(form, (uint64_t)reader->facts.hosts << 16 | (uint64_t)reader->coded << 8 | reader->field);
  put_name(form, reader);
}

static void put_facts(struct form *form, const struct e100_request_facts *facts) {
  put(form, (uint64_t)facts->method << 32 | (uint64_t)facts->minor << 24 | (uint64_t)facts->framing << 16 |
                (uint64_t)facts->asks << 3 | (uint64_t)facts->other << 2 | (uint64_t)facts->persists << 1 |
                facts->upgrade);
}

static void put_content(struct form *form, const struct e100_content *content) {
  put(form, content->left);
  put(form, (uint64_t)content->framing << 8 | content->place);
  put_lines(form, &content->trailers);
}

static bool is_done(const struct e100_origin *origin) {
  return origin->fresh || origin->state == E100_ORIGIN_LINGERING || origin->state == E100_ORIGIN_SWITCHED ||
         origin->state == E100_ORIGIN_OVER;
}

size_t e100_origin_form(const struct e100_origin *origin, uint8_t out[E100_ORIGIN_ROOM]) {
  const struct e100_reader *reader = &origin->reader;
  struct form form = {.octets = out};
  put(&form, (uint64_t)origin->state << 8 | (uint64_t)origin->fresh << 1 | origin->client_done);
  put(&form, (uint64_t)origin->policy.late_100 << 3 | (uint64_t)origin->policy.discard << 2 |
                 (uint64_t)origin->policy.refuse_unknown << 1 | origin->policy.unasked_100);
  put(&form, origin->policy.content_limit);
  if (is_done(origin))
    return form.length;
  if (!reader->in_content) {
    put_head(&form, reader);
    return form.length;
  }
  put_facts(&form, &reader->facts);
  put(&form, (uint64_t)origin->said_100 << 1 | reader->complete);
  if (!reader->complete)
    put_content(&form, &reader->content);
  return form.length;
}
