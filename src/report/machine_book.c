/* machine_book.c - docs/origin-table.md, client-table.md and proxy-table.md: the whole tables of the
 * reference machines. */
#include "report/documents.h"
#include "report/machine_words.h"
#include "rules/rules.h"

static void write_words(struct e100_text *out, const char *what, const char *heading,
                        const char *const *names, const char *const *texts, unsigned count) {
  e100_text_format(out, "| %s | %s |\n| --- | --- |\n", what, heading);
  for (unsigned i = 0; i < count; i++)
    e100_text_format(out, "| %s | %s |\n", names[i], texts[i]);
  e100_text_format(out, "\n");
}

/* The events of STATE at which the machine does ACTION, on one line. */
static void write_others(struct e100_text *out, const struct e100_table *table, unsigned state,
                         unsigned action, const char *heading) {
  bool first = true;
  for (unsigned event = 0; event < table->events; event++) {
    if (e100_table_row(table, state, event)->action != action)
      continue;
    e100_text_format(out, "%s%s", first ? heading : ", ", table->event_names[event]);
    first = false;
  }
  if (!first)
    e100_text_format(out, ".\n");
}

static void write_state(struct e100_text *out, const struct e100_machine_words *words, unsigned state) {
  const struct e100_table *table = words->table;
  bool first = true;
  e100_text_format(out, "### %s\n\n%s.\n\n", table->state_names[state], words->states[state]);
  for (unsigned event = 0; event < table->events; event++) {
    const struct e100_row *row = e100_table_row(table, state, event);
    if (!e100_row_is_move(words, row))
      continue;
    if (first)
      e100_text_format(out, "| when | then | do | because |\n| --- | --- | --- | --- |\n");
    first = false;
    e100_text_format(out, "| %s | %s | %s | ", table->event_names[event], table->state_names[row->next],
                     table->action_names[row->action]);
    if (row->rule != E100_RULE_NONE)
      e100_markdown_rule(out, row->rule, "rules.md");
    e100_text_format(out, " |\n");
  }
  if (!first)
    e100_text_format(out, "\n");
  write_others(out, table, state, words->reject, "- The call returns false: ");
  write_others(out, table, state, words->impossible, "- Cannot happen: ");
  e100_text_format(out, "\n");
}

static void write_table(struct e100_text *out, const struct e100_machine_words *words) {
  const struct e100_table *table = words->table;
  struct e100_text title = {0};
  e100_text_format(&title, "T%s, as a table", words->name + 1);
  e100_markdown_title(out, title.text, words->source);
  e100_text_free(&title);
  e100_text_format(
      out,
      "![The states of %s](%s)\n\n"
      "A row is a sentence: in this state, when this happens, stand there next, having done that, "
      "because of\nthis rule. Every pair of the %u states and %u events has exactly one row.\n\n"
      "## Words\n\n",
      words->name, words->diagram, table->states, table->events);
  write_words(out, "state", "where the conversation stands", table->state_names, words->states,
              table->states);
  write_words(out, "event", "what happens", table->event_names, words->events, table->events);
  write_words(out, "action", "what the machine does", table->action_names, words->actions,
              words->action_count);
  e100_text_format(out, "## Rows\n\n");
  for (unsigned state = 0; state < table->states; state++)
    write_state(out, words, state);
}

void e100_write_origin_table(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  write_table(out, &e100_origin_words);
}

void e100_write_client_table(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  write_table(out, &e100_client_words);
}

void e100_write_proxy_table(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  write_table(out, &e100_proxy_words);
}
