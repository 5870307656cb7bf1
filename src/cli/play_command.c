/* play_command.c - plays exchanges against a subject, and judges what comes of it. */
#include <string.h>

#include "cli/lookups.h"
#include "subjects/chain.h"
#include "cli/verdict_output.h"
#include "live/address.h"
#include "live/client_program.h"
#include "live/live_play.h"
#include "live/live_subject.h"
#include "report/finding_text.h"

struct playing {
  struct e100_showing showing;
  const char *subject; /* NULL: nobody was named, and the reference plays */
  char *const *named;  /* the operands, and how many */
  int named_count;
  size_t passed_over;
  size_t mute; /* plays with a program behind a socket in which nothing came of it */
  struct e100_exchange transcript;
};

/* Whether EXCHANGE only lies in a folder of what is played against a subject that was named: a recording says
 * nothing about that one. */
static bool is_passed_over(const struct playing *playing, const struct e100_exchange *exchange,
                           const struct e100_source *source) {
  if (playing->subject == NULL || exchange->kind == E100_KIND_PLAY)
    return false;
  for (int i = 0; i < playing->named_count; i++)
    if (strcmp(playing->named[i], source->path) == 0)
      return false;
  return true;
}

static bool has_octets_of(const struct e100_exchange *transcript, enum e100_role role) {
  for (uint32_t i = 0; i < transcript->step_count; i++)
    if (transcript->steps[i].kind == E100_STEP_DELIVER &&
        transcript->steps[i].from == (uint8_t)e100_role_party(role))
      return true;
  return false;
}

/* What goes before the verdict for people: what happens in this exchange, and how it was looked at. */
static void introduce(const struct playing *playing, const struct e100_exchange *exchange,
                      const struct e100_source *source, const struct e100_subject *subject) {
  if (playing->showing.json)
    return;
  struct e100_text out = {0};
  e100_add_plain(&out, source->name);
  if (subject != NULL)
    e100_text_format(&out, ": played against %s (%s)\n", subject->name,
                     e100_role_name(e100_chain_is_meant(exchange) ? subject->role : exchange->role));
  else
    e100_text_format(&out, ": is of kind judge, so it is judged as it stands and nothing is played\n");
  e100_add_title(&out, exchange, "");
  e100_put(&out);
}

static int play(void *user, struct e100_exchange *exchange, const struct e100_source *source) {
  struct playing *playing = user;
  const struct e100_subject *subject = NULL;
  const struct e100_exchange *judged = exchange;
  if (is_passed_over(playing, exchange, source)) {
    playing->passed_over++;
    e100_show_unplayed(&playing->showing, exchange, source, E100_RESULT_SKIPPED);
    return E100_EXIT_FINE;
  }
  bool cut = e100_was_cut(exchange, source);
  if (exchange->kind == E100_KIND_PLAY) {
    subject = e100_play_named(playing->subject != NULL ? playing->subject : "reference", exchange, source,
                              &playing->transcript);
    if (subject == NULL) {
      e100_show_unplayed(&playing->showing, exchange, source, E100_RESULT_UNREADABLE);
      return E100_EXIT_CANNOT;
    }
    judged = &playing->transcript;
    cut = cut || e100_was_cut(judged, source);
  }
  bool live = subject != NULL && e100_address_begins(subject->name);
  if (live && !has_octets_of(judged, subject->role))
    playing->mute++;
  if (live && e100_live_subjects_left_out()[0] != '\0')
    e100_complain(source->name, "%s", e100_live_subjects_left_out());
  introduce(playing, exchange, source, subject);
  struct e100_verdict verdict;
  e100_judge(judged, &verdict);
  int code = e100_show_verdict(&playing->showing, exchange, judged, &verdict, source,
                               subject != NULL ? subject->name : NULL);
  return cut ? E100_EXIT_CANNOT : code;
}

/* Says what was passed over. Nothing played is nothing tried. */
static int tell_passed_over(const struct playing *playing, int code) {
  if (playing->passed_over == 0)
    return code;
  if (!playing->showing.json)
    printf("%zu of kind judge passed over: recordings, which judge looks at\n", playing->passed_over);
  if (playing->showing.shown > 0 || code == E100_EXIT_CANNOT)
    return code;
  e100_complain(NULL, "nothing was played: there is no exchange of kind play");
  return E100_EXIT_CANNOT;
}

/* One that closes each connection breaks no rule, and is none that speaks HTTP either. */
static int tell_mute(const struct playing *playing, int code) {
  if (playing->mute < 2 || playing->mute < playing->showing.shown)
    return code;
  e100_complain(
      NULL, "%s: it has not sent one octet in any play: does it speak HTTP, with TLS or without as was said?",
      playing->subject);
  return E100_EXIT_CANNOT;
}

int e100_cli_play(int argc, char **argv) {
  struct playing playing = {.showing = {.ladder = true}};
  const char *settle = NULL, *upstream = NULL;
  const struct e100_option options[] = {
      {"subject", "NAME", "whom to play against; default reference (see list subjects)", NULL,
       &playing.subject},
      {"settle", "MS",
       "with tcp:, gateway: and so on: how long a silence is, in milliseconds; default 300,"
       " of clients 500",
       NULL, &settle},
      {"upstream", "[HOST:]PORT", "with gateway: and proxy:: where our origin server listens; default 8100",
       NULL, &upstream},
      {"fail-on", "SEVERITY", "violation (default) or warning", NULL, &playing.showing.fail_on},
      {"known", "FILE", "findings that are known, with their reasons", NULL, &playing.showing.known_path},
      {"json", NULL, "one line of JSON for each verdict", &playing.showing.json, NULL},
      E100_FINDINGS_OPTIONS(playing.showing.output),
  };
  const struct e100_usage usage = {
      .command = "play",
      .operands = "FILE|DIR|-...",
      .sentence = "Plays exchanges against a subject, and shows the ladder diagram and the findings.",
      .details = "An exchange of kind judge is judged as it stands; in a folder, with --subject, it is "
                 "passed over.\n"
                 "Exit code: 0 no findings against the subject, 1 findings, 2 could not run.\n",
      .options = options,
      .option_count = sizeof options / sizeof options[0]};
  struct e100_text command = {0};
  int operands = 0, code = e100_options_of_run(&usage, argc, argv, &operands, &command);
  uint64_t milliseconds = E100_SETTLE_USUAL;
  if (code == E100_GO_ON && settle != NULL &&
      !e100_option_number("settle", settle, 1, E100_SETTLE_LIMIT, &milliseconds))
    code = E100_EXIT_CANNOT;
  e100_live_subjects_settle((unsigned)milliseconds);
  const char *wrong = code == E100_GO_ON && upstream != NULL ? e100_live_subjects_upstream(upstream) : NULL;
  if (wrong != NULL) {
    e100_complain(NULL, "--upstream %s: %s", upstream, wrong);
    code = E100_EXIT_CANNOT;
  }
  e100_client_programs_settle(settle != NULL ? (unsigned)milliseconds : 0);
  if (code == E100_GO_ON && !e100_showing_begin(&playing.showing)) {
    e100_known_free(&playing.showing.known);
    code = E100_EXIT_CANNOT;
  } else if (code == E100_GO_ON) {
    e100_exchange_init(&playing.transcript);
    playing.named = argv + 1;
    playing.named_count = operands;
    e100_findings_output_begin(&playing.showing.output, command.text,
                               playing.subject != NULL ? playing.subject : "reference");
    code = e100_each_operand("play", operands, argv, play, &playing);
    code = e100_showing_end(&playing.showing, tell_mute(&playing, tell_passed_over(&playing, code)));
    e100_exchange_free(&playing.transcript);
  }
  e100_text_free(&command);
  return code;
}
