/* machine_book.c - docs/origin-table.md: the whole table of the reference origin server. */
#include "machine/origin.h"
#include "report/documents.h"
#include "rules/rules.h"

static const char *const states[E100_ORIGIN_STATES] = {
#define STATE(id, text) [E100_##id] = (text),
#include "report/origin_words.def"
};
static const char *const events[E100_ORIGIN_EVENTS] = {
#define EVENT(id, text) [E100_##id] = (text),
#include "report/origin_words.def"
};
static const char *const actions[E100_ORIGIN_ACTIONS] = {
#define ACTION(id, sends, text) [E100_##id] = (text),
#include "report/origin_words.def"
};

static void write_words(struct e100_text *out, const char *what, const char *heading,
                        const char *const *names, const char *const *texts, unsigned count) {
  e100_text_format(out, "| %s | %s |\n| --- | --- |\n", what, heading);
  for (unsigned i = 0; i < count; i++)
    e100_text_format(out, "| %s | %s |\n", names[i], texts[i]);
  e100_text_format(out, "\n");
}

static bool is_move(const struct e100_row *row) {
  return row->action != E100_DO_REJECT && row->action != E100_DO_IMPOSSIBLE;
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

static void write_state(struct e100_text *out, const struct e100_table *table, unsigned state) {
  bool first = true;
  e100_text_format(out, "### %s\n\n%s.\n\n", table->state_names[state], states[state]);
  for (unsigned event = 0; event < table->events; event++) {
    const struct e100_row *row = e100_table_row(table, state, event);
    if (!is_move(row))
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
  write_others(out, table, state, E100_DO_REJECT, "- The call returns false: ");
  write_others(out, table, state, E100_DO_IMPOSSIBLE, "- Cannot happen: ");
  e100_text_format(out, "\n");
}

void e100_write_origin_table(const struct e100_case_notes *cases, struct e100_text *out) {
  const struct e100_table *table = &e100_origin_table;
  (void)cases;
  e100_markdown_title(out, "The reference origin server, as a table", "src/machine/origin_table.c");
  e100_text_format(
      out,
      "![The states of the reference origin server](origin-states.svg)\n\n"
      "A row is a sentence: in this state, when this happens, stand there next, having done that, "
      "because of\nthis rule. Every pair of the %u states and %u events has exactly one row.\n\n"
      "## Words\n\n",
      table->states, table->events);
  write_words(out, "state", "where the conversation stands", table->state_names, states, table->states);
  write_words(out, "event", "what happens", table->event_names, events, table->events);
  write_words(out, "action", "what the machine does", table->action_names, actions, E100_ORIGIN_ACTIONS);
  e100_text_format(out, "## Rows\n\n");
  for (unsigned state = 0; state < table->states; state++)
    write_state(out, table, state);
}
