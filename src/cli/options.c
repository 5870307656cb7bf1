/* options.c - one reader of options for all subcommands, and --help from the same data. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { HELP_COLUMN = 24 };

/* "expect100 judge", or another program's own name. */
static const char *before_command(const struct e100_usage *usage) {
  return usage->program == NULL ? "expect100 " : "";
}

static const char *called(const struct e100_usage *usage) {
  return usage->program == NULL ? usage->command : usage->program;
}

static void print_help(const struct e100_usage *usage) {
  printf("usage: %s%s%s%s%s\n\n%s\n", before_command(usage), called(usage),
         usage->option_count > 0 ? " [OPTION]..." : "", usage->operands[0] != '\0' ? " " : "",
         usage->operands, usage->sentence);
  if (usage->details[0] != '\0')
    printf("\n%s", usage->details);
  printf("\noptions:\n");
  for (size_t i = 0; i < usage->option_count; i++) {
    const struct e100_option *option = &usage->options[i];
    int width = printf("  --%s%s%s", option->name, option->argument != NULL ? " " : "",
                       option->argument != NULL ? option->argument : "");
    printf("%*s%s\n", width < HELP_COLUMN ? HELP_COLUMN - width : 2, "", option->text);
  }
  printf("  --help%*sprints this\n", HELP_COLUMN - 8, "");
}

static const struct e100_option *find(const struct e100_usage *usage, const char *name, size_t length) {
  for (size_t i = 0; i < usage->option_count; i++)
    if (strlen(usage->options[i].name) == length && memcmp(usage->options[i].name, name, length) == 0)
      return &usage->options[i];
  return NULL;
}

/* Takes the option at argv[*AT], and its argument where it has one. */
static int take(const struct e100_usage *usage, int argc, char **argv, int *at) {
  const char *name = argv[*at] + 2;
  const char *equals = strchr(name, '=');
  size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
  const struct e100_option *option = argv[*at][1] == '-' ? find(usage, name, length) : NULL;
  if (option == NULL) {
    e100_complain(NULL, "%s: there is no option %s; see %s%s --help", usage->command, argv[*at],
                  before_command(usage), called(usage));
    return E100_EXIT_CANNOT;
  }
  if (option->argument == NULL) {
    if (equals != NULL) {
      e100_complain(NULL, "%s: --%s takes no argument; leave out everything from the =", usage->command,
                    option->name);
      return E100_EXIT_CANNOT;
    }
    *option->flag = true;
    return E100_GO_ON;
  }
  if (equals != NULL) {
    *option->value = equals + 1;
  } else if (*at + 1 < argc) {
    *option->value = argv[++*at];
  } else {
    e100_complain(NULL, "%s: --%s wants an argument: --%s %s", usage->command, option->name, option->name,
                  option->argument);
    return E100_EXIT_CANNOT;
  }
  return E100_GO_ON;
}

int e100_options(const struct e100_usage *usage, int argc, char **argv, int *operands) {
  bool options_ended = false;
  *operands = 0;
  for (int i = 1; i < argc; i++) {
    if (options_ended || argv[i][0] != '-' || argv[i][1] == '\0') {
      argv[1 + (*operands)++] = argv[i];
    } else if (strcmp(argv[i], "--") == 0) {
      options_ended = true;
    } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      print_help(usage);
      return E100_EXIT_FINE;
    } else {
      int code = take(usage, argc, argv, &i);
      if (code != E100_GO_ON)
        return code;
    }
  }
  return E100_GO_ON;
}

bool e100_option_number(const char *name, const char *text, uint64_t low, uint64_t high, uint64_t *out) {
  char *end = NULL;
  errno = 0;
  unsigned long long number = strtoull(text, &end, 10);
  bool digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
  if (!digits || errno != 0 || number < low || number > high) {
    e100_complain(NULL, "--%s wants a number from %llu to %llu, not '%s'", name, (unsigned long long)low,
                  (unsigned long long)high, text);
    return false;
  }
  *out = number;
  return true;
}
