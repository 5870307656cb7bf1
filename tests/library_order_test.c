/* What is played against a library in this process does not depend on what was played before: whatever stays
 * from one play to the next (loops, servers, sessions) carries nothing over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libraries/library.h"
#include "subjects/subject.h"

#include "corpus_folder.h"

enum { PLAYS_LIMIT = 2048, SHUFFLES = 3 };

static struct play {
  struct e100_exchange exchange;
  char path[256];
  uint64_t hash;
} plays[PLAYS_LIMIT];
static size_t play_count;

static void take(void *role, const char *path, const struct e100_exchange *exchange) {
  if (exchange->kind != E100_KIND_PLAY || exchange->role != *(const uint8_t *)role)
    return;
  assert_true(play_count < PLAYS_LIMIT);
  struct play *play = &plays[play_count++];
  e100_exchange_init(&play->exchange);
  e100_exchange_copy(&play->exchange, exchange);
  snprintf(play->path, sizeof play->path, "%s", path);
}

static void take_all(uint8_t role) {
  play_count = 0;
  corpus_each_case(take, &role);
  corpus_folder(E100_TEST_SOURCE "/known/cases", take, &role);
  assert_true(play_count > 200);
}

static void give_back(void) {
  while (play_count > 0)
    e100_exchange_free(&plays[--play_count].exchange);
}

/* What a library says of the time. */
static void blank_dates(struct e100_text *text) {
  static const char name[] = "\nDate: ";
  for (char *date = strstr(text->text, name); date != NULL; date = strstr(date, name))
    for (date += strlen(name); *date != '\n' && *date != '\0'; date++)
      *date = ' ';
}

static uint64_t hash_of(const struct play *play, const struct e100_subject *subject) {
  struct e100_exchange transcript;
  struct e100_text text = {0};
  uint64_t hash = 14695981039346656037U;
  e100_exchange_init(&transcript);
  assert_true(e100_play(&play->exchange, subject, &transcript));
  e100_case_print(&transcript, &text);
  e100_exchange_free(&transcript);
  blank_dates(&text);
  for (size_t i = 0; i < text.length; i++)
    hash = (hash ^ (uint8_t)text.text[i]) * 1099511628211U;
  e100_text_free(&text);
  return hash;
}

static void shuffle(uint32_t seed) {
  for (size_t i = play_count; i > 1; i--) {
    seed = seed * 1664525 + 1013904223;
    size_t other = (seed >> 8) % i;
    struct play kept = plays[i - 1];
    plays[i - 1] = plays[other];
    plays[other] = kept;
  }
}

static void plays_in_any_order(const struct e100_subject *subject) {
  take_all(subject->role);
  for (size_t i = 0; i < play_count; i++)
    plays[i].hash = hash_of(&plays[i], subject);
  for (uint32_t seed = 1; seed <= SHUFFLES; seed++) {
    shuffle(seed);
    for (size_t i = 0; i < play_count; i++)
      if (hash_of(&plays[i], subject) != plays[i].hash)
        fail_msg("%s: another transcript of %s, behind %s", subject->name, plays[i].path,
                 i > 0 ? plays[i - 1].path : "all");
  }
  give_back();
}

static void each_library(void **state) {
  (void)state;
  e100_libraries_add();
  for (size_t i = 0; e100_subject_at(i) != NULL; i++)
    if (strncmp(e100_subject_at(i)->name, "lib:", 4) == 0)
      plays_in_any_order(e100_subject_at(i));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_library)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
