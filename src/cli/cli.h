/*
 * cli.h - what the subcommands of expect100 share: exit codes, options, files, cases, suggestions.
 *
 * One file a subcommand; each has one entry, with the subcommand's own name as argv[0], that gives the
 * exit code. Messages go to stderr as "expect100: FILE: what is wrong; what to do", and results to
 * stdout. Nothing here keeps global state but who hears of what is unreadable, the last message, and that the
 * program was interrupted: one process runs one command.
 */
#ifndef E100_CLI_H
#define E100_CLI_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "exchange/exchange.h"

/* What every subcommand ends with. */
enum e100_exit {
  E100_EXIT_FINE = 0,
  E100_EXIT_FOUND = 1,         /* findings, differences, or things to say about a case */
  E100_EXIT_CANNOT = 2,        /* could not run, or could not look at everything */
  E100_EXIT_NOT_REPRODUCED = 3 /* minimize only: the input shows nothing */
};

/* Limits of what is read. */
enum {
  E100_FILE_LIMIT = 16 * 1024 * 1024, /* octets of a file that is read whole, or of one line of JSON Lines */
  E100_CASE_ADVICE = 1024,            /* octets from which lint asks for a shorter case */
  E100_FOLDER_DEPTH_LIMIT = 32,       /* folders inside folders that are looked into */
  E100_LOSSES_TOLD_LIMIT = 8,         /* messages about lines of one case that cannot be read */
  E100_PATH_LIMIT = 4096              /* octets of the path of the program itself */
};

/* ---- the subcommands ---------------------------------------------------------------------------- */

int e100_cli_play(int argc, char **argv);
int e100_cli_judge(int argc, char **argv);
int e100_cli_diagnose(int argc, char **argv);
int e100_cli_export(int argc, char **argv);
int e100_cli_replay(int argc, char **argv);
int e100_cli_minimize(int argc, char **argv);
int e100_cli_list(int argc, char **argv);
int e100_cli_explain(int argc, char **argv);
int e100_cli_docs(int argc, char **argv);
int e100_cli_lint(int argc, char **argv);
int e100_cli_print(int argc, char **argv);
int e100_cli_check(int argc, char **argv);
int e100_cli_seeds(int argc, char **argv);
int e100_cli_fuzz(int argc, char **argv);
int e100_cli_report(int argc, char **argv);
int e100_cli_triage(int argc, char **argv);
int e100_cli_survey(int argc, char **argv);
int e100_cli_record(int argc, char **argv);
int e100_cli_serve(int argc, char **argv);
int e100_cli_ossfuzz(int argc, char **argv);

/* ---- options.c ------------------------------------------------------------------------------------ */

/* One long option: a switch sets *FLAG, an option with an argument sets *VALUE (into argv). */
struct e100_option {
  const char *name;     /* "json", without the dashes */
  const char *argument; /* "FILE", for --help; NULL for a switch */
  const char *text;     /* what it does, for --help */
  bool *flag;
  const char **value;
};

/* A subcommand as --help shows it. */
struct e100_usage {
  const char *command;  /* "judge" */
  const char *program;  /* NULL: expect100 and the subcommand */
  const char *operands; /* "FILE|DIR|-..." */
  const char *sentence; /* what the subcommand does */
  const char *details;  /* further lines, each with its line end; may be "" */
  const struct e100_option *options;
  size_t option_count;
};

enum { E100_GO_ON = -1 };

/*
 * Reads "--name", "--name VALUE", "--name=VALUE", "--" and "--help" (also "-h") anywhere among the
 * arguments. "-" alone is an operand. Moves the operands to argv[1] and on, and sets *OPERANDS to how
 * many there are. Gives E100_GO_ON, or the exit code to end with: E100_EXIT_FINE after --help,
 * E100_EXIT_CANNOT after a message about a wrong option.
 */
int e100_options(const struct e100_usage *usage, int argc, char **argv, int *operands);

/* Reads TEXT as a decimal number from LOW to HIGH; false after a message that names option NAME. */
bool e100_option_number(const char *name, const char *text, uint64_t low, uint64_t high, uint64_t *out);

/* ---- interrupts.c ---------------------------------------------------------------------------------------
 */

/* Not 0 once SIGINT or SIGTERM came: to be ended with what was done so far. */
extern volatile sig_atomic_t e100_interrupted;
/* From now on the first of them is noticed so; the next one ends the program at once. */
void e100_interrupts_watch(void);

/* ---- complain.c: messages --------------------------------------------------------------------------- */

/* Prints "expect100: FILE: ..." on stderr, one line; control characters are escaped. FILE may be NULL. */
void e100_complain(const char *file, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The last message, without FILE; "" before the first. It may hold any octets. */
const char *e100_last_complaint(void);

/* The names of a list by index, NULL past the last. */
typedef const char *e100_name_at_fn(size_t index);

/* Says that there is no WHAT ("rule") called WORD, with the names in the list that come close. */
void e100_complain_unknown(const char *what, const char *word, e100_name_at_fn *name_at, const char *see);

/* Whether NAME is close enough to WORD to be suggested; letter case and "-_:" do not count. */
bool e100_names_close(const char *word, const char *name);

/* Whether to colour what goes to STREAM: on a terminal, without NO_COLOR. */
bool e100_colours(FILE *stream);

/* Who hears of each file, folder and line that could not be read as an exchange: WHY is the message that was
 * given. Line 0: the whole file. FN NULL: nobody, as at first. */
typedef void e100_unreadable_fn(void *user, const char *path, uint64_t line, const char *why);
void e100_unreadable_hear(e100_unreadable_fn *fn, void *user);

/* PATH could not be read, which was complained just now: tells whoever hears of it. Gives E100_EXIT_CANNOT.
 */
int e100_unreadable(const char *path, uint64_t line);

/* ---- files.c ------------------------------------------------------------------------------------------ */

/*
 * Reads a whole file of at most E100_FILE_LIMIT octets; "-" is standard input. OUT starts as {0} or is
 * reused; it is NUL-terminated and the caller frees it. False after a message: a folder, unreadable,
 * too large, a pipe that nobody writes to.
 */
bool e100_file_read(const char *path, struct e100_text *out);

/* Opens a file for reading in the same way, without the limit; "-" is standard input. NULL after a
 * message. Close it with fclose unless it is stdin. */
FILE *e100_file_open(const char *path);

/* Reads the rest of FILE as e100_file_read does; PATH is for messages. */
bool e100_stream_read(FILE *file, const char *path, struct e100_text *out);

/*
 * Writes a whole file so that at any moment either the old or the new one is there: a temporary file
 * beside it, fsync, rename. False after a message (full disk, read-only folder); nothing is left behind. What
 * is there and no regular file (a device, a pipe, a link) is written to, and stays what it is.
 */
bool e100_file_write(const char *path, const char *octets, size_t length);

/* Whether PATH could be written now, as far as its folder tells; false after the same message. Before work
 * that is long. */
bool e100_file_may_come(const char *path);

/* Makes a folder and those above it. False after a message. */
bool e100_folder_make(const char *path);

/* Whether there is a folder, or a plain file, of that name; no message. */
bool e100_is_folder(const char *path);
bool e100_is_file(const char *path);

/* Sets OUT to the path of NAME in FOLDER. */
void e100_path_in(struct e100_text *out, const char *folder, const char *name);

/* The last part of a path; the path itself where there is no slash. */
const char *e100_base_name(const char *path);

/* Adds WORD to OUT so that a shell reads it as one word. */
void e100_shell_word(struct e100_text *out, const char *word);

/* Prints OUT on standard output and frees it. What cannot be written is told by e100_output_finished. */
void e100_put(struct e100_text *out);

/* Ends standard output; false after a message where not everything could be written. */
bool e100_output_finished(void);

/* ---- case_file.c ----------------------------------------------------------------------------------------
 */

/*
 * Decodes the TEXT of a case that a person has named. False after a message for each line that means nothing
 * or two things, and after whoever hears of what is unreadable was told: a misspelt `role: porxy` must not be
 * judged as something else. What lint only doubts is passed over.
 */
bool e100_case_read(struct e100_exchange *exchange, const char *path, const struct e100_text *text);

/* ---- exchange_files.c: exchanges in files and folders ----------------------------------------------------
 */

/* An exchange and where it came from. */
struct e100_source {
  const char *path; /* the file, or "-" */
  uint64_t line;    /* from 1, of JSON Lines; else 0 */
  const char *name; /* "FILE" or "FILE:LINE" */
  const char *text; /* of a case: the file's own text; NULL for JSON */
  size_t length;    /* ... and its octets */
};

/* Gives an exit code; the exchange is the callee's only during the call, but may be changed. */
typedef int e100_exchange_fn(void *user, struct e100_exchange *exchange, const struct e100_source *source);

/*
 * Calls FN for each exchange of PATH: a .case file, a .json file of one exchange, JSON Lines, "-" for
 * standard input (JSON Lines or one case), or a folder, in the order of the names, with those inside it.
 * One exchange at a time is in memory. Gives the largest exit code of FN; E100_EXIT_CANNOT after a
 * message where something could not be read, and goes on with the rest.
 */
int e100_each_exchange(const char *path, e100_exchange_fn *fn, void *user, size_t *count);

/* e100_each_exchange over the operands argv[1] and on; a message where there is none, or one holds no
 * exchange. */
int e100_each_operand(const char *command, int operands, char **argv, e100_exchange_fn *fn, void *user);

/* The same for the files of PATH (a file or a folder) that END in that way: their paths. */
typedef int e100_path_fn(void *user, const char *path);
int e100_each_path(const char *path, const char *const *endings, e100_path_fn *fn, void *user);

/* Sets OUT to the folder NAME ("cases", "found") of the data that came with the program. False where it
 * is not there; no message. */
bool e100_share_folder(const char *name, struct e100_text *out);

/* e100_each_exchange over FOLDER, or where it is NULL over the cases that came with the program: those
 * that people wrote and those that campaigns found. */
int e100_each_own_case(const char *folder, e100_exchange_fn *fn, void *user, size_t *count);

/* Whether a limit cut the exchange; says so. */
bool e100_was_cut(const struct e100_exchange *exchange, const struct e100_source *source);

#endif
