/* fuzz_campaign.c - a campaign from its start to its exit code: phases, clock, signals. */
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/fuzz.h"
#include "e100_config.h"
#include "libraries/library.h"

enum {
  TICK_MILLISECONDS = 100,
  /* In ticks: */
  LIVE_EVERY = 2, /* at most five times a second */
  CRASHES_EVERY = 3,
  STATS_EVERY = 10,
  COUNT_EVERY = 20,
  SHARE_EVERY = 50,
  SAFE_RANDOM_BITS = 28 /* of addresses; with more, clang 14's sanitizers fail to start now and then */
};

double e100_now(void) {
  return (double)uv_hrtime() / 1e9;
}

/* ---- phases ------------------------------------------------------------------------------------------ */

void e100_campaign_stop(struct e100_campaign *campaign) {
  if (campaign->phase != E100_PHASE_RUNNING)
    return;
  campaign->phase = E100_PHASE_STOPPING;
  campaign->stopped = e100_now();
}

void e100_campaign_fail(struct e100_campaign *campaign, const char *file, const char *format, ...) {
  char text[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  bool first = !campaign->failed;
  campaign->failed = true;
  e100_campaign_stop(campaign);
  e100_live_hide(campaign);
  if (first) /* the first reason is the reason; a full disk gives a hundred more */
    e100_complain(file, "%s", text);
}

static bool lanes_can_go_on(const struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->lane_count; i++)
    if (!e100_lane_finished(campaign, &campaign->lanes[i]))
      return true;
  return false;
}

static void collect(struct e100_campaign *campaign) {
  for (size_t i = 0; i < campaign->lane_count; i++) {
    e100_out_take_crashes(campaign, &campaign->lanes[i]);
    e100_out_share_queue(campaign, &campaign->lanes[i]);
  }
  e100_out_count_corpus(campaign);
}

static void close_handle(uv_handle_t *handle, void *user) {
  (void)user;
  if (!uv_is_closing(handle))
    uv_close(handle, NULL);
}

static void change_phase(struct e100_campaign *campaign) {
  bool idle = e100_workers_idle(campaign);
  if (campaign->phase == E100_PHASE_RUNNING &&
      ((campaign->end > 0 && e100_now() >= campaign->end) || (idle && !lanes_can_go_on(campaign))))
    e100_campaign_stop(campaign);
  if (campaign->phase == E100_PHASE_STOPPING && idle) {
    collect(campaign);
    campaign->phase = E100_PHASE_LOOKING;
  }
  if (campaign->phase == E100_PHASE_LOOKING && e100_looks_done(campaign)) {
    campaign->phase = E100_PHASE_OVER;
    uv_walk(&campaign->loop, close_handle, NULL);
  }
}

static void on_tick(uv_timer_t *timer) {
  struct e100_campaign *campaign = timer->data;
  campaign->ticks++;
  bool running = campaign->phase == E100_PHASE_RUNNING;
  for (size_t i = 0; i < campaign->lane_count; i++) {
    if (campaign->ticks % CRASHES_EVERY == 0)
      e100_out_take_crashes(campaign, &campaign->lanes[i]);
    if (campaign->ticks % SHARE_EVERY == 0 && running)
      e100_out_share_queue(campaign, &campaign->lanes[i]);
  }
  if (campaign->ticks % COUNT_EVERY == 1) {
    e100_out_count_corpus(campaign);
    e100_out_check_room(campaign);
  }
  e100_workers_tick(campaign);
  e100_looks_tick(campaign);
  if (campaign->ticks % STATS_EVERY == 0 && running)
    e100_stats_line(campaign);
  if (campaign->ticks % LIVE_EVERY == 0)
    e100_live_tick(campaign);
  change_phase(campaign);
}

/* ---- signals --------------------------------------------------------------------------------------------
 */

static void on_interrupt(uv_signal_t *signal, int number) {
  struct e100_campaign *campaign = signal->data;
  (void)number;
  campaign->interrupts++;
  campaign->stopped = e100_now();
  if (campaign->interrupts == 1) {
    e100_campaign_say(campaign, "interrupted: stopping; once more to stop at once");
    e100_campaign_stop(campaign);
  } else {
    e100_workers_kill(campaign);
  }
  campaign->stopped = e100_now();
  e100_workers_tick(campaign);
  e100_looks_tick(campaign);
}

static void on_resize(uv_signal_t *signal, int number) {
  (void)number;
  e100_live_resize(signal->data);
}

static void listen_to(struct e100_campaign *campaign, size_t slot, int number, uv_signal_cb callback) {
  uv_signal_init(&campaign->loop, &campaign->signals[slot]);
  campaign->signals[slot].data = campaign;
  uv_signal_start(&campaign->signals[slot], callback, number);
}

static void listen_to_all(struct e100_campaign *campaign) {
  struct sigaction hangup;
  listen_to(campaign, 0, SIGINT, on_interrupt);
  listen_to(campaign, 1, SIGTERM, on_interrupt);
  /* Under nohup a hangup is ignored, and stays so. */
  if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
    listen_to(campaign, 2, SIGHUP, on_interrupt);
  if (campaign->live)
    listen_to(campaign, 3, SIGWINCH, on_resize);
  /* As errors they say what went wrong; as signals they would end the campaign without a summary. */
  (void)signal(SIGPIPE, SIG_IGN);
  (void)signal(SIGXFSZ, SIG_IGN);
}

/* ---- the start ---------------------------------------------------------------------------------- */

static bool find_program(struct e100_campaign *campaign) {
  char path[4096];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length <= 0) {
    e100_complain(NULL, "/proc is not there, and a campaign finds its engines through it; mount it");
    return false;
  }
  path[length] = '\0';
  char *slash = strrchr(path, '/');
  if (slash != NULL && slash != path)
    *slash = '\0';
  campaign->program_folder = e100_format("%s", path);
  char *libexec = e100_format("%s/%s", path, E100_LIBEXEC_FOLDER);
  char *plain = realpath(libexec, NULL); /* it is printed, so without the ".." */
  campaign->libexec = plain != NULL ? plain : e100_format("%s", libexec);
  free(libexec);
  const char *command = getenv("E100_COMMAND");
  campaign->command = command != NULL && command[0] != '\0' ? command : "expect100";
  return true;
}

static void look_at_addresses(struct e100_campaign *campaign) {
#if defined(__x86_64__)
  FILE *file = fopen("/proc/sys/vm/mmap_rnd_bits", "re");
  char text[32] = "";
  if (file != NULL) {
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
  }
  long bits = strtol(text, NULL, 10);
  campaign->fixed_addresses = bits > SAFE_RANDOM_BITS;
  if (campaign->fixed_addresses)
    e100_campaign_say(
        campaign,
        "vm.mmap_rnd_bits is %ld here, with which sanitizers of clang 14 fail now and then: the "
        "engines run with fixed addresses, as with setarch -R",
        bits);
#else
  (void)campaign;
#endif
}

static void say_start(struct e100_campaign *campaign) {
  struct e100_text text = {0};
  const char *subject = campaign->options.subject;
  e100_text_format(&text, "fuzzing %s:", subject != NULL ? subject : "the reference machine");
  for (size_t i = 0; i < campaign->lane_count; i++) {
    const struct e100_lane *lane = &campaign->lanes[i];
    if (i == 0 || strcmp(campaign->lanes[i - 1].target, lane->target) != 0)
      e100_text_format(&text, "%s %s (%s", i > 0 ? ")," : "", lane->target, lane->engine->title);
    else
      e100_text_format(&text, ", %s", lane->engine->title);
  }
  e100_text_format(&text, "); %u worker%s", campaign->options.jobs, campaign->options.jobs == 1 ? "" : "s");
  if (campaign->options.seconds > 0)
    e100_text_format(&text, ", %.0f s", campaign->options.seconds);
  if (campaign->options.runs > 0)
    e100_text_format(&text, ", %llu executions each", (unsigned long long)campaign->options.runs);
  e100_campaign_say(campaign, "%s; out folder %s", text.text, campaign->options.out);
  e100_text_free(&text);
  for (size_t i = 0; i < campaign->lane_count && !campaign->options.no_seeds; i++)
    if (campaign->lanes[i].seeds == NULL && (i == 0 || campaign->lanes[i].target[0] != '\0') &&
        (i == 0 || strcmp(campaign->lanes[i].target, campaign->lanes[i - 1].target) != 0))
      e100_campaign_say(campaign, "there are no seeds for %s; it starts with 32 zero octets",
                        campaign->lanes[i].target);
}

/* What is known of a library's version is passed over where nobody says otherwise. */
static bool excuse(struct e100_campaign *campaign) {
  const struct e100_campaign_options *options = &campaign->options;
  const char *name = options->subject != NULL ? e100_library_known(options->subject) : NULL;
  struct e100_text path = {0};
  if (options->known != NULL)
    return e100_findings_excuse(campaign, options->known);
  if (name == NULL || !e100_share_folder("known", &path))
    return true;
  e100_text_format(&path, "/%s", name);
  bool fine = true;
  if (access(path.text, R_OK) == 0) {
    e100_campaign_say(campaign, "what is known of %s is passed over: %s", options->subject, path.text);
    fine = e100_findings_excuse(campaign, path.text);
  }
  e100_text_free(&path);
  return fine;
}

static bool prepare(struct e100_campaign *campaign) {
  struct e100_campaign_options *options = &campaign->options;
  if (options->jobs == 0)
    options->jobs = uv_available_parallelism();
  if (options->jobs > E100_WORKERS_LIMIT)
    options->jobs = E100_WORKERS_LIMIT;
  while (options->seed == 0)
    if (uv_random(NULL, NULL, &options->seed, sizeof options->seed, 0, NULL) != 0)
      options->seed = (uint32_t)uv_hrtime();
  return find_program(campaign) && e100_lanes_find(campaign) && e100_out_open(campaign) && excuse(campaign) &&
         e100_workers_make(campaign);
}

static void run(struct e100_campaign *campaign) {
  uv_loop_init(&campaign->loop);
  e100_live_init(campaign);
  listen_to_all(campaign);
  say_start(campaign);
  look_at_addresses(campaign);
  campaign->start = e100_now();
  campaign->wall_start = time(NULL);
  campaign->end = campaign->options.seconds > 0 ? campaign->start + campaign->options.seconds : 0;
  e100_stats_start(campaign);
  e100_out_take_leftovers(campaign);
  uv_timer_init(&campaign->loop, &campaign->tick);
  campaign->tick.data = campaign;
  uv_timer_start(&campaign->tick, on_tick, 0, TICK_MILLISECONDS);
  uv_run(&campaign->loop, UV_RUN_DEFAULT);
  uv_loop_close(&campaign->loop);
}

static int exit_code(const struct e100_campaign *campaign, bool printed) {
  if (campaign->failed || !printed)
    return E100_EXIT_CANNOT;
  if (campaign->finding_count > 0)
    return E100_EXIT_FOUND;
  return campaign->incomplete ? E100_EXIT_CANNOT : E100_EXIT_FINE;
}

int e100_campaign_run(const struct e100_campaign_options *options) {
  struct e100_campaign *campaign = calloc(1, sizeof *campaign);
  E100_CHECK(campaign != NULL, "there is memory for a campaign");
  campaign->options = *options;
  campaign->lock = campaign->known_fd = campaign->stats_fd = -1;
  int code = E100_EXIT_CANNOT;
  if (prepare(campaign)) {
    run(campaign);
    e100_stats_line(campaign);
    code = exit_code(campaign, e100_summary_print(campaign));
    code = e100_campaign_report(campaign, code);
  }
  e100_workers_free(campaign);
  e100_looks_free(campaign);
  e100_findings_free(campaign);
  e100_out_close(campaign);
  json_decref(campaign->samples);
  e100_lanes_free(campaign);
  free(campaign->program_folder);
  free(campaign->libexec);
  free(campaign);
  return code;
}
