/* report_annotations.c - findings as workflow commands of GitHub, which shows them beside the lines of a
 * change. */
#include <string.h>

#include "report/report_forms.h"

/* Commands end with their line, and the values of properties with a comma or two colons. */
static void add_escaped(struct e100_text *out, const char *text, bool property) {
  for (const char *c = text; *c != '\0'; c++) {
    unsigned char octet = (unsigned char)*c;
    if (octet == '%' || octet == '\r' || octet == '\n' || (property && (octet == ':' || octet == ',')))
      e100_text_format(out, "%%%02X", octet);
    else if (octet < 0x20 || octet == 0x7f)
      e100_text_format(out, "\\x%02X", octet);
    else
      e100_text_add(out, c, 1);
  }
}

static const char *command_of(const struct e100_report_finding *finding) {
  if (finding->known[0] != '\0' || strcmp(finding->severity, "note") == 0)
    return "notice";
  return finding->fails || strcmp(finding->severity, "violation") == 0 ? "error" : "warning";
}

static void annotate(const struct e100_report *report, const struct e100_report_finding *finding,
                     struct e100_text *out) {
  const char *path = e100_report_path(report, finding);
  const struct e100_report_group *group = &report->groups[finding->group];
  struct e100_text message = {0};
  e100_text_format(out, "::%s ", command_of(finding));
  if (path[0] != '\0') {
    e100_text_format(out, "file=");
    add_escaped(out, path, true);
    e100_text_format(out, ",line=%llu,", (unsigned long long)e100_report_line(report, finding));
  }
  e100_text_format(out, "title=");
  add_escaped(out, finding->rule[0] != '\0' ? finding->rule : finding->kind, true);
  e100_text_format(out, "::");
  e100_text_format(&message, "%s.\n", group->name);
  e100_report_sentences(finding, &message);
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  if (transcript != NULL && transcript->replay[0] != '\0')
    e100_text_format(&message, "Replay: %s\n", transcript->replay);
  message.text[message.length - 1] = '\0'; /* the last line end */
  add_escaped(out, message.text, false);
  e100_text_format(out, "\n");
  e100_text_free(&message);
}

void e100_report_github(const struct e100_report *report, struct e100_text *out) {
  e100_text_add(out, "", 0);
  for (size_t i = 0; i < report->finding_count; i++)
    if (e100_is_reported(&report->findings[i]))
      annotate(report, &report->findings[i], out);
  for (size_t i = 0; i < report->case_count; i++)
    if (strcmp(report->cases[i].result, "unreadable") == 0) {
      e100_text_format(out, "::error file=");
      add_escaped(out, report->cases[i].path, true);
      e100_text_format(out, ",title=could not be looked at::");
      add_escaped(out, report->cases[i].why[0] != '\0' ? report->cases[i].why : "could not be looked at",
                  false);
      e100_text_format(out, "\n");
    }
}
