/* finding_text.c - findings for people. */
#include <stdlib.h>
#include <string.h>

#include "report/finding_text.h"

uint32_t e100_findings_kept(const struct e100_findings *findings) {
  return findings->count < E100_FINDINGS_LIMIT ? findings->count : E100_FINDINGS_LIMIT;
}

void e100_add_plain(struct e100_text *out, const char *text) {
  for (const char *c = text; *c != '\0'; c++) {
    unsigned char octet = (unsigned char)*c;
    if (octet < 0x20 || octet == 0x7f)
      e100_text_format(out, "\\x%02X", octet);
    else
      e100_text_add(out, c, 1);
  }
}

void e100_add_title(struct e100_text *out, const struct e100_exchange *exchange, const char *prefix) {
  char line[E100_TITLE_LIMIT];
  for (const char *at = exchange->title; *at != '\0';) {
    size_t length = strcspn(at, "\n");
    memcpy(line, at, length);
    line[length] = '\0';
    e100_text_format(out, "%s", prefix);
    e100_add_plain(out, line);
    e100_text_format(out, "\n");
    at += length + (at[length] == '\n');
  }
}

void e100_finding_place(const struct e100_exchange *transcript, const struct e100_finding *finding,
                        struct e100_text *out) {
  const char *name = transcript->links[finding->link].name;
  if (name[0] != '\0')
    e100_text_format(out, "link %s, ", name);
  if (finding->request > 0)
    e100_text_format(out, "request %u, ", finding->request);
  e100_text_format(out, "step %u", finding->step + 1);
}

void e100_finding_line(const struct e100_exchange *transcript, const struct e100_finding *finding,
                       struct e100_text *out) {
  e100_finding_place(transcript, finding, out);
  e100_text_format(out, ": %s", e100_rule(finding->rule)->id);
}

void e100_rule_sentence(unsigned rule, struct e100_text *out) {
  const struct e100_rule_data *data = e100_rule(rule);
  const char *must = data->requirement == E100_REQUIREMENT_QUALITY ? "does well to"
                                                                   : e100_requirement_name(data->requirement);
  e100_text_format(out, "%s %s %s", e100_bound_name(data->bound), must, data->text);
}

const char *e100_seen_sentence(unsigned seen) {
  switch (seen) {
  case E100_SEEN_WIRE:
    return "the octets on the wire show a breach";
  case E100_SEEN_SETTLED:
    return "a silence shows a breach: nobody can go on, and what is owed has not come";
  case E100_SEEN_APP:
    return "the application's view shows a breach; of an intermediary, what it passes on shows it as well";
  default:
    return "nothing shows a breach: it is about intent";
  }
}

void e100_alternatives_text(unsigned set, struct e100_text *out) {
  unsigned left = set;
  for (unsigned i = 0; i < E100_ALT_COUNT; i++) {
    if ((set & 1U << i) == 0)
      continue;
    left &= ~(1U << i);
    bool first = (set & ((1U << i) - 1)) == 0;
    e100_text_format(out, "%s%s", first ? "" : (left == 0 ? ", or " : ", "), e100_alternative_name(i));
  }
  if (set == 0)
    e100_text_format(out, "nothing");
}

static void add_readings(uint32_t readings, struct e100_text *out) {
  const char *between = "";
  for (unsigned bit = 0; bit < 32 && e100_reading_name(bit) != NULL; bit++) {
    if ((readings & 1U << bit) == 0)
      continue;
    e100_text_format(out, "%s%s", between, e100_reading_name(bit));
    between = ", ";
  }
}

static const char *severity_colour(unsigned severity) {
  switch (severity) {
  case E100_VIOLATION:
    return "\033[1;31m";
  case E100_WARNING:
    return "\033[1;33m";
  default:
    return "\033[1;36m";
  }
}

void e100_finding_text(const struct e100_exchange *transcript, const struct e100_finding *finding,
                       bool colours, struct e100_text *out) {
  unsigned severity = e100_rule_severity(finding->rule);
  e100_text_format(out, "%s%s%s %s: ", colours ? severity_colour(severity) : "", e100_severity_name(severity),
                   colours ? "\033[0m" : "", e100_rule(finding->rule)->id);
  e100_finding_place(transcript, finding, out);
  if (finding->step < transcript->step_count) {
    e100_text_format(out, " (");
    e100_step_heading(transcript, &transcript->steps[finding->step], out);
    e100_text_format(out, ")");
  }
  e100_text_format(out, "\n  to blame   %s\n  rule       ", e100_party_name(finding->party));
  e100_rule_sentence(finding->rule, out);
  e100_text_format(out, " (%s)\n  situation  ", e100_rule(finding->rule)->section);
  e100_view_state_text(finding->situation, out);
  if (finding->considered != 0) {
    e100_text_format(out, "\n  permitted  ");
    e100_alternatives_text(finding->permitted, out);
  }
  if (finding->reading != 0) {
    e100_text_format(out, "\n  reading    ");
    add_readings(finding->reading, out);
  }
  e100_text_format(out, "\n");
}

void e100_marked_ladder(const struct e100_exchange *transcript, const struct e100_findings *findings,
                        struct e100_text *out) {
  uint8_t *marks = calloc(transcript->step_count + 1U, 1);
  E100_CHECK(marks != NULL, "there is memory for one octet a step");
  for (uint32_t i = 0; i < e100_findings_kept(findings); i++)
    if (findings->list[i].step < transcript->step_count)
      marks[findings->list[i].step] = 1;
  e100_ladder_print(transcript, marks, out);
  free(marks);
}

void e100_findings_count(const struct e100_findings *findings, struct e100_text *out) {
  unsigned of[E100_SEVERITY_COUNT] = {0};
  for (uint32_t i = 0; i < e100_findings_kept(findings); i++)
    of[e100_rule_severity(findings->list[i].rule)]++;
  const char *between = "";
  for (unsigned severity = 0; severity < E100_SEVERITY_COUNT; severity++) {
    if (of[severity] == 0)
      continue;
    e100_text_format(out, "%s%u %s%s", between, of[severity], e100_severity_name(severity),
                     of[severity] == 1 ? "" : "s");
    between = ", ";
  }
  if (findings->count == 0)
    e100_text_format(out, "no findings");
  else if (findings->count > E100_FINDINGS_LIMIT)
    e100_text_format(out, ", and %u more that were not kept", findings->count - E100_FINDINGS_LIMIT);
}
