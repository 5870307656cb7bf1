/* report_data.c - findings files, put together for reports. */
#include <stdlib.h>
#include <string.h>

#include "report/report_data.h"
#include "report/report_reading.h"

static void *grown(void *list, size_t count, size_t size) {
  void *larger = realloc(list, (count > 0 ? count : 1) * size);
  E100_CHECK(larger != NULL, "there is memory for a report");
  return larger;
}

void e100_report_free(struct e100_report *report) {
  json_decref(report->documents);
  free(report->runs);
  free(report->findings);
  free(report->groups);
  free(report->transcripts);
  free(report->cases);
  *report = (struct e100_report){0};
}

/* ---- what reports ask for ----------------------------------------------------------------------------- */

uint64_t e100_report_count(const struct e100_report *report, const char *severity) {
  uint64_t count = 0;
  for (size_t i = 0; i < report->group_count; i++)
    if (strcmp(report->groups[i].severity, severity) == 0)
      count += report->groups[i].count;
  return count;
}

void e100_report_words(const json_t *list, const char *last, struct e100_text *out) {
  size_t count = json_array_size(list);
  e100_text_add(out, "", 0);
  for (size_t i = 0; i < count; i++) {
    const char *between = i == 0 ? "" : (i + 1 < count ? ", " : last);
    e100_text_format(out, "%s%s", between, json_string_value(json_array_get(list, i)));
  }
}

void e100_report_place(const struct e100_report_finding *finding, struct e100_text *out) {
  e100_text_add(out, "", 0);
  if (finding->link[0] != '\0')
    e100_text_format(out, "link %s, ", finding->link);
  if (finding->request > 0)
    e100_text_format(out, "request %llu, ", (unsigned long long)finding->request);
  if (finding->step > 0)
    e100_text_format(out, "step %llu", (unsigned long long)finding->step);
}

/* ---- order ----------------------------------------------------------------------------------------------
 */

static int rank_of(const char *severity) {
  static const char *const ranks[] = {"violation", "warning", "note"};
  for (int i = 0; i < 3; i++)
    if (strcmp(severity, ranks[i]) == 0)
      return i;
  return 3;
}

static int by_importance(const void *a, const void *b) {
  const struct e100_report_group *first = a;
  const struct e100_report_group *second = b;
  int ranks = rank_of(first->severity) - rank_of(second->severity);
  if (ranks != 0)
    return ranks;
  /* That something else came out says less than which rule is broken. */
  int differences = (strcmp(first->kind, "difference") == 0) - (strcmp(second->kind, "difference") == 0);
  if (differences != 0)
    return differences;
  if (first->count != second->count)
    return first->count < second->count ? 1 : -1;
  int names = strcmp(first->name, second->name);
  return names != 0 ? names : strcmp(first->id, second->id);
}

void e100_report_sort(struct e100_report *report) {
  if (report->group_count > 1)
    qsort(report->groups, report->group_count, sizeof *report->groups, by_importance);
  for (size_t i = 0; i < report->finding_count; i++)
    for (size_t j = 0; j < report->group_count; j++)
      if (strcmp(report->findings[i].group_id, report->groups[j].id) == 0)
        report->findings[i].group = j;
}

/* ---- one file -------------------------------------------------------------------------------------------
 */

/* Puts the groups of a file to those that are there: the same cause is one group. */
static void add_group(struct e100_report *report, const struct e100_report_group *group) {
  for (size_t i = 0; i < report->group_count; i++) {
    struct e100_report_group *known = &report->groups[i];
    if (strcmp(known->id, group->id) != 0)
      continue;
    known->count += group->count;
    known->smallest = known->smallest >= 0 ? known->smallest : group->smallest;
    return;
  }
  report->groups = grown(report->groups, report->group_count + 1, sizeof *report->groups);
  report->groups[report->group_count++] = *group;
}

static void append(void **list, size_t *count, const void *more, size_t more_count, size_t size) {
  if (more_count == 0)
    return;
  *list = grown(*list, *count + more_count, size);
  memcpy((char *)*list + *count * size, more, more_count * size);
  *count += more_count;
}

void e100_report_merge(struct e100_report *report, struct e100_report *one) {
  for (size_t i = 0; i < one->group_count; i++) {
    if (one->groups[i].smallest >= 0)
      one->groups[i].smallest += (int64_t)report->finding_count;
    add_group(report, &one->groups[i]);
  }
  for (size_t i = 0; i < one->finding_count; i++)
    if (one->findings[i].exchange >= 0)
      one->findings[i].exchange += (int64_t)report->transcript_count;
  for (size_t i = 0; i < one->case_count; i++)
    one->cases[i].run = report->run_count;
  one->runs[0].first_finding = report->finding_count;
  append((void **)&report->findings, &report->finding_count, one->findings, one->finding_count,
         sizeof *one->findings);
  append((void **)&report->transcripts, &report->transcript_count, one->transcripts, one->transcript_count,
         sizeof *one->transcripts);
  append((void **)&report->cases, &report->case_count, one->cases, one->case_count, sizeof *one->cases);
  append((void **)&report->runs, &report->run_count, one->runs, 1, sizeof *one->runs);
  if (report->documents == NULL)
    report->documents = json_array();
  json_array_extend(report->documents, one->documents);
}
