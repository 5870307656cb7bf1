/*
 * findings_output.h - what judge, play, replay and others write about their findings for later: the findings
 * file, and the reports that come straight from it.
 */
#ifndef E100_FINDINGS_OUTPUT_H
#define E100_FINDINGS_OUTPUT_H

#include <stdbool.h>

#include "cli/cli.h"
#include "report/findings_file.h"

/* Where findings go. Start with {0}. */
struct e100_findings_output {
  const char *findings; /* --findings FILE, or NULL */
  const char *junit;    /* --junit FILE, or NULL */
  bool github;          /* --github: workflow commands on standard output */
  bool wanted;          /* any of these: the file is being made */
  struct e100_findings_file file;
};

/* The options of it, for a table of options. */
/* clang-format off */
#define E100_FINDINGS_OPTIONS(output)                                                                         \
  {"findings", "FILE", "write a findings file, from which report makes all others", NULL, &(output).findings}, \
  {"junit", "FILE", "write the cases as JUnit's XML", NULL, &(output).junit},                                  \
  {"github", NULL, "print the findings as annotations of GitHub's workflows", &(output).github, NULL}
/* clang-format on */

/* The command of ARGC words as a shell reads it; call it before the options are read, as these move them. */
void e100_command_text(int argc, char **argv, struct e100_text *out);

/* e100_options, and before it e100_command_text into COMMAND, which the caller frees. */
int e100_options_of_run(const struct e100_usage *usage, int argc, char **argv, int *operands,
                        struct e100_text *command);

/* Begins the file where one is wanted; what can't be read from now on (e100_unreadable) goes into it, too.
 * SUBJECT: what is played against, or NULL. */
void e100_findings_output_begin(struct e100_findings_output *output, const char *command,
                                const char *subject);

/* The command that shows an exchange again: play with SUBJECT, or judge where that is NULL. */
void e100_replay_text(const struct e100_source *source, const char *subject, struct e100_text *out);

/* Fills what SOURCE says into LOOKED. */
void e100_looked_at_source(struct e100_looked_at *looked, const struct e100_source *source);

/* Writes what was asked for, and frees. CODE is the run's exit code: it comes back, or E100_EXIT_CANNOT after
 * a message where something could not be written. A findings file that could not be written goes to standard
 * output where that takes it. */
int e100_findings_output_end(struct e100_findings_output *output, int code);

#endif
