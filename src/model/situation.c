/*
 * situation.c - where a conversation stands, as a small number and in words.
 *
 * Bits 0 to 2: the phase. 3 and 4: the content. Then one bit each: asked, 100 sent, HTTP/1.0, malformed,
 * close received or sent, more requests waiting, the client has stopped sending.
 */
#include "model/permitted.h"

#include <string.h>

enum phase { IDLE, IN_HEAD, WAITING, OWED, TUNNEL, UNKNOWN, ENDED, ANSWERING };
enum amount { NO_CONTENT, CONTENT_TO_COME, CONTENT_BEGUN, ALL_CONTENT };

static enum phase phase_of(const struct conversation *c, const struct request *waiting,
                           const struct request *newest) {
  if (c->blurred)
    return UNKNOWN;
  if (c->tunnel)
    return TUNNEL;
  if (c->server_gone || c->client_gone)
    return ENDED;
  if (waiting != NULL)
    return WAITING;
  if (newest != NULL && (newest->progress & REQUEST_COMPLETE) == 0)
    return OWED;
  if (reader_is_in_head(&c->from_client))
    return IN_HEAD;
  return c->sending ? ANSWERING : IDLE;
}

static enum amount amount_of(const struct request *r) {
  if ((r->progress & REQUEST_COMPLETE) != 0)
    return r->content == CONTENT_NONE ? NO_CONTENT : ALL_CONTENT;
  return (r->progress & CONTENT_ARRIVED) != 0 ? CONTENT_BEGUN : CONTENT_TO_COME;
}

static uint32_t request_bits(const struct conversation *c, const struct request *r) {
  uint32_t bits = (uint32_t)amount_of(r) << 3;
  bits |= (r->facts & (HEAD_ASKS | HEAD_MAY_ASK)) != 0 ? 1u << 5 : 0;
  bits |= r->hundreds > 0 ? 1u << 6 : 0;
  bits |= (r->facts & HEAD_BELOW_11) != 0 ? 1u << 7 : 0;
  bits |= head_is_malformed(r->facts) ? 1u << 8 : 0;
  bits |= (r->facts & HEAD_CLOSE) != 0 || c->close_due != 0 ? 1u << 9 : 0;
  return bits;
}

uint32_t situation_of(const struct conversation *c) {
  const struct request *waiting = waiting_request(c);
  const struct request *newest = newest_request(c);
  enum phase phase = phase_of(c, waiting, newest);
  uint32_t bits = phase;
  if (phase == WAITING)
    bits |= request_bits(c, waiting);
  else if (phase == OWED)
    bits |= request_bits(c, newest);
  else if (c->close_due != 0)
    bits |= 1u << 9;
  bits |= c->requests - c->answered > 1 ? 1u << 10 : 0;
  bits |= c->client_half_closed || c->client_gone ? 1u << 11 : 0;
  return bits;
}

uint32_t e100_view_state(const struct e100_view *view, uint32_t link) {
  const struct view *v = view_inside(view);
  return link < v->link_count ? situation_of(&v->conversations[link]) : 0;
}

static void say(struct e100_text *out, const char *words) {
  e100_text_add(out, ", ", 2);
  e100_text_add(out, words, strlen(words));
}

void e100_view_state_text(uint32_t state, struct e100_text *out) {
  static const char *const phases[] = {
      "no request",     "within a head",      "a request waits",      "answered, content owed",
      "no longer HTTP", "undecidable octets", "the connection ended", "within a response"};
  static const char *const amounts[] = {"no content", "content to come", "content begun", "all content"};
  static const char *const flags[] = {"100 sent",     "HTTP/1.0",           "malformed",
                                      "to be closed", "more requests wait", "client stopped sending"};
  enum phase phase = (enum phase)(state & 7);
  e100_text_add(out, phases[phase], strlen(phases[phase]));
  if (phase == WAITING || phase == OWED) {
    say(out, amounts[state >> 3 & 3]);
    if ((state >> 5 & 1) != 0)
      say(out, (state >> 6 & 1) != 0 ? "asked" : "asked, no 100");
  }
  for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
    if ((state >> (6 + i) & 1) != 0)
      say(out, flags[i]);
}
