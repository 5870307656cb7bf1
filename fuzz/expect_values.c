#include "fuzz/expect_values.h"

#include <string.h>
#include <strings.h>

#include "machine/heads.h"
#include "model/model.h"

static const char before_values[] = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect:";
static const char between_values[] = "\r\nExpect:";
static const char after_values[] = "\r\n\r\n";

enum { NEXT_LINE = '\n', CUT = '\r' };

/* ---- values as an exchange ------------------------------------------------------------------------- */

static void deliver(struct e100_exchange *exchange, struct e100_text *octets) {
  struct e100_step step = {.kind = E100_STEP_DELIVER, .from = E100_CLIENT, .to = E100_ORIGIN};
  (void)e100_exchange_append(exchange, &step, (const uint8_t *)octets->text, octets->length);
  octets->length = 0;
}

void e100_values_decode(struct e100_exchange *exchange, const uint8_t *values, size_t length) {
  struct e100_step quiet = {.kind = E100_STEP_QUIET};
  struct e100_text octets = {0};
  e100_exchange_clear(exchange);
  exchange->kind = E100_KIND_PLAY;
  e100_text_add(&octets, before_values, sizeof before_values - 1);
  for (size_t i = 0; i < length; i++) {
    if (values[i] == NEXT_LINE)
      e100_text_add(&octets, between_values, sizeof between_values - 1);
    else if (values[i] != CUT)
      e100_text_add(&octets, (const char *)&values[i], 1);
    else if (octets.length > 0)
      deliver(exchange, &octets);
  }
  e100_text_add(&octets, after_values, sizeof after_values - 1);
  deliver(exchange, &octets);
  (void)e100_exchange_append(exchange, &quiet, NULL, 0);
  e100_text_free(&octets);
  e100_exchange_normalize(exchange);
}

/* All octets of the client; CUTS has a non-zero octet where another delivery begins. */
static void client_octets(const struct e100_exchange *exchange, struct e100_text *octets,
                          struct e100_text *cuts) {
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind != E100_STEP_DELIVER || step->from != E100_CLIENT || step->length == 0)
      continue;
    const char *text = (const char *)e100_step_octets(exchange, step);
    size_t start = cuts->length;
    e100_text_add(octets, text, step->length);
    for (uint32_t k = 0; k < step->length; k++)
      e100_text_add(cuts, "", 1);
    cuts->text[start] = 1;
  }
}

static bool begins_expect(const struct e100_text *octets, size_t at) {
  static const char name[] = "expect:";
  size_t length = sizeof name - 1;
  return octets->length - at >= length && strncasecmp(octets->text + at, name, length) == 0;
}

/* The value that begins at AT, up to its line end. */
static void add_value(const struct e100_text *octets, const struct e100_text *cuts, size_t at,
                      struct e100_text *out) {
  const char cut = CUT;
  for (; at < octets->length; at++) {
    if (cuts->text[at] != 0)
      e100_text_add(out, &cut, 1);
    if (octets->text[at] == '\r' || octets->text[at] == '\n')
      break;
    e100_text_add(out, octets->text + at, 1);
  }
}

bool e100_values_encode(const struct e100_exchange *exchange, struct e100_text *out) {
  const char next = NEXT_LINE;
  struct e100_text octets = {0};
  struct e100_text cuts = {0};
  bool any = false;
  client_octets(exchange, &octets, &cuts);
  for (size_t at = 0; at < octets.length;) {
    size_t length = 0;
    while (at + length < octets.length && octets.text[at + length] != '\n')
      length++;
    bool empty = length == 0 || (length == 1 && octets.text[at] == '\r');
    if (empty && at > 0)
      break; /* the head ends here */
    if (begins_expect(&octets, at)) {
      if (any)
        e100_text_add(out, &next, 1);
      add_value(&octets, &cuts, at + strlen("expect:"), out);
      any = true;
    }
    at += length + 1;
  }
  e100_text_free(&octets);
  e100_text_free(&cuts);
  return any;
}

/* ---- the readers --------------------------------------------------------------------------------------- */

struct e100_values_answer e100_values_by_model(const uint8_t *values, size_t length) {
  struct e100_exchange exchange;
  struct e100_text head = {0};
  struct e100_text cuts = {0};
  struct e100_head_reading reading;
  e100_exchange_init(&exchange);
  e100_values_decode(&exchange, values, length);
  client_octets(&exchange, &head, &cuts);
  e100_read_request_head((const uint8_t *)head.text, head.length, 0, &reading);
  e100_exchange_free(&exchange);
  e100_text_free(&head);
  e100_text_free(&cuts);
  return (struct e100_values_answer){.refused = !reading.complete || reading.malformed,
                                     .open = reading.several,
                                     .asks = reading.asks,
                                     .other = reading.other};
}

struct e100_values_answer e100_values_by_heads(const uint8_t *values, size_t length) {
  struct e100_exchange exchange;
  struct e100_reader reader;
  enum e100_reader_event event = E100_READ_MORE;
  e100_exchange_init(&exchange);
  e100_values_decode(&exchange, values, length);
  e100_reader_init(&reader);
  for (uint32_t i = 0; i < exchange.step_count && event == E100_READ_MORE; i++) {
    const struct e100_step *step = &exchange.steps[i];
    const uint8_t *content = NULL;
    size_t taken = 0;
    size_t content_length = 0;
    if (step->kind == E100_STEP_DELIVER)
      event = e100_reader_take(&reader, NULL, NULL, e100_step_octets(&exchange, step), step->length, &taken,
                               &content, &content_length);
  }
  bool whole = event == E100_READ_HEAD && reader.facts.wrong == 0;
  e100_exchange_free(&exchange);
  return (struct e100_values_answer){
      .refused = !whole, .asks = whole && reader.facts.asks, .other = whole && reader.facts.other};
}

struct e100_values_answer e100_values_by_field(const uint8_t *values, size_t length) {
  struct e100_expect_field field = {0};
  struct e100_values_answer answer = {0};
  /* Not refused by the field, but by the lines around it (RFC 9110 5.5). */
  answer.refused = memchr(values, '\0', length) != NULL;
  for (size_t at = 0; at <= length;) {
    size_t piece = 0;
    while (at + piece < length && values[at + piece] != CUT && values[at + piece] != NEXT_LINE)
      piece++;
    e100_expect_feed(&field, values + at, piece);
    at += piece + 1;
    if (at > length || values[at - 1] == NEXT_LINE)
      e100_expect_line_end(&field);
  }
  e100_expect_end(&field);
  answer.asks = field.asks;
  answer.other = field.other;
  return answer;
}

/* ---- what must not change the answer ----------------------------------------------------------------------
 */

/* Appends VALUES, changed. */
typedef void variation(const uint8_t *values, size_t length, struct e100_text *out);

static void add_octet(struct e100_text *out, uint8_t octet) {
  e100_text_add(out, (const char *)&octet, 1);
}

static void in_one_piece(const uint8_t *values, size_t length, struct e100_text *out) {
  for (size_t i = 0; i < length; i++)
    if (values[i] != CUT)
      add_octet(out, values[i]);
}

static void cut_everywhere(const uint8_t *values, size_t length, struct e100_text *out) {
  for (size_t i = 0; i < length && length < E100_STEPS_LIMIT / 2; i++) {
    add_octet(out, CUT);
    if (values[i] != CUT)
      add_octet(out, values[i]);
  }
  if (length >= E100_STEPS_LIMIT / 2)
    in_one_piece(values, length, out); /* an exchange does not have room for so many deliveries */
}

/* Several field lines are one list (RFC 9110 5.3). */
static void joined(const uint8_t *values, size_t length, struct e100_text *out) {
  for (size_t i = 0; i < length; i++)
    add_octet(out, values[i] == NEXT_LINE ? (uint8_t)',' : values[i]);
}

/* The value does not mind letter case (RFC 9110 10.1.1). */
static void in_other_case(const uint8_t *values, size_t length, struct e100_text *out) {
  for (size_t i = 0; i < length; i++) {
    bool letter = (values[i] >= 'a' && values[i] <= 'z') || (values[i] >= 'A' && values[i] <= 'Z');
    add_octet(out, letter ? (uint8_t)(values[i] ^ 0x20) : values[i]);
  }
}

/* Empty members, and whitespace around members, say nothing (RFC 9110 5.6.1.2, 5.6.3). */
static void after_empty_members(const uint8_t *values, size_t length, struct e100_text *out) {
  static const char empty[] = " ,\t, ";
  e100_text_add(out, empty, sizeof empty - 1);
  e100_text_add(out, (const char *)values, length);
}

static const struct {
  variation *vary;
  const char *otherwise;
} variations[] = {
    {in_one_piece, "where deliveries are cut changes what Expect is read as"},
    {cut_everywhere, "cutting at every octet changes what Expect is read as"},
    {joined, "several field lines Expect are read otherwise than the joined one"},
    {in_other_case, "the letter case of Expect's value changes what it is read as"},
    {after_empty_members, "empty members before the others change what Expect is read as"},
};

static bool same(const struct e100_values_answer *a, const struct e100_values_answer *b) {
  return a->refused == b->refused && a->asks == b->asks && a->other == b->other;
}

/* The model's answer says how far another one may differ: a head that is refused gives no answer. */
static const char *compare(const struct e100_values_answer *model, const struct e100_values_answer *answer) {
  if (answer->refused)
    return model->refused || model->open ? NULL
                                         : "a head is refused for a value of Expect that the model reads";
  if (model->refused)
    return "a head is accepted that must be refused for its value of Expect";
  if (model->other != answer->other)
    return "the value of Expect: the model differs on members other than 100-continue";
  if (!model->open && model->asks != answer->asks)
    return "the value of Expect: the model differs on 100-continue";
  return NULL;
}

enum { VARIATIONS = sizeof variations / sizeof variations[0] };

static const char *vary(const uint8_t *values, size_t length, e100_values_reader *reader,
                        const struct e100_values_answer *answer, size_t number) {
  struct e100_text varied = {0};
  e100_text_add(&varied, "", 0);
  variations[number].vary(values, length, &varied);
  struct e100_values_answer other = reader((const uint8_t *)varied.text, varied.length);
  e100_text_free(&varied);
  return same(answer, &other) ? NULL : variations[number].otherwise;
}

/* Beyond these a head is refused for its size, in one spelling and not in another. */
static bool is_large(const uint8_t *values, size_t length) {
  size_t lines = 1;
  for (size_t i = 0; i < length; i++)
    lines += values[i] == NEXT_LINE;
  return lines > E100_FIELD_LINES_LIMIT / 2 || length + lines * sizeof between_values > E100_HEAD_LIMIT / 2;
}

/* With the variations from FIRST on, up to LAST. */
static const char *holds(const uint8_t *values, size_t length, e100_values_reader *reader, size_t first,
                         size_t last) {
  if (is_large(values, length))
    return NULL;
  struct e100_values_answer model = e100_values_by_model(values, length);
  struct e100_values_answer answer = reader(values, length);
  const char *otherwise = compare(&model, &answer);
  for (size_t i = first; otherwise == NULL && i <= last; i++)
    otherwise = vary(values, length, reader, &answer, i);
  return otherwise;
}

const char *e100_holds_values(const uint8_t *values, size_t length, e100_values_reader *reader) {
  return holds(values, length, reader, 0, VARIATIONS - 1);
}

const char *e100_holds_values_once(const uint8_t *values, size_t length, e100_values_reader *reader,
                                   uint64_t choice) {
  size_t number = (size_t)(choice % VARIATIONS);
  return holds(values, length, reader, number, number);
}
