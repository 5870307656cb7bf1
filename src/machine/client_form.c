/*
 * client_form.c - a machine without what can no longer matter: two machines of one design and one form go on
 * alike for ever, whatever comes.
 *
 * What is left out, and why nothing can ask for it again:
 *
 *  - Where nothing is outstanding, or the next response starts a reader anew, no octet reaches the reader as
 * it is. Nothing is outstanding where the connection is idle, owes content, is switched or over.
 *  - Between two heads, and once the final one is complete, all that read the last one is never used again:
 *    the name, the options, the codings, the length. Of its facts only how content is framed counts.
 *  - What is left of the content counts while content may be given.
 *
 * What counts is written field by field, so padding never does.
 */
#include <string.h>

#include "machine/client.h"

struct form {
  uint8_t *octets;
  size_t length;
};

static void put(struct form *form, uint64_t value) {
  for (unsigned i = 0; i < 8; i++)
    form->octets[form->length++] = (uint8_t)(value >> 8 * i);
}

static void put_facts(struct form *form, const struct e100_response_facts *facts) {
  put(form, (uint64_t)facts->status << 40 | (uint64_t)facts->major << 32 | (uint64_t)facts->minor << 24 |
                (uint64_t)facts->framing << 16 | (uint64_t)facts->wrong << 8 | (uint64_t)facts->upgrade);
}

/* A head that is being read. */
static void put_head(struct form *form, const struct e100_response_reader *reader) {
  put_facts(form, &reader->facts);
  put(form, (uint64_t)reader->octets << 32 | (uint64_t)reader->field_lines << 16 | reader->field);
  put(form, (uint64_t)reader->options.place << 32 | (uint64_t)reader->options.as_close << 24 |
                (uint64_t)reader->options.as_keep_alive << 16 | (uint64_t)reader->options.close << 8 |
                reader->options.keep_alive);
  put(form, (uint64_t)reader->codings.place << 32 | (uint64_t)reader->codings.as_chunked << 24 |
                (uint64_t)reader->codings.parameters << 4 | (uint64_t)reader->codings.chunked_last << 3 |
                (uint64_t)reader->codings.chunked_twice << 2 | (uint64_t)reader->codings.wrong << 1 |
                reader->coded);
  put(form, reader->length.length);
  put(form, (uint64_t)reader->length.place << 2 | (uint64_t)reader->length.any << 1 | reader->length.wrong);
  put(form, (uint64_t)reader->place << 8 | reader->name_length);
  for (unsigned i = 0; i < reader->name_length; i++)
    form->octets[form->length++] = (uint8_t)reader->name[i];
}

static void put_lines(struct form *form, const struct e100_lines *lines) {
  put(form, (uint64_t)lines->octets << 32 | lines->limit);
  put(form, (uint64_t)lines->field_lines << 16 | (uint64_t)lines->empty_lines << 8 | lines->place);
}

static void put_content(struct form *form, const struct e100_content *content) {
  put(form, content->left);
  put(form, (uint64_t)content->framing << 8 | content->place);
  put_lines(form, &content->trailers);
}

static void put_record(struct form *form, const struct e100_client_record *record) {
  put(form, (uint64_t)record->to_head << 5 | (uint64_t)record->to_connect << 4 |
                (uint64_t)record->upgrade << 3 | (uint64_t)record->asks << 2 | (uint64_t)record->last << 1 |
                record->idempotent);
}

static bool owes_content(const struct e100_client *client) {
  switch (client->state) {
  case E100_CLIENT_STATE_WAITING:
  case E100_CLIENT_STATE_SENDING:
  case E100_CLIENT_STATE_ANSWERED:
  case E100_CLIENT_STATE_OWING:
  case E100_CLIENT_STATE_SWITCHING:
    return true;
  default:
    return false;
  }
}

size_t e100_client_form(const struct e100_client *client, uint8_t out[E100_CLIENT_ROOM]) {
  const struct e100_response_reader *reader = &client->reader;
  struct form form = {.octets = out};
  put(&form, (uint64_t)client->state << 16 | (uint64_t)client->count << 8 | client->fresh);
  put(&form, (uint64_t)client->policy.close_early << 3 | (uint64_t)client->policy.unknown_releases << 2 |
                 (uint64_t)client->policy.no_wait << 1 | client->policy.pipeline);
  if (owes_content(client)) {
    put(&form, client->chunked);
    put(&form, client->left);
  }
  if (client->count == 0)
    return form.length;
  put(&form, client->interims);
  for (unsigned i = 0; i < client->count; i++)
    put_record(&form, &client->records[i]);
  if (client->fresh)
    return form.length;
  bool begun = e100_response_reader_begun(reader);
  put(&form, (uint64_t)reader->in_content << 1 | begun);
  if (reader->in_content) {
    put(&form, (uint64_t)reader->facts.framing << 1 | reader->complete);
    put_content(&form, &reader->content);
  } else if (begun) {
    put_head(&form, reader);
  }
  return form.length;
}
