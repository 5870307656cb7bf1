/* minimize_report.c - a minimised finding as a case and as a report. */
#include "cli/minimize_report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "report/finding_text.h"
#include "report/findings_file.h"
#include "report/verdict_json.h"

enum { NAME_WORDS_LIMIT = 40 /* octets of a file name that tell the situation */ };

size_t e100_cause_key(const char *cause) {
  size_t first = strcspn(cause, " ");
  size_t second = first + strspn(cause + first, " ");
  return second + strcspn(cause + second, " ");
}

/* The finding of the verdict that the breach is about, or NULL for a broken invariant. */
static const struct e100_finding *finding_of(const struct e100_minimized *minimized) {
  const struct e100_findings *findings = &minimized->verdict->findings;
  for (uint32_t i = 0; i < e100_findings_kept(findings); i++)
    if (findings->list[i].rule == minimized->breach->rule &&
        findings->list[i].party == minimized->breach->party && minimized->breach->rule != E100_RULE_NONE)
      return &findings->list[i];
  return NULL;
}

static bool forbids(unsigned rule) {
  unsigned requirement = e100_rule(rule)->requirement;
  return requirement == E100_REQUIREMENT_MUST_NOT || requirement == E100_REQUIREMENT_SHOULD_NOT;
}

static void add_situation(const struct e100_minimized *minimized, struct e100_text *out) {
  const struct e100_finding *finding = finding_of(minimized);
  if (finding != NULL)
    e100_view_state_text(finding->situation, out);
  else
    e100_add_plain(out, minimized->cause + strcspn(minimized->cause, " "));
}

/* It is played again, against its subject. */
static bool is_played(const struct e100_minimized *minimized) {
  return minimized->subject != NULL && !minimized->target->tells_transcript;
}

void e100_minimized_case(const struct e100_minimized *minimized, struct e100_exchange *exchange) {
  const struct e100_breach *breach = minimized->breach;
  bool named = is_played(minimized) || (minimized->subject != NULL && breach->rule == E100_RULE_NONE);
  const char *who = named ? minimized->subject->name : e100_party_name(breach->party);
  struct e100_text title = {0};
  exchange->shows_count = 0;
  if (breach->rule != E100_RULE_NONE) {
    e100_rule_sentence(breach->rule, &title);
    e100_text_format(&title, "; %s %s.", who, forbids(breach->rule) ? "does" : "does not");
    exchange->shows_count = 1;
    (void)snprintf(exchange->shows[0], sizeof exchange->shows[0], "%s", e100_rule(breach->rule)->id);
  } else {
    e100_add_plain(&title, breach->what);
    e100_text_format(&title, " (target %s, %s)", minimized->target->name, who);
  }
  (void)snprintf(exchange->title, sizeof exchange->title, "%s", title.text);
  e100_text_free(&title);

  exchange->stays[0] = '\0'; /* what was said of a larger case */
  exchange->has_expected = 1;
  exchange->expected_count = 0;
  const struct e100_findings *findings = &minimized->verdict->findings;
  for (uint32_t i = 0; i < e100_findings_kept(findings) && i < E100_EXPECTED_LIMIT; i++) {
    struct e100_expected_finding *line = &exchange->expected[exchange->expected_count++];
    *line = (struct e100_expected_finding){.request = findings->list[i].request,
                                           .step = findings->list[i].step + 1};
    (void)snprintf(line->rule, sizeof line->rule, "%s", e100_rule(findings->list[i].rule)->id);
    (void)snprintf(line->link, sizeof line->link, "%s",
                   minimized->transcript->links[findings->list[i].link].name);
  }
}

/* Lower case, and one dash for each run of anything but letters and digits. */
static void add_kebab(struct e100_text *out, const char *text, size_t length) {
  bool dash = out->length > 0;
  for (size_t i = 0; i < length; i++) {
    char lower = (char)tolower((unsigned char)text[i]);
    if (!isalnum((unsigned char)lower)) {
      dash = out->length > 0;
      continue;
    }
    e100_text_add(out, "-", dash);
    e100_text_add(out, &lower, 1);
    dash = false;
  }
}

/* The parts of TEXT between its commas, as many as fit: "asked, no 100" never becomes "asked, no". */
static void add_parts(struct e100_text *out, const char *text, size_t limit) {
  for (size_t used = 0; *text != '\0';) {
    size_t length = strcspn(text, ",");
    used += length;
    if (used > limit)
      return;
    add_kebab(out, text, length);
    text += length + (text[length] == ',');
  }
}

void e100_minimized_name(const struct e100_minimized *minimized, const struct e100_exchange *exchange,
                         struct e100_text *out) {
  char first[E100_CAUSE_LIMIT];
  (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(minimized->cause, " "), minimized->cause);
  struct e100_text situation = {0};
  e100_text_add(&situation, "", 0);
  add_situation(minimized, &situation);
  add_kebab(out, first, strlen(first));
  add_parts(out, situation.text, NAME_WORDS_LIMIT);
  uint64_t hash = e100_exchange_hash(exchange);
  e100_text_format(out, "-%08x", (unsigned)(hash ^ hash >> 32) & 0xffffffffU);
  e100_text_free(&situation);
}

void e100_replay_command(const struct e100_minimized *minimized, const char *path, struct e100_text *out) {
  const char *command = getenv("E100_COMMAND");
  e100_text_format(out, "%s ", command != NULL && command[0] != '\0' ? command : "expect100");
  bool told = minimized->target->tells_transcript;
  if (minimized->breach->rule == E100_RULE_NONE && !told) { /* play shows findings only, and no invariants */
    struct e100_text folder = {0};
    size_t length = (size_t)(e100_base_name(path) - path);
    e100_text_add(&folder, path, length > 1 ? length - 1 : length);
    e100_text_format(out, "minimize --target %s --cause '%s' --out ", minimized->target->name,
                     minimized->cause);
    e100_shell_word(out, folder.length > 0 ? folder.text : ".");
    e100_text_format(out, " ");
    e100_text_free(&folder);
  } else {
    e100_text_format(out, is_played(minimized) ? "play " : "judge ");
  }
  if (is_played(minimized)) {
    e100_text_format(out, "--subject ");
    e100_shell_word(out, minimized->subject->name);
    e100_text_format(out, " ");
  }
  e100_shell_word(out, path);
}

static void add_rule(unsigned rule, struct e100_text *out) {
  const struct e100_rule_data *data = e100_rule(rule);
  e100_text_format(out, "rule        %s\nrequirement %s (a breach is a %s)\nsection     %s\n", data->id,
                   e100_requirement_name(data->requirement), e100_severity_name(e100_rule_severity(rule)),
                   data->section);
}

void e100_minimized_report(const struct e100_minimized *minimized, const struct e100_exchange *exchange,
                           const char *path, struct e100_text *out) {
  const struct e100_breach *breach = minimized->breach;
  e100_add_title(out, exchange, "");
  e100_text_format(out, "\n");
  if (breach->rule != E100_RULE_NONE)
    add_rule(breach->rule, out);
  else
    e100_text_format(out, "target      %s: %s\n", minimized->target->name, minimized->target->property);
  if (minimized->subject != NULL)
    e100_text_format(out, "subject     %s\n", minimized->subject->name);
  e100_text_format(out, "cause       ");
  e100_add_plain(out, minimized->cause);
  if (finding_of(minimized) != NULL) {
    e100_text_format(out, "\nto blame    %s\nwhere       ", e100_party_name(breach->party));
    e100_finding_place(minimized->transcript, finding_of(minimized), out);
    e100_text_format(out, "\nsituation   ");
    add_situation(minimized, out);
  }
  if (breach->considered != 0) {
    e100_text_format(out, "\npermitted   ");
    e100_alternatives_text(breach->permitted, out);
  }
  e100_text_format(out, "\nwhat        ");
  e100_add_plain(out, breach->what);
  e100_text_format(out, "\nreplay      ");
  e100_replay_command(minimized, path, out);
  e100_text_format(out, "\n\n");
  e100_marked_ladder(minimized->transcript, &minimized->verdict->findings, out);
}

json_t *e100_minimized_finding(const struct e100_minimized *minimized) {
  const struct e100_finding *finding = finding_of(minimized);
  if (finding != NULL) {
    const struct e100_looked_at looked = {.transcript = minimized->transcript, .verdict = minimized->verdict};
    return e100_reported_finding_json(&looked, (uint32_t)(finding - minimized->verdict->findings.list));
  }
  json_t *object =
      json_pack("{s:s, s:s, s:b, s:b}", "kind", "invariant", "severity", "violation", "fails", 1, "own", 1);
  E100_CHECK(object != NULL, "a broken invariant can be made into JSON");
  json_object_set_new(object, "cause", e100_json_string(minimized->cause));
  json_object_set_new(object, "what", e100_json_string(minimized->breach->what));
  return object;
}

json_t *e100_minimized_transcript(const struct e100_minimized *minimized,
                                  const struct e100_exchange *exchange, const char *path) {
  struct e100_text replay = {0};
  e100_replay_command(minimized, path, &replay);
  const struct e100_looked_at looked = {.name = path,
                                        .path = path,
                                        .exchange = exchange,
                                        .transcript = minimized->transcript,
                                        .replay = replay.text};
  json_t *object = e100_transcript_json(&looked);
  e100_text_free(&replay);
  return object;
}
