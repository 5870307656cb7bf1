/*
 * fault_facts.c - machines that read a head wrongly.
 *
 * Most look at the value of Expect in a way of their own: their reader gets each field line, and says
 * whether it finds 100-continue there.
 */
#include "faults/fault_parts.h"

#include <string.h>
#include <strings.h>

#define PARTS_FACT(symbol, function, with)                    \
  const struct e100_fault_parts e100_fault_parts_##symbol = { \
      .variation = {.read_facts = (function), .data = (with)}}

static const char token[] = "100-continue";
enum { TOKEN_LENGTH = sizeof token - 1 };

/* The octets of a text; FROM is inside, TO is not. */
struct piece {
  const char *from;
  const char *to;
};

static size_t length_of(struct piece piece) {
  return (size_t)(piece.to - piece.from);
}

static bool is(struct piece piece, const char *word) {
  return length_of(piece) == strlen(word) && strncasecmp(piece.from, word, length_of(piece)) == 0;
}

static bool contains_token(struct piece piece) {
  for (; length_of(piece) >= TOKEN_LENGTH; piece.from++) {
    if (strncasecmp(piece.from, token, TOKEN_LENGTH) == 0)
      return true;
  }
  return false;
}

static struct piece trim(struct piece piece, const char *blanks) {
  while (piece.from < piece.to && strchr(blanks, piece.from[0]) != NULL)
    piece.from++;
  while (piece.from < piece.to && strchr(blanks, piece.to[-1]) != NULL)
    piece.to--;
  return piece;
}

/* The next field line FIELD of a head: its name, and its value as it stands. */
static bool next_line(const char *field, struct piece *head, struct piece *name, struct piece *value) {
  while (head->from < head->to) {
    const char *end = memchr(head->from, '\n', length_of(*head));
    struct piece line = {head->from, end != NULL ? end : head->to};
    head->from = end != NULL ? end + 1 : head->to;
    const char *colon = memchr(line.from, ':', length_of(line));
    if (colon == NULL)
      continue;
    *name = (struct piece){line.from, colon};
    *value = (struct piece){colon + 1, line.to > line.from && line.to[-1] == '\r' ? line.to - 1 : line.to};
    if (is(*name, field))
      return true;
  }
  return false;
}

/* ---- other ways to look for 100-continue ------------------------------------------------------------ */

/* Does one field line ask? */
typedef bool line_reader(struct piece name, struct piece value);

/* Is one member of a list a 100-continue? */
typedef bool member_reader(struct piece member);

/* Splits at commas (also between quotes where QUOTES is false). */
static bool any_member(struct piece value, bool quotes, member_reader *asks) {
  bool quoted = false;
  const char *begin = value.from;
  for (const char *at = value.from; at <= value.to; at++) {
    if (at < value.to && *at == '"' && quotes)
      quoted = !quoted;
    if (at < value.to && (*at != ',' || quoted))
      continue;
    if (asks((struct piece){begin, at}))
      return true;
    begin = at + 1;
  }
  return false;
}

static bool plain_member(struct piece member) {
  return is(trim(member, " \t"), token);
}

static bool exact_member(struct piece member) {
  member = trim(member, " \t");
  return length_of(member) == TOKEN_LENGTH && memcmp(member.from, token, TOKEN_LENGTH) == 0;
}

static bool member_with_tabs(struct piece member) {
  return is(trim(member, " "), token);
}

static bool member_not_trimmed(struct piece member) {
  struct piece whole = trim(member, " \t");
  return is((struct piece){whole.from, member.to}, token);
}

static bool quoted_member(struct piece member) {
  return is(trim(member, " \t\""), token);
}

/* What stands before the octet STOP. */
static bool member_before(struct piece member, char stop) {
  const char *end = memchr(member.from, stop, length_of(member));
  return plain_member((struct piece){member.from, end != NULL ? end : member.to});
}

static bool member_before_semicolon(struct piece member) {
  return member_before(member, ';');
}

static bool member_before_equals(struct piece member) {
  return member_before(member, '=');
}

static bool reads_exactly(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, exact_member);
}

static bool reads_name_exactly(struct piece name, struct piece value) {
  return memcmp(name.from, "Expect", 6) == 0 && any_member(value, true, plain_member);
}

static bool reads_anywhere(struct piece name, struct piece value) {
  (void)name;
  return contains_token(value);
}

static bool reads_whole(struct piece name, struct piece value) {
  (void)name;
  return plain_member(value);
}

static bool reads_tabs(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, member_with_tabs);
}

static bool reads_trailing_blanks(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, member_not_trimmed);
}

static bool reads_between_quotes(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, false, plain_member);
}

static bool reads_quoted(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, quoted_member);
}

static bool reads_parameters(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, member_before_semicolon);
}

static bool reads_values(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, member_before_equals);
}

static bool reads_plainly(struct piece name, struct piece value) {
  (void)name;
  return any_member(value, true, plain_member);
}

/* Which of several field lines count. */
enum lines { EVERY_LINE, FIRST_LINE, LAST_LINE };

struct reading {
  line_reader *reads;
  enum lines lines;
};

static void read_lines(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_request_facts *facts) {
  const struct reading *reading = data;
  struct piece head = {(const char *)octets, (const char *)octets + length};
  struct piece name;
  struct piece value;
  bool asks = false;
  (void)varied;
  for (unsigned count = 0; next_line("expect", &head, &name, &value); count++) {
    if (reading->lines == FIRST_LINE && count > 0)
      break;
    bool here = reading->reads(name, value);
    asks = reading->lines == LAST_LINE ? here : asks || here;
  }
  facts->asks = asks;
}

#define PARTS_LINES(symbol, function, which)                        \
  static const struct reading reading_##symbol = {function, which}; \
  PARTS_FACT(symbol, read_lines, &reading_##symbol)

PARTS_LINES(case_value, reads_exactly, EVERY_LINE);
PARTS_LINES(case_name, reads_name_exactly, EVERY_LINE);
PARTS_LINES(substring, reads_anywhere, EVERY_LINE);
PARTS_LINES(whole_value, reads_whole, EVERY_LINE);
PARTS_LINES(first_line, reads_plainly, FIRST_LINE);
PARTS_LINES(last_line, reads_plainly, LAST_LINE);
PARTS_LINES(tab, reads_tabs, EVERY_LINE);
PARTS_LINES(trailing_blank, reads_trailing_blanks, EVERY_LINE);
PARTS_LINES(quoted_comma, reads_between_quotes, EVERY_LINE);
PARTS_LINES(quoted_token, reads_quoted, EVERY_LINE);
PARTS_LINES(parameters_dropped, reads_parameters, EVERY_LINE);
PARTS_LINES(value_dropped, reads_values, EVERY_LINE);

/* ---- other facts ----------------------------------------------------------------------------------------
 */

static bool has_content(const struct e100_request_facts *facts) {
  return facts->framing != E100_CONTENT_NONE;
}

static void refuse_10(const void *data, const struct e100_varied *varied, const uint8_t *head, size_t length,
                      struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong == 0 && facts->minor == 0 && facts->asks)
    facts->wrong = 417;
}
PARTS_FACT(refuses_10, refuse_10, NULL);

static void refuse_empty(const void *data, const struct e100_varied *varied, const uint8_t *head,
                         size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong == 0 && facts->asks && !has_content(facts))
    facts->wrong = 400;
}
PARTS_FACT(reject_empty, refuse_empty, NULL);

/* A member without octets is one that nobody knows. */
static bool has_empty_member(struct piece value) {
  const char *begin = value.from;
  for (const char *at = value.from; at <= value.to; at++) {
    if (at < value.to && *at != ',')
      continue;
    if (length_of(trim((struct piece){begin, at}, " \t")) == 0)
      return true;
    begin = at + 1;
  }
  return false;
}

static void refuse_empty_member(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                                size_t length, struct e100_request_facts *facts) {
  struct piece head = {(const char *)octets, (const char *)octets + length};
  struct piece name;
  struct piece value;
  (void)data, (void)varied;
  while (facts->wrong == 0 && facts->minor > 0 && next_line("expect", &head, &name, &value))
    if (has_empty_member(value))
      facts->wrong = 417;
}
PARTS_FACT(empty_member, refuse_empty_member, NULL);

static void refuse_known(const void *data, const struct e100_varied *varied, const uint8_t *head,
                         size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong == 0 && facts->asks && facts->minor > 0)
    facts->wrong = 417;
}
PARTS_FACT(refuses_known, refuse_known, NULL);

static void refuse_unasked(const void *data, const struct e100_varied *varied, const uint8_t *head,
                           size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  bool expects = facts->asks || facts->other;
  if (facts->wrong == 0 && !expects && has_content(facts) && facts->minor > 0)
    facts->wrong = 417;
}
PARTS_FACT(refuses_unasked, refuse_unasked, NULL);

static void take_unknown(const void *data, const struct e100_varied *varied, const uint8_t *head,
                         size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  facts->asks = facts->asks || facts->other;
}
PARTS_FACT(unknown_as_100, take_unknown, NULL);

static void ignore_close(const void *data, const struct e100_varied *varied, const uint8_t *head,
                         size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  facts->persists = facts->persists || facts->minor > 0;
}
PARTS_FACT(close_ignored, ignore_close, NULL);

static void forget_head(const void *data, const struct e100_varied *varied, const uint8_t *head,
                        size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->method == E100_METHOD_HEAD && has_content(facts))
    facts->method = E100_METHOD_OTHER;
}
PARTS_FACT(head_forgotten, forget_head, NULL);

static void content_by_method(const void *data, const struct e100_varied *varied, const uint8_t *head,
                              size_t length, struct e100_request_facts *facts) {
  static const char *const methods[] = {"GET ", "DELETE ", "OPTIONS "};
  (void)data, (void)varied;
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    size_t size = strlen(methods[i]);
    if (length < size || memcmp(head, methods[i], size) != 0)
      continue;
    facts->framing = E100_CONTENT_NONE;
    facts->length = 0;
  }
}
PARTS_FACT(content_by_method, content_by_method, NULL);

static void keep_expect(const void *data, const struct e100_varied *varied, const uint8_t *head,
                        size_t length, struct e100_request_facts *facts) {
  (void)data, (void)head, (void)length;
  facts->asks = facts->asks || varied->memory[0] != 0;
  varied->memory[0] = facts->asks ? 1 : 0;
}
PARTS_FACT(sticky_expect, keep_expect, NULL);

static void want_one_piece(const void *data, const struct e100_varied *varied, const uint8_t *head,
                           size_t length, struct e100_request_facts *facts) {
  (void)data, (void)head, (void)length;
  if (varied->pieces > 1)
    facts->asks = false;
}
PARTS_FACT(pieces, want_one_piece, NULL);

/* Only some requests may ask: those of one method, or with content of a known length. */
static void only_post_asks(const void *data, const struct e100_varied *varied, const uint8_t *head,
                           size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied;
  facts->asks = facts->asks && length >= 5 && memcmp(head, "POST ", 5) == 0;
}
PARTS_FACT(only_post, only_post_asks, NULL);

static void no_chunks_ask(const void *data, const struct e100_varied *varied, const uint8_t *head,
                          size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  facts->asks = facts->asks && facts->framing != E100_CONTENT_CHUNKED;
}
PARTS_FACT(no_chunks, no_chunks_ask, NULL);

static void first_request_asks(const void *data, const struct e100_varied *varied, const uint8_t *head,
                               size_t length, struct e100_request_facts *facts) {
  (void)data, (void)head, (void)length;
  facts->asks = facts->asks && varied->request <= 1;
}
PARTS_FACT(only_first, first_request_asks, NULL);

/* A request that says close is not worth a 100. */
static void closing_does_not_ask(const void *data, const struct e100_varied *varied, const uint8_t *head,
                                 size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  facts->asks = facts->asks && facts->persists;
}
PARTS_FACT(not_when_closing, closing_does_not_ask, NULL);

/* Any list with chunked in it, wherever. */
static void find_chunked(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_request_facts *facts) {
  struct piece head = {(const char *)octets, (const char *)octets + length};
  struct piece name, value;
  (void)data, (void)varied;
  while (facts->wrong == 400 && facts->framing == E100_CONTENT_CHUNKED &&
         next_line("transfer-encoding", &head, &name, &value)) {
    for (; length_of(value) >= 7 && facts->wrong != 0; value.from++) {
      if (strncasecmp(value.from, "chunked", 7) == 0)
        facts->wrong = 0;
    }
  }
}
PARTS_FACT(chunked_anywhere, find_chunked, NULL);

static void keep_10(const void *data, const struct e100_varied *varied, const uint8_t *head, size_t length,
                    struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->wrong == 400 && facts->minor == 0 && facts->framing == E100_CONTENT_CHUNKED)
    facts->wrong = 0;
}
PARTS_FACT(chunks_in_10, keep_10, NULL);

/* ---- Host ------------------------------------------------------------------------------------------------
 */

/* What a machine does not mind about Host. */
struct indifference {
  bool none, several, value;
};

static bool is_host(struct piece value) {
  struct e100_host_field field = {.place = 0};
  e100_host_feed(&field, (const uint8_t *)value.from, length_of(value));
  return e100_host_is_valid(&field);
}

static void accept_hosts(const void *data, const struct e100_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_request_facts *facts) {
  const struct indifference *indifference = data;
  struct piece head = {(const char *)octets, (const char *)octets + length};
  struct piece name, value;
  unsigned count = 0;
  bool valid = true;
  (void)varied;
  for (; next_line("host", &head, &name, &value); count++)
    valid = valid && is_host(value);
  bool minds = count == 0  ? !indifference->none
               : count > 1 ? !indifference->several
                           : valid || !indifference->value;
  bool whole = length > 4 && memcmp(octets + length - 4, "\r\n\r\n", 4) == 0;
  if (facts->wrong == 400 && whole && !minds)
    facts->wrong = 0;
}

static const struct indifference needs_none = {.none = true};
PARTS_FACT(hostless, accept_hosts, &needs_none);
static const struct indifference counts_none = {.several = true};
PARTS_FACT(two_hosts, accept_hosts, &counts_none);
static const struct indifference reads_none = {.value = true};
PARTS_FACT(any_host, accept_hosts, &reads_none);
