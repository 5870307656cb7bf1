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
#include "machine/reader_form.h"

static void put_record(struct e100_form *form, const struct e100_client_record *record) {
  e100_form_put(form, (uint64_t)record->to_head << 5 | (uint64_t)record->to_connect << 4 |
                          (uint64_t)record->upgrade << 3 | (uint64_t)record->asks << 2 |
                          (uint64_t)record->last << 1 | record->idempotent);
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
  struct e100_form form = {.octets = out};
  e100_form_put(&form, (uint64_t)client->state << 16 | (uint64_t)client->count << 8 | client->fresh);
  e100_form_put(&form, (uint64_t)client->policy.close_early << 3 |
                           (uint64_t)client->policy.unknown_releases << 2 |
                           (uint64_t)client->policy.no_wait << 1 | client->policy.pipeline);
  if (owes_content(client)) {
    e100_form_put(&form, client->chunked);
    e100_form_put(&form, client->left);
  }
  if (client->count == 0)
    return form.length;
  e100_form_put(&form, client->interims);
  for (unsigned i = 0; i < client->count; i++)
    put_record(&form, &client->records[i]);
  if (client->fresh)
    return form.length;
  bool begun = e100_response_reader_begun(reader);
  e100_form_put(&form, (uint64_t)reader->in_content << 1 | begun);
  if (reader->in_content) {
    e100_form_put(&form, (uint64_t)reader->facts.framing << 1 | reader->complete);
    e100_form_put_content(&form, &reader->content);
  } else if (begun) {
    e100_form_put_response_head(&form, reader);
  }
  return form.length;
}
