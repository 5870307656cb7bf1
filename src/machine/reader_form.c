#include "machine/reader_form.h"

#include <string.h>

#include <llhttp.h>

void e100_form_put(struct e100_form *form, uint64_t value) {
  for (unsigned i = 0; i < 8; i++)
    form->octets[form->length++] = (uint8_t)(value >> 8 * i);
}

static void put_llhttp(struct e100_form *form, const unsigned char *octets) {
  llhttp_t llhttp;
  memcpy(&llhttp, octets, sizeof llhttp);
  e100_form_put(form, (uint64_t)(uint32_t)llhttp._index);
  e100_form_put(form, llhttp._span_pos0 != NULL);
  e100_form_put(form, (uint64_t)(uintptr_t)llhttp._span_cb0);
  e100_form_put(form, (uint64_t)(uintptr_t)llhttp._current);
  e100_form_put(form, (uint64_t)(uint32_t)llhttp.error);
  e100_form_put(form, llhttp.content_length);
  e100_form_put(form, (uint64_t)llhttp.method << 16 | (uint64_t)llhttp.http_major << 8 | llhttp.http_minor);
  e100_form_put(form, (uint64_t)llhttp.header_state << 24 | (uint64_t)llhttp.upgrade << 16 | llhttp.flags);
  e100_form_put(form, (uint64_t)llhttp.lenient_flags << 16 | llhttp.finish);
}

static void put_lines(struct e100_form *form, const struct e100_lines *lines) {
  e100_form_put(form, (uint64_t)lines->octets << 32 | lines->limit);
  e100_form_put(form, (uint64_t)lines->field_lines << 16 | (uint64_t)lines->empty_lines << 8 | lines->place);
  e100_form_put(form, e100_lines_in_start_line(lines) ? lines->protocol : 0);
}

static void put_name(struct e100_form *form, const struct e100_kept_name *name) {
  e100_form_put(form, name->length);
  for (unsigned i = 0; i < name->length; i++)
    form->octets[form->length++] = (uint8_t)name->octets[i];
}

/* A head that is being read. */
void e100_form_put_head(struct e100_form *form, const struct e100_reader *reader) {
  put_llhttp(form, reader->llhttp.octets);
  put_lines(form, &reader->lines);
  e100_form_put(form, (uint64_t)reader->expect.state << 24 | (uint64_t)reader->expect.matched << 16 |
                          (uint64_t)reader->expect.asks << 8 | reader->expect.other);
  e100_form_put(form, (uint64_t)reader->options.place << 32 | (uint64_t)reader->options.as_close << 24 |
                          (uint64_t)reader->options.as_keep_alive << 16 |
                          (uint64_t)reader->options.close << 8 | reader->options.keep_alive);
  e100_form_put(form, (uint64_t)reader->in_value << 8 | reader->host.place);
  e100_form_put(form, (uint64_t)reader->codings.place << 16 | (uint64_t)reader->codings.as_chunked << 8 |
                          (uint64_t)reader->codings.chunked_with_parameters << 5 |
                          (uint64_t)reader->codings.parameters << 4 |
                          (uint64_t)reader->codings.chunked_last << 3 |
                          (uint64_t)reader->codings.chunked_twice << 2 | reader->codings.wrong);
  e100_form_put(form, (uint64_t)reader->facts.hosts << 16 | (uint64_t)reader->protocol << 9 |
                          (uint64_t)reader->coded << 8 | reader->field);
  put_name(form, &reader->name);
}

void e100_form_put_facts(struct e100_form *form, const struct e100_request_facts *facts) {
  e100_form_put(form, (uint64_t)facts->method << 32 | (uint64_t)facts->minor << 24 |
                          (uint64_t)facts->framing << 16 | (uint64_t)facts->asks << 3 |
                          (uint64_t)facts->other << 2 | (uint64_t)facts->persists << 1 | facts->upgrade);
}

void e100_form_put_content(struct e100_form *form, const struct e100_content *content) {
  e100_form_put(form, content->left);
  e100_form_put(form, (uint64_t)content->framing << 8 | content->place);
  put_lines(form, &content->trailers);
}

/* ---- responses ---- */

static void put_response_facts(struct e100_form *form, const struct e100_response_facts *facts) {
  e100_form_put(form, (uint64_t)facts->status << 40 | (uint64_t)facts->major << 32 |
                          (uint64_t)facts->minor << 24 | (uint64_t)facts->framing << 16 |
                          (uint64_t)facts->wrong << 8 | (uint64_t)facts->upgrade);
}

/* A head that is being read. */
void e100_form_put_response_head(struct e100_form *form, const struct e100_response_reader *reader) {
  put_response_facts(form, &reader->facts);
  put_llhttp(form, reader->llhttp.octets);
  put_lines(form, &reader->lines);
  e100_form_put(form, (uint64_t)reader->field << 24 | (uint64_t)reader->undecided << 16 |
                          (uint64_t)reader->hides << 8 | reader->in_value);
  e100_form_put(form, (uint64_t)reader->options.place << 32 | (uint64_t)reader->options.as_close << 24 |
                          (uint64_t)reader->options.as_keep_alive << 16 |
                          (uint64_t)reader->options.close << 8 | reader->options.keep_alive);
  e100_form_put(form, (uint64_t)reader->codings.place << 32 | (uint64_t)reader->codings.as_chunked << 24 |
                          (uint64_t)reader->codings.chunked_with_parameters << 5 |
                          (uint64_t)reader->codings.parameters << 4 |
                          (uint64_t)reader->codings.chunked_last << 3 |
                          (uint64_t)reader->codings.chunked_twice << 2 |
                          (uint64_t)reader->codings.wrong << 1 | reader->coded);
  e100_form_put(form, reader->length.length);
  e100_form_put(form, (uint64_t)reader->length.place << 2 | (uint64_t)reader->length.any << 1 |
                          reader->length.wrong);
  put_name(form, &reader->name);
}
