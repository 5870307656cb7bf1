/* fuzz_live.c - what people see while a campaign runs, and the same as lines of JSON for later reports. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/fuzz.h"
#include "report/verdict_json.h"

enum {
  PLAIN_SECONDS = 10, /* between lines where there is no terminal */
  RATE_SECONDS = 1,   /* over which the rate is measured, and then smoothed */
  WIDTH_UNKNOWN = 80
};

void e100_campaign_numbers(const struct e100_campaign *campaign, struct e100_numbers *numbers) {
  *numbers = (struct e100_numbers){.pairs_all = e100_machine_pairs_total()};
  for (size_t i = 0; i < campaign->lane_count; i++) {
    const struct e100_lane *lane = &campaign->lanes[i];
    numbers->executions[e100_engine_index(lane->engine)] += e100_lane_executions(campaign, lane);
  }
  for (size_t i = 0; i < E100_GAUGE_PAIRS; i++) {
    bool reached = campaign->pairs[i] != 0;
    for (size_t j = 0; !reached && j < campaign->worker_count; j++)
      reached = campaign->workers[j].gauge->pairs[i] != 0;
    numbers->pairs += reached;
  }
  for (unsigned rule = 1; rule < E100_RULE_COUNT; rule++) {
    if (e100_rule(rule)->seen == E100_SEEN_UNSEEN)
      continue;
    bool decided = campaign->rules[rule] != 0;
    for (size_t j = 0; !decided && j < campaign->worker_count; j++)
      decided = campaign->workers[j].gauge->rules[rule] != 0;
    numbers->rules += decided;
    numbers->rules_all++;
  }
}

/* ---- the line --------------------------------------------------------------------------------------- */

/* 1234 as "1,234", 1234567 as "1.23M": short, and the first digits are what matters. */
static void add_count(struct e100_text *out, double count) {
  if (count < 1000)
    e100_text_format(out, "%.0f", count);
  else if (count < 10000)
    e100_text_format(out, "%d,%03d", (int)count / 1000, (int)count % 1000);
  else if (count < 1e6)
    e100_text_format(out, "%.0fk", count / 1e3);
  else if (count < 1e9)
    e100_text_format(out, "%.2fM", count / 1e6);
  else
    e100_text_format(out, "%.2fG", count / 1e9);
}

static void add_clock(struct e100_text *out, double seconds) {
  unsigned long whole = seconds > 0 ? (unsigned long)seconds : 0;
  if (whole >= 3600)
    e100_text_format(out, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
  else
    e100_text_format(out, "%lu:%02lu", whole / 60, whole % 60);
}

static void add_time(const struct e100_campaign *campaign, struct e100_text *out) {
  double now = e100_now();
  add_clock(out, now - campaign->start);
  if (campaign->phase == E100_PHASE_STOPPING)
    e100_text_format(out, " stopping");
  else if (campaign->phase == E100_PHASE_LOOKING)
    e100_text_format(out, " looking at findings");
  else if (campaign->options.seconds > 0) {
    e100_text_format(out, ", ");
    add_clock(out, campaign->end - now + 0.999);
    e100_text_format(out, " left");
  }
}

static void add_engine(const struct e100_campaign *campaign, const struct e100_numbers *numbers,
                       size_t engine, struct e100_text *out) {
  e100_text_format(out, "%s ", e100_engine_at(engine)->title);
  add_count(out, (double)numbers->executions[engine]);
  e100_text_format(out, " (");
  add_count(out, campaign->rate[engine]);
  e100_text_format(out, "/s)");
}

static bool has_lanes(const struct e100_campaign *campaign, size_t engine) {
  for (size_t i = 0; i < campaign->lane_count; i++)
    if (e100_engine_index(campaign->lanes[i].engine) == engine)
      return true;
  return false;
}

/* Adds PART where it fits in WIDTH columns; parts are given by what matters most. */
static void add_part(struct e100_text *line, struct e100_text *part, size_t width) {
  size_t gap = line->length > 0 ? 2 : 0;
  if (line->length + gap + part->length <= width) {
    e100_text_add(line, "  ", gap);
    e100_text_add(line, part->text, part->length);
  }
  part->length = 0;
}

static void compose(const struct e100_campaign *campaign, size_t width, struct e100_text *line) {
  struct e100_numbers numbers;
  e100_campaign_numbers(campaign, &numbers);
  struct e100_text part = {0};
  add_time(campaign, &part);
  add_part(line, &part, width);
  e100_text_format(&part, "findings %zu", campaign->finding_count);
  add_part(line, &part, width);
  for (size_t i = 0; e100_engine_at(i) != NULL; i++) {
    if (!has_lanes(campaign, i))
      continue;
    add_engine(campaign, &numbers, i, &part);
    add_part(line, &part, width);
  }
  e100_text_format(&part, "pairs %zu/%zu", numbers.pairs, numbers.pairs_all);
  add_part(line, &part, width);
  e100_text_format(&part, "rules %zu/%zu", numbers.rules, numbers.rules_all);
  add_part(line, &part, width);
  e100_text_format(&part, "corpus ");
  add_count(&part, (double)campaign->corpus);
  add_part(line, &part, width);
  e100_text_free(&part);
}

static unsigned terminal_width(void) {
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return WIDTH_UNKNOWN;
  return size.ws_col;
}

static void show(struct e100_campaign *campaign) {
  struct e100_text line = {0};
  if (campaign->live) {
    /* A terminal that is written to its last column would wrap. */
    e100_text_format(&line, "\r");
    struct e100_text content = {0};
    compose(campaign, campaign->width - 1, &content);
    e100_text_add(&line, content.text != NULL ? content.text : "", content.length);
    e100_text_format(&line, "\033[K");
    e100_text_free(&content);
    campaign->live_shown = true;
  } else {
    compose(campaign, SIZE_MAX / 2, &line);
    e100_text_format(&line, "\n");
  }
  fputs(line.text, stderr);
  fflush(stderr);
  e100_text_free(&line);
  campaign->last_line = e100_now();
}

void e100_live_hide(struct e100_campaign *campaign) {
  if (campaign->live_shown)
    fputs("\r\033[K", stderr);
  campaign->live_shown = false;
}

void e100_campaign_say(struct e100_campaign *campaign, const char *format, ...) {
  char text[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  e100_live_hide(campaign);
  e100_complain(NULL, "%s", text);
}

/* ---- time and lines -------------------------------------------------------------------------------------
 */

void e100_live_resize(struct e100_campaign *campaign) {
  campaign->width = terminal_width();
  if (campaign->live_shown)
    show(campaign);
}

void e100_live_init(struct e100_campaign *campaign) {
  const char *kind = getenv("TERM");
  campaign->live = isatty(STDERR_FILENO) == 1 && kind != NULL && strcmp(kind, "dumb") != 0;
  campaign->width = terminal_width();
  campaign->last_line = e100_now();
  campaign->rate_at = e100_now();
}

static void measure_rates(struct e100_campaign *campaign) {
  double passed = e100_now() - campaign->rate_at;
  if (passed < RATE_SECONDS)
    return;
  struct e100_numbers numbers;
  e100_campaign_numbers(campaign, &numbers);
  for (size_t i = 0; e100_engine_at(i) != NULL; i++) {
    double rate = (double)(numbers.executions[i] - campaign->rate_base[i]) / passed;
    campaign->rate[i] = campaign->rate[i] > 0 ? (2 * campaign->rate[i] + rate) / 3 : rate;
    campaign->rate_base[i] = numbers.executions[i];
  }
  campaign->rate_at += passed;
}

void e100_live_tick(struct e100_campaign *campaign) {
  measure_rates(campaign);
  if (campaign->live || e100_now() - campaign->last_line >= PLAIN_SECONDS)
    show(campaign);
}

/* ---- stats.jsonl -------------------------------------------------------------------------------- */

static json_t *stats(const struct e100_campaign *campaign, const char *kind) {
  json_t *line = e100_json_document("campaign-stats", E100_CAMPAIGN_JSON_VERSION);
  json_object_set_new(line, "kind", json_string(kind));
  json_object_set_new(line, "elapsed", json_real(e100_now() - campaign->start));
  return line;
}

static void write_stats(struct e100_campaign *campaign, json_t *line) {
  struct e100_text text = {0};
  e100_json_line(line, &text);
  if (!e100_out_append(campaign->stats_fd, text.text, text.length))
    e100_campaign_fail(campaign, campaign->stats_path,
                       "cannot be written: %s; what was found so far is kept, make room and start again",
                       strerror(errno));
  e100_text_free(&text);
}

void e100_stats_start(struct e100_campaign *campaign) {
  const struct e100_campaign_options *options = &campaign->options;
  json_t *lanes = json_array();
  for (size_t i = 0; i < campaign->lane_count; i++)
    json_array_append_new(lanes, json_pack("{s:s, s:s}", "engine", campaign->lanes[i].engine->name, "target",
                                           campaign->lanes[i].target));
  json_t *line = stats(campaign, "start");
  e100_set_count(line, "time", (uint64_t)campaign->wall_start);
  e100_set_count(line, "seed", options->seed);
  json_object_set_new(line, "seconds", json_real(options->seconds));
  e100_set_count(line, "runs", options->runs);
  e100_set_count(line, "jobs", options->jobs);
  json_object_set_new(line, "subject",
                      json_string(options->subject != NULL ? options->subject : "reference"));
  json_object_set_new(line, "lanes", lanes);
  write_stats(campaign, line);
}

void e100_stats_line(struct e100_campaign *campaign) {
  struct e100_numbers numbers;
  e100_campaign_numbers(campaign, &numbers);
  json_t *executions = json_object();
  for (size_t i = 0; e100_engine_at(i) != NULL; i++)
    if (has_lanes(campaign, i))
      e100_set_count(executions, e100_engine_at(i)->name, numbers.executions[i]);
  e100_campaign_sample(campaign, &numbers);
  json_t *line = stats(campaign, "numbers");
  json_object_set_new(line, "executions", executions);
  e100_set_count(line, "pairs", numbers.pairs);
  e100_set_count(line, "pairs_all", numbers.pairs_all);
  e100_set_count(line, "rules", numbers.rules);
  e100_set_count(line, "rules_all", numbers.rules_all);
  e100_set_count(line, "corpus", campaign->corpus);
  e100_set_count(line, "findings", campaign->finding_count);
  write_stats(campaign, line);
}

void e100_stats_finding(struct e100_campaign *campaign, const struct e100_campaign_finding *finding) {
  json_t *line = stats(campaign, "finding");
  json_object_set_new(line, "finding", e100_finding_json(campaign, finding));
  write_stats(campaign, line);
}
