/* complain.c - messages to people: one line each, safe on a terminal whatever the input was. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "report/finding_text.h"

enum { COMPLAINT_LIMIT = 2048 };
static char last_complaint[COMPLAINT_LIMIT];

enum { WORD_LIMIT = 64, SUGGESTIONS_LIMIT = 5 };

void e100_complain(const char *file, const char *format, ...) {
  char message[COMPLAINT_LIMIT];
  va_list arguments;
  va_start(arguments, format);
  /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start is not seen */
  (void)vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  memcpy(last_complaint, message, sizeof message);

  struct e100_text line = {0};
  e100_text_format(&line, "expect100: ");
  if (file != NULL) {
    e100_add_plain(&line, strcmp(file, "-") == 0 ? "standard input" : file);
    e100_text_format(&line, ": ");
  }
  e100_add_plain(&line, message);
  e100_text_format(&line, "\n");
  (void)fflush(stdout); /* keeps the order on a terminal that shows both */
  (void)fputs(line.text, stderr);
  e100_text_free(&line);
}

const char *e100_last_complaint(void) {
  return last_complaint;
}

bool e100_colours(FILE *stream) {
  const char *no_color = getenv("NO_COLOR");
  return (no_color == NULL || no_color[0] == '\0') && isatty(fileno(stream)) == 1;
}

/* Lower case, without what people get wrong in names; gives the length. */
static size_t simplify(const char *name, char *out) {
  size_t length = 0;
  for (const char *c = name; *c != '\0' && length + 1 < WORD_LIMIT; c++)
    if (strchr("-_: ", *c) == NULL)
      out[length++] = (char)tolower((unsigned char)*c);
  out[length] = '\0';
  return length;
}

/* Edit distance: how many characters to insert, remove or change. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  size_t row[WORD_LIMIT + 1];
  for (size_t j = 0; j <= b_length; j++)
    row[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      size_t best = diagonal + (a[i - 1] != b[j - 1]);
      if (row[j] + 1 < best)
        best = row[j] + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b_length];
}

bool e100_names_close(const char *word, const char *name) {
  char a[WORD_LIMIT];
  char b[WORD_LIMIT];
  size_t a_length = simplify(word, a);
  size_t b_length = simplify(name, b);
  if (a_length == 0)
    return false;
  if (a_length >= 3 && strstr(b, a) != NULL)
    return true;
  return distance(a, a_length, b, b_length) <= 1 + a_length / 5;
}

void e100_complain_unknown(const char *what, const char *word, e100_name_at_fn *name_at, const char *see) {
  struct e100_text close = {0};
  size_t shown = 0;
  for (size_t i = 0; name_at(i) != NULL && shown < SUGGESTIONS_LIMIT; i++)
    if (e100_names_close(word, name_at(i)))
      e100_text_format(&close, "%s%s", shown++ > 0 ? ", " : "", name_at(i));
  if (shown > 0)
    e100_complain(NULL, "there is no %s '%s'; did you mean %s? See %s", what, word, close.text, see);
  else
    e100_complain(NULL, "there is no %s '%s'; see %s", what, word, see);
  e100_text_free(&close);
}

/* ---- what can't be read -------------------------------------------------------------------------------- */

static struct {
  e100_unreadable_fn *fn;
  void *user;
} hearer; /* one process runs one command */

void e100_unreadable_hear(e100_unreadable_fn *fn, void *user) {
  hearer.fn = fn;
  hearer.user = user;
}

int e100_unreadable(const char *path, uint64_t line) {
  if (hearer.fn != NULL)
    hearer.fn(hearer.user, path, line, e100_last_complaint());
  return E100_EXIT_CANNOT;
}
