/*
 * case_print.c - prints an exchange as .case text (docs/case-format.md).
 *
 * The spelling is canonical: plain ASCII, and what decodes to the same exchange prints the same.
 */
#include <string.h>

#include "exchange/exchange_inside.h"

enum {
  BODY_COLUMNS = 160 /* longer body lines are continued on the next line, for the sake of editors */
};

static void add(struct e100_text *out, const char *words) {
  e100_text_add(out, words, strlen(words));
}

/* ---- octets -------------------------------------------------------------------------------------- */

size_t e100_escape(uint8_t octet, char out[E100_ESCAPE_LIMIT]) {
  static const char digits[] = "0123456789abcdef";
  static const char escaped[] = "\r\n\t\\";
  static const char letters[] = "rnt\\";
  for (size_t i = 0; i < sizeof(letters) - 1; i++)
    if (octet == (uint8_t)escaped[i]) {
      out[0] = '\\';
      out[1] = letters[i];
      return 2;
    }
  if (octet >= ' ' && octet <= '~') {
    out[0] = (char)octet;
    return 1;
  }
  out[0] = '\\';
  out[1] = 'x';
  out[2] = digits[octet >> 4];
  out[3] = digits[octet & 15];
  return 4;
}

static void add_hex(struct e100_text *out, uint8_t octet) {
  e100_text_format(out, "\\x%02x", octet);
}

/* How far the line goes that starts at OCTETS: to a CRLF (not counted), to after a lone LF, to the end,
 * or to the last column. */
static size_t line_octets(const uint8_t *octets, size_t length) {
  size_t column = 0;
  for (size_t i = 0; i < length; i++) {
    char escaped[E100_ESCAPE_LIMIT];
    if (octets[i] == '\r' && i + 1 < length && octets[i + 1] == '\n')
      return i;
    column += e100_escape(octets[i], escaped);
    if (octets[i] == '\n' || column >= BODY_COLUMNS)
      return i + 1;
  }
  return length;
}

/* One body line. Two places need an escape that the octet alone does not: dashes that would look like a
 * heading, and a blank at the end that an editor would remove. */
static void add_line(struct e100_text *out, const uint8_t *octets, size_t length, bool crlf) {
  for (size_t i = 0; i < length; i++) {
    char escaped[E100_ESCAPE_LIMIT];
    bool dashes = i == 0 && octets[0] == '-' && length > 1 && octets[1] == '-';
    bool last_blank = crlf && i + 1 == length && octets[i] == ' ';
    if (dashes || last_blank)
      add_hex(out, octets[i]);
    else
      e100_text_add(out, escaped, e100_escape(octets[i], escaped));
  }
  add(out, crlf ? "\n" : "\\\n");
}

static void add_body(struct e100_text *out, const uint8_t *octets, size_t length) {
  size_t at = 0;
  while (at < length) {
    size_t taken = line_octets(octets + at, length - at);
    size_t after = at + taken;
    bool crlf = length - after >= 2 && octets[after] == '\r' && octets[after + 1] == '\n';
    add_line(out, octets + at, taken, crlf);
    at = after + (crlf ? 2 : 0);
  }
}

/* ---- headings --------------------------------------------------------------------------------------- */

static const struct e100_link *link_of(const struct e100_exchange *exchange, const struct e100_step *step) {
  return &exchange->links[step->link < exchange->link_count ? step->link : 0];
}

static void add_link_name(struct e100_text *out, const struct e100_exchange *exchange,
                          const struct e100_step *step) {
  if (exchange->link_count > 1 && e100_step_is_on_link(step))
    e100_text_format(out, " %s", link_of(exchange, step)->name);
}

static void add_decision(struct e100_text *out, const struct e100_step *step) {
  e100_text_format(out, "app> %s", e100_decision_name(step->what));
  if (step->what == E100_DECIDE_RESPOND)
    e100_text_format(out, " %u", (unsigned)step->status);
  if (step->flags & E100_STEP_CLOSING)
    add(out, " close");
}

void e100_step_heading(const struct e100_exchange *exchange, const struct e100_step *step,
                       struct e100_text *out) {
  static const char *const verbs[E100_STEP_KIND_COUNT] = {
      [E100_STEP_OPEN] = "opens",
      [E100_STEP_HALF_CLOSE] = "half-closes",
      [E100_STEP_CLOSE] = "closes",
      [E100_STEP_RESET] = "resets",
  };
  if (step->flags & E100_STEP_EXPECTED)
    add(out, "expect ");
  switch (step->kind) {
  case E100_STEP_DELIVER:
    add(out, e100_party_name(step->from));
    if (exchange->link_count > 1)
      e100_text_format(out, ">%s", e100_party_name(step->to));
    add_link_name(out, exchange, step);
    break;
  case E100_STEP_OPEN:
  case E100_STEP_HALF_CLOSE:
  case E100_STEP_CLOSE:
  case E100_STEP_RESET:
    e100_text_format(out, "%s %s", e100_party_name(step->from), verbs[step->kind]);
    add_link_name(out, exchange, step);
    break;
  case E100_STEP_TIMER:
    e100_text_format(out, "timer %s %s", e100_party_name(step->from), e100_timer_name(step->what));
    break;
  case E100_STEP_TOLD:
    e100_text_format(out, "app< %s", e100_told_name(step->what));
    if (step->what == E100_TOLD_CONTENT)
      e100_text_format(out, " %lu", (unsigned long)step->count);
    if (e100_step_tells_status(step))
      e100_text_format(out, " %u", (unsigned)step->status);
    add_link_name(out, exchange, step);
    break;
  case E100_STEP_DECIDED:
    add_decision(out, step);
    add_link_name(out, exchange, step);
    break;
  case E100_STEP_AWAIT:
    e100_text_format(out, "await %s", e100_await_name(step->what));
    add_link_name(out, exchange, step);
    break;
  default: /* SETTLED and QUIET */
    add(out, e100_step_kind_name(step->kind));
    break;
  }
}

/* ---- the header ------------------------------------------------------------------------------------- */

static void add_title(struct e100_text *out, const char *title) {
  while (*title) {
    size_t length = strcspn(title, "\n");
    add(out, length > 0 ? "# " : "#");
    e100_text_add(out, title, length);
    add(out, "\n");
    title += length + (title[length] == '\n');
  }
}

static void add_bits(struct e100_text *out, const char *key, uint32_t bits, const char *name_of(unsigned)) {
  if (!bits)
    return;
  add(out, key);
  for (unsigned bit = 0; bit < E100_BITS; bit++)
    if ((bits & UINT32_C(1) << bit) != 0 && name_of(bit) != NULL)
      e100_text_format(out, " %s", name_of(bit));
  add(out, "\n");
}

static void add_links(struct e100_text *out, const struct e100_exchange *exchange) {
  if (e100_links_are_usual(exchange))
    return;
  add(out, "links:");
  for (uint32_t i = 0; i < exchange->link_count; i++) {
    const struct e100_link *link = &exchange->links[i];
    e100_text_format(out, "%s%s%s %s>%s", i > 0 ? "," : "", link->name[0] ? " " : "", link->name,
                     e100_party_name(link->client), e100_party_name(link->server));
  }
  add(out, "\n");
}

static void add_header(struct e100_text *out, const struct e100_exchange *exchange) {
  add_title(out, exchange->title);
  e100_text_format(out, "kind: %s\nrole: %s\n", e100_kind_name(exchange->kind),
                   e100_role_name(exchange->role));
  if (exchange->shows_count > 0) {
    add(out, "shows:");
    for (uint32_t i = 0; i < exchange->shows_count; i++)
      e100_text_format(out, " %s", exchange->shows[i]);
    add(out, "\n");
  }
  if (exchange->stays[0])
    e100_text_format(out, "stays: %s\n", exchange->stays);
  if (exchange->seen_by != E100_NOBODY)
    e100_text_format(out, "seen-by: %s\n", e100_party_name(exchange->seen_by));
  add_links(out, exchange);
  add_bits(out, "policy:", exchange->policy, e100_policy_name);
  add_bits(out, "reading:", exchange->reading, e100_reading_name);
  add(out, "\n");
}

static void add_expected(struct e100_text *out, const struct e100_exchange *exchange) {
  add(out, "-- findings --\n");
  for (uint32_t i = 0; i < exchange->expected_count; i++) {
    const struct e100_expected_finding *expected = &exchange->expected[i];
    const char *between = "";
    if (expected->link[0]) {
      add(out, expected->link);
      between = ", ";
    }
    if (expected->party != E100_NOBODY) {
      e100_text_format(out, "%sparty %s", between, e100_party_name(expected->party));
      between = ", ";
    }
    if (expected->request) {
      e100_text_format(out, "%srequest %lu", between, (unsigned long)expected->request);
      between = ", ";
    }
    if (expected->step) {
      e100_text_format(out, "%sstep %lu", between, (unsigned long)expected->step);
      between = ", ";
    }
    e100_text_format(out, "%s%s\n", between[0] ? ": " : "", expected->rule);
  }
  if (exchange->expected_count == 0)
    add(out, "none\n");
}

void e100_case_print(const struct e100_exchange *exchange, struct e100_text *out) {
  add_header(out, exchange);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    add(out, "-- ");
    e100_step_heading(exchange, step, out);
    add(out, " --\n");
    add_body(out, e100_step_octets(exchange, step), step->length);
  }
  if (exchange->has_expected)
    add_expected(out, exchange);
}
