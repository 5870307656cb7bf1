/* report_command.c - makes reports of findings files, in the forms that other programs and people take. */
#include <string.h>

#include "cli/cli.h"
#include "report/report_forms.h"

struct reporting {
  const char *html, *sarif, *junit, *markdown;
  bool github;
  struct e100_report report;
  struct e100_case_notes precedents;
};

/* ---- what is read -----------------------------------------------------------------------------------------
 */

/* The findings file of a campaign's folder. */
static bool path_of(const char *operand, struct e100_text *path) {
  if (!e100_is_folder(operand)) {
    e100_text_format(path, "%s", operand);
    return true;
  }
  e100_path_in(path, operand, "findings.json");
  if (e100_is_file(path->text))
    return true;
  e100_complain(operand,
                "has no findings.json, which a campaign leaves at its end; for a folder of cases make "
                "one with: expect100 play --findings FILE DIR");
  return false;
}

static bool read_one(struct reporting *reporting, const char *operand) {
  struct e100_text path = {0};
  struct e100_text text = {0};
  char reason[256];
  bool good = path_of(operand, &path) && e100_file_read(path.text, &text);
  if (good &&
      !e100_report_add_text(&reporting->report, text.text, text.length, operand, reason, sizeof reason)) {
    e100_complain(path.text, "%s", reason);
    good = false;
  }
  e100_text_free(&path);
  e100_text_free(&text);
  return good;
}

static int note_precedent(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  e100_case_notes_add(user, source->path, exchange);
  return E100_EXIT_FINE;
}

/* The public bugs that came with the program; without them reports say less. */
static void read_precedents(struct reporting *reporting) {
  struct e100_text cases = {0};
  struct e100_text folder = {0};
  size_t count = 0;
  if (e100_share_folder("cases", &cases)) {
    e100_path_in(&folder, cases.text, "precedents");
    if (e100_is_folder(folder.text))
      (void)e100_each_exchange(folder.text, note_precedent, &reporting->precedents, &count);
  }
  e100_text_free(&cases);
  e100_text_free(&folder);
}

/* ---- what is written ---------------------------------------------------------------------------- */

/* Writes TEXT to PATH, "-" for standard output, and frees it. */
static bool put_file(const char *path, struct e100_text *text) {
  if (strcmp(path, "-") == 0) {
    e100_put(text);
    return true;
  }
  bool written = e100_file_write(path, text->text, text->length);
  e100_text_free(text);
  return written;
}

static bool write_plain(const char *path, void form(const struct e100_report *, struct e100_text *),
                        const struct e100_report *report) {
  struct e100_text text = {0};
  if (path == NULL)
    return true;
  form(report, &text);
  return put_file(path, &text);
}

static bool write_illustrated(const char *path,
                              void form(const struct e100_report *, const struct e100_case_notes *,
                                        struct e100_text *),
                              const struct reporting *reporting) {
  struct e100_text text = {0};
  if (path == NULL)
    return true;
  form(&reporting->report, &reporting->precedents, &text);
  return put_file(path, &text);
}

/* Every form is tried, whatever became of the ones before. */
static bool write_all(const struct reporting *reporting) {
  const struct e100_report *report = &reporting->report;
  bool asked = reporting->html != NULL || reporting->sarif != NULL || reporting->junit != NULL ||
               reporting->markdown != NULL || reporting->github;
  bool written = write_illustrated(reporting->html, e100_report_page, reporting);
  written = write_plain(reporting->sarif, e100_report_sarif, report) && written;
  written = write_plain(reporting->junit, e100_report_junit, report) && written;
  written = write_illustrated(reporting->markdown, e100_report_markdown, reporting) && written;
  written = write_plain(reporting->github ? "-" : NULL, e100_report_github, report) && written;
  return write_plain(asked ? NULL : "-", e100_report_triage, report) && written;
}

static int run(struct reporting *reporting, int operands, char **argv) {
  int code = E100_EXIT_FINE;
  for (int i = 1; i <= operands; i++)
    if (!read_one(reporting, argv[i]))
      code = E100_EXIT_CANNOT;
  if (operands == 0)
    e100_complain(NULL, "report: name at least one findings file; a run with --findings FILE writes one");
  if (reporting->report.run_count == 0)
    return E100_EXIT_CANNOT;
  read_precedents(reporting);
  e100_report_sort(&reporting->report);
  return write_all(reporting) ? code : E100_EXIT_CANNOT;
}

int e100_cli_report(int argc, char **argv) {
  struct reporting reporting = {0};
  const struct e100_option options[] = {
      {"html", "FILE", "one page for a browser, which needs nothing else", NULL, &reporting.html},
      {"sarif", "FILE", "SARIF 2.1.0, as code scanning takes it", NULL, &reporting.sarif},
      {"junit", "FILE", "JUnit's XML", NULL, &reporting.junit},
      {"markdown", "FILE", "Markdown, for an issue or the summary of a workflow", NULL, &reporting.markdown},
      {"github", NULL, "annotations of GitHub's workflows, on standard output", &reporting.github, NULL},
  };
  const struct e100_usage usage = {
      .command = "report",
      .operands = "FILE|DIR...",
      .sentence = "Makes reports of findings files: of runs with --findings, or of a campaign's folder.",
      .details =
          "Several files become one report. FILE - is standard output. Without an option: one line for\n"
          "each cause, as triage prints them.\n"
          "Exit code: 0 all is written, whatever was found; 2 something could not be read or written.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  code = run(&reporting, operands, argv);
  e100_report_free(&reporting.report);
  e100_case_notes_free(&reporting.precedents);
  return code;
}
