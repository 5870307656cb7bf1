#include "fuzz/capture_telling.h"

#include <stdlib.h>
#include <string.h>

#include "capture/refusals.h"
#include "capture/streams.h"
#include "capture/witness.h"
#include "fuzz/capture_inputs.h"

enum { SETTLE = 300000, SILENCE = 1000000, PACKET_TIME = 50, NO_PACKET = -1 };

/* What was told of one connection. */
struct heard {
  struct e100_text octets[2];
  bool ended[2], cut, over, silent;
};

/* ... of all of them, in the order in which they were opened. More than one for each packet there can't be.
 */
struct hearing {
  struct heard connections[2 * E100_INPUT_PACKETS_LIMIT];
  unsigned count;
  const char *otherwise; /* what was promised and was not so, or NULL */
};

/* ---- the packets -------------------------------------------------------------------------------- */

/* In memory of exactly its size, so that the sanitizers see each octet that is read beyond it. */
static void hand_over(struct e100_streams *streams, int link, const uint8_t *octets, size_t length,
                      uint64_t time) {
  struct e100_packet packet;
  uint8_t *frame = malloc(length);
  E100_CHECK(frame != NULL, "there is memory for a packet");
  memcpy(frame, octets, length);
  if (e100_packet_read(link, frame, length, length, &packet) == E100_PACKET_TCP)
    e100_streams_packet(streams, &packet, time);
  free(frame);
}

static bool is_packet(const struct e100_step *step) {
  return step->kind == E100_STEP_DELIVER && step->length > 0;
}

/* Hands over the packets of EXCHANGE, and the one at the step TWICE twice. */
static void hand_over_all(struct e100_streams *streams, const struct e100_exchange *exchange, int64_t twice) {
  int link = e100_capture_input_link(exchange);
  uint64_t time = SILENCE;
  for (uint32_t i = 1; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    time += step->kind == E100_STEP_QUIET ? SILENCE : PACKET_TIME;
    for (unsigned times = i == twice ? 2 : 1; is_packet(step) && times > 0; times--)
      hand_over(streams, link, e100_step_octets(exchange, step), step->length, time);
  }
  e100_streams_end(streams, time);
}

/* A packet that may come twice: not one that begins or resets a connection, as it may do so twice. NO_PACKET
 * where CHOICE finds none. */
static int64_t choose_packet(const struct e100_exchange *exchange, uint64_t choice) {
  int link = e100_capture_input_link(exchange);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    uint32_t at = (uint32_t)((choice + i) % exchange->step_count);
    const struct e100_step *step = &exchange->steps[at];
    struct e100_packet packet;
    if (at > 0 && is_packet(step) &&
        e100_packet_read(link, e100_step_octets(exchange, step), step->length, step->length, &packet) ==
            E100_PACKET_TCP &&
        (packet.flags & (E100_TCP_SYN | E100_TCP_RST)) == 0)
      return at;
  }
  return NO_PACKET;
}

/* ---- what the streams tell ---------------------------------------------------------------------- */

static void promise(struct hearing *hearing, bool kept, const char *otherwise) {
  if (!kept && hearing->otherwise == NULL)
    hearing->otherwise = otherwise;
}

static struct heard *heard_of(struct hearing *hearing, struct e100_stream *stream) {
  struct heard *heard = *e100_stream_own(stream);
  promise(hearing, heard != NULL, "something is told of a connection that was not opened");
  promise(hearing, heard == NULL || !heard->over, "something is told of a connection that is over");
  return heard != NULL ? heard : &hearing->connections[0];
}

static void opens(void *user, struct e100_stream *stream) {
  struct hearing *hearing = user;
  promise(hearing, *e100_stream_own(stream) == NULL, "a connection is opened twice");
  E100_CHECK(hearing->count < sizeof hearing->connections / sizeof hearing->connections[0],
             "each packet opens one connection");
  *e100_stream_own(stream) = &hearing->connections[hearing->count++];
}

static void sends(void *user, struct e100_stream *stream, unsigned end, const uint8_t *octets,
                  size_t length) {
  struct hearing *hearing = user;
  struct heard *heard = heard_of(hearing, stream);
  promise(hearing, length > 0, "an end sends no octets");
  promise(hearing, !heard->cut, "octets are told of a connection that was cut");
  promise(hearing, !heard->ended[end], "an end sends octets after it has ended");
  heard->silent = false;
  e100_text_add(&heard->octets[end], (const char *)octets, length);
}

static void ends(void *user, struct e100_stream *stream, unsigned end, enum e100_step_kind how) {
  struct hearing *hearing = user;
  struct heard *heard = heard_of(hearing, stream);
  promise(hearing, how == E100_STEP_HALF_CLOSE || how == E100_STEP_RESET || how == E100_STEP_CLOSE,
          "an end ends in no known way");
  promise(hearing, !heard->cut, "an end is told of a connection that was cut");
  heard->ended[end] = true;
  heard->silent = false;
}

static void settles(void *user, struct e100_stream *stream, unsigned end) {
  struct hearing *hearing = user;
  struct heard *heard = heard_of(hearing, stream);
  promise(hearing, !heard->cut, "a silence is told of a connection that was cut");
  promise(hearing, !heard->silent, "a silence is told twice");
  promise(hearing, end <= E100_NO_END, "nobody knows who ended a silence");
  heard->silent = true;
}

static void cut(void *user, struct e100_stream *stream, enum e100_cut why) {
  struct hearing *hearing = user;
  struct heard *heard = heard_of(hearing, stream);
  promise(hearing, why < E100_CUT_COUNT, "a connection is cut without a reason");
  promise(hearing, !heard->cut, "a connection is cut twice");
  heard->cut = true;
}

static void over(void *user, struct e100_stream *stream) {
  heard_of(user, stream)->over = true;
}

static void listen_to(const struct e100_exchange *exchange, int64_t twice, struct hearing *hearing) {
  const struct e100_stream_calls calls = {.user = hearing,
                                          .opens = opens,
                                          .sends = sends,
                                          .ends = ends,
                                          .settles = settles,
                                          .cut = cut,
                                          .over = over};
  struct e100_streams *streams = e100_streams_new(&calls, SETTLE);
  hand_over_all(streams, exchange, twice);
  for (unsigned i = 0; i < hearing->count; i++)
    promise(hearing, hearing->connections[i].over, "a connection is not over at the end");
  e100_streams_free(streams);
}

static void forget(struct hearing *hearing) {
  for (unsigned i = 0; i < hearing->count; i++) {
    e100_text_free(&hearing->connections[i].octets[0]);
    e100_text_free(&hearing->connections[i].octets[1]);
  }
  free(hearing);
}

static struct hearing *new_hearing(void) {
  struct hearing *hearing = calloc(1, sizeof *hearing);
  E100_CHECK(hearing != NULL, "there is memory for what is told");
  return hearing;
}

/* A hole may be given up earlier where packets come twice: then less is told, and nothing else. */
static bool tell_the_same(const struct heard *a, const struct heard *b) {
  for (unsigned end = 0; end < 2; end++) {
    const struct e100_text *x = &a->octets[end], *y = &b->octets[end];
    size_t both = x->length < y->length ? x->length : y->length;
    if ((both > 0 && memcmp(x->text, y->text, both) != 0) || (x->length != y->length && !a->cut && !b->cut))
      return false;
  }
  return true;
}

static const char *compare(const struct hearing *once, const struct hearing *twice) {
  if (twice->otherwise != NULL)
    return twice->otherwise;
  if (once->count != twice->count)
    return "a packet that comes twice makes another connection";
  for (unsigned i = 0; i < once->count; i++)
    if (!tell_the_same(&once->connections[i], &twice->connections[i]))
      return "a packet that comes twice changes what is told";
  return NULL;
}

static const char *holds_streams(const struct e100_exchange *exchange, uint64_t choice) {
  struct hearing *once = new_hearing(), *twice = new_hearing();
  int64_t packet = choose_packet(exchange, choice);
  listen_to(exchange, NO_PACKET, once);
  const char *otherwise = once->otherwise;
  if (otherwise == NULL && packet != NO_PACKET) {
    listen_to(exchange, packet, twice);
    otherwise = compare(once, twice);
  }
  forget(once);
  forget(twice);
  return otherwise;
}

/* ---- what is judged ----------------------------------------------------------------------------- */

struct judged {
  struct e100_text text; /* all that was shown */
  const char *otherwise;
};

static void show(void *user, const struct e100_testimony *testimony) {
  struct judged *judged = user;
  const struct e100_exchange *window = testimony->exchange;
  const struct e100_findings *findings = &testimony->verdict->findings;
  if (window->step_count > E100_WINDOW_STEPS_LIMIT || window->octet_count > E100_WINDOW_OCTETS_LIMIT)
    judged->otherwise = "more is kept of a connection than its window";
  e100_text_format(&judged->text, "%s %s %016llx %u\n", testimony->name,
                   testimony->cut != NULL ? testimony->cut : "",
                   (unsigned long long)e100_exchange_hash(window), findings->count);
  for (uint32_t i = 0; i < findings->count && i < E100_FINDINGS_LIMIT; i++) {
    const struct e100_finding *finding = &findings->list[i];
    if (finding->step >= window->step_count)
      judged->otherwise = "a finding is at a step that is not shown";
    e100_text_format(&judged->text, "%u %u %u %u\n", finding->rule, finding->party, finding->request,
                     finding->step);
  }
}

static void judge(const struct e100_exchange *exchange, struct judged *judged) {
  struct e100_refusals refusals = {0};
  const struct e100_witness_calls calls = {.user = judged, .shows = show};
  struct e100_witness *witness = e100_witness_new(&calls, E100_VANTAGE_UNKNOWN, SETTLE, &refusals);
  uint64_t refused = 0;
  e100_text_add(&judged->text, "", 0);
  hand_over_all(e100_witness_streams(witness), exchange, NO_PACKET);
  for (size_t i = 0; i < refusals.count; i++)
    refused += refusals.groups[i].count;
  if (refused + refusals.further > refusals.answers)
    judged->otherwise = "there are more refusals than final responses";
  e100_text_format(&judged->text, "%llu of %llu\n", (unsigned long long)refused,
                   (unsigned long long)refusals.answers);
  e100_witness_free(witness);
  e100_refusals_free(&refusals);
}

static const char *holds_verdicts(const struct e100_exchange *exchange) {
  struct judged once = {0}, again = {0};
  judge(exchange, &once);
  judge(exchange, &again);
  const char *otherwise = once.otherwise;
  if (otherwise == NULL && strcmp(once.text.text, again.text.text) != 0)
    otherwise = "the same capture is judged otherwise the second time";
  e100_text_free(&once.text);
  e100_text_free(&again.text);
  return otherwise;
}

const char *e100_holds_capture(const struct e100_exchange *exchange, uint64_t choice) {
  const char *otherwise = holds_streams(exchange, choice);
  return otherwise != NULL ? otherwise : holds_verdicts(exchange);
}
