/*
 * head_spans.h - lines, names and values of a head as octets, for predicates that are about a spelling.
 */
#ifndef E100_HEAD_SPANS_H
#define E100_HEAD_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct span {
  const uint8_t *at;
  size_t length;
};

static inline bool is_blank(uint8_t octet) {
  return octet == ' ' || octet == '\t';
}

static inline bool is_word(struct span span, const char *word) {
  return span.length == strlen(word) && memcmp(span.at, word, span.length) == 0;
}

static inline bool begins(struct span span, const char *word) {
  return span.length >= strlen(word) && memcmp(span.at, word, strlen(word)) == 0;
}

/* The line that begins at AT, without its end; *NEXT is where the next one begins. */
static inline struct span line_at(struct span text, size_t at, size_t *next) {
  struct span line = {text.at + at, 0};
  while (at + line.length < text.length && line.at[line.length] != '\n')
    line.length++;
  *next = at + line.length + 1;
  if (line.length > 0 && line.at[line.length - 1] == '\r')
    line.length--;
  return line;
}

/* Looks at a field line, or at its value. */
typedef bool span_test(struct span span);

/* Whether some line after the request line passes TEST. */
static inline bool any_line(struct span text, span_test *test) {
  size_t next = 0;
  (void)line_at(text, 0, &next);
  while (next < text.length)
    if (test(line_at(text, next, &next)))
      return true;
  return false;
}

/* Whether LINE is a field line called NAME, whose value passes TEST. */
static inline bool is_field(struct span line, const char *name, span_test *test) {
  size_t length = strlen(name);
  return line.length > length && line.at[length] == ':' &&
         strncasecmp((const char *)line.at, name, length) == 0 &&
         test((struct span){line.at + length + 1, line.length - length - 1});
}

/* Whether some field line is called NAME, and its value passes TEST. */
static inline bool any_value(struct span text, const char *name, span_test *test) {
  size_t next = 0;
  (void)line_at(text, 0, &next);
  while (next < text.length)
    if (is_field(line_at(text, next, &next), name, test))
      return true;
  return false;
}

static inline bool is_fold(struct span line) {
  return line.length > 0 && is_blank(line.at[0]);
}

/* ... and goes on over folded lines, which TEST gets, too. */
static inline bool any_folded(struct span text, const char *name, span_test *test) {
  size_t next = 0;
  (void)line_at(text, 0, &next);
  while (next < text.length) {
    size_t after = 0;
    struct span line = line_at(text, next, &after);
    size_t end = line.length;
    size_t lines = 1;
    for (next = after; next < text.length && is_blank(text.at[next]); next = after, lines++)
      end = (size_t)(line_at(text, next, &after).at - line.at) + line_at(text, next, &after).length;
    line.length = end;
    if (lines > 1 && is_field(line, name, test))
      return true;
  }
  return false;
}

static inline bool anything(struct span value) {
  (void)value;
  return true;
}

/* WORD, without letter case, then blanks of which one is a tab, and then the value or the member ends. */
static inline bool tab_after(struct span value, const char *word) {
  size_t length = strlen(word);
  for (size_t i = 0; i + length < value.length; i++) {
    if (strncasecmp((const char *)value.at + i, word, length) != 0)
      continue;
    size_t after = i + length;
    bool tab = false;
    for (; after < value.length && is_blank(value.at[after]); after++)
      tab = tab || value.at[after] == '\t';
    if (tab && (after == value.length || value.at[after] == ','))
      return true;
  }
  return false;
}

static inline bool tab_after_chunked_in(struct span value) {
  return tab_after(value, "chunked");
}

static inline bool tab_after_option_in(struct span value) {
  return tab_after(value, "close") || tab_after(value, "keep-alive");
}

/* Whether WORD is somewhere in VALUE, without letter case. */
static inline bool has_option(struct span value, const char *word) {
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= value.length; i++)
    if (strncasecmp((const char *)value.at + i, word, length) == 0)
      return true;
  return false;
}

static inline bool has_keep_alive(struct span value) {
  return has_option(value, "keep-alive");
}

static inline bool has_close(struct span value) {
  return has_option(value, "close");
}

static inline bool has_any_option(struct span value) {
  return has_close(value) || has_keep_alive(value);
}

/* Blanks at the end, and a tab among them. */
static inline bool ends_with_tab(struct span value) {
  bool tab = false;
  for (size_t i = value.length; i > 0 && is_blank(value.at[i - 1]); i--)
    tab = tab || value.at[i - 1] == '\t';
  return tab;
}

static inline bool begins_with_colon(struct span line) {
  return line.length > 0 && line.at[0] == ':';
}

/* In the name of a field, or behind it. */
static inline bool has_blank_in_name(struct span line) {
  for (size_t i = 0; i < line.length && line.at[i] != ':'; i++)
    if (line.at[i] == ' ' && i > 0)
      return memchr(line.at + i, ':', line.length - i) != NULL;
  return false;
}

static inline bool is_empty(struct span value) {
  while (value.length > 0 && is_blank(value.at[value.length - 1]))
    value.length--;
  return value.length == 0;
}

#endif
