/* main.c - expect100: the table of its subcommands. */
#include <signal.h>
#include <string.h>

#include "cli/cli.h"
#include "e100_config.h"
#include "libraries/library.h"
#include "live/client_program.h"
#include "live/live_subject.h"

static int version(int argc, char **argv);
static int help(int argc, char **argv);

static const struct command {
  const char *name;
  const char *sentence;
  int (*run)(int argc, char **argv);
} commands[] = {
    {"fuzz", "runs a fuzzing campaign against a subject", e100_cli_fuzz},
    {"play", "plays exchanges against a subject, shows the ladder diagram and the findings", e100_cli_play},
    {"survey", "plays many situations against programs behind sockets", e100_cli_survey},
    {"record", "stands between two programs, and judges what passes", e100_cli_record},
    {"serve", "serves as the reference origin server", e100_cli_serve},
    {"judge", "judges recorded exchanges: cases, folders, JSON Lines", e100_cli_judge},
    {"diagnose", "says which hop refuses the expectation, from captures and access logs", e100_cli_diagnose},
    {"replay", "plays or judges every case again, and compares with what it says", e100_cli_replay},
    {"triage", "groups cases or findings by their cause", e100_cli_triage},
    {"report", "makes HTML, SARIF, JUnit, Markdown or annotations of findings files", e100_cli_report},
    {"minimize", "makes the input of a finding as small as it can be", e100_cli_minimize},
    {"list", "lists rules, faults, targets, subjects or cases", e100_cli_list},
    {"explain", "explains a rule or a fault", e100_cli_explain},
    {"lint", "says what looks wrong in a case", e100_cli_lint},
    {"print", "prints an exchange as case, JSON, ladder diagram or choices", e100_cli_print},
    {"check", "searches everything that can happen in a conversation with the machine", e100_cli_check},
    {"export", "writes exchanges as a capture that Wireshark shows", e100_cli_export},
    {"docs", "writes the documents that are made of rules, tables, faults and cases", e100_cli_docs},
    {"seeds", "cuts the seeds of the fuzz targets from the cases", e100_cli_seeds},
    {"ossfuzz", "builds fuzz targets as OSS-Fuzz does, and checks every build", e100_cli_ossfuzz},
    {"version", "prints the version", version},
    {"help", "prints this, or the help of a subcommand", help},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const char *command_name_at(size_t index) {
  return index < COMMAND_COUNT ? commands[index].name : NULL;
}

static const struct command *command_named(const char *name) {
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    if (strcmp(commands[i].name, name) == 0)
      return &commands[i];
  if (strcmp(name, "test") == 0)
    e100_complain(NULL, "test is there in the source tree only: ./expect100 test");
  else
    e100_complain_unknown("subcommand", name, command_name_at, "expect100 help");
  return NULL;
}

static int version(int argc, char **argv) {
  const struct e100_usage usage = {
      .command = "version", .operands = "", .sentence = "Prints the version.", .details = ""};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  printf("expect100 %s (llhttp %s)\n", E100_VERSION, E100_LLHTTP_VERSION);
  return E100_EXIT_FINE;
}

static int help(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--help") != 0 && strcmp(argv[1], "-h") != 0) {
    const struct command *command = command_named(argv[1]);
    char option[] = "--help";
    char *arguments[] = {argv[1], option, NULL};
    return command == NULL        ? E100_EXIT_CANNOT
           : command->run == help ? help(1, argv)
                                  : command->run(2, arguments);
  }
  printf("usage: expect100 SUBCOMMAND [OPTION]... [OPERAND]...\n\n"
         "Fuzzing and robustness tests for Expect: 100-continue (RFC 9110 10.1.1).\n\n");
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    printf("  %-10s %s\n", commands[i].name, commands[i].sentence);
  printf("\nEach subcommand has its own --help. Exit codes: 0 fine, 1 findings or differences, 2 could not\n"
         "run; minimize: 3 the input shows nothing.\n");
  return E100_EXIT_FINE;
}

int main(int argc, char **argv) {
  /* A file that grows over a limit is an error that can be told, not a death. */
  (void)signal(SIGXFSZ, SIG_IGN);
  if (argc < 2) {
    e100_complain(NULL, "name a subcommand; see expect100 help");
    return E100_EXIT_CANNOT;
  }
  e100_libraries_add();
  e100_live_subjects_add();
  e100_client_programs_add();
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
    name = "help";
  if (strcmp(name, "--version") == 0)
    name = "version";
  const struct command *command = command_named(name);
  int code = command != NULL ? command->run(argc - 1, argv + 1) : E100_EXIT_CANNOT;
  return e100_output_finished() ? code : E100_EXIT_CANNOT;
}
