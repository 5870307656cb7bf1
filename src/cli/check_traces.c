/* check_traces.c - the shortest way to each row of the table, as cases to be played. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/check.h"
#include "model/model.h"
#include "report/machine_words.h"

/* "ok-reach-client-goes-in-asked.case" has the words of the table in lower case, joined by hyphens; but for
 * an origin server the role comes before them. "bad-" where one of the others breaks a rule. */
static void add_name(const struct e100_check *check, struct e100_text *out, unsigned row, bool bad) {
  const struct e100_searched *searched = check->searched;
  const unsigned events = searched->table->events;
  e100_text_format(out, bad ? "bad-reach-" : "ok-reach-");
  if (searched->role != E100_ROLE_ORIGIN)
    e100_text_format(out, "%s-", e100_role_name(searched->role));
  e100_text_format(out, "%s-%s.case", searched->table->state_names[row / events],
                   searched->table->event_names[row % events]);
  for (size_t i = 0; i < out->length; i++)
    out->text[i] = out->text[i] == '_' ? '-' : (char)tolower((unsigned char)out->text[i]);
}

static const struct e100_machine_words *words_of(const struct e100_table *table) {
  const struct e100_machine_words *words = e100_machine_words_at(0);
  for (unsigned i = 0; words != NULL && words->table != table; i++)
    words = e100_machine_words_at(i);
  E100_CHECK(words != NULL, "each table has its words");
  return words;
}

static void set_title(const struct e100_check *check, struct e100_exchange *play, unsigned row) {
  const struct e100_table *table = check->searched->table;
  const struct e100_machine_words *words = words_of(table);
  (void)snprintf(play->title, sizeof play->title, "The shortest way to this: %s, and then: %s.",
                 words->states[row / table->events], words->events[row % table->events]);
  (void)snprintf(play->stays, sizeof play->stays,
                 "No shorter conversation takes this row of the table with as few policies.");
}

/* What comes out is written down, also what is only a note (a 100 that policy sends unasked). */
static void expect_findings(const struct e100_exchange *transcript, struct e100_exchange *play) {
  struct e100_verdict verdict;
  e100_judge(transcript, &verdict);
  play->has_expected = true;
  play->expected_count = 0;
  for (uint32_t i = 0; i < verdict.findings.count && i < E100_EXPECTED_LIMIT; i++) {
    const struct e100_finding *finding = &verdict.findings.list[i];
    struct e100_expected_finding *expected = &play->expected[play->expected_count++];
    memset(expected, 0, sizeof *expected);
    (void)snprintf(expected->rule, sizeof expected->rule, "%s", e100_rule(finding->rule)->id);
    expected->request = finding->request;
  }
}

static bool write_trace(const struct e100_check *check, unsigned row) {
  struct e100_exchange play, transcript;
  struct e100_text name = {0}, path = {0}, text = {0};
  const struct e100_trace *trace = &check->sum.rows[row].trace;
  e100_exchange_init(&play);
  e100_exchange_init(&transcript);
  e100_trace_play(trace, check->searched, &check->design, check->row_policies[row], &play);
  e100_trace_transcript(trace, check->searched, &check->design, check->row_policies[row], &transcript);
  set_title(check, &play, row);
  expect_findings(&transcript, &play);
  add_name(check, &name, row, play.expected_count > 0);
  e100_path_in(&path, check->traces, name.text);
  e100_case_print(&play, &text);
  bool written = e100_file_write(path.text, text.text, text.length);
  e100_text_free(&name);
  e100_text_free(&path);
  e100_text_free(&text);
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
  return written;
}

/* What the caller of a machine should not do is the last token of a trace. A search that is not for rows has
 * the traces of those that the one that is for them cannot take. */
static bool is_written(const struct e100_check *check, unsigned row) {
  const struct e100_searched *searched = check->searched;
  const struct e100_trace *trace = &check->sum.rows[row].trace;
  const unsigned events = searched->table->events;
  if (check->sum.rows[row].taken == 0)
    return false;
  if (searched->unreachable == NULL)
    return e100_searched_of((enum e100_role)searched->role)->unreachable(row / events, row % events) != NULL;
  return searched->plays == NULL || searched->plays(trace->tokens[trace->length - 1]);
}

bool e100_check_write_traces(const struct e100_check *check, size_t *written) {
  *written = 0;
  if (!e100_folder_make(check->traces))
    return false;
  for (unsigned row = 0; row < e100_check_rows(check); row++) {
    if (!is_written(check, row))
      continue;
    if (!write_trace(check, row))
      return false;
    ++*written;
  }
  return true;
}
