#include "fuzz/known_causes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exchange/exchange.h"
#include "rules/rules.h"

/* A piece of a line. */
struct word {
  const char *text;
  size_t length;
};

/* The next word of *AT, which moves behind it; empty at the end, or where a comment begins. */
static struct word next_word(const char **at) {
  *at += strspn(*at, " \t");
  struct word word = {*at, **at == '#' ? 0 : strcspn(*at, " \t\r\n")};
  *at += word.length;
  return word;
}

static bool is(struct word word, const char *text) {
  return word.length == strlen(text) && memcmp(word.text, text, word.length) == 0;
}

static bool same(struct word a, struct word b) {
  return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static bool names_rule(struct word word) {
  char name[E100_RULE_NAME_LIMIT];
  if (word.length >= sizeof name)
    return false;
  memcpy(name, word.text, word.length);
  name[word.length] = '\0';
  return e100_rule_named(name) != E100_RULE_NONE;
}

static bool is_whole(const char *line, const char *cause) {
  size_t length = strlen(cause);
  if (strncmp(line, cause, length) != 0)
    return false;
  const char *rest = line + length + strspn(line + length, " \t\r");
  return *rest == '\0' || *rest == '\n' || *rest == '#';
}

bool e100_cause_is_named(const char *line, const char *cause) {
  if (is_whole(line, cause))
    return true;
  struct word rule = next_word(&cause), party = next_word(&cause);
  struct word first = next_word(&line), second = next_word(&line), third = next_word(&line);
  if (!names_rule(rule) || second.length == 0)
    return false;
  if (same(first, rule))
    return same(second, party) && is(third, "*");
  return same(second, rule) && (third.length == 0 || same(third, party)) && !names_rule(first);
}

/* ---- the file ------------------------------------------------------------------------------------------ */

static struct {
  struct timespec changed;
  off_t size;
  struct e100_text text; /* stays; a campaign's file is small */
} kept = {.size = -1};

static void read_again(const char *path) {
  char octets[4096];
  FILE *file = fopen(path, "r");
  kept.text.length = 0;
  for (size_t length = 1; file != NULL && length > 0;) {
    length = fread(octets, 1, sizeof octets, file);
    e100_text_add(&kept.text, octets, length);
  }
  if (file != NULL)
    fclose(file);
}

bool e100_cause_is_known(const char *path, const char *cause) {
  struct stat about;
  if (path == NULL || stat(path, &about) != 0)
    return false;
  if (about.st_size != kept.size || about.st_mtim.tv_sec != kept.changed.tv_sec ||
      about.st_mtim.tv_nsec != kept.changed.tv_nsec) {
    kept.size = about.st_size;
    kept.changed = about.st_mtim;
    read_again(path);
  }
  for (const char *line = kept.text.text; line != NULL && *line != '\0';) {
    if (e100_cause_is_named(line, cause))
      return true;
    line = strchr(line, '\n');
    line = line != NULL ? line + 1 : NULL;
  }
  return false;
}
