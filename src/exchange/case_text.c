/*
 * case_text.c - reads .case text (docs/case-format.md): lines, and the octets of steps.
 *
 * Reading is total. What means nothing is skipped, and lint is told how to mend it.
 */
#include <stdio.h>
#include <string.h>

#include "exchange/case_reader.h"

enum {
  QUOTED_LIMIT = 48,  /* columns of the text that a message quotes */
  MESSAGE_LIMIT = 320 /* octets of a message, with the closing NUL */
};

/* ---- words ------------------------------------------------------------------------------------------ */

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

struct e100_words e100_words_trimmed(struct e100_words words) {
  while (words.length > 0 && is_blank(words.at[0])) {
    words.at++;
    words.length--;
  }
  while (words.length > 0 && is_blank(words.at[words.length - 1]))
    words.length--;
  return words;
}

struct e100_words e100_words_next(struct e100_words *rest) {
  struct e100_words word = e100_words_trimmed(*rest);
  size_t length = 0;
  while (length < word.length && !is_blank(word.at[length]))
    length++;
  rest->at = word.at + length;
  rest->length = word.length - length;
  word.length = length;
  return word;
}

struct e100_words e100_words_until(struct e100_words *rest, char mark) {
  struct e100_words taken = *rest;
  const char *found = rest->length > 0 ? memchr(rest->at, mark, rest->length) : NULL;
  if (found)
    taken.length = (size_t)(found - rest->at);
  size_t gone = taken.length + (found ? 1 : 0);
  rest->at += gone;
  rest->length -= gone;
  return taken;
}

bool e100_words_are(struct e100_words words, const char *text) {
  return strlen(text) == words.length && memcmp(text, words.at, words.length) == 0;
}

int e100_words_named(struct e100_words words, int number_of(const char *word)) {
  char word[E100_RULE_NAME_LIMIT];
  if (words.length == 0 || words.length >= sizeof(word) || memchr(words.at, '\0', words.length))
    return -1;
  e100_word_copy(word, sizeof(word), words.at, words.length);
  return number_of(word);
}

bool e100_words_number(struct e100_words words, uint32_t *number) {
  uint64_t value = 0;
  if (words.length == 0 || words.length > 10)
    return false;
  for (size_t i = 0; i < words.length; i++) {
    if (words.at[i] < '0' || words.at[i] > '9')
      return false;
    value = value * 10 + (uint64_t)(words.at[i] - '0');
  }
  if (value > UINT32_MAX)
    return false;
  *number = (uint32_t)value;
  return true;
}

bool e100_words_parties(struct e100_words words, enum e100_party *first, enum e100_party *second) {
  if (words.length == 0 || !memchr(words.at, '>', words.length))
    return false;
  int one = e100_words_named(e100_words_until(&words, '>'), e100_party_named);
  int other = e100_words_named(words, e100_party_named);
  if (one < 0 || other < 0)
    return false;
  *first = (enum e100_party)one;
  *second = (enum e100_party)other;
  return true;
}

/* ---- lint ------------------------------------------------------------------------------------------- */

static void tell(struct e100_case_reader *reader, enum e100_lint weight, const char *before,
                 struct e100_words words, const char *after) {
  if (!reader->lint)
    return;
  char quoted[QUOTED_LIMIT + E100_ESCAPE_LIMIT];
  size_t at = 0;
  bool cut = false;
  for (size_t i = 0; i < words.length; i++) {
    cut = at >= QUOTED_LIMIT;
    if (cut)
      break;
    if (words.at[i] == '\\') /* quoted as it stands in the file */
      quoted[at++] = '\\';
    else
      at += e100_escape((uint8_t)words.at[i], quoted + at);
  }
  char message[MESSAGE_LIMIT];
  (void)snprintf(message, sizeof(message), "%s%.*s%s%s", before, (int)at, quoted, cut ? "..." : "", after);
  reader->lint(reader->user, reader->line, weight, message);
}

void e100_case_say(struct e100_case_reader *reader, const char *before, struct e100_words words,
                   const char *after) {
  tell(reader, E100_LINT_DOUBT, before, words, after);
}

void e100_case_lose(struct e100_case_reader *reader, const char *before, struct e100_words words,
                    const char *after) {
  tell(reader, E100_LINT_LOST, before, words, after);
}

void e100_case_say_only(struct e100_case_reader *reader, const char *sentence) {
  e100_case_say(reader, sentence, (struct e100_words){"", 0}, "");
}

/* ---- the octets of a step ----------------------------------------------------------------------------- */

/* Octets of one body line, handed on in pieces. */
struct piece {
  struct e100_case_reader *reader;
  size_t length;
  uint8_t octets[256];
};

static void hand_on(struct piece *piece) {
  struct e100_case_reader *reader = piece->reader;
  if (reader->zone == E100_ZONE_OCTETS &&
      !e100_exchange_extend(reader->exchange, piece->octets, piece->length)) {
    reader->zone = E100_ZONE_STOPPED;
    e100_case_say_only(reader, "the steps have more octets than an exchange may have (E100_OCTETS_LIMIT); "
                               "everything from here on is left out");
  }
  piece->length = 0;
}

static void add_octet(struct piece *piece, uint8_t octet) {
  if (piece->length == sizeof(piece->octets))
    hand_on(piece);
  piece->octets[piece->length++] = octet;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/* Reads the escape at REST, which starts with a backslash; gives its octets, or 0 where it is none. */
static size_t read_escape(struct e100_words rest, uint8_t *octet) {
  if (rest.length < 2)
    return 0;
  switch (rest.at[1]) {
  case 'r':
    *octet = '\r';
    return 2;
  case 'n':
    *octet = '\n';
    return 2;
  case 't':
    *octet = '\t';
    return 2;
  case '\\':
    *octet = '\\';
    return 2;
  case 'x':
    break;
  default:
    return 0;
  }
  int high = rest.length >= 4 ? hex_digit(rest.at[2]) : -1;
  int low = rest.length >= 4 ? hex_digit(rest.at[3]) : -1;
  if (high < 0 || low < 0)
    return 0;
  *octet = (uint8_t)(high * 16 + low);
  return 4;
}

static void lint_plain_octets(struct e100_case_reader *reader, struct e100_words line) {
  if (!reader->lint)
    return;
  for (size_t i = 0; i < line.length; i++) {
    char escaped[E100_ESCAPE_LIMIT];
    if (line.at[i] != '\\' && e100_escape((uint8_t)line.at[i], escaped) > 1) {
      e100_case_say(reader, "an octet that is not printable ASCII; write it as ",
                    (struct e100_words){line.at + i, 1}, "");
      return;
    }
  }
  if (line.length > 0 && line.at[line.length - 1] == ' ')
    e100_case_say_only(reader, "a blank at the end of the line, which editors remove; write it as \\x20");
  if (line.length > 1 && line.at[0] == '-' && line.at[1] == '-')
    e100_case_lose(reader, "this looks like a heading: ", line,
                   "; a heading is `-- words --`, an octet of a body is written \\x2d");
}

static void body_line(struct e100_case_reader *reader, struct e100_words line) {
  struct piece piece = {.reader = reader};
  bool crlf = true;
  lint_plain_octets(reader, line);
  for (size_t i = 0; i < line.length;) {
    uint8_t octet = (uint8_t)line.at[i];
    struct e100_words rest = {line.at + i, line.length - i};
    size_t taken = 1;
    if (octet == '\\' && rest.length == 1) {
      crlf = false;
      break;
    }
    if (octet == '\\') {
      taken = read_escape(rest, &octet);
      if (taken == 0) {
        rest.length = rest.length < 2 ? rest.length : 2;
        e100_case_lose(reader, "no such escape: ", rest,
                       "; there are \\r \\n \\t \\\\ \\xHH, and \\ at the end of a line");
        taken = 1;
      }
    }
    add_octet(&piece, octet);
    i += taken;
  }
  if (crlf) {
    add_octet(&piece, '\r');
    add_octet(&piece, '\n');
  }
  hand_on(&piece);
}

/* ---- lines ------------------------------------------------------------------------------------------ */

static bool is_heading(struct e100_words line) {
  return line.length >= 3 && memcmp(line.at, "-- ", 3) == 0;
}

/* What is between the dashes of a heading. */
static struct e100_words heading_words(struct e100_case_reader *reader, struct e100_words line) {
  struct e100_words words = {line.at + 3, line.length - 3};
  for (size_t i = 2; i + 2 < line.length; i++) {
    if (memcmp(line.at + i, " --", 3) != 0)
      continue;
    struct e100_words trailing = {line.at + i + 3, line.length - i - 3};
    trailing = e100_words_trimmed(trailing);
    if (trailing.length > 0)
      e100_case_lose(reader, "text after a heading is ignored: ", trailing, "; octets go on the lines below");
    words.length = i > 3 ? i - 3 : 0;
    return e100_words_trimmed(words);
  }
  e100_case_say(reader, "a heading ends with ` --`: ", line, "");
  return e100_words_trimmed(words);
}

static void findings_heading(struct e100_case_reader *reader) {
  if (reader->stop_at_findings) {
    reader->zone = E100_ZONE_END;
    return;
  }
  reader->zone = E100_ZONE_FINDINGS;
  reader->exchange->has_expected = 1;
}

static void step_heading(struct e100_case_reader *reader, struct e100_words words) {
  uint32_t before = reader->exchange->step_count;
  e100_case_heading(reader, words);
  if (reader->step_lines != NULL && reader->exchange->step_count > before)
    reader->step_lines[before] = reader->line;
}

static void heading_line(struct e100_case_reader *reader, struct e100_words line) {
  struct e100_words words = heading_words(reader, line);
  if (reader->zone == E100_ZONE_FINDINGS) {
    e100_case_lose(reader, "nothing but findings follows `-- findings --`; move this up: ", words, "");
    return;
  }
  if (reader->zone == E100_ZONE_HEADER)
    e100_case_header_end(reader);
  if (e100_words_are(words, "findings"))
    findings_heading(reader);
  else if (reader->zone != E100_ZONE_STOPPED)
    step_heading(reader, words);
}

static void read_line(struct e100_case_reader *reader, struct e100_words line) {
  if (is_heading(line)) {
    heading_line(reader, line);
    return;
  }
  switch (reader->zone) {
  case E100_ZONE_HEADER:
    e100_case_header_line(reader, line);
    break;
  case E100_ZONE_OCTETS:
    body_line(reader, line);
    break;
  case E100_ZONE_NOTHING:
    if (e100_words_trimmed(line).length > 0)
      e100_case_lose(reader, "a step of this kind has no octets; this line is ignored: ", line, "");
    break;
  case E100_ZONE_FINDINGS:
    e100_case_findings_line(reader, line);
    break;
  case E100_ZONE_SKIPPED:
  case E100_ZONE_STOPPED:
  case E100_ZONE_END:
    break;
  }
}

static void decode(struct e100_case_reader *reader, const uint8_t *text, size_t length) {
  struct e100_words rest = {(const char *)text, length};
  e100_exchange_clear(reader->exchange);
  while (rest.length > 0 && reader->zone != E100_ZONE_END) {
    struct e100_words line = e100_words_until(&rest, '\n');
    bool ended = line.at + line.length < (const char *)text + length;
    if (ended && line.length > 0 && line.at[line.length - 1] == '\r')
      line.length--;
    read_line(reader, line);
    reader->line++;
  }
  if (reader->zone == E100_ZONE_HEADER)
    e100_case_header_end(reader);
  if (reader->exchange->step_count == 0)
    e100_case_say_only(reader, "there is no step; a step starts with a heading such as `-- client --`");
  e100_exchange_normalize(reader->exchange);
}

void e100_case_decode(struct e100_exchange *exchange, const uint8_t *text, size_t length,
                      bool stop_at_findings, e100_lint_fn *lint, void *user) {
  struct e100_case_reader reader = {.exchange = exchange,
                                    .lint = lint,
                                    .user = user,
                                    .line = 1,
                                    .zone = E100_ZONE_HEADER,
                                    .stop_at_findings = stop_at_findings};
  decode(&reader, text, length);
}

uint32_t e100_case_step_lines(const uint8_t *text, size_t length, uint32_t lines[E100_STEPS_LIMIT]) {
  struct e100_exchange exchange;
  e100_exchange_init(&exchange);
  struct e100_case_reader reader = {
      .exchange = &exchange, .line = 1, .zone = E100_ZONE_HEADER, .step_lines = lines};
  decode(&reader, text, length);
  uint32_t count = exchange.step_count;
  e100_exchange_free(&exchange);
  return count;
}
