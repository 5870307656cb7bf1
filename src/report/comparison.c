/* comparison.c - what a case says must come out, against what came out. */
#include <string.h>

#include "report/comparison.h"
#include "report/finding_text.h"

/* ---- findings ----------------------------------------------------------------------------------------- */

static bool matches(const struct e100_expected_finding *line, const struct e100_exchange *transcript,
                    const struct e100_finding *finding) {
  return (line->rule[0] == '\0' || strcmp(line->rule, e100_rule(finding->rule)->id) == 0) &&
         (line->link[0] == '\0' || strcmp(line->link, transcript->links[finding->link].name) == 0) &&
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

uint32_t e100_compare_findings(const struct e100_exchange *expected, const struct e100_exchange *transcript,
                               const struct e100_findings *findings, struct e100_text *out) {
  struct assignment assignment = {.expected = expected, .transcript = transcript, .findings = findings};
  uint32_t differences = 0;
  for (uint32_t i = 0; i < E100_FINDINGS_LIMIT; i++)
    assignment.line_of[i] = UNMATCHED;
  for (uint32_t line = 0; line < expected->expected_count; line++) {
    memset(assignment.asked, 0, sizeof assignment.asked);
    if (assign(&assignment, (int)line))
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

/* What PARTY did on LINK, as words: " 100 201 closes". Steps with the flag EXPECTED, or those without. */
static bool conduct(const struct e100_exchange *exchange, uint32_t link, unsigned party, bool expected,
                    struct e100_text *out) {
  struct status_scan state = {0};
  bool any = false;
  e100_text_add(out, "", 0);
  for (uint32_t i = 0; i < exchange->step_count; i++) {
    const struct e100_step *step = &exchange->steps[i];
    if (step->link != link || step->from != party || ((step->flags & E100_STEP_EXPECTED) != 0) != expected)
      continue;
    any = true;
    if (step->kind == E100_STEP_DELIVER)
      scan(&state, e100_step_octets(exchange, step), step->length, out);
    e100_text_format(out, "%s", ending_name(step->kind));
  }
  return any;
}

uint32_t e100_compare_conduct(const struct e100_exchange *play, const struct e100_exchange *transcript,
                              struct e100_text *out) {
  unsigned party = e100_role_party((enum e100_role)play->role);
  uint32_t differences = 0;
  for (uint32_t link = 0; link < play->link_count; link++) {
    struct e100_text wanted = {0};
    struct e100_text seen = {0};
    if (conduct(play, link, party, true, &wanted)) {
      conduct(transcript, link, party, false, &seen);
      if (strcmp(wanted.text, seen.text) != 0) {
        differences++;
        e100_text_format(out, "%s should do:%s\n%s did:      %s\n", e100_party_name(party), wanted.text,
                         e100_party_name(party), seen.text);
      }
    }
    e100_text_free(&wanted);
    e100_text_free(&seen);
  }
  return differences;
}
