/* program.c - a child process with pipes, on libuv. */
#include "live/program.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "exchange/impossible.h"

enum { READ_ROOM = 4096, VARIABLES_LIMIT = 16 };

extern char **environ;

/* One of its outputs, and the line that has begun. */
struct output {
  struct e100_program *program;
  uv_poll_t poll;
  int end; /* -1: closed */
  size_t length;
  char line[E100_PROGRAM_LINE_LIMIT];
};

struct e100_program {
  const struct e100_program_calls *calls;
  void *user;
  uv_process_t process;
  uv_pipe_t input;
  uv_check_t afterwards; /* when the loop has told all else */
  struct output said, complained;
  char complaint[E100_PROGRAM_LINE_LIMIT]; /* the last line of it */
  unsigned handles;                        /* that the loop has not closed yet */
  unsigned writes;
  bool over; /* the process has ended */
  bool gone; /* the caller has given it up */
  bool told_of_end;
  int64_t exit_code;
  int signal_number;
};

/* Groups that run, for the handler of an interrupt. */
static volatile pid_t groups[E100_PROGRAMS_LIMIT];

static bool note_group(pid_t group) {
  for (size_t i = 0; i < E100_PROGRAMS_LIMIT; i++)
    if (groups[i] == 0) {
      groups[i] = group;
      return true;
    }
  return false;
}

static void forget_group(pid_t group) {
  for (size_t i = 0; i < E100_PROGRAMS_LIMIT; i++)
    if (groups[i] == group)
      groups[i] = 0;
}

void e100_programs_kill(void) {
  for (size_t i = 0; i < E100_PROGRAMS_LIMIT; i++)
    if (groups[i] > 0)
      (void)kill(-groups[i], SIGKILL);
}

/* ---- the end ------------------------------------------------------------------------------------------- */

static void free_unused(struct e100_program *program) {
  if (program->gone && program->handles == 0 && program->writes == 0)
    free(program);
}

static void on_closed(uv_handle_t *handle) {
  struct e100_program *program = handle->data;
  program->handles--;
  free_unused(program);
}

static void on_output_closed(uv_handle_t *handle) {
  struct output *output = handle->data;
  (void)close(output->end);
  output->program->handles--;
  free_unused(output->program);
}

static void close_output(struct output *output) {
  if (!uv_is_closing((uv_handle_t *)&output->poll))
    uv_close((uv_handle_t *)&output->poll, on_output_closed);
}

static void hear(uv_check_t *afterwards);

static void on_exit_of(uv_process_t *process, int64_t code, int signal_number) {
  struct e100_program *program = process->data;
  program->over = true;
  program->exit_code = code;
  program->signal_number = signal_number;
  uv_close((uv_handle_t *)process, on_closed);
  if (!program->gone)
    (void)uv_check_start(&program->afterwards, hear);
}

void e100_program_stop(struct e100_program *program) {
  if (program->gone)
    return;
  program->gone = true;
  (void)kill(-program->process.pid, SIGKILL); /* children that outlive it, too */
  forget_group(program->process.pid);
  close_output(&program->said);
  close_output(&program->complained);
  uv_close((uv_handle_t *)&program->input, on_closed);
  uv_close((uv_handle_t *)&program->afterwards, on_closed);
}

bool e100_program_has_ended(const struct e100_program *program) {
  return program->over;
}

void e100_program_ending(const struct e100_program *program, char *out, size_t room) {
  const char *colon = program->complaint[0] != '\0' ? ": " : "";
  if (!program->over)
    (void)snprintf(out, room, "it runs%s%s", colon, program->complaint);
  else if (program->signal_number != 0)
    (void)snprintf(out, room, "it was ended by signal %d%s%s", program->signal_number, colon,
                   program->complaint);
  else
    (void)snprintf(out, room, "it ended with exit code %d%s%s", (int)program->exit_code, colon,
                   program->complaint);
}

/* ---- what it says ---------------------------------------------------------------------------------------
 */

static void take_line(struct output *output) {
  struct e100_program *program = output->program;
  output->line[output->length] = '\0';
  if (output->length > 0 && output == &program->complained)
    memcpy(program->complaint, output->line, output->length + 1);
  else if (output->length > 0 && !program->gone)
    program->calls->said(program->user, output->line);
  output->length = 0;
}

static void take_octets(struct output *output, const char *octets, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (octets[i] == '\n')
      take_line(output);
    else if (output->length + 1 < sizeof output->line)
      output->line[output->length++] = octets[i] >= ' ' && octets[i] < 127 ? octets[i] : ' ';
}

/* Takes what is there; without waiting, and not for ever. */
static void drain(struct output *output) {
  char octets[READ_ROOM];
  for (unsigned i = 0; i < 64; i++) {
    ssize_t length = read(output->end, octets, sizeof octets);
    if (length > 0) {
      take_octets(output, octets, (size_t)length);
      continue;
    }
    if (length == 0 || (errno != EAGAIN && errno != EINTR))
      (void)uv_poll_stop(&output->poll);
    return;
  }
}

static void on_readable(uv_poll_t *poll, int status, int events) {
  const struct output *output = poll->data;
  (void)status;
  (void)events;
  (void)uv_check_start(&output->program->afterwards, hear);
}

static void hear(uv_check_t *afterwards) {
  struct e100_program *program = afterwards->data;
  bool over = program->over && !program->told_of_end;
  (void)uv_check_stop(afterwards);
  drain(&program->complained);
  drain(&program->said);
  program->told_of_end |= over;
  if (over && !program->gone)
    program->calls->ended(program->user);
}

/* ---- what it is told ------------------------------------------------------------------------------------
 */

struct write {
  uv_write_t request;
  struct e100_program *program;
  char text[];
};

static void on_written(uv_write_t *request, int status) {
  struct write *write = (struct write *)request;
  struct e100_program *program = write->program;
  (void)status; /* who does not listen is seen by what it does not do */
  free(write);
  program->writes--;
  free_unused(program);
}

void e100_program_tell(struct e100_program *program, const char *text, size_t length) {
  struct write *write = malloc(sizeof *write + length);
  E100_CHECK(write != NULL, "out of memory");
  memcpy(write->text, text, length);
  write->program = program;
  const uv_buf_t buffer = uv_buf_init(write->text, (unsigned)length);
  program->writes++;
  if (uv_write(&write->request, (uv_stream_t *)&program->input, &buffer, 1, on_written) == 0)
    return;
  program->writes--;
  free(write);
}

/* ---- the beginning --------------------------------------------------------------------------------------
 */

/* Gives the end that the program writes to. */
static int begin_output(struct e100_program *program, struct output *output, uv_loop_t *loop) {
  uv_file ends[2];
  E100_CHECK(uv_pipe(ends, UV_NONBLOCK_PIPE, 0) == 0, "a pipe can be made");
  output->program = program;
  output->end = ends[0];
  output->poll.data = output;
  (void)uv_poll_init(loop, &output->poll, ends[0]);
  (void)uv_poll_start(&output->poll, UV_READABLE, on_readable);
  program->handles++;
  return ends[1];
}

static char **environment_with(const char *const *variables) {
  size_t count = 0;
  while (environ[count] != NULL)
    count++;
  char **all = calloc(count + VARIABLES_LIMIT + 1, sizeof *all);
  E100_CHECK(all != NULL, "out of memory");
  memcpy(all, environ, count * sizeof *all);
  for (size_t i = 0; variables[i] != NULL; i++) {
    E100_CHECK(i < VARIABLES_LIMIT, "there is room for every variable");
    all[count + i] = (char *)(uintptr_t)variables[i];
  }
  return all;
}

static int spawn(struct e100_program *program, uv_loop_t *loop, const char *command, char **environment) {
  char *arguments[] = {(char *)(uintptr_t) "/bin/sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command,
                       NULL};
  int said = begin_output(program, &program->said, loop);
  int complained = begin_output(program, &program->complained, loop);
  (void)uv_pipe_init(loop, &program->input, 0);
  (void)uv_check_init(loop, &program->afterwards);
  program->input.data = program->process.data = program->afterwards.data = program;
  uv_stdio_container_t containers[] = {{.flags = (uv_stdio_flags)(UV_CREATE_PIPE | UV_READABLE_PIPE),
                                        .data.stream = (uv_stream_t *)&program->input},
                                       {.flags = UV_INHERIT_FD, .data.fd = said},
                                       {.flags = UV_INHERIT_FD, .data.fd = complained}};
  const uv_process_options_t options = {.exit_cb = on_exit_of,
                                        .file = arguments[0],
                                        .args = arguments,
                                        .env = environment,
                                        .flags = UV_PROCESS_DETACHED, /* a group of its own */
                                        .stdio_count = 3,
                                        .stdio = containers};
  int status = uv_spawn(loop, &program->process, &options);
  program->handles += 3; /* the process, its input and the check, started or not */
  (void)close(said);
  (void)close(complained);
  return status;
}

struct e100_program *e100_program_start(uv_loop_t *loop, const char *command, const char *const *variables,
                                        const struct e100_program_calls *calls, void *user, char *why,
                                        size_t room) {
  struct e100_program *program = calloc(1, sizeof *program);
  E100_CHECK(program != NULL, "out of memory");
  program->calls = calls;
  program->user = user;
  char **environment = environment_with(variables);
  int status = spawn(program, loop, command, environment);
  free(environment);
  if (status == 0 && note_group(program->process.pid))
    return program;
  (void)snprintf(why, room, "it could not be started: %s",
                 status == 0 ? "too many programs run (E100_PROGRAMS_LIMIT)" : uv_strerror(status));
  if (status != 0) {
    program->gone = true;
    close_output(&program->said);
    close_output(&program->complained);
    uv_close((uv_handle_t *)&program->input, on_closed);
    uv_close((uv_handle_t *)&program->afterwards, on_closed);
    uv_close((uv_handle_t *)&program->process, on_closed);
  } else {
    e100_program_stop(program);
  }
  return NULL;
}
