/* fuzz_command.c - `expect100 fuzz`: the options of a campaign. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fuzz.h"

enum { DEFAULT_SECONDS = 60, SECONDS_LIMIT = 366 * 24 * 3600 };

static const char details[] =
    "Findings are minimised into cases in DIR/findings; the grown corpus stays in DIR/corpus and is taken "
    "up\n"
    "again by the next campaign with the same DIR. --runs counts for each target under each engine, and "
    "with\n"
    "it there is no limit of time unless --time is given too. Lines of the file of known findings read\n"
    "\"CAUSE  # reason\"; what known/ has of a library is passed over where --known is not given. Exit code: "
    "0 no findings, 1 findings, 2 could not run.\n";

/* "60", "1.5", "90s", "10m", "2h". */
static bool read_seconds(const char *text, double *seconds) {
  char *end = NULL;
  double number = text[0] >= '0' && text[0] <= '9' ? strtod(text, &end) : NAN;
  double unit = 1;
  if (end != NULL && (strcmp(end, "m") == 0 || strcmp(end, "h") == 0))
    unit = *end == 'm' ? 60 : 3600;
  else if (end == NULL || (*end != '\0' && strcmp(end, "s") != 0))
    number = NAN;
  *seconds = number * unit;
  if (*seconds >= 0.1 && *seconds <= SECONDS_LIMIT) /* false for what is no number, too */
    return true;
  e100_complain(NULL, "--time wants seconds (also 90s, 10m, 2h) from 0.1 to a year, not '%s'", text);
  return false;
}

/* A folder that begins with a dash would be read as an option by the engines. */
static char *plain_folder(const char *out) {
  size_t length = strlen(out);
  while (length > 1 && out[length - 1] == '/')
    length--;
  return e100_format("%s%.*s", out[0] == '-' ? "./" : "", (int)length, out);
}

struct words {
  const char *seconds, *runs, *jobs, *seed, *seeds, *fail_on;
};

static bool read_words(const struct words *words, struct e100_campaign_options *options) {
  uint64_t number = 0;
  if (words->seconds != NULL && !read_seconds(words->seconds, &options->seconds))
    return false;
  if (words->runs != NULL) {
    if (!e100_option_number("runs", words->runs, 1, INT64_MAX, &options->runs))
      return false;
    if (words->seconds == NULL)
      options->seconds = 0;
  }
  if (words->jobs != NULL) {
    if (!e100_option_number("jobs", words->jobs, 1, E100_WORKERS_LIMIT, &number))
      return false;
    options->jobs = (unsigned)number;
  }
  if (words->seed != NULL) {
    if (!e100_option_number("seed", words->seed, 1, UINT32_MAX, &number))
      return false;
    options->seed = (uint32_t)number;
  }
  if (words->seeds != NULL && strcmp(words->seeds, "none") != 0 && strcmp(words->seeds, "all") != 0) {
    e100_complain(NULL, "--seeds wants all or none, not '%s'", words->seeds);
    return false;
  }
  options->no_seeds = words->seeds != NULL && strcmp(words->seeds, "none") == 0;
  if (words->fail_on != NULL && strcmp(words->fail_on, "violation") != 0) {
    e100_complain(NULL, "--fail-on wants violation, not '%s': targets stop at violations only",
                  words->fail_on);
    return false;
  }
  return true;
}

/* Whether what was given can be run; false after a message. */
static bool are_right(struct e100_campaign_options *options, const struct words *words, int operands,
                      char **argv) {
  if (operands > 0) {
    e100_complain(argv[1], "fuzz takes only options; to choose a target, use --target");
    return false;
  }
  if (!read_words(words, options))
    return false;
  if (options->out[0] == '\0')
    e100_complain(NULL, "--out wants a folder, not an empty name");
  return options->out[0] != '\0';
}

int e100_cli_fuzz(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--supervise") == 0)
    return e100_child_supervise(argc, argv);
  struct e100_campaign_options options = {
      .seconds = DEFAULT_SECONDS, .engine = "all", .target = "all", .out = "expect100-out"};
  struct words words = {0};
  const struct e100_option list[] = {
      {"time", "S", "how long (default 60; also 10m, 2h)", NULL, &words.seconds},
      {"runs", "N", "executions of each target under each engine", NULL, &words.runs},
      {"engine", "NAME", "libfuzzer, afl, msan, or all (default: libfuzzer and afl)", NULL, &options.engine},
      {"jobs", "N", "workers at the same time (default: one a core)", NULL, &words.jobs},
      {"target", "NAME", "one target, or all (default)", NULL, &options.target},
      {"subject", "NAME", "what is played (default: the reference machine)", NULL, &options.subject},
      {"seed", "N", "for the engines' randomness (default: another one each time)", NULL, &words.seed},
      {"seeds", "all|none", "none: begin without the seeds of the program (default: all)", NULL,
       &words.seeds},
      {"out", "DIR", "corpus, findings and numbers (default expect100-out)", NULL, &options.out},
      {"known", "FILE", "causes that are no findings, each with its reason", NULL, &options.known},
      {"fail-on", "violation", "what exit code 1 stands for; there is no other", NULL, &words.fail_on},
      {"json", NULL, "the summary as one JSON object on standard output", &options.json, NULL},
      E100_FINDINGS_OPTIONS(options.output),
  };
  const struct e100_usage usage = {.command = "fuzz",
                                   .operands = "",
                                   .sentence =
                                       "Fuzzes with libFuzzer and AFL++, and makes cases of what is found.",
                                   .details = details,
                                   .options = list,
                                   .option_count = sizeof list / sizeof list[0]};
  int operands = 0;
  struct e100_text invocation = {0};
  e100_command_text(argc, argv, &invocation);
  int code = e100_options(&usage, argc, argv, &operands);
  if (code == E100_GO_ON)
    code = are_right(&options, &words, operands, argv) ? E100_GO_ON : E100_EXIT_CANNOT;
  if (code == E100_GO_ON) {
    char *out = plain_folder(options.out);
    options.out = out;
    options.invocation = invocation.text;
    code = e100_campaign_run(&options);
    free(out);
  }
  e100_text_free(&invocation);
  return code;
}
