#include "fuzz/message_changes.h"

#include <ctype.h>
#include <string.h>

#include "fuzz/message_maker.h"

struct range {
  size_t from, to;
};

/* Puts PIECE in the place of RANGE. */
static void replace(struct e100_text *octets, struct range range, const struct e100_text *piece) {
  struct e100_text changed = {0};
  e100_text_add(&changed, octets->text, range.from);
  if (piece->length > 0)
    e100_text_add(&changed, piece->text, piece->length);
  e100_text_add(&changed, octets->text + range.to, octets->length - range.to);
  e100_text_free(octets);
  *octets = changed;
}

/* A line of the text with its line feed, or what is behind the last one. */
static struct range some_line(struct e100_luck *luck, const struct e100_text *octets) {
  size_t from = e100_luck_below(luck, octets->length);
  while (from > 0 && octets->text[from - 1] != '\n')
    from--;
  const char *feed = memchr(octets->text + from, '\n', octets->length - from);
  return (struct range){from, feed != NULL ? (size_t)(feed - octets->text) + 1 : octets->length};
}

static struct e100_text copy_of(const struct e100_text *octets, struct range range) {
  struct e100_text copy = {0};
  e100_text_add(&copy, octets->text + range.from, range.to - range.from);
  return copy;
}

/* A field line more, before some line that is not the first. */
static void add_field_line(struct e100_luck *luck, struct e100_text *octets) {
  struct range line = some_line(luck, octets);
  size_t place = line.from == 0 ? line.to : line.from;
  struct e100_text made = {0};
  e100_make_field_line(luck, &made);
  replace(octets, (struct range){place, place}, &made);
  e100_text_free(&made);
}

static void drop_line(struct e100_luck *luck, struct e100_text *octets) {
  replace(octets, some_line(luck, octets), &(struct e100_text){0});
}

/* The same line once more, before some line. */
static void repeat_line(struct e100_luck *luck, struct e100_text *octets) {
  struct e100_text line = copy_of(octets, some_line(luck, octets));
  size_t place = some_line(luck, octets).from;
  replace(octets, (struct range){place, place}, &line);
  e100_text_free(&line);
}

static void replace_line(struct e100_luck *luck, struct e100_text *octets) {
  struct e100_text made = {0};
  struct range line = some_line(luck, octets);
  if (line.from > 0)
    e100_make_field_line(luck, &made);
  else
    e100_make_request_head(luck, &made);
  replace(octets, line, &made);
  e100_text_free(&made);
}

static bool is_word(char octet) {
  return isalnum((unsigned char)octet) || octet == '-' || octet == '.';
}

/* A run of letters, digits and hyphens, or of what is between two. */
static struct range some_word(struct e100_luck *luck, const struct e100_text *octets) {
  size_t from = e100_luck_below(luck, octets->length);
  size_t to = from + 1;
  bool word = is_word(octets->text[from]);
  while (from > 0 && is_word(octets->text[from - 1]) == word)
    from--;
  while (to < octets->length && is_word(octets->text[to]) == word)
    to++;
  return (struct range){from, to};
}

/* A piece of a value before, behind or in the place of a word. */
static void put_piece(struct e100_luck *luck, struct e100_text *octets) {
  struct range word = some_word(luck, octets);
  struct e100_text piece = {0};
  e100_make_piece(luck, &piece);
  switch (e100_luck_below(luck, 3)) {
  case 0:
    word.to = word.from;
    break;
  case 1:
    word.from = word.to;
    break;
  default:
    break;
  }
  replace(octets, word, &piece);
  e100_text_free(&piece);
}

static void turn_case(struct e100_luck *luck, struct e100_text *octets) {
  struct range word = some_word(luck, octets);
  bool all = e100_luck_once_in(luck, 2);
  for (size_t i = word.from; i < word.to; i++) {
    unsigned char octet = (unsigned char)octets->text[i];
    if (all || e100_luck_once_in(luck, 2))
      octets->text[i] = (char)(islower(octet) ? toupper(octet) : tolower(octet));
  }
}

static void change_octet(struct e100_luck *luck, struct e100_text *octets) {
  size_t at = e100_luck_below(luck, octets->length);
  struct e100_text one = {0};
  char octet = e100_make_octet(luck);
  if (!e100_luck_once_in(luck, 3))
    e100_text_add(&one, &octet, 1);
  replace(octets, (struct range){at, e100_luck_once_in(luck, 2) ? at + 1 : at}, &one);
  e100_text_free(&one);
}

static void cut_short(struct e100_luck *luck, struct e100_text *octets) {
  octets->length = 1 + e100_luck_below(luck, octets->length);
}

static void add_message(struct e100_luck *luck, struct e100_text *octets) {
  struct e100_made made = e100_make_request_head(luck, octets);
  e100_make_content(luck, &made, octets);
}

void e100_change_message(struct e100_luck *luck, struct e100_text *octets) {
  static void (*const changes[])(struct e100_luck *, struct e100_text *) = {
      add_field_line, add_field_line, drop_line, repeat_line,  replace_line, put_piece,
      put_piece,      put_piece,      turn_case, change_octet, cut_short,    add_message};
  if (octets->length == 0)
    add_message(luck, octets);
  else
    changes[e100_luck_below(luck, sizeof changes / sizeof changes[0])](luck, octets);
}
