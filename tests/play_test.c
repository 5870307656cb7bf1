/* play_test.c - the player with subjects that do what a machine may do: connections opened anew, awaited
 * heads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "subjects/subject.h"

/* A client that closes after each delivery, and opens a new connection when its application asks. */
struct restless {
  struct e100_sink *sink;
};

static struct restless restless;

static void *restless_open(const struct e100_subject *subject, const struct e100_setup *setup,
                           struct e100_sink *sink) {
  (void)subject, (void)setup;
  restless.sink = sink;
  return &restless;
}

static void restless_deliver(void *self, uint32_t link, const uint8_t *octets, size_t length) {
  (void)octets, (void)length;
  struct restless *client = self;
  e100_sink_told(client->sink, link, E100_TOLD_RESPONSE, 204);
  e100_sink_end(client->sink, link, E100_STEP_CLOSE);
}

static void restless_ended(void *self, uint32_t link, enum e100_step_kind how) {
  (void)self, (void)link, (void)how;
}

static bool restless_timer(void *self, enum e100_timer timer) {
  (void)self, (void)timer;
  return false;
}

static bool restless_decide(void *self, const struct e100_step *step, const uint8_t *octets) {
  struct restless *client = self;
  e100_sink_open(client->sink, 0);
  e100_sink_open(client->sink, 0); /* it is open: nothing happens */
  e100_sink_send(client->sink, 0, octets, step->length);
  return true;
}

static void restless_nothing(void *self) {
  (void)self;
}

static const struct e100_subject restless_client = {.version = E100_SUBJECT_VERSION,
                                                    .name = "restless",
                                                    .role = E100_ROLE_CLIENT,
                                                    .open = restless_open,
                                                    .deliver = restless_deliver,
                                                    .ended = restless_ended,
                                                    .timer = restless_timer,
                                                    .decide = restless_decide,
                                                    .settle = restless_nothing,
                                                    .close = restless_nothing};

/* Plays TEXT and compares the steps of the transcript, printed. */
static void assert_played(const char *text, const char *steps) {
  struct e100_exchange play;
  struct e100_exchange transcript;
  struct e100_text printed = {0};
  e100_exchange_init(&play);
  e100_exchange_init(&transcript);
  e100_case_decode(&play, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  assert_true(e100_play(&play, &restless_client, &transcript));
  e100_case_print(&transcript, &printed);
  const char *first = strstr(printed.text, "\n-- ");
  assert_non_null(first);
  assert_string_equal(first + 1, steps);
  e100_text_free(&printed);
  e100_exchange_free(&play);
  e100_exchange_free(&transcript);
}

#define CLIENT "kind: play\nrole: client\n\n"
#define GET "-- app> request --\nGET / HTTP/1.1\n\n"
#define ANSWER "-- origin --\nHTTP/1.1 204 No Content\n\n"
#define SENT "-- client --\nGET / HTTP/1.1\n\n"

static void a_subject_opens_a_closed_link_anew(void **state) {
  (void)state;
  assert_played(CLIENT GET ANSWER ANSWER GET ANSWER, GET SENT ANSWER
                "-- app< response 204 --\n-- client closes --\n" GET "-- client opens --\n" SENT ANSWER
                "-- app< response 204 --\n-- client closes --\n");
}

static void what_the_other_end_closed_is_open_again(void **state) {
  (void)state;
  assert_played(CLIENT GET ANSWER "-- origin closes --\n" GET ANSWER, GET SENT ANSWER
                "-- app< response 204 --\n-- client closes --\n" GET "-- client opens --\n" SENT ANSWER
                "-- app< response 204 --\n-- client closes --\n");
  assert_played(CLIENT GET "-- origin half-closes --\n" ANSWER GET,
                GET SENT "-- origin half-closes --\n" GET SENT);
}

static void a_request_head_is_awaited(void **state) {
  (void)state;
  assert_played(CLIENT GET "-- await head --\n", GET SENT);
  assert_played(CLIENT "-- app> request --\nGET / HTTP/1.1\n-- await head --\n",
                "-- app> request --\nGET / HTTP/1.1\n-- client --\nGET / HTTP/1.1\n-- settled --\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_subject_opens_a_closed_link_anew),
      cmocka_unit_test(what_the_other_end_closed_is_open_again),
      cmocka_unit_test(a_request_head_is_awaited),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
