/*
 * proxy_form.c - a machine without what can no longer matter: two machines of one design and one form, with
 * the same heads held back, go on alike for ever, whatever comes.
 *
 * What is left out, and why nothing can ask for it again:
 *
 *  - Where the connection is over or lingers, and where the next request starts a reader anew, no octet
 * reaches the readers as they are, no row asks for their facts, and no head is held: only the state, and
 * whether the client half-closed, remain. A tunnel asks for nothing but whether it is connected.
 *  - Once a request head is complete, all that read it is never used again; of its facts `wrong`, `hosts` and
 *    `major` were asked for when it was complete. Its length is, when it is forwarded after its content was
 *    collected. Once the content is complete, where it was read is over, too.
 *  - Of a response the same holds; between two heads nothing of the last one is left. Without a connection
 * there is none.
 *  - Of the readers, what reader_form.h says.
 */
#include <string.h>

#include "machine/proxy.h"
#include "machine/reader_form.h"

static bool is_done(const struct e100_proxy *proxy) {
  return proxy->fresh || proxy->state == E100_PROXY_LINGERING || proxy->state == E100_PROXY_TUNNEL ||
         proxy->state == E100_PROXY_OVER;
}

static void put_request(struct e100_form *form, const struct e100_proxy *proxy) {
  const struct e100_reader *reader = &proxy->request;
  e100_form_put(form, (uint64_t)proxy->request_length << 32 | proxy->collected);
  e100_form_put(form, (uint64_t)proxy->interims << 32 | (uint64_t)proxy->refusal << 16 |
                          (uint64_t)proxy->forwarded << 5 | (uint64_t)proxy->said_100 << 4 |
                          (uint64_t)proxy->request_trimmed << 6 | (uint64_t)proxy->ours << 3 |
                          (uint64_t)proxy->own_asked << 2 | (uint64_t)proxy->nominated << 1 |
                          reader->in_content);
  if (!reader->in_content) {
    e100_form_put_head(form, reader);
    return;
  }
  e100_form_put_facts(form, &reader->facts);
  e100_form_put(form, reader->facts.length);
  e100_form_put(form, reader->complete);
  if (!reader->complete)
    e100_form_put_content(form, &reader->content);
}

static void put_response(struct e100_form *form, const struct e100_proxy *proxy) {
  const struct e100_response_reader *reader = &proxy->response;
  bool begun = e100_response_reader_begun(reader);
  e100_form_put(form, (uint64_t)proxy->response_length << 32 | (uint64_t)proxy->response_trimmed << 5 |
                          (uint64_t)reader->to_head << 4 | (uint64_t)reader->to_connect << 3 |
                          (uint64_t)proxy->stray << 2 | (uint64_t)reader->in_content << 1 | begun);
  if (reader->in_content) {
    const struct e100_response_facts *facts = &reader->facts;
    e100_form_put(form, (uint64_t)facts->status << 32 | (uint64_t)facts->minor << 24 |
                            (uint64_t)facts->framing << 16 | (uint64_t)facts->persists << 1 |
                            reader->complete);
    e100_form_put_content(form, &reader->content);
  } else if (begun) {
    e100_form_put_response_head(form, reader);
  }
}

size_t e100_proxy_form(const struct e100_proxy *proxy, uint8_t out[E100_PROXY_ROOM]) {
  struct e100_form form = {.octets = out};
  e100_form_put(&form, (uint64_t)proxy->state << 8 | (uint64_t)proxy->connected << 2 |
                           (uint64_t)proxy->fresh << 1 | proxy->client_done);
  if (is_done(proxy))
    return form.length;
  put_request(&form, proxy);
  if (proxy->connected)
    put_response(&form, proxy);
  return form.length;
}
