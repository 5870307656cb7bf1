/* report_parts.c - what several forms of a report say. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "report/report_forms.h"

bool e100_is_reported(const struct e100_report_finding *finding) {
  return finding->own;
}

const struct e100_report_transcript *e100_report_transcript_of(const struct e100_report *report,
                                                               const struct e100_report_finding *finding) {
  return finding->exchange >= 0 ? &report->transcripts[finding->exchange] : NULL;
}

/* PATH without the current folder and ./ at its begin. */
static const char *relative(const char *path) {
  char folder[PATH_MAX];
  if (path[0] == '/' && getcwd(folder, sizeof folder) != NULL) {
    size_t length = strlen(folder);
    if (strncmp(path, folder, length) == 0 && path[length] == '/')
      path += length + 1;
  }
  while (strncmp(path, "./", 2) == 0)
    path += 2 + strspn(path + 2, "/");
  return path;
}

const char *e100_report_path(const struct e100_report *report, const struct e100_report_finding *finding) {
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  const char *path =
      transcript != NULL ? transcript->path : (finding->log[0] != '\0' ? finding->log : finding->input);
  return relative(path);
}

uint64_t e100_report_line(const struct e100_report *report, const struct e100_report_finding *finding) {
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  if (finding->line > 0)
    return finding->line;
  return transcript != NULL && transcript->line > 0 ? transcript->line : 1;
}

void e100_report_sentences(const struct e100_report_finding *finding, struct e100_text *out) {
  e100_text_add(out, "", 0);
  if (strcmp(finding->kind, "rule") != 0) {
    e100_text_format(out, "%s", finding->what);
    if (out->length > 0 && out->text[out->length - 1] != '\n')
      e100_text_format(out, "\n");
    return;
  }
  e100_text_format(out, "Rule: %s, %s.\n", finding->rule, finding->section);
  e100_text_format(out, "Situation: %s.\n", finding->situation);
  if (json_array_size(finding->considered) > 0) {
    e100_text_format(out, "Permitted instead: ");
    e100_report_words(finding->permitted, ", or ", out);
    e100_text_format(out, "%s.\n", json_array_size(finding->permitted) == 0 ? "nothing" : "");
  }
  if (json_array_size(finding->reading) > 0) {
    e100_text_format(out, "Reading: ");
    e100_report_words(finding->reading, ", ", out);
    e100_text_format(out, ".\n");
  }
  if (finding->known[0] != '\0')
    e100_text_format(out, "Known: %s.\n", finding->known);
}
