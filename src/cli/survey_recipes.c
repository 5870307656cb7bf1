/* survey_recipes.c - runs the scripts that start and stop programs. */
#include "cli/survey_recipes.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

static struct e100_started_recipe started[E100_RECIPES_LIMIT];
static volatile sig_atomic_t started_count;
static volatile pid_t starting; /* the script that starts something, and its group; 0: none */

bool e100_is_recipe(const char *text) {
  return strncmp(text, "recipe:", 7) == 0;
}

/* ---- scripts --------------------------------------------------------------------------------------------
 */

/* Becomes SCRIPT, in a group of its own: the keys that interrupt this program do not end it half way. Of what
 * a handler of signals may call. */
static void become(const char *script, const char *word, const char *folder) {
  (void)setpgid(0, 0);
  (void)signal(SIGINT, SIG_DFL);
  (void)signal(SIGTERM, SIG_DFL);
  (void)signal(SIGHUP, SIG_DFL);
  (void)signal(SIGPIPE, SIG_DFL);
  (void)execl(script, script, word, folder, (char *)NULL);
  _exit(127);
}

static void read_all(int end, struct e100_text *out) {
  char piece[1024];
  ssize_t length = 0;
  while ((length = read(end, piece, sizeof piece)) > 0 || (length < 0 && errno == EINTR))
    if (length > 0 && out != NULL && out->length < 64 * sizeof piece)
      e100_text_add(out, piece, (size_t)length);
}

static int wait_for(pid_t process) {
  int status = -1;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/* Runs SCRIPT with WORD and FOLDER; what it prints goes to OUT, unless that is NULL. While it starts
 * something an interrupt ends it. */
static bool run_script(const char *script, const char *word, const char *folder, struct e100_text *out) {
  int ends[2];
  if (pipe(ends) != 0)
    return false;
  pid_t process = fork();
  if (process == 0) {
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)close(ends[0]);
    (void)close(ends[1]);
    become(script, word, folder);
  }
  (void)close(ends[1]);
  if (process > 0) {
    (void)setpgid(process, process); /* whoever comes first */
    starting = strcmp(word, "start") == 0 ? process : 0;
    read_all(ends[0], out);
  }
  (void)close(ends[0]);
  int status = process > 0 ? wait_for(process) : -1;
  starting = 0;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void e100_recipes_interrupt(void) {
  if (starting > 0)
    (void)kill(-starting, SIGTERM);
}

void e100_recipes_stop_at_once(void) {
  pid_t processes[E100_RECIPES_LIMIT];
  size_t count = (size_t)started_count;
  if (starting > 0)
    (void)kill(-starting, SIGKILL);
  for (size_t i = 0; i < count; i++) {
    processes[i] = fork();
    if (processes[i] == 0)
      become(started[i].script, "stop", started[i].folder);
  }
  for (size_t i = 0; i < count; i++)
    if (processes[i] > 0)
      (void)wait_for(processes[i]);
}

/* ---- recipes --------------------------------------------------------------------------------------------
 */

/* The rest of the line in TEXT that begins with WORD. */
static bool value_of(const char *text, const char *word, char *out, size_t room) {
  size_t length = strlen(word);
  out[0] = '\0';
  for (const char *line = text; line != NULL && *line != '\0';) {
    size_t end = strcspn(line, "\n");
    if (end > length + 1 && strncmp(line, word, length) == 0 && line[length] == ' ' && end - length <= room) {
      memcpy(out, line + length + 1, end - length - 1);
      out[end - length - 1] = '\0';
      return true;
    }
    line += end + (line[end] == '\n' ? 1 : 0);
  }
  return false;
}

/* A name is letters, digits and '-': no path. */
static bool find_script(const char *name, char *out, size_t room) {
  struct e100_text folder = {0}, path = {0};
  bool plain = name[0] != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
  bool found = plain && e100_share_folder("recipes", &folder);
  if (found) {
    e100_path_in(&path, folder.text, name);
    found = path.length < room && access(path.text, X_OK) == 0;
  }
  if (found)
    memcpy(out, path.text, path.length + 1);
  e100_text_free(&folder);
  e100_text_free(&path);
  return found;
}

bool e100_recipe_start(const char *text, const char *upstreams, struct e100_started_recipe **out) {
  struct e100_text printed = {0};
  char version[E100_RECIPE_WORD_LIMIT - 128];
  if (started_count == E100_RECIPES_LIMIT) {
    e100_complain(NULL, "%s: more recipes than a survey may have (E100_RECIPES_LIMIT)", text);
    return false;
  }
  struct e100_started_recipe *recipe = &started[started_count];
  if (!find_script(text + 7, recipe->script, sizeof recipe->script)) {
    e100_complain(NULL, "there is no recipe '%s'; see expect100 survey recipe:list", text + 7);
    return false;
  }
  const char *temporary = getenv("TMPDIR");
  int length = snprintf(recipe->folder, sizeof recipe->folder, "%s/expect100-recipe-XXXXXX",
                        temporary != NULL ? temporary : "/tmp");
  if ((size_t)length >= sizeof recipe->folder || mkdtemp(recipe->folder) == NULL) {
    e100_complain(NULL, "%s: no folder could be made in $TMPDIR, or /tmp", text);
    return false;
  }
  started_count++;
  (void)setenv("E100_UPSTREAMS", upstreams, 1);
  e100_text_add(&printed, "", 0);
  bool good = run_script(recipe->script, "start", recipe->folder, &printed) &&
              value_of(printed.text, "address", recipe->address, sizeof recipe->address);
  (void)value_of(printed.text, "version", version, sizeof version);
  (void)snprintf(recipe->name, sizeof recipe->name, "%.100s%s%s%s", text, version[0] != '\0' ? " (" : "",
                 version, version[0] != '\0' ? ")" : "");
  if (value_of(printed.text, "map", recipe->map_path, sizeof recipe->map_path))
    recipe->map = recipe->map_path;
  e100_text_free(&printed);
  if (!good)
    e100_complain(NULL, "%s: it did not start", text);
  *out = recipe;
  return good;
}

void e100_recipes_stop(void) {
  for (int i = 0; i < started_count; i++)
    if (!run_script(started[i].script, "stop", started[i].folder, NULL))
      e100_complain(NULL, "%s: it may still be running; %s stop %s", started[i].name, started[i].script,
                    started[i].folder);
  started_count = 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

int e100_recipes_list(void) {
  struct e100_text folder = {0};
  char *names[E100_RECIPES_LIMIT * 4];
  size_t count = 0;
  DIR *entries = e100_share_folder("recipes", &folder) ? opendir(folder.text) : NULL;
  for (const struct dirent *entry = NULL; entries != NULL && (entry = readdir(entries)) != NULL;)
    if (entry->d_name[0] != '.' && strchr(entry->d_name, '.') == NULL &&
        count < sizeof names / sizeof names[0])
      names[count++] = strdup(entry->d_name);
  if (entries != NULL)
    closedir(entries);
  qsort(names, count, sizeof names[0], by_name);
  for (size_t i = 0; i < count; i++) {
    printf("recipe:%s\n", names[i]);
    free(names[i]);
  }
  e100_text_free(&folder);
  return count > 0 && e100_output_finished() ? E100_EXIT_FINE : E100_EXIT_CANNOT;
}
