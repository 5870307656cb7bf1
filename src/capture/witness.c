/* witness.c - connections become exchanges, exchanges become verdicts. */
#include "capture/witness.h"

#include <stdlib.h>
#include <string.h>

#include "capture/protocol.h"

/* The origin is judged by one view, the client by another: each in the order that is fair to it. */
enum { VIEWS = 2 };

struct connection {
  enum e100_protocol protocol;
  uint32_t part; /* from 1, once there was one before */
  bool shown;
  const char *cut;
  struct e100_exchange window;
  struct e100_view views[VIEWS];
  struct e100_findings findings[VIEWS];
  struct e100_heads heads;
};

struct e100_witness {
  struct e100_witness_calls calls;
  enum e100_vantage vantage;
  struct e100_streams *streams;
  struct e100_refusals *refusals;
  struct e100_witness_counts counts;
};

/* ---- the exchange -----------------------------------------------------------------------------------------
 */

static uint8_t seen_by(const struct e100_witness *w, unsigned view) {
  if (w->vantage == E100_VANTAGE_UNKNOWN) /* the order that shows less of the judged party's part */
    return view == 0 ? E100_CLIENT : E100_ORIGIN;
  return w->vantage == E100_VANTAGE_CLIENT ? E100_CLIENT : E100_ORIGIN;
}

static void prepare(const struct e100_witness *w, struct e100_exchange *exchange) {
  e100_exchange_clear(exchange);
  e100_exchange_set_role(exchange, E100_ROLE_ORIGIN);
  exchange->seen_by = seen_by(w, 0);
}

static struct connection *new_connection(const struct e100_witness *w) {
  struct connection *c = malloc(sizeof *c);
  E100_CHECK(c != NULL, "there is memory for a connection");
  c->protocol = E100_PROTOCOL_UNDECIDED;
  c->part = 0;
  c->shown = false;
  c->cut = NULL;
  c->heads = (struct e100_heads){0};
  e100_exchange_init(&c->window);
  for (unsigned i = 0; i < VIEWS; i++) {
    prepare(w, &c->window);
    e100_exchange_set_role(&c->window, i == 0 ? E100_ROLE_ORIGIN : E100_ROLE_CLIENT);
    c->window.seen_by = seen_by(w, i);
    e100_view_init(&c->views[i], &c->window);
    c->findings[i].count = 0;
  }
  prepare(w, &c->window);
  return c;
}

static void free_connection(struct connection *c) {
  e100_exchange_free(&c->window);
  e100_heads_free(&c->heads);
  free(c);
}

/* ---- what is shown ----------------------------------------------------------------------------------------
 */

static void add_findings(struct e100_findings *to, const struct e100_findings *from) {
  for (uint32_t i = 0; i < from->count && i < E100_FINDINGS_LIMIT; i++)
    if (to->count + i < E100_FINDINGS_LIMIT)
      to->list[to->count + i] = from->list[i];
  to->count += from->count;
}

static void gather(const struct connection *c, struct e100_verdict *verdict) {
  memset(verdict, 0, sizeof *verdict);
  for (unsigned i = 0; i < VIEWS; i++) {
    struct e100_rule_set decided = {0}, undecided = {0};
    e100_view_rules(&c->views[i], &decided, &undecided);
    for (unsigned word = 0; word < E100_RULE_WORDS; word++) {
      verdict->decided.word[word] |= decided.word[word];
      verdict->undecided.word[word] |= undecided.word[word];
    }
    add_findings(&verdict->findings, &c->findings[i]);
  }
  e100_rule_set_remove(&verdict->undecided, &verdict->decided);
}

static void add_name(struct e100_stream *stream, const struct connection *c, struct e100_text *out) {
  e100_end_text(e100_stream_end(stream, E100_CLIENT_END), out);
  e100_text_format(out, " > ");
  e100_end_text(e100_stream_end(stream, E100_SERVER_END), out);
  if (c->part > 0)
    e100_text_format(out, ", part %u", (unsigned)c->part);
}

static void show(struct e100_witness *w, struct e100_stream *stream, struct connection *c) {
  struct e100_verdict verdict;
  struct e100_text name = {0};
  gather(c, &verdict);
  add_name(stream, c, &name);
  const struct e100_testimony testimony = {
      .name = name.text, .exchange = &c->window, .verdict = &verdict, .cut = c->cut};
  w->calls.shows(w->calls.user, &testimony);
  e100_text_free(&name);
  c->findings[0].count = c->findings[1].count = 0;
}

/* ---- steps
 * ---------------------------------------------------------------------------------------------------
 */

/* Begins another window, with the last steps of this one before it. */
static void next_part(struct e100_witness *w, struct e100_stream *stream, struct connection *c) {
  if (c->part == 0)
    c->part = 1;
  if (c->findings[0].count + c->findings[1].count > 0)
    show(w, stream, c);
  c->part++;
  struct e100_exchange next;
  e100_exchange_init(&next);
  prepare(w, &next);
  uint32_t count = c->window.step_count, octets = 0, first = count;
  while (first > 0 && count - first < E100_WINDOW_CARRIED_LIMIT &&
         octets + c->window.steps[first - 1].length <= E100_WINDOW_OCTETS_LIMIT / 8)
    octets += c->window.steps[--first].length;
  for (uint32_t i = first; i < count; i++)
    (void)e100_exchange_append(&next, &c->window.steps[i], e100_step_octets(&c->window, &c->window.steps[i]),
                               c->window.steps[i].length);
  e100_exchange_free(&c->window);
  c->window = next;
}

static bool goes_on(const struct connection *c, const struct e100_step *step) {
  if (c->window.step_count == 0 || step->kind != E100_STEP_DELIVER)
    return false;
  const struct e100_step *last = &c->window.steps[c->window.step_count - 1];
  return last->kind == E100_STEP_DELIVER && last->from == step->from;
}

/* Keeps a step for the ladder; of what one end goes on to send, as of an upload, only the beginning. */
static void keep_step(struct e100_witness *w, struct e100_stream *stream, struct connection *c,
                      const struct e100_step *step, const uint8_t *octets, size_t length) {
  size_t kept = length;
  if (goes_on(c, step)) {
    uint32_t already = c->window.steps[c->window.step_count - 1].length;
    size_t room = already < E100_WINDOW_STEP_LIMIT ? E100_WINDOW_STEP_LIMIT - already : 0;
    kept = length < room ? length : room;
    c->window.truncated |= kept < length;
  }
  if (c->window.octet_count + kept > E100_WINDOW_OCTETS_LIMIT ||
      (!goes_on(c, step) && c->window.step_count >= E100_WINDOW_STEPS_LIMIT))
    next_part(w, stream, c);
  if (goes_on(c, step))
    (void)e100_exchange_extend(&c->window, octets, kept);
  else
    (void)e100_exchange_append(&c->window, step, octets, kept);
}

/* Packets of one end with nothing between them are one step: their cuts say nothing to the model. */
static void add_step(struct e100_witness *w, struct e100_stream *stream, struct connection *c,
                     const struct e100_step *step, const uint8_t *octets, size_t length) {
  keep_step(w, stream, c, step, octets, length);
  struct e100_step folded = *step;
  folded.length = (uint32_t)length;
  for (unsigned i = 0; i < VIEWS; i++)
    e100_view_step(&c->views[i], &folded, c->window.step_count - 1, octets, &c->findings[i]);
}

/* ---- which protocol it is ----------------------------------------------------------------------- */

static bool is_judged(struct e100_witness *w, struct connection *c) {
  uint64_t *const counts[] = {NULL, &w->counts.judged, &w->counts.tls, &w->counts.http2, &w->counts.other};
  w->counts.connections++;
  (*counts[c->protocol])++;
  return c->protocol == E100_PROTOCOL_HTTP;
}

static bool turns_out_otherwise(const struct connection *c, unsigned end, const uint8_t *octets,
                                size_t length) {
  return end == E100_SERVER_END && c->part == 0 &&
         e100_protocol_turns_out_otherwise(&c->window, octets, length);
}

/* ---- what the streams tell
 * -------------------------------------------------------------------------------------
 */

static void opens(void *user, struct e100_stream *stream) {
  (void)user;
  (void)stream; /* nothing is kept before there are octets */
}

/* Leaves out what tells the server of its client (the PROXY protocol). */
static size_t pass_preface(struct e100_witness *w, unsigned end, const uint8_t *octets, size_t length) {
  size_t preface = end == E100_CLIENT_END ? e100_proxy_preface(octets, length) : 0;
  w->counts.prefaced += preface > 0;
  return preface;
}

/* Whether what comes is HTTP, as far as is known by now. */
static bool speaks_http(struct e100_witness *w, struct connection *c, unsigned end, const uint8_t *octets,
                        size_t length) {
  if (c->protocol == E100_PROTOCOL_UNDECIDED) {
    c->protocol = e100_protocol_of(end == E100_CLIENT_END, octets, length);
    return is_judged(w, c);
  }
  if (c->protocol == E100_PROTOCOL_HTTP && turns_out_otherwise(c, end, octets, length)) {
    c->protocol = E100_PROTOCOL_OTHER;
    w->counts.judged--;
    w->counts.other++;
  }
  return c->protocol == E100_PROTOCOL_HTTP;
}

static void sends(void *user, struct e100_stream *stream, unsigned end, const uint8_t *octets,
                  size_t length) {
  struct e100_witness *w = user;
  struct connection *c = *e100_stream_own(stream);
  if (c == NULL) {
    *e100_stream_own(stream) = c = new_connection(w);
    size_t preface = pass_preface(w, end, octets, length);
    octets += preface;
    length -= preface;
  }
  if (length == 0 || !speaks_http(w, c, end, octets, length))
    return;
  const struct e100_step step = {.kind = E100_STEP_DELIVER,
                                 .from = end == E100_CLIENT_END ? E100_CLIENT : E100_ORIGIN,
                                 .to = end == E100_CLIENT_END ? E100_ORIGIN : E100_CLIENT};
  add_step(w, stream, c, &step, octets, length);
  if (end == E100_CLIENT_END)
    w->counts.requests += e100_heads_of_client(&c->heads, octets, length);
  else
    e100_heads_of_server(&c->heads, octets, length, e100_stream_end(stream, E100_CLIENT_END),
                         e100_stream_end(stream, E100_SERVER_END), w->refusals);
}

static void ends(void *user, struct e100_stream *stream, unsigned end, enum e100_step_kind how) {
  struct connection *c = *e100_stream_own(stream);
  if (c == NULL || c->protocol != E100_PROTOCOL_HTTP)
    return;
  /* A server that has sent its FIN sends no more: whether it reads on makes no difference to what it owes. */
  bool closed = end == E100_SERVER_END && how == E100_STEP_HALF_CLOSE;
  const struct e100_step step = {.kind = closed ? E100_STEP_CLOSE : (uint8_t)how,
                                 .from = end == E100_CLIENT_END ? E100_CLIENT : E100_ORIGIN};
  add_step(user, stream, c, &step, NULL, 0);
}

/* A final response has no time (RFC 9110 10.1.1: ultimately). So where the server owes nothing else, a
 * silence shows something only if the client does not wait for the end of it. */
static void settles(void *user, struct e100_stream *stream, unsigned end) {
  struct connection *c = *e100_stream_own(stream);
  if (c == NULL || c->protocol != E100_PROTOCOL_HTTP ||
      (end != E100_CLIENT_END && e100_view_owes_final(&c->views[0], 0)))
    return;
  const struct e100_step step = {.kind = E100_STEP_SETTLED};
  add_step(user, stream, c, &step, NULL, 0);
}

static void cut(void *user, struct e100_stream *stream, enum e100_cut why) {
  struct e100_witness *w = user;
  struct connection *c = *e100_stream_own(stream);
  if (c == NULL || c->protocol == E100_PROTOCOL_UNDECIDED) {
    w->counts.connections++;
    w->counts.unjudged[why]++;
  } else if (c->protocol == E100_PROTOCOL_HTTP) {
    w->counts.cut++;
    c->cut = e100_cut_text(why);
  }
}

static void over(void *user, struct e100_stream *stream) {
  struct e100_witness *w = user;
  struct connection *c = *e100_stream_own(stream);
  if (c == NULL)
    return;
  if (c->protocol == E100_PROTOCOL_HTTP)
    show(w, stream, c);
  free_connection(c);
  *e100_stream_own(stream) = NULL;
}

struct e100_witness *e100_witness_new(const struct e100_witness_calls *calls, enum e100_vantage vantage,
                                      uint64_t settle, struct e100_refusals *refusals) {
  struct e100_witness *w = calloc(1, sizeof *w);
  E100_CHECK(w != NULL, "there is memory for a witness");
  const struct e100_stream_calls stream_calls = {
      .user = w, .opens = opens, .sends = sends, .ends = ends, .settles = settles, .cut = cut, .over = over};
  w->calls = *calls;
  w->vantage = vantage;
  w->refusals = refusals;
  w->streams = e100_streams_new(&stream_calls, settle);
  return w;
}

struct e100_streams *e100_witness_streams(struct e100_witness *witness) {
  return witness->streams;
}

const struct e100_witness_counts *e100_witness_counts(const struct e100_witness *witness) {
  return &witness->counts;
}

void e100_witness_free(struct e100_witness *witness) {
  e100_streams_free(witness->streams);
  free(witness);
}
