/* fuzz_child.c - processes of a campaign: started through the supervisor, read line by line. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/fuzz.h"

extern char **environ;

enum { LINE_LIMIT = 4096, DRAIN_MILLISECONDS = 1000 };

/* ---- command lines and environments ------------------------------------------------------------- */

static void grow(char ***list, size_t count) {
  *list = realloc(*list, (count + 2) * sizeof **list);
  E100_CHECK(*list != NULL, "there is memory for a word");
  (*list)[count + 1] = NULL;
}

void e100_words_take(struct e100_words *words, char *word) {
  grow(&words->list, words->count);
  words->list[words->count++] = word;
}

void e100_words_free(struct e100_words *words) {
  for (size_t i = 0; i < words->count; i++)
    free(words->list[i]);
  free(words->list);
  *words = (struct e100_words){0};
}

void e100_environment_init(struct e100_environment *environment) {
  *environment = (struct e100_environment){0};
  struct e100_words words = {0};
  for (char **entry = environ; *entry != NULL; entry++)
    e100_words_add(&words, "%s", *entry);
  if (words.list == NULL)
    grow(&words.list, 0), words.list[0] = NULL;
  environment->list = words.list;
  environment->count = words.count;
}

void e100_environment_unset(struct e100_environment *environment, const char *name) {
  size_t length = strlen(name);
  size_t kept = 0;
  for (size_t i = 0; i < environment->count; i++) {
    char *entry = environment->list[i];
    if (strncmp(entry, name, length) == 0 && entry[length] == '=')
      free(entry);
    else
      environment->list[kept++] = entry;
  }
  environment->list[kept] = NULL;
  environment->count = kept;
}

void e100_environment_set(struct e100_environment *environment, const char *name, const char *value) {
  e100_environment_unset(environment, name);
  struct e100_words words = {environment->list, environment->count};
  e100_words_add(&words, "%s=%s", name, value);
  environment->list = words.list;
  environment->count = words.count;
}

void e100_environment_free(struct e100_environment *environment) {
  struct e100_words words = {environment->list, environment->count};
  e100_words_free(&words);
}

/* ---- what a process prints ------------------------------------------------------------------------ */

/* Copies what follows the first PREFIX in LINE, without control characters. */
static void note(const char *line, const char *prefix, char *out, size_t room) {
  const char *found = strstr(line, prefix);
  if (found == NULL)
    return;
  found += strlen(prefix);
  size_t length = 0;
  for (; found[length] != '\0' && length + 1 < room; length++)
    out[length] = (unsigned char)found[length] < 0x20 || found[length] == 0x7f ? ' ' : found[length];
  while (length > 0 && out[length - 1] == ' ')
    length--;
  if (length > 3 && memcmp(out + length - 3, " in", 3) == 0) /* a summary whose function is not known */
    length -= 3;
  out[length] = '\0';
}

static void note_line(struct e100_child *child, const char *line) {
  if (strncmp(line, "expect100: cause ", 17) == 0)
    note(line, "expect100: cause ", child->cause, sizeof child->cause);
  /* What was impossible says more than the signal that it ended with. */
  if (strncmp(line, "expect100: impossible", 21) == 0)
    note(line, "expect100: ", child->summary, sizeof child->summary);
  else if (strncmp(child->summary, "impossible", 10) != 0)
    note(line, "SUMMARY: ", child->summary, sizeof child->summary);
  note(line, "Test unit written to ", child->artifact, sizeof child->artifact);
  const char *corpus = strstr(line, " corp: ");
  if (corpus != NULL)
    child->corpus = strtoull(corpus + 7, NULL, 10);
}

static void add_to_tail(struct e100_child *child, const char *octets, size_t length) {
  e100_text_add(&child->tail, octets, length);
  if (child->tail.length <= 2 * (size_t)E100_TAIL_LIMIT)
    return;
  size_t gone = child->tail.length - E100_TAIL_LIMIT;
  memmove(child->tail.text, child->tail.text + gone, E100_TAIL_LIMIT + 1);
  child->tail.length = E100_TAIL_LIMIT;
}

static void take_octets(struct e100_child *child, size_t stream, const char *octets, size_t length) {
  add_to_tail(child, octets, length);
  if (stream == 0 && child->keep_output && child->output.length + length <= E100_FILE_LIMIT)
    e100_text_add(&child->output, octets, length);
  struct e100_text *line = &child->line[stream];
  for (size_t i = 0; i < length; i++) {
    if (octets[i] == '\n') {
      e100_text_add(line, "", 0);
      note_line(child, line->text);
      line->length = 0;
    } else if (octets[i] != '\0' && line->length < LINE_LIMIT) {
      e100_text_add(line, &octets[i], 1);
    }
  }
}

/* ---- handles ------------------------------------------------------------------------------------------ */

static void free_child(struct e100_child *child) {
  e100_text_free(&child->output);
  e100_text_free(&child->tail);
  e100_text_free(&child->line[0]);
  e100_text_free(&child->line[1]);
  free(child);
}

static void on_close(uv_handle_t *handle) {
  struct e100_child *child = handle->data;
  if (--child->handles > 0)
    return;
  if (child->done != NULL)
    child->done(child, child->user);
  free_child(child);
}

static void close_all(struct e100_child *child) {
  if (child->closing)
    return;
  child->closing = true;
  for (size_t i = 0; i < 2; i++)
    if (child->line[i].length > 0)
      note_line(child, child->line[i].text);
  uv_close((uv_handle_t *)&child->process, on_close);
  uv_close((uv_handle_t *)&child->drain, on_close);
  uv_close((uv_handle_t *)&child->pipes[0], on_close);
  uv_close((uv_handle_t *)&child->pipes[1], on_close);
}

static void on_drained(uv_timer_t *timer) {
  close_all(timer->data);
}

static void on_exit_of_child(uv_process_t *process, int64_t status, int signal) {
  struct e100_child *child = process->data;
  child->exited = true;
  child->status = signal != 0 ? 128 + signal : status;
  if (child->ended == 2)
    close_all(child);
  else /* whoever still holds the pipe, it is not worth waiting for */
    uv_timer_start(&child->drain, on_drained, DRAIN_MILLISECONDS, 0);
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  static char room[65536]; /* one loop, one thread: it is used up before the next call */
  (void)handle;
  (void)suggested;
  *buffer = uv_buf_init(room, sizeof room);
}

static void on_octets(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  struct e100_child *child = stream->data;
  if (length > 0) {
    take_octets(child, stream == (uv_stream_t *)&child->pipes[0] ? 0 : 1, buffer->base, (size_t)length);
  } else if (length < 0) {
    uv_read_stop(stream);
    child->ended++;
    if (child->exited && child->ended == 2)
      close_all(child);
  }
}

/* ---- start and stop ----------------------------------------------------------------------------- */

static char **supervised(const struct e100_words *command, bool fixed_addresses, struct e100_words *words) {
  e100_words_add(words, "expect100");
  e100_words_add(words, "fuzz");
  e100_words_add(words, "--supervise");
  e100_words_add(words, "%ld", (long)getpid());
  e100_words_add(words, "%d", fixed_addresses ? 1 : 0);
  for (size_t i = 0; i < command->count; i++)
    e100_words_add(words, "%s", command->list[i]);
  return words->list;
}

static void init_handles(uv_loop_t *loop, struct e100_child *child) {
  uv_timer_init(loop, &child->drain);
  uv_pipe_init(loop, &child->pipes[0], 0);
  uv_pipe_init(loop, &child->pipes[1], 0);
  child->drain.data = child;
  child->pipes[0].data = child;
  child->pipes[1].data = child;
  child->process.data = child;
  child->handles = 4;
}

struct e100_child *e100_child_start(uv_loop_t *loop, const struct e100_words *command,
                                    const struct e100_environment *environment, bool fixed_addresses,
                                    e100_child_done_fn *done, void *user) {
  struct e100_child *child = calloc(1, sizeof *child);
  E100_CHECK(child != NULL, "there is memory for a process");
  init_handles(loop, child);
  child->done = done;
  child->user = user;
  child->started = e100_now();

  struct e100_words words = {0};
  uv_stdio_container_t streams[3] = {
      {.flags = UV_IGNORE},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&child->pipes[0]},
      {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&child->pipes[1]},
  };
  uv_process_options_t options = {
      .exit_cb = on_exit_of_child,
      .file = "/proc/self/exe", /* this very program, even where its file was replaced meanwhile */
      .args = supervised(command, fixed_addresses, &words),
      .env = environment->list,
      .flags = UV_PROCESS_DETACHED, /* its own session: a Ctrl-C reaches it through the campaign only */
      .stdio_count = 3,
      .stdio = streams,
  };
  int error = uv_spawn(loop, &child->process, &options);
  e100_words_free(&words);
  if (error != 0) {
    e100_complain(command->list[0], "cannot be started: %s", uv_strerror(error));
    child->done = NULL;
    close_all(child);
    return NULL;
  }
  uv_read_start((uv_stream_t *)&child->pipes[0], give_room, on_octets);
  uv_read_start((uv_stream_t *)&child->pipes[1], give_room, on_octets);
  return child;
}

void e100_child_ask_to_stop(struct e100_child *child) {
  if (!child->exited)
    uv_process_kill(&child->process, SIGINT);
}

void e100_child_kill(struct e100_child *child) {
  if (!child->exited)
    uv_process_kill(&child->process, SIGUSR1);
}
