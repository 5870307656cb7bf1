/* survey_recipes.c - runs the scripts that start and stop programs. */
#include "cli/survey_recipes.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"

static struct e100_started_recipe started[E100_RECIPES_LIMIT];
static size_t started_count;

bool e100_is_recipe(const char *text) {
  return strncmp(text, "recipe:", 7) == 0;
}

/* Runs SCRIPT with WORD and FOLDER; what it prints goes to OUT, unless that is NULL. */
static bool run_script(const char *script, const char *word, const char *folder, struct e100_text *out) {
  struct e100_text command = {0};
  char piece[1024];
  e100_shell_word(&command, script);
  e100_text_format(&command, " %s ", word);
  e100_shell_word(&command, folder);
  FILE *pipe =
      popen(command.text, "r"); /* NOLINT(cert-env33-c): every word is quoted, none is from outside */
  e100_text_free(&command);
  if (pipe == NULL)
    return false;
  while (fgets(piece, sizeof piece, pipe) != NULL)
    if (out != NULL && out->length < 64 * sizeof piece)
      e100_text_add(out, piece, strlen(piece));
  int status = pclose(pipe);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

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

static void name_upstream(uint16_t upstream) {
  char port[8];
  (void)snprintf(port, sizeof port, "%u", (unsigned)upstream);
  (void)setenv("E100_UPSTREAM", port, 1);
}

bool e100_recipe_start(const char *text, uint16_t upstream, struct e100_started_recipe **out) {
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
  (void)snprintf(recipe->folder, sizeof recipe->folder, "/tmp/expect100-recipe-XXXXXX");
  if (mkdtemp(recipe->folder) == NULL) {
    e100_complain(NULL, "%s: no folder could be made in /tmp", text);
    return false;
  }
  started_count++;
  name_upstream(upstream);
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
  for (size_t i = 0; i < started_count; i++)
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
