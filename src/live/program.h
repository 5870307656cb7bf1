/*
 * program.h - a program that is started, told lines, listened to, and ended with its children.
 *
 *  - The command goes to /bin/sh. It has a group of processes of its own, and all of the group is killed when
 * it is stopped: nothing stays running. (What leaves the group by itself is not found any more.)
 *  - What it says is heard line by line, and after all else that the loop has to tell then: octets that it
 * sent before it said a line are received before the line is heard.
 *  - A program belongs to its caller until e100_program_stop; the loop frees it afterwards, and calls nothing
 * any more.
 */
#ifndef E100_PROGRAM_H
#define E100_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum {
  E100_PROGRAM_LINE_LIMIT = 512, /* octets of a line that is heard; the rest of it is left out */
  E100_PROGRAMS_LIMIT = 256      /* programs that run at once */
};

struct e100_program;

struct e100_program_calls {
  /* It says a line (on its standard output). */
  void (*said)(void *user, const char *line);
  /* It is over; all that it said was heard. Once. */
  void (*ended)(void *user);
};

/* Starts COMMAND with the environment of this process and VARIABLES ("NAME=value", NULL at the end). NULL: it
 * cannot be started; WHY (of ROOM octets) is a sentence without its end. */
struct e100_program *e100_program_start(uv_loop_t *loop, const char *command, const char *const *variables,
                                        const struct e100_program_calls *calls, void *user, char *why,
                                        size_t room);
/* Writes TEXT to its standard input. */
void e100_program_tell(struct e100_program *program, const char *text, size_t length);
bool e100_program_has_ended(const struct e100_program *program);
/* How it ended, with the last line that it complained with: "it ended with exit code 7: curl: (7) Failed". A
 * sentence without its end. */
void e100_program_ending(const struct e100_program *program, char *out, size_t room);
void e100_program_stop(struct e100_program *program);

/* Kills all programs that run. For handlers of signals. */
void e100_programs_kill(void);

#endif
