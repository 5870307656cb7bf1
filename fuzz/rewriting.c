#include "fuzz/rewriting.h"

#include <string.h>
#include <strings.h>

#include "model/model.h"

enum { HEAD_TO_REWRITE = 4096, LINES_TO_REWRITE = 64 /* well below the limits of any subject */ };

/* Everything but the steps. */
static void begin(const struct e100_exchange *from, struct e100_exchange *to) {
  e100_exchange_clear(to);
  to->kind = from->kind;
  to->role = from->role;
  to->seen_by = from->seen_by;
  to->policy = from->policy;
  to->reading = from->reading;
  to->link_count = from->link_count;
  memcpy(to->links, from->links, sizeof from->links);
}

static void append(const struct e100_exchange *from, const struct e100_step *step, struct e100_exchange *to) {
  e100_exchange_append(to, step, e100_step_octets(from, step), step->length);
}

/* Copies the exchange with OCTETS in the place of those of step INDEX. */
static void replace_octets(const struct e100_exchange *from, uint32_t index, const struct e100_text *octets,
                           struct e100_exchange *to) {
  begin(from, to);
  for (uint32_t i = 0; i < from->step_count; i++) {
    if (i == index) {
      e100_exchange_append(to, &from->steps[i], (const uint8_t *)octets->text, octets->length);
    } else {
      append(from, &from->steps[i], to);
    }
  }
}

static bool from_client(const struct e100_exchange *exchange, const struct e100_step *step) {
  return step->kind == E100_STEP_DELIVER && (step->flags & E100_STEP_EXPECTED) == 0 &&
         step->from == exchange->links[step->link].client;
}

bool e100_rewrite_cut(const struct e100_exchange *from, uint64_t choice, struct e100_exchange *to) {
  uint64_t octets = 0; /* octets with another one before them: the places for a cut */
  for (uint32_t i = 0; i < from->step_count; i++) {
    const struct e100_step *step = &from->steps[i];
    if (from_client(from, step) && step->length > 1)
      octets += step->length - 1;
  }
  if (octets == 0 || from->step_count == E100_STEPS_LIMIT)
    return false;
  uint64_t place = choice % octets;
  begin(from, to);
  for (uint32_t i = 0; i < from->step_count; i++) {
    struct e100_step step = from->steps[i];
    uint32_t places = from_client(from, &step) && step.length > 1 ? step.length - 1 : 0;
    if (place < places) {
      uint32_t cut = (uint32_t)place + 1;
      const uint8_t *all = e100_step_octets(from, &from->steps[i]);
      e100_exchange_append(to, &step, all, cut);
      e100_exchange_append(to, &step, all + cut, step.length - cut);
    } else {
      append(from, &step, to);
    }
    place = place < places ? UINT64_MAX : place - places;
  }
  return true;
}

/* ---- the first head ------------------------------------------------------------------------------------ */

struct head {
  uint32_t step;
  const uint8_t *octets;
  size_t length; /* of the head, with its empty line */
  size_t all;    /* of the delivery */
};

static bool first_head(const struct e100_exchange *exchange, struct head *head) {
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->kind != E100_STEP_DELIVER || step->length == 0)
      continue;
    if (!from_client(exchange, step))
      return false;
    struct e100_head_reading reading;
    head->step = i;
    head->octets = e100_step_octets(exchange, step);
    head->all = step->length;
    e100_read_request_head(head->octets, step->length, 0, &reading);
    head->length = reading.octets;
    size_t lines = 0;
    for (size_t at = 0; at < head->length && at < head->all; at++) {
      if (head->octets[at] == '\n')
        lines++;
    }
    return reading.complete && !reading.malformed && !reading.several && head->length <= HEAD_TO_REWRITE &&
           lines <= LINES_TO_REWRITE;
  }
  return false;
}

/* The field lines Expect of a head, one after the other: where the value begins, and where its CRLF
 * stands. AT is where to look from. */
struct value {
  size_t name;
  size_t from;
  size_t to;
};

static bool next_expect(const struct head *head, size_t at, struct value *value) {
  static const char name[] = "\nexpect:";
  for (; at + sizeof name - 1 <= head->length; at++) {
    if (strncasecmp((const char *)head->octets + at, name, sizeof name - 1) != 0)
      continue;
    value->name = at + 1;
    value->from = value->to = at + sizeof name - 1;
    while (head->octets[value->to] != '\r')
      value->to++;
    return true;
  }
  return false;
}

static void add(struct e100_text *text, const struct head *head, size_t from, size_t to) {
  e100_text_add(text, (const char *)head->octets + from, to - from);
}

static bool finish(const struct e100_exchange *from, const struct head *head, struct e100_text *text,
                   struct e100_exchange *to) {
  replace_octets(from, head->step, text, to);
  e100_text_free(text);
  return true;
}

static uint8_t other_case(uint8_t octet) {
  bool letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
  return letter ? (uint8_t)(octet ^ 0x20) : octet;
}

/* CHOICE says, bit by bit, which letters change. Also between quotes: nothing may be
 * read out of them in any case. */
bool e100_rewrite_letter_case(const struct e100_exchange *from, uint64_t choice, struct e100_exchange *to) {
  struct head head;
  struct value value;
  if (!first_head(from, &head) || !next_expect(&head, 0, &value))
    return false;
  struct e100_text text = {0};
  e100_text_add(&text, (const char *)head.octets, head.all);
  for (size_t at = 0; next_expect(&head, at, &value); at = value.to) {
    for (size_t i = value.name; i < value.to; i++) {
      if ((choice >> (i % 64) & 1U) != 0)
        text.text[i] = (char)other_case(head.octets[i]);
    }
  }
  return finish(from, &head, &text, to);
}

bool e100_rewrite_unrelated_field(const struct e100_exchange *from, uint64_t choice,
                                  struct e100_exchange *to) {
  static const char *const fields[] = {"X-Unrelated: 1\r\n", "Accept: */*\r\n", "X-Expect: 100-continue\r\n",
                                       "Expected: 100-continue\r\n"};
  struct head head;
  if (!first_head(from, &head))
    return false;
  const char *field = fields[choice % (sizeof fields / sizeof fields[0])];
  struct e100_text text = {0};
  add(&text, &head, 0, head.length - 2);
  e100_text_add(&text, field, strlen(field));
  add(&text, &head, head.length - 2, head.all);
  return finish(from, &head, &text, to);
}

bool e100_rewrite_blanks(const struct e100_exchange *from, uint64_t choice, struct e100_exchange *to) {
  static const char *const blanks[] = {" ", "\t", " \t ", "\t\t"};
  struct head head;
  struct value value;
  if (!first_head(from, &head) || !next_expect(&head, 0, &value))
    return false;
  struct e100_text text = {0};
  const char *blank = blanks[choice % 4];
  add(&text, &head, 0, value.from);
  e100_text_add(&text, blank, strlen(blank));
  add(&text, &head, value.from, value.to);
  e100_text_add(&text, blank, strlen(blank));
  add(&text, &head, value.to, head.all);
  return finish(from, &head, &text, to);
}

/* The first comma of a value without quotes, or 0. */
static size_t bare_comma(const struct head *head, const struct value *value) {
  size_t comma = 0;
  for (size_t i = value->from; i < value->to; i++) {
    if (head->octets[i] == '"')
      return 0;
    if (head->octets[i] == ',' && comma == 0)
      comma = i;
  }
  return comma;
}

bool e100_rewrite_split_list(const struct e100_exchange *from, uint64_t choice, struct e100_exchange *to) {
  static const char line[] = "\r\nExpect:";
  struct head head;
  struct value value;
  (void)choice;
  if (!first_head(from, &head) || !next_expect(&head, 0, &value))
    return false;
  size_t comma = bare_comma(&head, &value);
  if (comma == 0)
    return false;
  struct e100_text text = {0};
  add(&text, &head, 0, comma);
  e100_text_add(&text, line, sizeof line - 1);
  add(&text, &head, comma + 1, head.all);
  return finish(from, &head, &text, to);
}

bool e100_rewrite_empty_member(const struct e100_exchange *from, uint64_t choice, struct e100_exchange *to) {
  static const char *const members[] = {",", ", ", " ,,", "\t, ,"};
  struct head head;
  struct value value;
  if (!first_head(from, &head) || !next_expect(&head, 0, &value))
    return false;
  const char *empty = members[choice % 4];
  struct e100_text text = {0};
  add(&text, &head, 0, value.from);
  e100_text_add(&text, empty, strlen(empty));
  add(&text, &head, value.from, head.all);
  return finish(from, &head, &text, to);
}
