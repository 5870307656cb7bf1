/* seeds_command.c - cuts the seeds of every target from the cases. */
#include <string.h>

#include "cli/cli.h"
#include "fuzz/checks.h"

struct seeding {
  const char *out;
  size_t written;
  struct e100_text path;
  struct e100_text input;
  struct e100_text names; /* the names so far, each between line ends */
};

/* Two cases of one name would be one seed: the name of a case is unique, whatever its folder. */
static bool name_is_new(struct seeding *seeding, const char *name) {
  struct e100_text line = {0};
  e100_text_format(&line, "\n%s\n", name);
  bool new_name = seeding->names.text == NULL || strstr(seeding->names.text, line.text) == NULL;
  e100_text_add(&seeding->names, line.text, line.length);
  e100_text_free(&line);
  return new_name;
}

static int seed_target(struct seeding *seeding, const struct e100_target *target,
                       const struct e100_exchange *exchange, const char *name) {
  seeding->input.length = 0;
  e100_text_add(&seeding->input, "", 0);
  if (!target->encode(exchange, &seeding->input))
    return E100_EXIT_FINE;
  seeding->path.length = 0;
  e100_text_format(&seeding->path, "%s/%s/%s", seeding->out, target->name, name);
  if (!e100_file_write(seeding->path.text, seeding->input.text, seeding->input.length))
    return E100_EXIT_CANNOT;
  seeding->written++;
  return E100_EXIT_FINE;
}

static int seed(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct seeding *seeding = user;
  struct e100_text name = {0};
  e100_text_format(&name, "%s", e100_base_name(source->name));
  if (name.length > 5 && strcmp(name.text + name.length - 5, ".case") == 0)
    name.text[name.length - 5] = '\0';
  int code = E100_EXIT_FINE;
  if (!name_is_new(seeding, name.text)) {
    e100_complain(source->name, "has the name of another case; rename one of them");
    code = E100_EXIT_CANNOT;
  }
  for (size_t i = 0; code == E100_EXIT_FINE && e100_target_at(i) != NULL; i++)
    code = seed_target(seeding, e100_target_at(i), exchange, name.text);
  e100_text_free(&name);
  return code;
}

static bool make_folders(struct seeding *seeding) {
  bool made = true;
  for (size_t i = 0; made && e100_target_at(i) != NULL; i++) {
    e100_path_in(&seeding->path, seeding->out, e100_target_at(i)->name);
    made = e100_folder_make(seeding->path.text);
  }
  return made;
}

int e100_cli_seeds(int argc, char **argv) {
  const char *cases = NULL;
  const struct e100_option options[] = {
      {"cases", "DIR", "the cases to cut from; default those that came along", NULL, &cases},
  };
  const struct e100_usage usage = {.command = "seeds",
                                   .operands = "OUTDIR",
                                   .sentence = "Writes OUTDIR/TARGET/CASE for every case and fuzz target.",
                                   .details = "A target that has no use for a case gets no seed from it.\n",
                                   .options = options,
                                   .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  if (operands != 1) {
    e100_complain(NULL, "seeds: name one folder to write to; see expect100 seeds --help");
    return E100_EXIT_CANNOT;
  }
  struct seeding seeding = {.out = argv[1]};
  size_t count = 0;
  code = make_folders(&seeding) ? e100_each_own_case(cases, seed, &seeding, &count) : E100_EXIT_CANNOT;
  if (code == E100_EXIT_FINE && count == 0) {
    e100_complain(cases, "seeds: there are no cases to cut from; name a folder with --cases");
    code = E100_EXIT_CANNOT;
  }
  if (code == E100_EXIT_FINE)
    printf("%zu seeds from %zu cases\n", seeding.written, count);
  e100_text_free(&seeding.path);
  e100_text_free(&seeding.input);
  e100_text_free(&seeding.names);
  return code;
}
