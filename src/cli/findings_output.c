/* findings_output.c - the findings file of a run, and what is made of it at once. */
#include "cli/findings_output.h"

#include <stdlib.h>
#include <string.h>

#include "e100_config.h"
#include "report/report_forms.h"

static void add_program(struct e100_text *out) {
  const char *command = getenv("E100_COMMAND");
  e100_text_format(out, "%s", command != NULL && command[0] != '\0' ? command : "expect100");
}

void e100_command_text(int argc, char **argv, struct e100_text *out) {
  add_program(out);
  for (int i = 0; i < argc; i++) {
    e100_text_add(out, " ", 1);
    e100_shell_word(out, argv[i]);
  }
}

int e100_options_of_run(const struct e100_usage *usage, int argc, char **argv, int *operands,
                        struct e100_text *command) {
  e100_command_text(argc, argv, command);
  return e100_options(usage, argc, argv, operands);
}

static void add_unreadable(void *user, const char *path, uint64_t line, const char *why) {
  struct e100_findings_output *output = user;
  struct e100_text name = {0};
  e100_text_format(&name, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
  if (line > 0)
    e100_text_format(&name, ":%llu", (unsigned long long)line);
  const struct e100_looked_at looked = {
      .name = name.text, .path = path, .line = line, .why = why, .result = E100_RESULT_UNREADABLE};
  e100_findings_file_add(&output->file, &looked);
  e100_text_free(&name);
}

void e100_findings_output_begin(struct e100_findings_output *output, const char *command,
                                const char *subject) {
  output->wanted = output->wanted || output->findings != NULL || output->junit != NULL || output->github;
  if (!output->wanted)
    return;
  e100_findings_file_begin(&output->file, E100_VERSION, command, subject);
  e100_unreadable_hear(add_unreadable, output);
}

void e100_replay_text(const struct e100_source *source, const char *subject, struct e100_text *out) {
  add_program(out);
  e100_text_format(out, subject != NULL ? " play --subject " : " judge --ladder");
  if (subject != NULL)
    e100_shell_word(out, subject);
  e100_text_add(out, " ", 1);
  e100_shell_word(out, source->path);
}

void e100_looked_at_source(struct e100_looked_at *looked, const struct e100_source *source) {
  looked->name = source->name;
  looked->path = source->path;
  looked->line = source->line;
  looked->text = source->text;
  looked->text_length = source->length;
}

static bool write_findings(const struct e100_findings_output *output) {
  struct e100_text text = {0};
  e100_findings_file_print(&output->file, &text);
  bool written = e100_file_write(output->findings, text.text, text.length);
  if (!written) { /* nothing that was found is lost with a folder that cannot be written */
    e100_complain(output->findings, "the findings file goes to standard output instead");
    e100_put(&text);
  }
  e100_text_free(&text);
  return written;
}

static bool write_junit(const struct e100_findings_output *output, const struct e100_report *report) {
  struct e100_text text = {0};
  e100_report_junit(report, &text);
  bool written = e100_file_write(output->junit, text.text, text.length);
  e100_text_free(&text);
  return written;
}

int e100_findings_output_end(struct e100_findings_output *output, int code) {
  if (!output->wanted)
    return code;
  e100_unreadable_hear(NULL, NULL);
  struct e100_report report = {0};
  char reason[256];
  bool good = e100_report_add(&report, output->file.document, "", reason, sizeof reason);
  E100_CHECK(good, "a findings file of ours can be read again");
  e100_report_sort(&report);
  bool written = output->findings == NULL || write_findings(output);
  written = (output->junit == NULL || write_junit(output, &report)) && written;
  if (output->github) {
    struct e100_text text = {0};
    e100_report_github(&report, &text);
    e100_put(&text);
  }
  e100_report_free(&report);
  e100_findings_file_free(&output->file);
  return written ? code : E100_EXIT_CANNOT;
}
