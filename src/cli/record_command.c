/* record_command.c - stands between two programs, and judges what passes. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/findings_output.h"
#include "live/live_play.h"
#include "record/relay.h"
#include "report/exchange_json.h"
#include "report/finding_text.h"

struct recording {
  const char *listen, *to, *out, *settle, *allow, *count;
  bool both;
  FILE *file;
  struct e100_relay *relay;
  uv_signal_t interrupt, terminate;
  uint64_t wanted; /* connections after which it ends; 0: none */
  uint64_t connections, requests_found, violations, unreached, cut, kept;
  bool unwritten; /* something could not be written */
};

/* ---- what passes -----------------------------------------------------------------------------------------
 */

static void show_finding(const struct e100_recorded *recorded, const struct e100_finding *finding) {
  struct e100_text text = {0};
  e100_text_format(&text, "connection %u, ", (unsigned)recorded->number);
  e100_finding_text(recorded->exchange, finding, e100_colours(stdout), &text);
  e100_put(&text);
  (void)fflush(stdout);
}

static void on_found(void *user, const struct e100_recorded *recorded, uint32_t first) {
  (void)user;
  for (uint32_t i = first; i < recorded->findings->count && i < E100_FINDINGS_LIMIT; i++)
    show_finding(recorded, &recorded->findings->list[i]);
}

static void count_findings(struct recording *recording, const struct e100_findings *findings) {
  recording->requests_found += findings->count;
  for (uint32_t i = 0; i < findings->count && i < E100_FINDINGS_LIMIT; i++)
    recording->violations += e100_rule_severity(findings->list[i].rule) == E100_VIOLATION ? 1 : 0;
}

static void stop(struct recording *recording) {
  if (recording->relay == NULL)
    return;
  struct e100_relay *relay = recording->relay;
  recording->relay = NULL;
  uv_close((uv_handle_t *)&recording->interrupt, NULL);
  uv_close((uv_handle_t *)&recording->terminate, NULL);
  e100_relay_stop(relay);
}

static void keep(struct recording *recording, const struct e100_recorded *recorded) {
  struct e100_text line = {0};
  if (recording->file == NULL)
    return;
  e100_exchange_print_json_line(recorded->exchange, &line);
  recording->kept++;
  /* At once, so that a recording that is killed has all that was over. */
  if (fwrite(line.text, 1, line.length, recording->file) != line.length || fflush(recording->file) != 0)
    recording->unwritten = true;
  e100_text_free(&line);
}

/* What was passed on and not judged. */
static void tell_unjudged(struct recording *recording, const struct e100_recorded *recorded) {
  static const char *const speaks[E100_PROTOCOL_COUNT] = {
      [E100_PROTOCOL_TLS] = "speaks TLS: not judged, as only the two ends can read it",
      [E100_PROTOCOL_HTTP2] = "speaks HTTP/2: not judged",
      [E100_PROTOCOL_OTHER] = "does not speak HTTP: not judged"};
  if (speaks[recorded->protocol] != NULL)
    e100_complain(recording->to, "connection %u %s", (unsigned)recorded->number, speaks[recorded->protocol]);
  if (!recorded->exchange->truncated)
    return;
  recording->cut++;
  e100_complain(
      recording->to,
      "connection %u goes over a limit (%d steps, %d octets): what came after it was passed on, and "
      "neither written down nor judged",
      (unsigned)recorded->number, E100_STEPS_LIMIT, E100_OCTETS_LIMIT);
}

static void on_ended(void *user, const struct e100_recorded *recorded, const char *why) {
  struct recording *recording = user;
  recording->connections++;
  count_findings(recording, recorded->findings);
  if (why[0] != '\0') {
    recording->unreached++;
    e100_complain(recording->to, "connection %u: %s", (unsigned)recorded->number, why);
  }
  tell_unjudged(recording, recorded);
  if (recorded->exchange->step_count > 0)
    keep(recording, recorded);
  if (recorded->findings->count > 0) {
    struct e100_text ladder = {0};
    e100_text_format(&ladder, "\nconnection %u:\n\n", (unsigned)recorded->number);
    e100_marked_ladder(recorded->exchange, recorded->findings, &ladder);
    e100_text_format(&ladder, "\n"); /* between it and what is found in the next */
    e100_put(&ladder);
    (void)fflush(stdout);
  }
  if (recording->wanted > 0 && recording->connections >= recording->wanted)
    stop(recording);
}

static const struct e100_relay_calls calls = {.found = on_found, .ended = on_ended};

static void on_signal(uv_signal_t *signal, int number) {
  (void)number;
  stop(signal->data);
}

/* ---- the options ------------------------------------------------------------------------------------------
 */

/* HOST:PORT, or unix:PATH. Where LISTENS, port 0 is any. */
static bool read_address(const char *option, const char *text, bool listens, struct e100_address *out) {
  char with_kind[E100_HOST_LIMIT + 32];
  size_t length = text != NULL ? strlen(text) : 0;
  bool any = listens && length > 2 && strcmp(text + length - 2, ":0") == 0;
  if (text == NULL || length + 8 > sizeof with_kind) {
    e100_complain(NULL, "record wants --%s HOST:PORT or --%s unix:PATH", option, option);
    return false;
  }
  (void)snprintf(with_kind, sizeof with_kind, "%s%s", e100_address_begins(text) ? "" : "tcp:", text);
  if (any)
    with_kind[strlen(with_kind) - 1] = '1';
  bool bare = strchr(text, ':') == NULL;
  const char *wrong =
      bare ? "it wants HOST:PORT, as in 127.0.0.1:8080, or unix:PATH" : e100_address_read(with_kind, out);
  if (wrong == NULL && out->kind == E100_ADDRESS_TLS)
    wrong = "what is encrypted cannot be read on its way; stand where it is plain";
  if (wrong == NULL && out->role != E100_ROLE_ORIGIN)
    wrong = "say HOST:PORT alone";
  if (wrong != NULL)
    e100_complain(NULL, "--%s %s: %s", option, text, wrong);
  if (any)
    memcpy(out->port, "0", 2);
  return wrong == NULL;
}

static bool may_pass_on(const struct recording *recording, const struct e100_address *to) {
  if (e100_address_is_local(to) || (recording->allow != NULL && strcmp(recording->allow, to->host) == 0))
    return true;
  e100_complain(NULL, "%s is not this machine; if you may record there, say so: --allow %s", to->host,
                to->host);
  return false;
}

static bool open_file(struct recording *recording) {
  if (recording->out == NULL)
    return true;
  recording->file = fopen(recording->out, "we");
  if (recording->file == NULL)
    e100_complain(recording->out, "cannot be written");
  return recording->file != NULL;
}

static void listen_to_signals(uv_loop_t *loop, struct recording *recording) {
  (void)uv_signal_init(loop, &recording->interrupt);
  (void)uv_signal_init(loop, &recording->terminate);
  recording->interrupt.data = recording->terminate.data = recording;
  (void)uv_signal_start(&recording->interrupt, on_signal, SIGINT);
  (void)uv_signal_start(&recording->terminate, on_signal, SIGTERM);
}

static int record(struct recording *recording, const struct e100_relay_design *design) {
  uv_loop_t loop;
  char why[256];
  (void)signal(SIGPIPE, SIG_IGN);
  E100_CHECK(uv_loop_init(&loop) == 0, "a loop can be made");
  recording->relay = e100_relay_start(&loop, design, &calls, recording, why);
  bool started = recording->relay != NULL;
  if (started) {
    listen_to_signals(&loop, recording); /* who reads that it listens may interrupt it */
    if (design->listen.kind == E100_ADDRESS_UNIX)
      printf("listening on %s, passing on to %s\n", recording->listen, recording->to);
    else
      printf("listening on %s:%u, passing on to %s\n", design->listen.host, e100_relay_port(recording->relay),
             recording->to);
    (void)fflush(stdout);
  } else {
    e100_complain(recording->listen, "%s", why);
  }
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  E100_CHECK(uv_loop_close(&loop) == 0, "a relay leaves nothing in its loop");
  if (!started)
    return E100_EXIT_CANNOT;
  printf("%llu connection%s, %llu finding%s\n", (unsigned long long)recording->connections,
         recording->connections == 1 ? "" : "s", (unsigned long long)recording->requests_found,
         recording->requests_found == 1 ? "" : "s");
  if (recording->kept > 0)
    printf("to see each: expect100 judge --ladder %s\n", recording->out);
  if (recording->unwritten)
    e100_complain(recording->out, "not everything could be written");
  if (recording->unwritten || recording->unreached > 0 || recording->cut > 0 || !e100_output_finished())
    return E100_EXIT_CANNOT;
  return recording->violations > 0 ? E100_EXIT_FOUND : E100_EXIT_FINE;
}

int e100_cli_record(int argc, char **argv) {
  struct recording recording = {.listen = NULL};
  const struct e100_option options[] = {
      {"listen", "HOST:PORT", "where clients come; port 0: any, which is printed", NULL, &recording.listen},
      {"to", "HOST:PORT", "the server that they want", NULL, &recording.to},
      {"out", "FILE", "write the conversations as JSON Lines (docs/exchange.schema.json)", NULL,
       &recording.out},
      {"settle", "MS", "how long a silence is, in milliseconds; default 300", NULL, &recording.settle},
      {"both", NULL, "judge the clients too, and not the server alone", &recording.both, NULL},
      {"connections", "N", "end after so many connections; default: go on until interrupted", NULL,
       &recording.count},
      {"allow", "HOST", "one may record what goes to HOST, which is not this machine", NULL,
       &recording.allow},
  };
  const struct e100_usage usage = {
      .command = "record",
      .operands = "",
      .sentence = "Stands between two programs, writes down what they say, and judges it as it comes.",
      .details =
          "An address is HOST:PORT or unix:PATH. Clients are sent to --listen in place of the server:\n"
          "  expect100 record --listen 127.0.0.1:8081 --to 127.0.0.1:8080 --both --out talk.jsonl\n"
          "  curl -T FILE -H 'Expect: 100-continue' http://127.0.0.1:8081/\n"
          "What is found is printed at once; where nothing is wrong, nothing is. Ctrl-C ends it.\n"
          "Exit code: 0 no violation, 1 violations, 2 could not run, reach the server, write, or\n"
          "judge all of a connection.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  int operands = 0;
  int code = e100_options(&usage, argc, argv, &operands);
  if (code != E100_GO_ON)
    return code;
  struct e100_relay_design design = {.settle = 0};
  uint64_t settle = E100_SETTLE_USUAL;
  int everybody = e100_reading_named("everybody");
  E100_CHECK(everybody >= 0, "there is a reading that judges everybody");
  if (operands > 0) {
    e100_complain(NULL, "record takes no operand; see expect100 record --help");
    return E100_EXIT_CANNOT;
  }
  if (!read_address("listen", recording.listen, true, &design.listen) ||
      !read_address("to", recording.to, false, &design.to) || !may_pass_on(&recording, &design.to) ||
      (recording.settle != NULL &&
       !e100_option_number("settle", recording.settle, 1, E100_SETTLE_LIMIT, &settle)) ||
      (recording.count != NULL &&
       !e100_option_number("connections", recording.count, 1, UINT32_MAX, &recording.wanted)) ||
      !open_file(&recording))
    return E100_EXIT_CANNOT;
  design.settle = (unsigned)settle;
  design.reading = recording.both ? UINT32_C(1) << everybody : 0;
  code = record(&recording, &design);
  if (recording.file != NULL && fclose(recording.file) != 0) {
    e100_complain(recording.out, "not everything could be written");
    code = E100_EXIT_CANNOT;
  }
  return code;
}
