/* comparison.c - what a case says must come out, against what came out. */
#include <string.h>

#include "report/comparison.h"
#include "report/finding_text.h"
#include "exchange/exchange_inside.h"

/* ---- findings ----------------------------------------------------------------------------------------- */

static bool matches(const struct e100_expected_finding *line, const struct e100_exchange *transcript,
                    const struct e100_finding *finding) {
  return (line->rule[0] == '\0' || strcmp(line->rule, e100_rule(finding->rule)->id) == 0) &&
         (line->link[0] == '\0' || strcmp(line->link, transcript->links[finding->link].name) == 0) &&
         (line->party == E100_NOBODY || line->party == finding->party) &&
         (line->request == 0 || line->request == finding->request) &&
         (line->step == 0 || line->step == finding->step + 1);
}

enum { UNMATCHED = -1 };

/* A line may match several findings and a finding several lines, so this is an assignment: each line asks
 * for a finding, and whoever has it looks for another one. */
struct assignment {
  const struct e100_exchange *expected;
  const struct e100_exchange *transcript;
  const struct e100_findings *findings;
  int line_of[E100_FINDINGS_LIMIT]; /* by finding */
  bool asked[E100_FINDINGS_LIMIT];
};

static bool assign(struct assignment *assignment, int line) {
  for (uint32_t i = 0; i < e100_findings_kept(assignment->findings); i++) {
    if (assignment->asked[i] || !matches(&assignment->expected->expected[line], assignment->transcript,
                                         &assignment->findings->list[i]))
      continue;
    assignment->asked[i] = true;
    if (assignment->line_of[i] == UNMATCHED || assign(assignment, assignment->line_of[i])) {
      assignment->line_of[i] = line;
      return true;
    }
  }
  return false;
}

static void add_expected(const struct e100_expected_finding *line, struct e100_text *out) {
  if (line->link[0] != '\0')
    e100_text_format(out, "link %s, ", line->link);
  if (line->party != E100_NOBODY)
    e100_text_format(out, "party %s, ", e100_party_name(line->party));
  if (line->request > 0)
    e100_text_format(out, "request %u, ", line->request);
  if (line->step > 0)
    e100_text_format(out, "step %u, ", line->step);
  if (out->length >= 2 && memcmp(out->text + out->length - 2, ", ", 2) == 0) {
    out->length -= 2;
    e100_text_format(out, ": ");
  }
  e100_add_plain(out, line->rule);
  if (line->rule[0] != '\0' && e100_rule_named(line->rule) == E100_RULE_NONE)
    e100_text_format(out, " (there is no such rule)");
}

/* Asks for a finding for LINE; false where there is none for it. */
static bool ask(struct assignment *assignment, uint32_t line) {
  memset(assignment->asked, 0, sizeof assignment->asked);
  return assign(assignment, (int)line);
}

static void begin(struct assignment *assignment) {
  for (uint32_t i = 0; i < E100_FINDINGS_LIMIT; i++)
    assignment->line_of[i] = UNMATCHED;
}

uint32_t e100_compare_findings(const struct e100_exchange *expected, const struct e100_exchange *transcript,
                               const struct e100_findings *findings, struct e100_text *out) {
  struct assignment assignment = {.expected = expected, .transcript = transcript, .findings = findings};
  uint32_t differences = 0;
  begin(&assignment);
  for (uint32_t line = 0; line < expected->expected_count; line++) {
    if (ask(&assignment, line))
      continue;
    differences++;
    e100_text_format(out, "not found:    ");
    add_expected(&expected->expected[line], out);
    e100_text_format(out, "\n");
  }
  for (uint32_t i = 0; i < e100_findings_kept(findings); i++) {
    if (assignment.line_of[i] != UNMATCHED)
      continue;
    differences++;
    e100_text_format(out, "not expected: ");
    e100_finding_line(transcript, &findings->list[i], out);
    e100_text_format(out, "\n");
  }
  if (findings->count > E100_FINDINGS_LIMIT) {
    differences++;
    e100_text_format(out, "not expected: more than %d findings\n", E100_FINDINGS_LIMIT);
  }
  return differences;
}

void e100_unexpected_findings(const struct e100_exchange *expected, const struct e100_exchange *transcript,
                              const struct e100_findings *findings, bool *unexpected) {
  struct assignment assignment = {.expected = expected, .transcript = transcript, .findings = findings};
  begin(&assignment);
  for (uint32_t line = 0; line < expected->expected_count; line++)
    (void)ask(&assignment, line);
  for (uint32_t i = 0; i < e100_findings_kept(findings); i++)
    unexpected[i] = assignment.line_of[i] == UNMATCHED;
}

/* ---- conduct ------------------------------------------------------------------------------------------- */

/* Finds status lines in octets that may be cut anywhere. */
struct status_scan {
  char line[16]; /* the begin of the line so far */
  size_t length; /* octets of that line so far, counted beyond what is kept too */
};

static void scan(struct status_scan *scan, const uint8_t *octets, size_t length, struct e100_text *out) {
  static const size_t whole = sizeof "HTTP/1.1 200" - 1;
  for (size_t i = 0; i < length; i++) {
    if (octets[i] == '\n') {
      scan->length = 0;
      continue;
    }
    if (scan->length < sizeof scan->line)
      scan->line[scan->length] = (char)octets[i];
    scan->length++;
    if (scan->length == whole && memcmp(scan->line, "HTTP/", 5) == 0)
      e100_text_format(out, " %c%c%c", scan->line[9], scan->line[10], scan->line[11]);
  }
}

static const char *ending_name(unsigned kind) {
  switch (kind) {
  case E100_STEP_OPEN:
    return " opens";
  case E100_STEP_HALF_CLOSE:
    return " half-closes";
  case E100_STEP_CLOSE:
    return " closes";
  case E100_STEP_RESET:
    return " resets";
  default:
    return "";
  }
}

/* ---- its three strands: what the subject sends, what its application is told, what that decides ------- */

/* Adds what one step says, in words. CONTENT counts octets that the application is told of one after the
 * other, however they were cut. */
struct saying {
  struct status_scan status;
  bool in_content;
  uint64_t content;
  uint64_t asked; /* octets of requests: they are compared as they are, by their number and a hash */
  uint32_t hash;
};
typedef void say_fn(struct saying *saying, const struct e100_exchange *exchange, const struct e100_step *step,
                    struct e100_text *out);

/* Requests that are made, or sent on, however they were cut (FNV-1a). */
static void ask_on(struct saying *saying, const uint8_t *octets, size_t length) {
  if (saying->asked == 0)
    saying->hash = 2166136261U;
  saying->asked += length;
  for (size_t i = 0; i < length; i++)
    saying->hash = (saying->hash ^ octets[i]) * 16777619U;
}

static void say_asked(struct saying *saying, struct e100_text *out) {
  if (saying->asked > 0)
    e100_text_format(out, " %llu octets (%08x)", (unsigned long long)saying->asked, saying->hash);
  saying->asked = 0;
}

static void say_sent(struct saying *saying, const struct e100_exchange *exchange,
                     const struct e100_step *step, struct e100_text *out) {
  const uint8_t *octets = e100_step_octets(exchange, step);
  bool asks = step->from == exchange->links[step->link].client;
  if (step->kind == E100_STEP_DELIVER && asks)
    ask_on(saying, octets, step->length);
  else if (step->kind == E100_STEP_DELIVER)
    scan(&saying->status, octets, step->length, out);
  else if (ending_name(step->kind)[0] != '\0')
    say_asked(saying, out);
  e100_text_format(out, "%s", ending_name(step->kind));
}

static void say_content(struct saying *saying, struct e100_text *out) {
  if (saying->in_content)
    e100_text_format(out, " content %llu", (unsigned long long)saying->content);
  saying->in_content = false;
  saying->content = 0;
}

static void say_told(struct saying *saying, const struct e100_exchange *exchange,
                     const struct e100_step *step, struct e100_text *out) {
  (void)exchange;
  if (step->what == E100_TOLD_CONTENT) {
    saying->in_content = true;
    saying->content += step->count;
    return;
  }
  say_content(saying, out);
  e100_text_format(out, " %s", e100_told_name(step->what));
  if (e100_step_tells_status(step))
    e100_text_format(out, " %u", (unsigned)step->status);
}

static void say_decided(struct saying *saying, const struct e100_exchange *exchange,
                        const struct e100_step *step, struct e100_text *out) {
  (void)saying, (void)exchange;
  e100_text_format(out, " %s", e100_decision_name(step->what));
  if (step->what == E100_DECIDE_RESPOND)
    e100_text_format(out, " %u", (unsigned)step->status);
  if ((step->flags & E100_STEP_CLOSING) != 0)
    e100_text_format(out, " close");
}

struct strand {
  say_fn *say;
  const char *should, *did;
};

static const struct strand strands[] = {{say_sent, "should do", "did"},
                                        {say_told, "should be told", "was told"},
                                        {say_decided, "should decide", "decided"}};
enum { SENT, TOLD, DECIDED, STRANDS };

static unsigned strand_of(const struct e100_step *step, unsigned party) {
  if (step->kind == E100_STEP_TOLD)
    return TOLD;
  if (step->kind == E100_STEP_DECIDED)
    return DECIDED;
  return step->from == party ? SENT : STRANDS;
}

/* A strand on LINK in words: " 100 201 closes". Of steps with the flag EXPECTED, or of those without;
 * false where there are none. */
static bool conduct(const struct e100_exchange *exchange, uint32_t link, unsigned strand, bool expected,
                    struct e100_text *out) {
  unsigned party = e100_role_party((enum e100_role)exchange->role);
  struct saying saying = {.content = 0};
  bool any = false;
  e100_text_add(out, "", 0);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    bool asked = step->link == link && ((step->flags & E100_STEP_EXPECTED) != 0) == expected;
    if (!asked || strand_of(step, party) != strand)
      continue;
    any = true;
    strands[strand].say(&saying, exchange, step, out);
  }
  say_content(&saying, out);
  say_asked(&saying, out);
  return any;
}

static uint32_t compare_strand(const struct e100_exchange *play, const struct e100_exchange *transcript,
                               uint32_t link, unsigned strand, struct e100_text *out) {
  const char *who = strand == SENT ? e100_party_name(e100_role_party((enum e100_role)play->role))
                                   : e100_party_name(E100_APPLICATION);
  struct e100_text wanted = {0};
  struct e100_text seen = {0};
  bool differs = false;
  if (conduct(play, link, strand, true, &wanted)) {
    conduct(transcript, link, strand, false, &seen);
    differs = strcmp(wanted.text, seen.text) != 0;
  }
  if (differs) {
    const char *should = strands[strand].should;
    const char *did = strands[strand].did;
    e100_text_format(out, "%s %s:%s\n%s %s:%*s%s\n", who, should, wanted.text, who, did,
                     (int)(strlen(should) - strlen(did)), "", seen.text);
  }
  e100_text_free(&wanted);
  e100_text_free(&seen);
  return differs ? 1 : 0;
}

uint32_t e100_compare_conduct(const struct e100_exchange *play, const struct e100_exchange *transcript,
                              struct e100_text *out) {
  uint32_t differences = 0;
  for (uint32_t link = 0; link < play->link_count; link++)
    for (unsigned strand = 0; strand < STRANDS; strand++)
      differences += compare_strand(play, transcript, link, strand, out);
  return differences;
}
