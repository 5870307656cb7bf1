/* fuzz_findings.c - the causes that a campaign knows: what it found, and what it was told to excuse. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/fuzz.h"
#include "fuzz/known_causes.h"

struct e100_campaign_finding *e100_finding_of(struct e100_campaign *campaign, const char *cause) {
  for (size_t i = 0; i < campaign->finding_count; i++)
    if (strcmp(campaign->findings[i].cause, cause) == 0)
      return &campaign->findings[i];
  return NULL;
}

/* One write, so that a target that reads meanwhile sees whole lines. */
static bool append_known(const struct e100_campaign *campaign, const char *cause) {
  char *line = e100_format("%s\n", cause);
  bool fine = e100_out_append(campaign->known_fd, line, strlen(line)) && fsync(campaign->known_fd) == 0;
  free(line);
  return fine;
}

static bool is_excused(const struct e100_campaign *campaign, const char *cause) {
  for (const char *line = campaign->excused.text; line != NULL && *line != '\0';) {
    if (e100_cause_is_named(line, cause, NULL))
      return true;
    line += strcspn(line, "\n") + 1;
  }
  return false;
}

struct e100_campaign_finding *e100_finding_add(struct e100_campaign *campaign, enum e100_finding_kind kind,
                                               const char *cause, const struct e100_lane *lane) {
  if (is_excused(campaign, cause))
    return NULL;
  campaign->findings =
      realloc(campaign->findings, (campaign->finding_count + 1) * sizeof *campaign->findings);
  E100_CHECK(campaign->findings != NULL, "there is memory for a finding");
  struct e100_campaign_finding *finding = &campaign->findings[campaign->finding_count++];
  *finding = (struct e100_campaign_finding){.kind = kind, .engine = lane->engine, .plays = lane->plays};
  snprintf(finding->cause, sizeof finding->cause, "%s", cause);
  finding->target = e100_format("%s", lane->target);
  finding->executions = e100_lane_executions(campaign, lane);
  finding->seconds = e100_now() - campaign->start;
  if (kind == E100_FINDING_CAUSE && !append_known(campaign, cause))
    e100_campaign_fail(campaign, campaign->known_path, "cannot be written: %s", strerror(errno));
  e100_campaign_say(campaign, "finding %zu: %s (%s, %s)", campaign->finding_count, finding->cause,
                    lane->engine->title, lane->target);
  if (campaign->finding_count == E100_CAMPAIGN_FINDINGS_LIMIT) {
    e100_campaign_say(campaign, "that makes %d findings: enough to begin with, so the campaign ends",
                      E100_CAMPAIGN_FINDINGS_LIMIT);
    e100_campaign_stop(campaign);
  }
  return finding;
}

static size_t trim(const char **text, size_t length) {
  while (length > 0 && strchr(" \t\r", (*text)[length - 1]) != NULL)
    length--;
  while (length > 0 && strchr(" \t", **text) != NULL) {
    (*text)++;
    length--;
  }
  return length;
}

/* "CAUSE  # reason"; a line may be empty, or only a comment. False where a cause has no reason. */
static bool excuse_line(struct e100_campaign *campaign, const char *line, size_t length) {
  size_t end = 0;
  while (end < length && !(line[end] == '#' && (end == 0 || strchr(" \t", line[end - 1]) != NULL)))
    end++;
  const char *reason = line + end + 1;
  size_t reason_length = end < length ? trim(&reason, length - end - 1) : 0;
  size_t cause_length = trim(&line, end);
  if (cause_length > 0)
    e100_text_format(&campaign->excused, "%.*s\n", (int)cause_length, line);
  return cause_length == 0 || reason_length > 0;
}

bool e100_findings_excuse(struct e100_campaign *campaign, const char *path) {
  struct e100_text text = {0};
  bool fine = e100_file_read(path, &text);
  if (fine && memchr(text.text, '\0', text.length) != NULL) {
    e100_complain(path, "is not a text file; a known finding is a line 'CAUSE  # reason'");
    fine = false;
  }
  unsigned number = 1;
  for (size_t at = 0; fine && at < text.length; number++) {
    size_t length = strcspn(text.text + at, "\n");
    fine = excuse_line(campaign, text.text + at, length);
    if (!fine)
      e100_complain(path, "line %u: has no reason; add one after a #", number);
    at += length + 1;
  }
  e100_text_free(&text);
  if (fine && campaign->excused.length > 0 &&
      !e100_out_append(campaign->known_fd, campaign->excused.text, campaign->excused.length)) {
    e100_complain(campaign->known_path, "cannot be written: %s", strerror(errno));
    fine = false;
  }
  return fine;
}

void e100_finding_replay(const struct e100_campaign *campaign, const struct e100_campaign_finding *finding,
                         struct e100_text *out) {
  if (finding->replay != NULL) {
    e100_text_format(out, "%s", finding->replay);
    return;
  }
  const char *path = finding->case_path != NULL ? finding->case_path : finding->input;
  if (path == NULL)
    return;
  if (finding->case_path == NULL && finding->kind != E100_FINDING_CAUSE) {
    /* The engine's own program shows what only its sanitizers see. */
    char *program = e100_format("%s/%s/%s", campaign->libexec, finding->engine->name, finding->target);
    if (campaign->options.subject != NULL && finding->plays) {
      e100_text_format(out, "E100_SUBJECT=");
      e100_shell_word(out, campaign->options.subject);
      e100_text_format(out, " ");
    }
    e100_shell_word(out, program);
    free(program);
  } else if (finding->case_path == NULL) {
    e100_text_format(out, "%s minimize --target %s --input", campaign->command, finding->target);
  } else {
    e100_text_format(out, "%s %s", campaign->command, finding->plays ? "play" : "judge");
  }
  e100_text_format(out, " ");
  e100_shell_word(out, path);
  if (campaign->options.subject != NULL && finding->plays &&
      (finding->case_path != NULL || finding->kind == E100_FINDING_CAUSE)) {
    e100_text_format(out, " --subject ");
    e100_shell_word(out, campaign->options.subject);
  }
}

void e100_findings_free(struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->finding_count; i++) {
    struct e100_campaign_finding *finding = &campaign->findings[i];
    char *owned[] = {finding->target, finding->input, finding->case_path, finding->text_path,
                     finding->what,   finding->party, finding->replay};
    for (size_t j = 0; j < sizeof owned / sizeof owned[0]; j++)
      free(owned[j]);
    json_decref(finding->reported);
    json_decref(finding->transcript);
  }
  free(campaign->findings);
  e100_text_free(&campaign->excused);
}
