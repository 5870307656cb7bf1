#include "fuzz/response_readings.h"

#include <string.h>

#include "machine/response_heads.h"

/* ---- the reference client's reader ------------------------------------------------------------------- */

static void note_facts(const struct e100_response_facts *facts, struct e100_response_reading *out) {
  out->malformed = facts->wrong != E100_RESPONSE_SOUND;
  if (out->malformed)
    return;
  out->status = facts->status;
  out->tunnel = facts->framing == E100_RESPONSE_TUNNEL;
  out->interims += facts->interim;
  out->final = !facts->interim && !out->tunnel;
  out->until_close = out->final && facts->framing == E100_RESPONSE_UNTIL_CLOSE;
  out->close = out->final && !facts->persists;
}

void e100_responses_by_machine(const uint8_t *octets, size_t length, enum e100_answered request,
                               struct e100_response_reading *out) {
  struct e100_response_reader reader;
  enum e100_reader_event event = E100_READ_HEAD;
  memset(out, 0, sizeof *out);
  e100_response_reader_init(&reader, request == E100_ANSWERED_HEAD, request == E100_ANSWERED_CONNECT);
  while (event != E100_READ_MORE && event != E100_READ_WRONG && !reader.complete && !out->malformed) {
    const uint8_t *content = NULL;
    size_t taken = 0;
    size_t count = 0;
    event = e100_response_reader_take(&reader, NULL, NULL, octets + out->octets, length - out->octets, &taken,
                                      &content, &count);
    out->octets += taken;
    out->content += count;
    if (event == E100_READ_HEAD)
      note_facts(&reader.facts, out);
  }
  out->malformed = out->malformed || event == E100_READ_WRONG;
  out->complete = reader.complete;
}

/* ---- comparing --------------------------------------------------------------------------------------- */

static bool reads_the_same(const struct e100_response_reading *one,
                           const struct e100_response_reading *model) {
  return one->complete == model->complete && one->final == model->final && one->tunnel == model->tunnel &&
         one->interims == model->interims && one->content == model->content &&
         (!model->final || (one->status == model->status && one->close == model->close &&
                            one->until_close == model->until_close)) &&
         (!model->complete || one->octets == model->octets);
}

static void read_by_model(const uint8_t *octets, size_t length, enum e100_answered request,
                          struct e100_response_reading *out) {
  e100_read_responses(octets, length, request == E100_ANSWERED_HEAD, request == E100_ANSWERED_CONNECT, out);
}

/* Whether ONE took a head, or a whole response, that the model did not. */
static bool takes_more(const struct e100_response_reading *one, const struct e100_response_reading *model) {
  return one->complete || (one->final && !model->final) || one->interims > model->interims;
}

enum e100_difference_kind e100_compare_responses(const struct e100_response_reading *one,
                                                 const struct e100_response_reading *model) {
  if (model->several)
    return E100_DIFFERENCE_NONE;
  if (model->malformed)
    return one->malformed || !takes_more(one, model) ? E100_DIFFERENCE_NONE : E100_DIFFERENCE_ACCEPTS;
  if (one->malformed)
    return E100_DIFFERENCE_REFUSES;
  return reads_the_same(one, model) ? E100_DIFFERENCE_NONE : E100_DIFFERENCE_READS;
}

/* Beyond its limits a reader may refuse what is sound. The model overlooks what stands behind a chunk's size,
 * where the reader holds it to its grammar; and within a head that is malformed it may need an octet more to
 * see it. */
static bool may_refuse(const struct e100_response_reading *machine, const struct e100_response_reading *model,
                       size_t length) {
  bool in_head = !model->final && !model->tunnel;
  return length > E100_FIELD_LINES_LIMIT * 4 || in_head || (machine->final && model->chunked);
}

const char *e100_holds_responses(const uint8_t *octets, size_t length, enum e100_answered request) {
  struct e100_response_reading machine;
  struct e100_response_reading model;
  e100_responses_by_machine(octets, length, request, &machine);
  read_by_model(octets, length, request, &model);
  switch (e100_compare_responses(&machine, &model)) {
  case E100_DIFFERENCE_REFUSES:
    return may_refuse(&machine, &model, length) ? NULL : "the client refuses responses that the model reads";
  case E100_DIFFERENCE_ACCEPTS:
    return "the client accepts a response that must be refused";
  case E100_DIFFERENCE_READS:
    return "the client and the model read other responses";
  default:
    return NULL;
  }
}
