/* report_junit.c - a report as JUnit's XML: cases as tests, findings as failures. */
#include <string.h>

#include "exchange/xml_text.h"
#include "report/report_forms.h"

static void attribute(struct e100_text *out, const char *name, const char *value) {
  e100_text_format(out, " %s=\"", name);
  for (const char *c = value; *c != '\0';) { /* line ends of an attribute would become blanks */
    size_t length = strcspn(c, "\n\t");
    e100_xml_octets(out, c, length);
    c += length;
    if (*c != '\0')
      e100_text_format(out, "&#%d;", *c++);
  }
  e100_text_format(out, "\"");
}

/* Folder and name of a case, as class and name of a test. */
static void begin_test(struct e100_text *out, const char *name, const char *otherwise) {
  const char *slash = strrchr(name, '/');
  struct e100_text folder = {0};
  e100_text_add(&folder, name, slash != NULL ? (size_t)(slash - name) : 0);
  e100_text_format(out, "  <testcase");
  attribute(out, "classname", folder.length > 0 ? folder.text : otherwise);
  attribute(out, "name", slash != NULL && slash[1] != '\0' ? slash + 1 : name);
  e100_text_free(&folder);
}

/* ---- cases ------------------------------------------------------------------------------------------------
 */

static bool is_of_case(const struct e100_report *report, const struct e100_report_finding *finding,
                       const struct e100_report_case *one) {
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  return transcript != NULL && strcmp(transcript->name, one->name) == 0;
}

static void add_finding(const struct e100_report *report, const struct e100_report_finding *finding,
                        struct e100_text *out) {
  const struct e100_report_transcript *transcript = e100_report_transcript_of(report, finding);
  e100_report_place(finding, out);
  e100_text_format(out, "%s%s\n", finding->step > 0 ? ": " : "",
                   finding->rule[0] != '\0' ? finding->rule : finding->kind);
  e100_report_sentences(finding, out);
  if (transcript != NULL && transcript->replay[0] != '\0')
    e100_text_format(out, "Replay: %s\n", transcript->replay);
}

/* All findings of a case that fail it, or all others: into TEXT, the name of the first one's group into NAME.
 */
static size_t collect(const struct e100_report *report, const struct e100_report_case *one, bool fails,
                      struct e100_text *text, const char **name) {
  size_t count = 0;
  const struct e100_report_run *run = &report->runs[one->run];
  for (size_t i = run->first_finding; i < run->first_finding + run->finding_count; i++) {
    const struct e100_report_finding *finding = &report->findings[i];
    if (finding->fails != fails || !e100_is_reported(finding) || !is_of_case(report, finding, one))
      continue;
    if (count++ == 0)
      *name = report->groups[finding->group].name;
    else
      e100_text_format(text, "\n");
    add_finding(report, finding, text);
  }
  return count;
}

static void add_failure(struct e100_text *out, const char *message, const char *text) {
  e100_text_format(out, "    <failure");
  attribute(out, "message", message);
  e100_text_format(out, " type=\"finding\">");
  e100_xml_text(out, text);
  e100_text_format(out, "</failure>\n");
}

static void add_case(const struct e100_report *report, const struct e100_report_case *one,
                     struct e100_text *out) {
  struct e100_text text = {0};
  const char *name = "failed; its findings are over the limit of the findings file";
  e100_text_add(&text, "", 0);
  begin_test(out, one->name, "expect100");
  e100_text_format(out, ">\n");
  if (strcmp(one->result, "failed") == 0) {
    (void)collect(report, one, true, &text, &name);
    add_failure(out, name, text.text);
  } else if (strcmp(one->result, "skipped") == 0) {
    e100_text_format(out, "    <skipped/>\n");
  } else if (strcmp(one->result, "unreadable") == 0) {
    e100_text_format(out, "    <error");
    attribute(out, "message", one->why[0] != '\0' ? one->why : "could not be looked at");
    e100_text_format(out, " type=\"unreadable\"/>\n");
  }
  text.length = 0;
  if (collect(report, one, false, &text, &name) > 0) {
    e100_text_format(out, "    <system-out>");
    e100_xml_text(out, text.text);
    e100_text_format(out, "</system-out>\n");
  }
  e100_text_format(out, "  </testcase>\n");
  e100_text_free(&text);
}

/* ---- causes of a run without cases -------------------------------------------------------------- */

/* The first finding of a group in a run that fails; NULL: none. */
static const struct e100_report_finding *first_of(const struct e100_report *report,
                                                  const struct e100_report_run *run, size_t group) {
  for (size_t i = run->first_finding; i < run->first_finding + run->finding_count; i++)
    if (report->findings[i].group == group && report->findings[i].fails &&
        e100_is_reported(&report->findings[i]))
      return &report->findings[i];
  return NULL;
}

static size_t add_causes(const struct e100_report *report, const struct e100_report_run *run,
                         struct e100_text *out) {
  size_t failures = 0;
  for (size_t i = 0; i < report->group_count; i++) {
    const struct e100_report_finding *finding = first_of(report, run, i);
    struct e100_text text = {0};
    if (finding == NULL)
      continue;
    failures++;
    begin_test(out, finding->rule[0] != '\0' ? finding->rule : finding->kind, "campaign");
    e100_text_format(out, ">\n");
    add_finding(report, finding, &text);
    add_failure(out, report->groups[i].name, text.text);
    e100_text_format(out, "  </testcase>\n");
    e100_text_free(&text);
  }
  if (failures == 0)
    e100_text_format(out, "  <testcase classname=\"campaign\" name=\"no findings\"/>\n");
  return failures;
}

/* ---- the document ------------------------------------------------------------------------------- */

/* The counts stand in the element's begin, so the tests are written first. */
static void add_suite(const struct e100_report *report, size_t index, struct e100_text *out) {
  const struct e100_report_run *run = &report->runs[index];
  struct e100_text tests = {0};
  uint64_t counts[4] = {run->exchanges, run->failed, run->unreadable, run->skipped};
  e100_text_add(&tests, "", 0);
  if (run->exchanges > 0) {
    for (size_t i = 0; i < report->case_count; i++)
      if (report->cases[i].run == index)
        add_case(report, &report->cases[i], &tests);
  } else {
    counts[1] = add_causes(report, run, &tests);
    counts[0] = counts[1] > 0 ? counts[1] : 1;
  }
  e100_text_format(out, " <testsuite");
  attribute(out, "name", run->command);
  e100_text_format(out, " tests=\"%llu\" failures=\"%llu\" errors=\"%llu\" skipped=\"%llu\">\n",
                   (unsigned long long)counts[0], (unsigned long long)counts[1],
                   (unsigned long long)counts[2], (unsigned long long)counts[3]);
  e100_text_add(out, tests.text, tests.length);
  e100_text_format(out, " </testsuite>\n");
  e100_text_free(&tests);
}

void e100_report_junit(const struct e100_report *report, struct e100_text *out) {
  e100_text_format(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"expect100\">\n");
  for (size_t i = 0; i < report->run_count; i++)
    add_suite(report, i, out);
  e100_text_format(out, "</testsuites>\n");
}
