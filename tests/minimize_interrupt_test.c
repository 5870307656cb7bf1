/*
 * minimize_interrupt_test.c - an interrupt in the middle of minimising, at a moment that is counted in rows
 * that the machine takes, not in seconds: the same one on every computer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "cli/cli.h"
#include "subjects/origin_subject.h"

static const char input[] = "# A client asks, waits, and sends its content, between two other requests.\n"
                            "kind: play\nrole: origin\n\n"
                            "-- client --\nGET /first HTTP/1.1\nHost: example.com\nAccept: */*\n\n"
                            "-- app> respond 200 --\n-- settled --\n"
                            "-- client --\nPUT /upload HTTP/1.1\nHost: example.com\nContent-Length: 5\n"
                            "X-Nothing: to see here\nExpect: 100-continue\n\n"
                            "-- app> accept --\n-- settled --\n-- client --\nhello\\\n"
                            "-- app> respond 201 --\n-- settled --\n"
                            "-- client --\nGET /last HTTP/1.1\nHost: example.com\n\n"
                            "-- app> respond 204 --\n-- quiet --\n";

/* ---- signals, by rows ------------------------------------------------------------------------------------
 */

static struct {
  unsigned rows;  /* so far */
  unsigned first; /* the row at which the signal comes, or 0 */
  unsigned again; /* ... and comes once more, or 0 */
  int number;
} signals;

static void on_row(const struct e100_table *table, const struct e100_row *row) {
  (void)table;
  (void)row;
  signals.rows++;
  if (signals.rows == signals.first || signals.rows == signals.again)
    (void)raise(signals.number);
}

/* ---- minimising in a process of its own --------------------------------------------------------- */

struct ended {
  int status; /* as waitpid gives it */
  unsigned rows;
  json_t *document; /* what it printed, or NULL; the caller's */
  char complaints[256];
};

static void begin(const char *out) {
  char word[] = "minimize", subject[] = "--subject=fault:never-100", json[] = "--json", to[] = "--out";
  char from[] = "input.case", folder[64];
  (void)snprintf(folder, sizeof folder, "%s", out);
  char *arguments[] = {word, subject, json, to, folder, from, NULL};
  if (freopen("said.out", "w", stdout) == NULL || freopen("said.err", "w", stderr) == NULL)
    _exit(99);
  e100_origin_subject_watch(on_row);
  int code = e100_cli_minimize(6, arguments);
  FILE *rows = fopen("said.rows", "w");
  if (rows == NULL || fprintf(rows, "%u\n", signals.rows) < 0 || fclose(rows) != 0)
    _exit(99);
  exit(code);
}

static void minimize(const char *out, struct ended *ended) {
  (void)remove("said.rows");
  (void)fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0)
    begin(out);
  assert_int_equal(waitpid(child, &ended->status, 0), child);
  ended->document = json_load_file("said.out", 0, NULL);
  FILE *file = fopen("said.err", "r");
  assert_non_null(file);
  ended->complaints[fread(ended->complaints, 1, sizeof ended->complaints - 1, file)] = '\0';
  (void)fclose(file);
  file = fopen("said.rows", "r");
  ended->rows = 0;
  if (file != NULL) {
    assert_int_equal(fscanf(file, "%u", &ended->rows), 1);
    (void)fclose(file);
  }
}

/* How many files of FOLDER end like this. Removes them. */
static unsigned take_files(const char *folder, const char *end) {
  unsigned count = 0;
  DIR *open_folder = opendir(folder);
  struct dirent *entry;
  while (open_folder != NULL && (entry = readdir(open_folder)) != NULL) {
    size_t length = strlen(entry->d_name);
    char path[512];
    if (length < strlen(end) || strcmp(entry->d_name + length - strlen(end), end) != 0)
      continue;
    count++;
    (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    (void)remove(path);
  }
  if (open_folder != NULL)
    (void)closedir(open_folder);
  return count;
}

static bool has(const struct ended *ended, const char *name) {
  return json_is_true(json_object_get(ended->document, name));
}

static json_int_t number(const struct ended *ended, const char *name) {
  return json_integer_value(json_object_get(ended->document, name));
}

static int write_input(void **state) {
  (void)state;
  FILE *file = fopen("input.case", "w");
  bool written = file != NULL && fputs(input, file) >= 0;
  return file != NULL && fclose(file) == 0 && written ? 0 : -1;
}

/* Plays the case that minimising wrote, and tells whether the finding is in it. */
static void shows_it_still(const struct ended *ended) {
  char command[1024];
  (void)snprintf(command, sizeof command, "'%s' play --subject fault:never-100 '%s' >played.out 2>&1",
                 E100_TEST_PROGRAM, json_string_value(json_object_get(ended->document, "case")));
  int status = system(command); /* NOLINT(cert-env33-c): a program of ours, and a path of ours */
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 1);
}

/* The rows of minimising that nobody interrupts, and how small the case becomes. */
static unsigned rows_of_all(json_int_t *octets) {
  struct ended ended;
  signals.first = signals.again = 0;
  minimize("whole", &ended);
  assert_true(WIFEXITED(ended.status));
  assert_int_equal(WEXITSTATUS(ended.status), 1);
  assert_true(has(&ended, "minimal"));
  assert_false(has(&ended, "interrupted"));
  *octets = number(&ended, "octets");
  json_decref(ended.document);
  return ended.rows;
}

static void interrupted_in_the_middle(int signal_number) {
  enum { MOMENTS = 8 };
  json_int_t least = 0, before = INT64_MAX;
  unsigned all = rows_of_all(&least);
  for (unsigned moment = 1; moment < MOMENTS; moment++) {
    struct ended ended;
    signals.number = signal_number;
    signals.first = all * moment / MOMENTS;
    minimize("interrupted", &ended);
    assert_true(WIFEXITED(ended.status));
    assert_int_equal(WEXITSTATUS(ended.status), 1);
    assert_non_null(strstr(ended.complaints, "input.case: interrupted: this is the smallest so far"));
    assert_true(has(&ended, "interrupted"));
    assert_false(has(&ended, "minimal"));
    assert_true(number(&ended, "tries") > 0);
    assert_true(number(&ended, "octets") >= least); /* the last tries find that nothing more can go */
    assert_true(number(&ended, "octets") <= before);
    before = number(&ended, "octets");
    shows_it_still(&ended);
    assert_int_equal(take_files("interrupted", ".case"), 1);
    assert_int_equal(take_files("interrupted", ".txt"), 1);
    assert_int_equal(take_files("interrupted", ".tmp"), 0);
    json_decref(ended.document);
  }
  assert_true(before < (json_int_t)sizeof input); /* something was done by then */
}

static void interrupts_write_the_smallest_so_far(void **state) {
  (void)state;
  interrupted_in_the_middle(SIGINT);
}

static void requests_to_end_write_the_smallest_so_far(void **state) {
  (void)state;
  interrupted_in_the_middle(SIGTERM);
}

/* Whoever interrupts twice does not want to wait. */
static void the_second_signal_ends_it_at_once(void **state) {
  (void)state;
  struct ended ended;
  json_int_t least = 0;
  signals.number = SIGINT;
  unsigned all = rows_of_all(&least);
  signals.first = all / 2;
  signals.again = signals.first + 1;
  minimize("twice", &ended);
  assert_true(WIFSIGNALED(ended.status));
  assert_int_equal(WTERMSIG(ended.status), SIGINT);
  assert_int_equal(take_files("twice", ".case"), 0);
  json_decref(ended.document);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(interrupts_write_the_smallest_so_far),
      cmocka_unit_test(requests_to_end_write_the_smallest_so_far),
      cmocka_unit_test(the_second_signal_ends_it_at_once),
  };
  return cmocka_run_group_tests(tests, write_input, NULL);
}
