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

static unsigned rule_named(struct word word) {
  char name[E100_RULE_NAME_LIMIT];
  if (word.length >= sizeof name)
    return E100_RULE_NONE;
  memcpy(name, word.text, word.length);
  name[word.length] = '\0';
  return e100_rule_named(name);
}

static bool names_rule(struct word word) {
  return rule_named(word) != E100_RULE_NONE;
}

static bool is_whole(const char *line, const char *cause) {
  size_t length = strlen(cause);
  if (strncmp(line, cause, length) != 0)
    return false;
  const char *rest = line + length + strspn(line + length, " \t\r");
  return *rest == '\0' || *rest == '\n' || *rest == '#';
}

/* The rest of a line of a file of known findings: situations and rules. */
static bool fits(const char *line, struct word situation, const struct e100_rule_set *behind) {
  bool any_situation = true, in_situation = false, any_rule = true, is_behind = false;
  for (struct word word = next_word(&line); word.length > 0; word = next_word(&line)) {
    unsigned rule = rule_named(word);
    if (rule != E100_RULE_NONE) {
      any_rule = false;
      is_behind |= behind != NULL && e100_rule_set_has(behind, rule);
    } else {
      any_situation = false;
      in_situation |= same(word, situation);
    }
  }
  return (any_situation || in_situation) && (any_rule || is_behind);
}

bool e100_cause_is_named(const char *line, const char *cause, const struct e100_rule_set *behind) {
  if (is_whole(line, cause))
    return true;
  struct word rule = next_word(&cause), party = next_word(&cause), situation = next_word(&cause);
  struct word first = next_word(&line), second = next_word(&line), third = next_word(&line);
  if (!names_rule(rule) || second.length == 0)
    return false;
  if (same(first, rule))
    return same(second, party) && is(third, "*");
  return same(second, rule) && !names_rule(first) &&
         (third.length == 0 || (same(third, party) && fits(line, situation, behind)));
}

/* ---- the file ------------------------------------------------------------------------------------------ */

/* A line, and the rule that it is about; empty: none, as of an invariant. */
struct line {
  const char *text;
  struct word rule;
};

static struct {
  struct timespec changed;
  off_t size;
  struct e100_text text; /* stays; a campaign's file is small */
  struct line *lines;
  size_t count;
} kept = {.size = -1};

static struct word rule_of(const char *line) {
  struct word first = next_word(&line), second = next_word(&line);
  if (names_rule(first))
    return first;
  return names_rule(second) ? second : (struct word){"", 0};
}

/* Names are looked up here, and not for each cause. */
static void find_lines(void) {
  kept.count = 0;
  for (const char *line = kept.text.text; line != NULL && *line != '\0';) {
    kept.lines = realloc(kept.lines, (kept.count + 1) * sizeof *kept.lines);
    E100_CHECK(kept.lines != NULL, "there is memory for a known cause");
    kept.lines[kept.count++] = (struct line){line, rule_of(line)};
    line = strchr(line, '\n');
    line = line != NULL ? line + 1 : NULL;
  }
}

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
  find_lines();
}

bool e100_cause_is_known(const char *path, const char *cause, const struct e100_rule_set *behind) {
  struct stat about;
  if (path == NULL || stat(path, &about) != 0)
    return false;
  if (about.st_size != kept.size || about.st_mtim.tv_sec != kept.changed.tv_sec ||
      about.st_mtim.tv_nsec != kept.changed.tv_nsec) {
    kept.size = about.st_size;
    kept.changed = about.st_mtim;
    read_again(path);
  }
  const char *at = cause;
  struct word rule = next_word(&at);
  for (size_t i = 0; i < kept.count; i++)
    if ((kept.lines[i].rule.length == 0 || same(kept.lines[i].rule, rule)) &&
        e100_cause_is_named(kept.lines[i].text, cause, behind))
      return true;
  return false;
}
