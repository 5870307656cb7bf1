/* check_output.c - what `check` found, for people and as JSON. */
#include <string.h>

#include "cli/check.h"
#include "report/exchange_json.h"
#include "report/finding_text.h"
#include "report/verdict_json.h"

enum { CHECK_JSON_VERSION = 1 };

const char *e100_check_end_words(enum e100_search_end end) {
  static const char *const words[] = {
      [E100_SEARCH_CLOSED] = "closed",
      [E100_SEARCH_FOUND] = "found",
      [E100_SEARCH_DEEP_ENOUGH] = "stopped at its depth",
      [E100_SEARCH_OUT_OF_MEMORY] = "out of memory",
      [E100_SEARCH_INTERRUPTED] = "interrupted",
  };
  return words[end];
}

static const char *wrong_words(enum e100_search_wrong wrong) {
  static const char *const words[] = {
      [E100_WRONG_NOTHING] = "nothing",
      [E100_WRONG_VIOLATION] = "the machine breaks a rule",
      [E100_WRONG_DISAGREEMENT] = "the machine's response breaks no rule, but the model does not permit it",
      [E100_WRONG_MERGE] = "two states with the same form go on differently: a form leaves out too much",
  };
  return words[wrong];
}

/* ---- what is common -------------------------------------------------------------------------------------
 */

static unsigned rows_taken(const struct e100_check *check) {
  unsigned taken = 0;
  for (unsigned row = 0; row < e100_check_rows(check); row++)
    taken += check->sum.rows[row].taken > 0;
  return taken;
}

static unsigned rows_that_can(const struct e100_check *check) {
  unsigned can = 0;
  for (unsigned row = 0; row < e100_check_rows(check); row++)
    can += e100_check_row_can(check, row);
  return can;
}

/* A rule that can be seen and that binds nobody else. */
static unsigned rules_decided(const struct e100_check *check, unsigned *of) {
  unsigned decided = 0;
  *of = 0;
  for (unsigned rule = E100_RULE_NONE + 1; rule < E100_RULE_COUNT; rule++) {
    decided += e100_rule_set_has(&check->sum.rules, rule);
    *of += e100_rule(rule)->seen != E100_SEEN_UNSEEN;
  }
  return decided;
}

/* ---- as text --------------------------------------------------------------------------------------------
 */

static void add_bounds(const struct e100_check *check, struct e100_text *out) {
  e100_text_format(out, "%s %s: %s\n\n", e100_role_name(check->searched->role), check->subject,
                   check->searched->bounds.text);
}

static void add_line(struct e100_text *out, const char *name, const struct e100_checked *checked) {
  e100_text_format(out, "%-52s %8llu %11llu %5u %7.2f  %s\n", name, (unsigned long long)checked->states,
                   (unsigned long long)checked->transitions, checked->depth, checked->seconds,
                   e100_check_end_words(checked->end));
}

static void add_lines(const struct e100_check *check, struct e100_text *out) {
  struct e100_checked sum = {.end = E100_SEARCH_CLOSED};
  e100_text_format(out, "%-52s %8s %11s %5s %7s\n", "policy", "states", "transitions", "depth", "seconds");
  for (size_t i = 0; i < check->checked_count; i++) {
    const struct e100_checked *checked = &check->checked[i];
    struct e100_text name = {0};
    e100_search_policy_words(checked->policy, &name);
    add_line(out, name.text, checked);
    e100_text_free(&name);
    sum.states += checked->states;
    sum.transitions += checked->transitions;
    sum.depth = checked->depth > sum.depth ? checked->depth : sum.depth;
    sum.seconds += checked->seconds;
    sum.depth_first += checked->depth_first;
    if (checked->end != E100_SEARCH_CLOSED)
      sum.end = checked->end;
  }
  if (check->checked_count > 1)
    add_line(out, "sum", &sum);
  if (sum.depth_first > 0)
    e100_text_format(out, "\ndepth first, no states merged, %d tokens deep: %llu transitions, %s\n",
                     E100_CHECK_DEPTH_FIRST, (unsigned long long)sum.depth_first,
                     check->rows_differ ? "other rows" : "the same rows");
}

static void add_rows(const struct e100_check *check, struct e100_text *out) {
  unsigned of = 0;
  unsigned decided = rules_decided(check, &of);
  e100_text_format(out, "rows of the table: %u of %u taken; rules decided: %u of %u that can be seen\n",
                   rows_taken(check), rows_that_can(check), decided, of);
  if (!e100_check_is_complete(check) || check->searched->unreachable == NULL)
    return;
  for (unsigned row = 0; row < e100_check_rows(check); row++) {
    const unsigned events = check->searched->table->events;
    unsigned state = row / events, event = row % events;
    const char *reason = check->searched->unreachable(state, event);
    if (e100_check_row_can(check, row) && check->sum.rows[row].taken == 0)
      e100_text_format(out, "  never taken: %s %s: %s\n", check->searched->table->state_names[state],
                       check->searched->table->event_names[event],
                       reason == NULL ? "NOBODY KNOWS WHY" : reason);
    else if (reason != NULL)
      e100_text_format(out, "  taken, though unreachable_rows.def says that nothing can: %s %s\n",
                       check->searched->table->state_names[state],
                       check->searched->table->event_names[event]);
  }
}

static unsigned answers_with(const struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                             int reason) {
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0, count = 0;
  while (e100_answers_unused(answers, kinds, &situation, &answer, &unused))
    count += unused.reason == reason;
  return count;
}

static void add_unexplained(const struct e100_check *check, struct e100_text *out) {
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0;
  while (e100_answers_unused(&check->answers, check->searched->answers, &situation, &answer, &unused)) {
    const struct e100_answered *at = &check->answers.situations[unused.situation];
    if (unused.reason >= 0)
      continue;
    e100_text_format(out, "  NOBODY KNOWS WHY: %s, where: ", e100_answer_name(unused.answer));
    e100_situation_words(unused.situation, out);
    e100_text_format(out, "\n    after: ");
    e100_trace_words(&at->traces[unused.answer], check->searched, out);
    e100_text_format(out, "\n");
  }
}

static void add_answers(const struct e100_check *check, struct e100_text *out) {
  const struct e100_answer_kinds *kinds = check->searched->answers;
  if (!e100_check_is_complete(check) || kinds == NULL)
    return;
  e100_text_format(out, "permitted, and never done under any policy:\n");
  for (size_t i = 0; i < kinds->reason_count; i++)
    e100_text_format(
        out, "  %3u answers: %s%s\n", answers_with(&check->answers, kinds, (int)i), kinds->reasons[i].text,
        e100_answers_reason_is_needed(&check->answers, kinds, i) ? "" : " (NOTHING NEEDS THIS REASON)");
  add_unexplained(check, out);
}

/* The shortest trace as a case to be played, what happens then, and what is wrong with it. */
static void add_found(const struct e100_check *check, struct e100_text *out) {
  struct e100_exchange play, transcript;
  struct e100_verdict verdict;
  e100_exchange_init(&play);
  e100_exchange_init(&transcript);
  e100_trace_play(&check->found, check->searched, &check->design, check->found_policy, &play);
  e100_trace_transcript(&check->found, check->searched, &check->design, check->found_policy, &transcript);
  e100_judge(&transcript, &verdict);
  e100_text_format(out, "\n%s; the shortest way there:\n\n", wrong_words(check->wrong));
  e100_case_print(&play, out);
  e100_text_format(out, "\n");
  e100_marked_ladder(&transcript, &verdict.findings, out);
  e100_text_format(out, "\n");
  for (uint32_t i = 0; i < e100_findings_kept(&verdict.findings); i++)
    e100_finding_text(&transcript, &verdict.findings.list[i], e100_colours(stdout), out);
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
}

void e100_check_print(const struct e100_check *check) {
  struct e100_text out = {0};
  add_bounds(check, &out);
  add_lines(check, &out);
  add_rows(check, &out);
  add_answers(check, &out);
  if (check->wrong != E100_WRONG_NOTHING)
    add_found(check, &out);
  else
    e100_text_format(&out, "\nno violation; %s\n",
                     e100_check_closed(check) ? "closed: nothing is left to try" : "it did not close");
  e100_put(&out);
}

/* ---- as JSON --------------------------------------------------------------------------------------------
 */

static json_t *policy_json(uint32_t policy) {
  json_t *names = json_array();
  for (unsigned bit = 0; bit < E100_BITS; bit++)
    if ((policy >> bit & 1U) != 0 && e100_policy_name(bit) != NULL)
      json_array_append_new(names, json_string(e100_policy_name(bit)));
  return names;
}

static json_t *trace_json(const struct e100_check *check, const struct e100_trace *trace) {
  json_t *words = json_array();
  for (unsigned i = 0; i < trace->length; i++)
    json_array_append_new(words, json_string(check->searched->words(trace->tokens[i])));
  return words;
}

static json_t *searches_json(const struct e100_check *check) {
  json_t *searches = json_array();
  for (size_t i = 0; i < check->checked_count; i++) {
    const struct e100_checked *checked = &check->checked[i];
    json_t *search = json_object();
    json_object_set_new(search, "policy", policy_json(checked->policy));
    json_object_set_new(search, "end", json_string(e100_check_end_words(checked->end)));
    json_object_set_new(search, "states", json_integer((json_int_t)checked->states));
    json_object_set_new(search, "transitions", json_integer((json_int_t)checked->transitions));
    json_object_set_new(search, "depth", json_integer(checked->depth));
    json_object_set_new(search, "depth_first_transitions", json_integer((json_int_t)checked->depth_first));
    json_object_set_new(search, "seconds", json_real(checked->seconds));
    json_array_append_new(searches, search);
  }
  return searches;
}

static json_t *rows_json(const struct e100_check *check) {
  json_t *rows = json_array();
  for (unsigned i = 0; i < e100_check_rows(check); i++) {
    const struct e100_search_row *taken = &check->sum.rows[i];
    const unsigned events = check->searched->table->events;
    unsigned state = i / events, event = i % events;
    const char *reason =
        check->searched->unreachable == NULL ? NULL : check->searched->unreachable(state, event);
    if (!e100_check_row_can(check, i) && taken->taken == 0)
      continue;
    json_t *row = json_object();
    json_object_set_new(row, "state", json_string(check->searched->table->state_names[state]));
    json_object_set_new(row, "event", json_string(check->searched->table->event_names[event]));
    json_object_set_new(row, "taken", json_integer((json_int_t)taken->taken));
    json_object_set_new(row, "policy", policy_json(check->row_policies[i]));
    json_object_set_new(row, "trace", trace_json(check, &taken->trace));
    json_object_set_new(row, "unreachable", reason == NULL ? json_null() : json_string(reason));
    json_array_append_new(rows, row);
  }
  return rows;
}

static json_t *unused_json(const struct e100_check *check) {
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0;
  json_t *list = json_array();
  while (e100_answers_unused(&check->answers, check->searched->answers, &situation, &answer, &unused)) {
    const struct e100_answered *at = &check->answers.situations[unused.situation];
    struct e100_text words = {0};
    json_t *item = json_object();
    e100_situation_words(unused.situation, &words);
    json_object_set_new(item, "situation", json_string(words.text));
    json_object_set_new(item, "answer", json_string(e100_answer_name(unused.answer)));
    json_object_set_new(item, "policy", policy_json(at->policies[unused.answer]));
    json_object_set_new(item, "trace", trace_json(check, &at->traces[unused.answer]));
    json_object_set_new(
        item, "reason",
        unused.reason < 0 ? json_null() : json_string(check->searched->answers->reasons[unused.reason].text));
    json_array_append_new(list, item);
    e100_text_free(&words);
  }
  return list;
}

static json_t *found_json(const struct e100_check *check) {
  struct e100_exchange play, transcript;
  struct e100_verdict verdict;
  struct e100_text text = {0};
  if (check->wrong == E100_WRONG_NOTHING)
    return json_null();
  json_t *found = json_object();
  e100_exchange_init(&play);
  e100_exchange_init(&transcript);
  e100_trace_play(&check->found, check->searched, &check->design, check->found_policy, &play);
  e100_trace_transcript(&check->found, check->searched, &check->design, check->found_policy, &transcript);
  e100_judge(&transcript, &verdict);
  e100_case_print(&play, &text);
  json_object_set_new(found, "what", json_string(wrong_words(check->wrong)));
  json_object_set_new(found, "trace", trace_json(check, &check->found));
  json_object_set_new(found, "case", e100_json_string(text.text));
  json_object_set_new(found, "verdict", e100_verdict_json(&transcript, &verdict, "", check->subject, NULL));
  e100_text_free(&text);
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
  return found;
}

static json_t *bounds_json(const struct e100_searched *searched) {
  const struct e100_bounds *of = &searched->bounds;
  json_t *bounds = json_object();
  json_object_set_new(bounds, "connections", json_integer(of->connections));
  json_object_set_new(bounds, "clients", json_integer(of->clients == 0 ? 1 : of->clients));
  json_object_set_new(bounds, "requests_under_way", json_integer(of->under_way));
  json_object_set_new(bounds, "requests", of->requests == 0 ? json_null() : json_integer(of->requests));
  json_object_set_new(bounds, "heads", json_integer(of->heads));
  json_object_set_new(bounds, "tokens", json_integer(searched->tokens));
  json_object_set_new(bounds, "chunks", json_integer(1));
  json_object_set_new(bounds, "depth", json_integer(E100_TRACE_LIMIT));
  json_object_set_new(bounds, "memory", json_integer(E100_SEARCH_MEMORY_LIMIT));
  return bounds;
}

void e100_check_print_json(const struct e100_check *check) {
  struct e100_text out = {0};
  unsigned of = 0;
  unsigned decided = rules_decided(check, &of);
  json_t *document = e100_json_document("check", CHECK_JSON_VERSION);
  json_object_set_new(document, "role", json_string(e100_role_name(check->searched->role)));
  json_object_set_new(document, "subject", json_string(check->subject));
  json_object_set_new(document, "bounds", bounds_json(check->searched));
  json_object_set_new(document, "closed", json_boolean(e100_check_closed(check)));
  json_object_set_new(document, "searches", searches_json(check));
  json_object_set_new(document, "states", json_integer((json_int_t)check->sum.states));
  json_object_set_new(document, "transitions", json_integer((json_int_t)check->sum.transitions));
  json_object_set_new(document, "depth", json_integer(check->sum.depth));
  json_object_set_new(document, "rules_decided", json_integer(decided));
  json_object_set_new(document, "rows", rows_json(check));
  json_object_set_new(document, "same_rows_depth_first", json_boolean(!check->rows_differ));
  json_object_set_new(document, "permitted_and_never_done",
                      e100_check_is_complete(check) && check->searched->answers != NULL ? unused_json(check)
                                                                                        : json_null());
  json_object_set_new(document, "found", found_json(check));
  e100_json_line(document, &out);
  e100_put(&out);
}
