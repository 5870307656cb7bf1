/* report_markdown.c - a report as Markdown: for the summary of a workflow, for an issue. */
#include <string.h>

#include "report/exchange_json.h"
#include "report/report_forms.h"

enum {
  DETAILS_LIMIT = 50 /* groups with a ladder and a case; all are in the table */
};

/* The longest run of backticks in TEXT, for a fence that TEXT cannot close. */
static size_t longest_ticks(const char *text) {
  size_t longest = 0;
  for (size_t run = 0; *text != '\0'; text++) {
    run = *text == '`' ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  return longest;
}

static void fence(struct e100_text *out, size_t length, const char *end) {
  for (size_t i = 0; i < length; i++)
    e100_text_add(out, "`", 1);
  e100_text_format(out, "%s\n", end);
}

/* TEXT as it is, between fences. */
static void add_fenced(struct e100_text *out, const char *text, const char *language) {
  size_t ticks = longest_ticks(text) + 1;
  size_t length = strlen(text);
  ticks = ticks < 3 ? 3 : ticks;
  fence(out, ticks, language);
  e100_text_add(out, text, length);
  if (length == 0 || text[length - 1] != '\n')
    e100_text_format(out, "\n");
  fence(out, ticks, "");
  e100_text_format(out, "\n");
}

static void add_ladder(const struct e100_report_transcript *transcript,
                       const struct e100_report_finding *finding, struct e100_text *out) {
  struct e100_exchange exchange;
  struct e100_text ladder = {0};
  char reason[128];
  e100_exchange_init(&exchange);
  if (transcript->exchange != NULL &&
      e100_exchange_read_json(&exchange, transcript->exchange, reason, sizeof reason)) {
    uint8_t marks[E100_STEPS_LIMIT] = {0};
    if (finding->step > 0 && finding->step <= exchange.step_count)
      marks[finding->step - 1] = 1;
    e100_ladder_print(&exchange, marks, &ladder);
    add_fenced(out, ladder.text, "text");
  }
  e100_text_free(&ladder);
  e100_exchange_free(&exchange);
}

static void add_precedents(const struct e100_case_notes *precedents, const char *rule,
                           struct e100_text *out) {
  bool first = true;
  for (size_t i = 0; i < precedents->count; i++)
    for (uint32_t j = 0; j < precedents->list[i].shows_count; j++) {
      if (rule[0] == '\0' || strcmp(precedents->list[i].shows[j], rule) != 0)
        continue;
      e100_text_format(out, "%s- ", first ? "Public bugs of the same rule:\n\n" : "");
      e100_markdown_text(out, precedents->list[i].title);
      e100_text_format(out, "\n");
      first = false;
    }
  if (!first)
    e100_text_format(out, "\n");
}

static void add_group(const struct e100_report *report, const struct e100_report_group *group,
                      const struct e100_case_notes *precedents, struct e100_text *out) {
  e100_text_format(out, "### ");
  e100_markdown_text(out, group->name);
  e100_text_format(out, "\n\n");
  if (group->smallest < 0)
    return;
  const struct e100_report_finding *finding = &report->findings[group->smallest];
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  struct e100_text sentences = {0};
  e100_report_sentences(finding, &sentences);
  for (char *line = sentences.text; *line != '\0';) {
    char *end = line + strcspn(line, "\n");
    bool more = *end == '\n';
    *end = '\0';
    e100_markdown_text(out, line);
    e100_text_format(out, "  \n");
    line = end + more;
  }
  e100_text_format(out, "\n");
  if (transcript != NULL) {
    add_ladder(transcript, finding, out);
    if (transcript->replay[0] != '\0')
      add_fenced(out, transcript->replay, "sh");
    e100_text_format(out, "<details><summary>The case</summary>\n\n");
    add_fenced(out, transcript->case_text, "text");
    e100_text_format(out, "</details>\n\n");
  }
  add_precedents(precedents, finding->rule, out);
  e100_text_free(&sentences);
}

static void add_table(const struct e100_report *report, struct e100_text *out) {
  e100_text_format(out, "| times | severity | what | situation | rule | example |\n"
                        "| ---: | --- | --- | --- | --- | --- |\n");
  for (size_t i = 0; i < report->group_count; i++) {
    const struct e100_report_group *group = &report->groups[i];
    const char *path =
        group->smallest >= 0 ? e100_report_path(report, &report->findings[group->smallest]) : "";
    const char *const cells[] = {group->severity, group->name, group->situation,
                                 group->rule[0] != '\0' ? group->rule : group->kind, path};
    e100_text_format(out, "| %llu", (unsigned long long)group->count);
    for (size_t j = 0; j < sizeof cells / sizeof cells[0]; j++) {
      e100_text_format(out, " | ");
      e100_markdown_text(out, cells[j]);
    }
    e100_text_format(out, " |\n");
  }
  e100_text_format(out, "\n");
}

void e100_report_markdown(const struct e100_report *report, const struct e100_case_notes *precedents,
                          struct e100_text *out) {
  e100_text_format(out, "## expect100\n\n");
  for (size_t i = 0; i < report->run_count; i++) {
    const struct e100_report_run *run = &report->runs[i];
    add_fenced(out, run->command, "sh");
    if (run->exchanges > 0)
      e100_text_format(out, "%llu exchanges: %llu passed, %llu failed, %llu left out, %llu unreadable.\n\n",
                       (unsigned long long)run->exchanges, (unsigned long long)run->passed,
                       (unsigned long long)run->failed, (unsigned long long)run->skipped,
                       (unsigned long long)run->unreadable);
  }
  if (report->group_count == 0) {
    e100_text_format(out, "No findings.\n");
    return;
  }
  add_table(report, out);
  for (size_t i = 0; i < report->group_count && i < DETAILS_LIMIT; i++)
    add_group(report, &report->groups[i], precedents, out);
  if (report->group_count > DETAILS_LIMIT)
    e100_text_format(out, "The other %zu causes are in the table only.\n",
                     report->group_count - DETAILS_LIMIT);
}
