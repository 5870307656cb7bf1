/* exchange_files.c - exchanges out of files, folders and standard input, one at a time. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "e100_config.h"
#include "report/exchange_json.h"

static bool ends_with(const char *path, const char *ending) {
  size_t length = strlen(path);
  size_t tail = strlen(ending);
  return length >= tail && strcmp(path + length - tail, ending) == 0;
}

static int worse(int a, int b) {
  return a > b ? a : b;
}

/* ---- folders --------------------------------------------------------------------------------------- */

struct walk {
  const char *const *endings;
  e100_path_fn *fn;
  void *user;
};

static int walk_folder(const struct walk *walk, const char *folder, unsigned depth);

static bool wanted(const struct walk *walk, const char *name) {
  for (size_t i = 0; walk->endings[i] != NULL; i++)
    if (ends_with(name, walk->endings[i]))
      return true;
  return false;
}

/* Names that begin with a dot belong to editors and version control. */
static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

/* The order of octets: the same on every machine, whatever its locale. */
static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int walk_entry(const struct walk *walk, const char *path, unsigned depth) {
  struct stat about = {0};
  if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
    return walk_folder(walk, path, depth + 1);
  /* A link to a folder is not followed, so that no ring of links is walked for ever. */
  if (!wanted(walk, path) || (S_ISLNK(about.st_mode) && e100_is_folder(path)))
    return E100_EXIT_FINE;
  return walk->fn(walk->user, path);
}

static int walk_folder(const struct walk *walk, const char *folder, unsigned depth) {
  struct dirent **entries = NULL;
  if (depth > E100_FOLDER_DEPTH_LIMIT) {
    e100_complain(folder, "lies more than %d folders deep; name it by itself", E100_FOLDER_DEPTH_LIMIT);
    return e100_unreadable(folder, 0);
  }
  int count = scandir(folder, &entries, is_visible, by_name);
  if (count < 0) {
    e100_complain(folder, "cannot be listed: %s", strerror(errno));
    return e100_unreadable(folder, 0);
  }
  int code = E100_EXIT_FINE;
  struct e100_text path = {0};
  for (int i = 0; i < count; i++) {
    e100_path_in(&path, folder, entries[i]->d_name);
    code = worse(code, walk_entry(walk, path.text, depth));
    free(entries[i]);
  }
  e100_text_free(&path);
  free(entries);
  return code;
}

int e100_each_path(const char *path, const char *const *endings, e100_path_fn *fn, void *user) {
  struct walk walk = {.endings = endings, .fn = fn, .user = user};
  return e100_is_folder(path) ? walk_folder(&walk, path, 0) : fn(user, path);
}

/* ---- one file --------------------------------------------------------------------------------------- */

struct reading {
  e100_exchange_fn *fn;
  void *user;
  size_t count;
  struct e100_exchange exchange;
  struct e100_text text;
};

static int hand_over(struct reading *reading, const char *path, uint64_t line, bool is_case) {
  struct e100_text name = {0};
  e100_text_format(&name, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
  if (line > 0)
    e100_text_format(&name, ":%llu", (unsigned long long)line);
  struct e100_source source = {.path = path,
                               .line = line,
                               .name = name.text,
                               .text = is_case ? reading->text.text : NULL,
                               .length = is_case ? reading->text.length : 0};
  reading->count++;
  int code = reading->fn(reading->user, &reading->exchange, &source);
  e100_text_free(&name);
  return code;
}

static int read_json(struct reading *reading, const char *path, uint64_t line) {
  char reason[256];
  if (!e100_exchange_from_json(&reading->exchange, reading->text.text, reading->text.length, reason,
                               sizeof reason)) {
    if (line > 0)
      e100_complain(path, "line %llu: %s", (unsigned long long)line, reason);
    else
      e100_complain(path, "%s", reason);
    return e100_unreadable(path, line);
  }
  return hand_over(reading, path, line, false);
}

/* Reads one line into reading->text, without its end. False at the end of the file. *FITS tells whether
 * it kept to the limit; the rest of a longer line is skipped. */
static bool read_line(FILE *file, struct e100_text *text, bool *fits) {
  char chunk[4096];
  size_t filled = 0;
  int octet = EOF;
  text->length = 0;
  *fits = true;
  bool any = false;
  while ((octet = getc(file)) != EOF && octet != '\n') {
    any = true;
    if (text->length + filled >= E100_FILE_LIMIT) {
      *fits = false;
      continue;
    }
    chunk[filled++] = (char)octet;
    if (filled == sizeof chunk) {
      e100_text_add(text, chunk, filled);
      filled = 0;
    }
  }
  e100_text_add(text, chunk, filled);
  return any || octet == '\n';
}

static bool is_blank(const struct e100_text *text) {
  for (size_t i = 0; i < text->length; i++)
    if (strchr(" \t\r", text->text[i]) == NULL || text->text[i] == '\0')
      return false;
  return true;
}

static int read_json_lines(struct reading *reading, FILE *file, const char *path) {
  int code = E100_EXIT_FINE;
  bool fits = true;
  for (uint64_t line = 1; read_line(file, &reading->text, &fits); line++) {
    if (!fits) {
      e100_complain(path, "line %llu: is longer than the limit of %d octets; cut the exchange",
                    (unsigned long long)line, E100_FILE_LIMIT);
      code = e100_unreadable(path, line);
    } else if (!is_blank(&reading->text)) {
      code = worse(code, read_json(reading, path, line));
    }
  }
  if (ferror(file) != 0) {
    e100_complain(path, "cannot be read to its end: %s", strerror(errno));
    code = e100_unreadable(path, 0);
  }
  return code;
}

/* JSON Lines begin with a brace, and a case never does. */
static bool begins_with_brace(FILE *file) {
  int octet = getc(file);
  if (octet != EOF)
    (void)ungetc(octet, file);
  return octet == '{';
}

/* Nothing found in nothing is no good news. */
static int nothing_there(const char *path) {
  e100_complain(path, "holds no exchange; is it the right one?");
  return e100_unreadable(path, 0);
}

static int read_whole(struct reading *reading, FILE *file, const char *path) {
  if (!e100_stream_read(file, path, &reading->text))
    return e100_unreadable(path, 0);
  if (reading->text.length == 0)
    return nothing_there(path);
  if (ends_with(path, ".json"))
    return read_json(reading, path, 0);
  if (!e100_case_read(&reading->exchange, path, &reading->text))
    return E100_EXIT_CANNOT;
  return hand_over(reading, path, 0, true);
}

static int read_path(void *user, const char *path) {
  struct reading *reading = user;
  FILE *file = e100_file_open(path);
  if (file == NULL)
    return e100_unreadable(path, 0);
  bool whole = ends_with(path, ".case") || ends_with(path, ".json");
  bool lines = ends_with(path, ".jsonl") || (!whole && begins_with_brace(file));
  int code = lines ? read_json_lines(reading, file, path) : read_whole(reading, file, path);
  if (file != stdin)
    (void)fclose(file);
  return code;
}

int e100_each_exchange(const char *path, e100_exchange_fn *fn, void *user, size_t *count) {
  static const char *const endings[] = {".case", ".json", ".jsonl", NULL};
  struct reading reading = {.fn = fn, .user = user};
  e100_exchange_init(&reading.exchange);
  int code =
      strcmp(path, "-") == 0 ? read_path(&reading, path) : e100_each_path(path, endings, read_path, &reading);
  *count += reading.count;
  e100_exchange_free(&reading.exchange);
  e100_text_free(&reading.text);
  return code;
}

int e100_each_operand(const char *command, int operands, char **argv, e100_exchange_fn *fn, void *user) {
  int code = E100_EXIT_FINE;
  for (int i = 1; i <= operands; i++) {
    size_t count = 0;
    int one = e100_each_exchange(argv[i], fn, user, &count);
    if (count == 0 && one == E100_EXIT_FINE)
      one = nothing_there(argv[i]);
    code = worse(code, one);
  }
  if (operands == 0) {
    e100_complain(NULL, "%s: name at least one file; see expect100 %s --help", command, command);
    code = E100_EXIT_CANNOT;
  }
  return code;
}

bool e100_was_cut(const struct e100_exchange *exchange, const struct e100_source *source) {
  if (exchange->truncated)
    e100_complain(source->name, "goes over a limit (%d steps, %d octets); only what fits was looked at",
                  E100_STEPS_LIMIT, E100_OCTETS_LIMIT);
  return exchange->truncated != 0;
}

/* ---- what came with the program ------------------------------------------------------------------------ */

bool e100_share_folder(const char *name, struct e100_text *out) {
  char executable[E100_PATH_LIMIT];
  ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
  if (length <= 0)
    return false;
  executable[length] = '\0';
  char *slash = strrchr(executable, '/');
  if (slash == NULL)
    return false;
  *slash = '\0';
  out->length = 0;
  e100_text_format(out, "%s/%s/%s", executable, E100_SHARE_FOLDER, name);
  char *resolved = realpath(out->text, NULL); /* shorter in messages than a path with .. in it */
  if (resolved == NULL)
    return false;
  out->length = 0;
  e100_text_format(out, "%s", resolved);
  free(resolved);
  return e100_is_folder(out->text);
}

int e100_each_own_case(const char *folder, e100_exchange_fn *fn, void *user, size_t *count) {
  static const char *const names[] = {"cases", "found"};
  if (folder != NULL)
    return e100_each_exchange(folder, fn, user, count);
  int code = E100_EXIT_FINE;
  struct e100_text path = {0};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (e100_share_folder(names[i], &path))
      code = worse(code, e100_each_exchange(path.text, fn, user, count));
  e100_text_free(&path);
  return code;
}
