/* survey_matrix.c - a survey for people: situations and rules by programs. */
#include <string.h>

#include "survey/survey_report.h"

static const char letters_of_rules[] = {[E100_RULE_UNSEEN] = ' ',
                                        [E100_RULE_OPEN] = 'o',
                                        [E100_RULE_KEPT] = '.',
                                        [E100_RULE_UNSTEADY] = '?',
                                        [E100_RULE_BROKEN] = 'V'};

static unsigned weight(char letter) {
  static const char order[] = "nw?V";
  const char *at = strchr(order, letter);
  return at != NULL ? (unsigned)(at - order) + 1 : 0;
}

static char letter_of(const struct e100_survey *survey, const struct e100_surveyed_cell *cell,
                      const struct e100_surveyed_finding *finding) {
  static const char letters[] = {[E100_VIOLATION] = 'V', [E100_WARNING] = 'w', [E100_NOTE] = 'n'};
  if (!e100_survey_confirmed(survey, cell, finding))
    return '?';
  return letters[e100_rule_severity(finding->finding.rule)];
}

static bool decided_anything(const struct e100_verdict *verdict) {
  for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++)
    if (e100_rule_set_has(&verdict->decided, rule))
      return true;
  return false;
}

char e100_survey_letter(const struct e100_survey *survey, const struct e100_surveyed_cell *cell) {
  static const char letters[] = {[E100_SURVEYED_PENDING] = ' ',
                                 [E100_SURVEYED_UNSUITED] = '-',
                                 [E100_SURVEYED_FAILED] = '!',
                                 [E100_SURVEYED_OTHER] = ' '};
  if (cell->state != E100_SURVEYED_PLAYED)
    return letters[cell->state];
  char letter = decided_anything(&cell->verdict) ? '.' : 'o';
  for (unsigned i = 0; i < cell->count; i++) {
    char here = letter_of(survey, cell, &cell->findings[i]);
    if (weight(here) > weight(letter))
      letter = here;
  }
  return letter;
}

/* Programs of one role that were reached: the columns of a matrix. */
struct columns {
  enum e100_role role;
  size_t count;
  size_t subjects[E100_SURVEY_SUBJECTS_LIMIT]; /* indices in the survey */
};

static struct columns columns_of(const struct e100_survey *survey, enum e100_role role) {
  struct columns columns = {.role = role};
  for (size_t i = 0; i < survey->subject_count; i++)
    if (survey->subjects[i].role == role && survey->subjects[i].reached)
      columns.subjects[columns.count++] = i;
  return columns;
}

static void add_programs(const struct e100_survey *survey, const struct columns *columns, bool markdown,
                         struct e100_text *out) {
  for (size_t i = 0; i < columns->count; i++)
    e100_text_format(out, markdown ? "%zu. `%s`\n" : "%4zu  %s\n", i + 1,
                     survey->subjects[columns->subjects[i]].name);
  e100_text_format(out, "\n");
}

/* A program that was not reached has a line, and no column. */
static void add_unreached(const struct e100_survey *survey, bool markdown, struct e100_text *out) {
  size_t before = out->length;
  for (size_t i = 0; i < survey->subject_count; i++) {
    const struct e100_surveyed_subject *subject = &survey->subjects[i];
    if (!subject->reached)
      e100_text_format(out, markdown ? "- `%s` was not reached: %s\n" : "%s: not reached: %s\n",
                       subject->name, subject->why[0] != '\0' ? subject->why : "nothing was played");
  }
  if (out->length > before)
    e100_text_format(out, "\n");
}

static void add_head(const char *of, size_t columns, bool markdown, struct e100_text *out) {
  e100_text_format(out, markdown ? "| %s |" : "%-44s", of);
  for (size_t i = 0; i < columns; i++)
    e100_text_format(out, markdown ? " %zu |" : " %2zu", i + 1);
  e100_text_format(out, "\n");
  if (!markdown)
    return;
  e100_text_format(out, "| --- |");
  for (size_t i = 0; i < columns; i++)
    e100_text_format(out, " --- |");
  e100_text_format(out, "\n");
}

static void add_letter(char letter, bool markdown, struct e100_text *out) {
  if (markdown && letter == 'V')
    e100_text_format(out, " **V** |");
  else
    e100_text_format(out, markdown ? " %c |" : "  %c", letter);
}

static void add_situations(const struct e100_survey *survey, const struct columns *columns, bool markdown,
                           struct e100_text *out) {
  add_head("situation", columns->count, markdown, out);
  for (size_t i = 0; i < survey->situation_count; i++) {
    if (survey->situations[i].play.role != columns->role)
      continue;
    e100_text_format(out, markdown ? "| %s |" : "%-44s", survey->situations[i].name);
    for (size_t j = 0; j < columns->count; j++)
      add_letter(e100_survey_letter(survey, &survey->subjects[columns->subjects[j]].cells[i]), markdown, out);
    e100_text_format(out, "\n");
  }
  e100_text_format(out, "\n");
}

static char letter_of_rule(const struct e100_survey *survey, size_t subject, unsigned rule) {
  char letter = letters_of_rules[e100_survey_rule(survey, subject, rule)];
  bool mild = letter == 'V' && e100_rule_severity(rule) != E100_VIOLATION;
  return !mild ? letter : e100_rule_severity(rule) == E100_WARNING ? 'w' : 'n';
}

static void add_rules(const struct e100_survey *survey, const struct columns *columns, bool markdown,
                      struct e100_text *out) {
  add_head("rule", columns->count, markdown, out);
  for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++) {
    bool any = false;
    for (size_t j = 0; j < columns->count; j++)
      any |= e100_survey_rule(survey, columns->subjects[j], rule) != E100_RULE_UNSEEN;
    if (!any)
      continue;
    e100_text_format(out, markdown ? "| %s |" : "%-44s", e100_rule(rule)->id);
    for (size_t j = 0; j < columns->count; j++)
      add_letter(letter_of_rule(survey, columns->subjects[j], rule), markdown, out);
    e100_text_format(out, "\n");
  }
  e100_text_format(out, "\n");
}

static bool is_listed_before(const struct e100_surveyed_subject *subject, size_t cell) {
  for (size_t i = 0; i < cell; i++)
    if (subject->cells[i].state == E100_SURVEYED_UNSUITED &&
        strcmp(subject->cells[i].why, subject->cells[cell].why) == 0)
      return true;
  return false;
}

/* What the maps lack, once each. */
static void add_unjudged(const struct e100_survey *survey, bool markdown, struct e100_text *out) {
  for (size_t i = 0; i < survey->subject_count; i++) {
    const struct e100_surveyed_subject *subject = &survey->subjects[i];
    bool client = subject->role == E100_ROLE_CLIENT;
    bool any = false;
    for (size_t j = 0; j < survey->situation_count; j++) {
      if (!subject->reached || subject->cells[j].state != E100_SURVEYED_UNSUITED ||
          is_listed_before(subject, j))
        continue;
      if (!any)
        e100_text_format(out, markdown ? "- `%s` %s:" : "%s %s:", subject->name,
                         client ? "could not be judged where it would have to make"
                                : "could not be judged where a target is needed that does");
      e100_text_format(out, " %s", subject->cells[j].why);
      any = true;
    }
    if (any)
      e100_text_format(out, client ? " (a driver can)\n" : " (a map says where they are)\n");
  }
}

/* Who answers in HTTP/1.0 is judged all the same, and what it came to is arguable. */
static void add_versions(const struct e100_survey *survey, bool markdown, struct e100_text *out) {
  for (size_t i = 0; i < survey->subject_count; i++)
    if (e100_survey_speaks_10(survey, i))
      e100_text_format(out,
                       markdown ? "- `%s`: this server speaks HTTP/1.0: %s\n"
                                : "%s: this server speaks HTTP/1.0: %s\n",
                       survey->subjects[i].name,
                       "what binds servers of HTTP/1.1 is arguable of it (docs/readings-and-policies.md)");
}

void e100_survey_matrix(const struct e100_survey *survey, bool markdown, struct e100_text *out) {
  bool any = false;
  for (size_t role = 0; role < E100_ROLE_COUNT; role++) {
    struct columns columns = columns_of(survey, (enum e100_role)role);
    if (columns.count == 0)
      continue;
    any = true;
    add_programs(survey, &columns, markdown, out);
    add_situations(survey, &columns, markdown, out);
    add_rules(survey, &columns, markdown, out);
  }
  if (any)
    e100_text_format(
        out,
        "V violation, w warning, n note; ? comes and goes; . of a situation: nothing found, of a rule: "
        "kept wherever it could be decided; o came up, and could be decided nowhere; blank: did not come "
        "up; - no target for it; ! failed\n\n");
  add_versions(survey, markdown, out);
  add_unjudged(survey, markdown, out);
  add_unreached(survey, markdown, out);
}
