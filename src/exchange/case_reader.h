/*
 * case_reader.h - what the files that read .case text share: the reader, and words of the text.
 */
#ifndef E100_CASE_READER_H
#define E100_CASE_READER_H

#include "exchange/exchange_inside.h"

/* A piece of the text that is read. */
struct e100_words {
  const char *at;
  size_t length;
};

/* Where the reader stands, which says what a line means. */
enum e100_case_zone {
  E100_ZONE_HEADER,   /* before the first heading */
  E100_ZONE_OCTETS,   /* below the heading of a step that carries octets */
  E100_ZONE_NOTHING,  /* below the heading of a step that carries none */
  E100_ZONE_SKIPPED,  /* below a heading that means nothing: the message about it was enough */
  E100_ZONE_STOPPED,  /* a limit was reached: no step follows */
  E100_ZONE_FINDINGS, /* below -- findings -- */
  E100_ZONE_END       /* -- findings -- was to be left unread */
};

struct e100_case_reader {
  struct e100_exchange *exchange;
  e100_lint_fn *lint; /* may be NULL */
  void *user;
  uint32_t line; /* from 1 */
  enum e100_case_zone zone;
  uint32_t keys; /* the header's keys that were given, as bits */
  uint32_t title_lines;
  bool seen_none; /* below -- findings -- */
  bool stop_at_findings;
  uint32_t *step_lines; /* room for E100_STEPS_LIMIT lines of headings, by step; NULL: nobody asks */
};

/* Tells lint about the line that is being read: BEFORE, the words in a form that is safe to print, AFTER.
 * e100_case_lose: of what means nothing, and that a person has to mend before the rest may be judged. */
void e100_case_say(struct e100_case_reader *reader, const char *before, struct e100_words words,
                   const char *after);
void e100_case_lose(struct e100_case_reader *reader, const char *before, struct e100_words words,
                    const char *after);
void e100_case_say_only(struct e100_case_reader *reader, const char *sentence);

/* The words without the blanks and tabs around them. */
struct e100_words e100_words_trimmed(struct e100_words words);

/* Takes the first word off REST: up to a blank or tab. Length 0: there is none. */
struct e100_words e100_words_next(struct e100_words *rest);

/* Takes what precedes MARK off REST, and MARK; everything, where MARK is not in it. */
struct e100_words e100_words_until(struct e100_words *rest, char mark);

bool e100_words_are(struct e100_words words, const char *text);

/* What NUMBER_OF (e100_party_named and its like) says about a word; -1 for what is too long for one. */
int e100_words_named(struct e100_words words, int number_of(const char *word));

/* A decimal number; false where it is none or does not fit. */
bool e100_words_number(struct e100_words words, uint32_t *number);

/* "client>proxy": two parties; false where it is something else. */
bool e100_words_parties(struct e100_words words, enum e100_party *first, enum e100_party *second);

/* case_header.c: reads a line before the first heading, and says what is missing once it is over. */
void e100_case_header_line(struct e100_case_reader *reader, struct e100_words line);
void e100_case_header_end(struct e100_case_reader *reader);

/* case_heading.c: reads the words between the dashes, and appends the step that they mean. */
void e100_case_heading(struct e100_case_reader *reader, struct e100_words words);

/* case_findings.c: reads a line below -- findings --. */
void e100_case_findings_line(struct e100_case_reader *reader, struct e100_words line);

#endif
