/*
 * words.c - the words of the format, both ways.
 */
#include <string.h>

#include "exchange/exchange_inside.h"

#define WORDS(table) (sizeof(table) / sizeof((table)[0]))

static const char *const kinds[E100_KIND_COUNT] = {[E100_KIND_JUDGE] = "judge", [E100_KIND_PLAY] = "play"};

static const char *const step_kinds[E100_STEP_KIND_COUNT] = {
    [E100_STEP_DELIVER] = "deliver", [E100_STEP_OPEN] = "open",   [E100_STEP_HALF_CLOSE] = "half-close",
    [E100_STEP_CLOSE] = "close",     [E100_STEP_RESET] = "reset", [E100_STEP_SETTLED] = "settled",
    [E100_STEP_QUIET] = "quiet",     [E100_STEP_TIMER] = "timer", [E100_STEP_TOLD] = "told",
    [E100_STEP_DECIDED] = "decided", [E100_STEP_AWAIT] = "await",
};

static const char *const parties[E100_PARTY_COUNT] = {
    [E100_NOBODY] = "nobody",   [E100_CLIENT] = "client", [E100_PROXY] = "proxy",
    [E100_GATEWAY] = "gateway", [E100_ORIGIN] = "origin", [E100_APPLICATION] = "application",
};

static const char *const roles[E100_ROLE_COUNT] = {
    [E100_ROLE_ORIGIN] = "origin",
    [E100_ROLE_CLIENT] = "client",
    [E100_ROLE_PROXY] = "proxy",
    [E100_ROLE_GATEWAY] = "gateway",
};

static const char *const timers[E100_TIMER_COUNT] = {
    [E100_TIMER_CONTINUE] = "continue", [E100_TIMER_HEAD] = "head",       [E100_TIMER_CONTENT] = "content",
    [E100_TIMER_RESPONSE] = "response", [E100_TIMER_DISCARD] = "discard", [E100_TIMER_IDLE] = "idle",
};

static const char *const tolds[E100_TOLD_COUNT] = {
    [E100_TOLD_HEAD] = "head",       [E100_TOLD_CONTENT] = "content", [E100_TOLD_COMPLETE] = "complete",
    [E100_TOLD_ABORTED] = "aborted", [E100_TOLD_INTERIM] = "interim", [E100_TOLD_RESPONSE] = "response",
};

static const char *const decisions[E100_DECISION_COUNT] = {
    [E100_DECIDE_ACCEPT] = "accept",   [E100_DECIDE_RESPOND] = "respond", [E100_DECIDE_UNMET] = "unmet",
    [E100_DECIDE_UPGRADE] = "upgrade", [E100_DECIDE_CLOSE] = "close",     [E100_DECIDE_LATER] = "later",
    [E100_DECIDE_REQUEST] = "request",
};

static const char *const awaits[E100_AWAIT_COUNT] = {[E100_AWAIT_100] = "100",
                                                     [E100_AWAIT_FINAL] = "final",
                                                     [E100_AWAIT_ANY] = "any",
                                                     [E100_AWAIT_HEAD] = "head"};

static const char *const policies[] = {
#define POLICY(bit, name, meaning) [bit] = (name),
#include "exchange/policies.def"
};

static const char *const readings[] = {
#define READING(bit, name, meaning) [bit] = (name),
#include "exchange/policies.def"
};

static const char *name_in(const char *const *table, size_t count, unsigned number) {
  return number < count ? table[number] : "unknown";
}

static int number_in(const char *const *table, size_t count, const char *word) {
  for (size_t i = 0; i < count; i++)
    if (table[i] && strcmp(table[i], word) == 0)
      return (int)i;
  return -1;
}

static uint32_t bits_of(const char *const *table, size_t count) {
  uint32_t bits = 0;
  for (size_t i = 0; i < count; i++)
    if (table[i])
      bits |= UINT32_C(1) << i;
  return bits;
}

#define BOTH_WAYS(noun, table)                                                             \
  const char *e100_##noun##_name(unsigned noun) { /* NOLINT(bugprone-macro-parentheses) */ \
    return name_in(table, WORDS(table), noun);                                             \
  }                                                                                        \
  int e100_##noun##_named(const char *word) {                                              \
    return number_in(table, WORDS(table), word);                                           \
  }

BOTH_WAYS(kind, kinds)
BOTH_WAYS(step_kind, step_kinds)
BOTH_WAYS(party, parties)
BOTH_WAYS(role, roles)
BOTH_WAYS(timer, timers)
BOTH_WAYS(told, tolds)
BOTH_WAYS(decision, decisions)
BOTH_WAYS(await, awaits)

const char *e100_policy_name(unsigned bit) {
  return bit < WORDS(policies) ? policies[bit] : NULL;
}

int e100_policy_named(const char *word) {
  return number_in(policies, WORDS(policies), word);
}

const char *e100_reading_name(unsigned bit) {
  return bit < WORDS(readings) ? readings[bit] : NULL;
}

int e100_reading_named(const char *word) {
  return number_in(readings, WORDS(readings), word);
}

uint32_t e100_known_policies(void) {
  return bits_of(policies, WORDS(policies));
}

uint32_t e100_known_readings(void) {
  return bits_of(readings, WORDS(readings));
}

uint32_t e100_readings_of_anybody(uint32_t chosen) {
  int lone_lf = e100_reading_named("lone-lf");
  return lone_lf < 0 ? chosen : chosen & ~(UINT32_C(1) << lone_lf);
}

bool e100_word_valid(const char *word, size_t length, size_t room) {
  if (length == 0 || length >= room)
    return false;
  for (size_t i = 0; i < length; i++) {
    char c = word[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
      return false;
  }
  return true;
}

bool e100_rule_name_valid(const char *word, size_t length) {
  return e100_word_valid(word, length, E100_RULE_NAME_LIMIT) &&
         !(length == 4 && memcmp(word, "none", 4) == 0);
}

bool e100_link_name_valid(const char *word, size_t length) {
  /* "app> respond 200 close" must not be read as a link of that name, and likewise for the others. */
  static const char *const taken[] = {"close", "closes", "half-closes", "resets", "opens"};
  if (!e100_word_valid(word, length, E100_NAME_LIMIT))
    return false;
  for (size_t i = 0; i < WORDS(taken); i++)
    if (strlen(taken[i]) == length && memcmp(taken[i], word, length) == 0)
      return false;
  return true;
}

void e100_word_copy(char *to, size_t room, const char *word, size_t length) {
  E100_CHECK(length < room, "a word is copied only where it fits");
  memset(to, 0, room);
  if (length > 0)
    memcpy(to, word, length);
}
