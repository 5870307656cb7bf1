/* report_triage.c - a report in a few lines: what there is to look at first. */
#include <string.h>

#include "report/finding_text.h"
#include "report/report_forms.h"

static const char *example_of(const struct e100_report *report, const struct e100_report_group *group) {
  if (group->smallest < 0)
    return "";
  return e100_report_path(report, &report->findings[group->smallest]);
}

static void add_sum(const struct e100_report *report, struct e100_text *out) {
  static const char *const severities[] = {"violation", "warning", "note"};
  const char *between = "";
  uint64_t all = 0;
  for (size_t i = 0; i < report->group_count; i++)
    all += report->groups[i].count;
  if (all == 0) {
    e100_text_format(out, "no findings\n");
    return;
  }
  e100_text_format(out, "%llu finding%s of %zu cause%s: ", (unsigned long long)all, all == 1 ? "" : "s",
                   report->group_count, report->group_count == 1 ? "" : "s");
  for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++) {
    uint64_t count = e100_report_count(report, severities[i]);
    if (count == 0)
      continue;
    e100_text_format(out, "%s%llu %s%s", between, (unsigned long long)count, severities[i],
                     count == 1 ? "" : "s");
    between = ", ";
  }
  e100_text_format(out, "\n");
}

void e100_report_triage(const struct e100_report *report, struct e100_text *out) {
  e100_text_add(out, "", 0);
  for (size_t i = 0; i < report->group_count; i++) {
    const struct e100_report_group *group = &report->groups[i];
    e100_text_format(out, "%6llu  %-9s  ", (unsigned long long)group->count, group->severity);
    e100_add_plain(out, group->name);
    if (group->situation[0] != '\0') {
      e100_text_format(out, " (");
      e100_add_plain(out, group->situation);
      e100_text_format(out, ")");
    }
    e100_text_format(out, "  ");
    e100_add_plain(out, group->rule[0] != '\0' ? group->rule : group->kind);
    e100_text_format(out, "  ");
    e100_add_plain(out, example_of(report, group));
    e100_text_format(out, "\n");
  }
  add_sum(report, out);
}
