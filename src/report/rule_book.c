/*
 * rule_book.c - docs/rules.md: every rule with all that hangs on it: what it asks of whom, what a breach
 * looks like, the cases that show it, the faults that it catches, the rows of the machine that follow it.
 */
#include <stdlib.h>
#include <string.h>

#include "faults/faults.h"
#include "report/catalogue_json.h"
#include "report/documents.h"
#include "report/finding_text.h"
#include "report/machine_words.h"
#include "rules/rules.h"

/* ---- the index by section --------------------------------------------------------------------------- */

/* Sections in the order of their numbers: "RFC 9110 5.3" comes before "RFC 9110 10.1.1". */
static int compare_sections(const char *a, const char *b) {
  while (*a != '\0' && *b != '\0') {
    char *after_a = NULL;
    char *after_b = NULL;
    unsigned long left = strtoul(a, &after_a, 10);
    unsigned long right = strtoul(b, &after_b, 10);
    bool numbers = after_a != a && after_b != b;
    if (numbers && left != right)
      return left < right ? -1 : 1;
    if (!numbers && *a != *b)
      return *a < *b ? -1 : 1;
    a = numbers ? after_a : a + 1;
    b = numbers ? after_b : b + 1;
  }
  return (*a != '\0') - (*b != '\0');
}

static int compare_rules(const void *a, const void *b) {
  unsigned left = *(const unsigned *)a;
  unsigned right = *(const unsigned *)b;
  int order = compare_sections(e100_rule(left)->section, e100_rule(right)->section);
  return order != 0 ? order : (left > right) - (left < right);
}

static void write_index(struct e100_text *out) {
  unsigned order[E100_RULE_COUNT];
  size_t count = 0;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    order[count++] = rule;
  qsort(order, count, sizeof order[0], compare_rules);
  e100_text_format(out, "## By section\n\n| section | rules |\n| --- | --- |\n");
  for (size_t i = 0; i < count; i++) {
    const char *section = e100_rule(order[i])->section;
    bool first = i == 0 || strcmp(section, e100_rule(order[i - 1])->section) != 0;
    if (first) {
      e100_text_format(out, "| ");
      e100_markdown_section(out, section);
      e100_text_format(out, " | ");
    } else {
      e100_text_format(out, ", ");
    }
    e100_markdown_rule(out, order[i], "");
    if (i + 1 == count || strcmp(section, e100_rule(order[i + 1])->section) != 0)
      e100_text_format(out, " |\n");
  }
  e100_text_format(out, "\n");
}

/* ---- how to read it ------------------------------------------------------------------------------------ */

static const char *severity_sentence(unsigned severity) {
  switch (severity) {
  case E100_VIOLATION:
    return "a MUST or MUST NOT is broken";
  case E100_WARNING:
    return "a SHOULD or SHOULD NOT is not followed, which a good reason may excuse";
  default:
    return "nothing is broken; users of the software suffer all the same";
  }
}

static void write_legend(struct e100_text *out) {
  e100_text_format(
      out,
      "The requirements of RFC 9110 and RFC 9112 that an expectation touches, in our own words. A rule is\n"
      "written in `src/rules/rules.def` and nowhere else; `expect100 explain RULE` prints one of these.\n\n"
      "A breach is called by how strong the requirement is:\n\n");
  for (unsigned severity = 0; severity < E100_SEVERITY_COUNT; severity++)
    e100_text_format(out, "- **%s**: %s.\n", e100_severity_name(severity), severity_sentence(severity));
  e100_text_format(out, "\nAnd it is seen in one of these ways:\n\n");
  for (unsigned seen = 0; seen < E100_SEEN_COUNT; seen++)
    e100_text_format(out, "- **%s**: %s.\n", e100_seen_name(seen), e100_seen_sentence(seen));
  e100_text_format(out,
                   "\nWhere an exchange does not show which it is, a rule is undecided: neither kept nor "
                   "broken.\n\n");
}

/* ---- one rule ---------------------------------------------------------------------------------------------
 */

static bool shows(const struct e100_case_note *note, const char *rule) {
  for (uint32_t i = 0; i < note->shows_count; i++)
    if (strcmp(note->shows[i], rule) == 0)
      return true;
  return false;
}

/* The name of a case begins with its verdict: "ok-", "bad-" or "free-". */
static bool has_verdict(const struct e100_case_note *note, const char *verdict) {
  const char *slash = strrchr(note->path, '/');
  const char *name = slash != NULL ? slash + 1 : note->path;
  return strncmp(name, verdict, strlen(verdict)) == 0;
}

static void write_cases(struct e100_text *out, const struct e100_case_notes *cases, const char *rule) {
  static const struct {
    const char *verdict;
    const char *heading;
  } kinds[] = {{"bad-", "Broken in"}, {"ok-", "Kept in"}, {"free-", "Left open in"}};
  size_t written = 0;
  for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
    bool first = true;
    for (size_t i = 0; i < cases->count; i++) {
      const struct e100_case_note *note = &cases->list[i];
      if (!shows(note, rule) || !has_verdict(note, kinds[kind].verdict))
        continue;
      if (first)
        e100_text_format(out, "%s\n\n", kinds[kind].heading);
      first = false;
      e100_text_format(out, "- ");
      e100_markdown_case(out, note);
      e100_text_format(out, "\n");
      written++;
    }
    if (!first)
      e100_text_format(out, "\n");
  }
  if (written == 0)
    e100_text_format(out, "No case shows it.\n\n");
}

static void write_fault_list(struct e100_text *out, unsigned rule, bool must) {
  bool first = true;
  for (size_t i = 0; e100_fault_at(i) != NULL; i++) {
    const struct e100_fault_data *fault = e100_fault_at(i);
    if (!e100_fault_names_rule(must ? fault->must_fire : fault->may_fire, rule))
      continue;
    e100_text_format(out, "%s", first ? (must ? "- catches: " : "- may fire at: ") : ", ");
    e100_markdown_link(out, fault->name, "faults.md", fault->name);
    first = false;
  }
  if (!first)
    e100_text_format(out, "\n");
}

static void write_rows(struct e100_text *out, const struct e100_machine_words *words, unsigned rule) {
  const struct e100_table *table = words->table;
  bool first = true;
  for (unsigned i = 0; i < (unsigned)table->states * table->events; i++) {
    const struct e100_row *row = &table->rows[i];
    if (row->rule != rule)
      continue;
    if (first) {
      e100_text_format(out, "Rows of [%s](%s) that follow it\n\n", words->name, words->document);
      e100_text_format(out, "| in | when | then | do |\n| --- | --- | --- | --- |\n");
    }
    first = false;
    e100_text_format(out, "| %s | %s | %s | %s |\n", table->state_names[row->state],
                     table->event_names[row->event], table->state_names[row->next],
                     table->action_names[row->action]);
  }
  if (!first)
    e100_text_format(out, "\n");
}

static void write_rule(struct e100_text *out, const struct e100_case_notes *cases, unsigned rule) {
  const struct e100_rule_data *data = e100_rule(rule);
  struct e100_text sentence = {0};
  e100_rule_sentence(rule, &sentence);
  e100_text_format(out, "### %s\n\n> ", data->id);
  e100_markdown_text(out, sentence.text);
  e100_text_free(&sentence);
  e100_text_format(out, "\n\n- binds: %s\n- requirement: %s; a breach is a %s\n- seen: %s\n- section: ",
                   e100_bound_name(data->bound), e100_requirement_name(data->requirement),
                   e100_severity_name(e100_rule_severity(rule)), e100_seen_name(data->seen));
  e100_markdown_section(out, data->section);
  e100_text_format(out, "\n- catalogue: %s\n", data->covers);
  write_fault_list(out, rule, true);
  write_fault_list(out, rule, false);
  e100_text_format(out, "\n");
  if (data->seen != E100_SEEN_UNSEEN)
    write_cases(out, cases, data->id);
  for (unsigned i = 0; e100_machine_words_at(i) != NULL; i++)
    write_rows(out, e100_machine_words_at(i), rule);
}

void e100_write_rule_book(const struct e100_case_notes *cases, struct e100_text *out) {
  e100_markdown_title(out, "The rules",
                      "src/rules/rules.def, the cases, the faults and the machines' tables");
  write_legend(out);
  write_index(out);
  e100_text_format(out, "## The rules\n\n");
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++)
    write_rule(out, cases, rule);
}
