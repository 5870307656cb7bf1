/*
 * case_findings.c - reads what must come out: the lines below -- findings --.
 */
#include <string.h>

#include "exchange/case_reader.h"

static void bad_line(struct e100_case_reader *reader, struct e100_words line) {
  e100_case_lose(reader, "not a finding: ", line,
                 "; write for example `request 1, step 2: ORIGIN_NO_WAIT`, or `none`");
}

/* "party NAME": who is to blame, an application among them. */
static bool read_party(struct e100_words name, struct e100_expected_finding *expected) {
  int party = e100_words_named(name, e100_party_named);
  if (party <= E100_NOBODY)
    return false;
  expected->party = (uint8_t)party;
  return true;
}

/* "party NAME", "request N", "step N", or the name of a link. */
static bool read_place(struct e100_case_reader *reader, struct e100_words place,
                       struct e100_expected_finding *expected) {
  struct e100_words rest = place;
  struct e100_words word = e100_words_next(&rest);
  struct e100_words number = e100_words_trimmed(rest);
  if (number.length == 0 && e100_word_valid(word.at, word.length, sizeof(expected->link))) {
    bool found = false;
    e100_word_copy(expected->link, sizeof(expected->link), word.at, word.length);
    for (uint32_t i = 0; i < reader->exchange->link_count; i++)
      found = found || strcmp(reader->exchange->links[i].name, expected->link) == 0;
    if (!found)
      e100_case_say(reader, "no link has the name ", word, "; this finding can never come out");
    return true;
  }
  if (e100_words_are(word, "party"))
    return read_party(number, expected);
  uint32_t *where = e100_words_are(word, "request") ? &expected->request
                    : e100_words_are(word, "step")  ? &expected->step
                                                    : NULL;
  if (!where || !e100_words_number(number, where))
    return false;
  bool judged = reader->exchange->kind == E100_KIND_JUDGE;
  if (*where == 0)
    e100_case_lose(reader, "requests and steps are counted from 1: ", place, "");
  else if (judged && where == &expected->step && *where > reader->exchange->step_count)
    e100_case_say(reader, "there are not so many steps: ", place, "");
  return true;
}

void e100_case_findings_line(struct e100_case_reader *reader, struct e100_words line) {
  struct e100_exchange *exchange = reader->exchange;
  struct e100_expected_finding expected = {.request = 0};
  line = e100_words_trimmed(line);
  if (line.length == 0)
    return;
  if (e100_words_are(line, "none")) {
    struct e100_words nothing = {"", 0};
    reader->seen_none = true;
    if (exchange->expected_count > 0)
      e100_case_lose(reader, "`none` stands alone below `-- findings --`; it is ignored", nothing, "");
    return;
  }
  struct e100_words places = {line.at, 0};
  struct e100_words rule = line;
  if (memchr(line.at, ':', line.length)) {
    places = e100_words_until(&rule, ':');
    rule = e100_words_trimmed(rule);
  }
  bool sound = e100_rule_name_valid(rule.at, rule.length);
  while (sound && places.length > 0)
    sound = read_place(reader, e100_words_until(&places, ','), &expected);
  if (!sound) {
    bad_line(reader, line);
    return;
  }
  if (exchange->expected_count >= E100_EXPECTED_LIMIT) {
    exchange->truncated = 1;
    e100_case_say(reader, "more findings than a case may name (E100_EXPECTED_LIMIT); left out: ", line, "");
    return;
  }
  if (reader->seen_none)
    e100_case_lose(reader, "`none` was said above, and is ignored for the sake of ", line, "");
  e100_word_copy(expected.rule, sizeof(expected.rule), rule.at, rule.length);
  exchange->expected[exchange->expected_count++] = expected;
}
