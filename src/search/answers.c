#include "search/answers.h"

#include <stdlib.h>
#include <string.h>

/* A reason why answers that are permitted are not given, in the situations of certain words. */
struct reason {
  uint16_t answers;      /* set of 1 << enum e100_answer */
  const char *situation; /* phrases, separated by '|' */
  const char *text;
};

#define A(answer) (1U << E100_ANSWER_##answer)
static const struct reason reasons[] = {
#define UNUSED(answers, situation, text) {answers, situation, text},
#include "search/unused_answers.def"
};
#undef A
enum { REASONS = sizeof reasons / sizeof reasons[0] };

const char *e100_answer_name(unsigned answer) {
  static const char *const names[E100_ANSWERS] = {
      "100", "101",           "success", "success and close", "error", "error and close",
      "417", "417 and close", "close"};
  E100_CHECK(answer < E100_ANSWERS, "an answer has a number below E100_ANSWERS");
  return names[answer];
}

void e100_answers_free(struct e100_answers *answers) {
  free(answers->situations);
  e100_visited_free(&answers->views);
  e100_visited_free(&answers->given);
  memset(answers, 0, sizeof *answers);
}

/* ---- what is permitted --------------------------------------------------------------------------------- */

/* Closing without a response is no status: the model is asked what it would say. */
static bool may_end(const struct e100_view *view) {
  const struct e100_step end = {.kind = E100_STEP_CLOSE, .from = E100_ORIGIN};
  struct e100_findings findings;
  struct e100_view copy;
  memcpy(&copy, view, e100_view_extent(view));
  findings.count = 0;
  e100_view_step(&copy, &end, 0, NULL, &findings);
  for (uint32_t i = 0; i < findings.count && i < E100_FINDINGS_LIMIT; i++)
    if (e100_rule_severity(findings.list[i].rule) == E100_VIOLATION)
      return false;
  return true;
}

static bool may_give(const struct e100_view *view, unsigned answer) {
  static const uint16_t status[E100_ANSWERS] = {100, 101, 200, 200, 400, 400, 417, 417, 0};
  bool close = answer == E100_ANSWER_SUCCESS_CLOSE || answer == E100_ANSWER_ERROR_CLOSE ||
               answer == E100_ANSWER_417_CLOSE;
  return answer == E100_ANSWER_END ? may_end(view) : e100_view_permits(view, 0, status[answer], close);
}

static struct e100_answered *situation_of(struct e100_answers *answers, const struct e100_view *view) {
  if (answers->situations == NULL) {
    answers->situations = calloc(E100_VIEW_STATES, sizeof *answers->situations);
    E100_CHECK(answers->situations != NULL, "out of memory");
  }
  return &answers->situations[e100_view_state(view, 0)];
}

struct e100_answered *e100_answers_ask(struct e100_answers *answers, const struct e100_view *view,
                                       const struct e100_state_hash *form) {
  const struct e100_visited_state asked = {.hash = *form};
  if (e100_visited_find(&answers->views, form) != E100_NO_STATE)
    return NULL;
  e100_visited_add(&answers->views, &asked);
  struct e100_answered *situation = situation_of(answers, view);
  bool is_new = !situation->seen;
  situation->seen = true;
  for (unsigned answer = 0; answer < E100_ANSWERS; answer++)
    if (may_give(view, answer))
      situation->permitted = (uint16_t)(situation->permitted | 1U << answer);
  return is_new ? situation : NULL;
}

/* ---- what is given ---------------------------------------------------------------------------------------
 */

static bool says_close(const uint8_t *octets, size_t length) {
  static const char line[] = "\r\nConnection: close\r\n";
  for (size_t at = 0; at + sizeof line - 1 <= length; at++)
    if (memcmp(octets + at, line, sizeof line - 1) == 0)
      return true;
  return false;
}

static enum e100_answer answer_of(unsigned status, bool close) {
  if (status == 100)
    return E100_ANSWER_100;
  if (status == 101)
    return E100_ANSWER_101;
  if (status == 417)
    return close ? E100_ANSWER_417_CLOSE : E100_ANSWER_417;
  if (status >= 400)
    return close ? E100_ANSWER_ERROR_CLOSE : E100_ANSWER_ERROR;
  return close ? E100_ANSWER_SUCCESS_CLOSE : E100_ANSWER_SUCCESS;
}

/* Asks only once about each response in each view. */
static bool is_permitted(struct e100_answers *answers, const struct e100_view *view,
                         const struct e100_state_hash *form, unsigned status, bool close) {
  const uint64_t asked[3] = {form->word[0], form->word[1], status * 2U + close};
  const struct e100_visited_state given = {.hash = e100_state_hash((const uint8_t *)asked, sizeof asked)};
  if (e100_visited_find(&answers->given, &given.hash) != E100_NO_STATE)
    return true;
  bool permitted = e100_view_permits(view, 0, status, close);
  if (permitted)
    e100_visited_add(&answers->given, &given);
  return permitted;
}

bool e100_answers_give(struct e100_answers *answers, const struct e100_view *view,
                       const struct e100_state_hash *form, const struct e100_step *step,
                       const uint8_t *octets) {
  struct e100_answered *situation = situation_of(answers, view);
  enum e100_answer answer = E100_ANSWER_END;
  bool permitted = true;
  if (step->kind == E100_STEP_DELIVER) {
    E100_CHECK(step->length > 12, "a response begins with a status line");
    unsigned status = (octets[9] - '0') * 100U + (octets[10] - '0') * 10U + (octets[11] - '0');
    bool close = says_close(octets, step->length);
    answer = answer_of(status, close);
    permitted = is_permitted(answers, view, form, status, close);
  }
  situation->given = (uint16_t)(situation->given | 1U << answer);
  return permitted;
}

/* ---- what nobody does
 * -------------------------------------------------------------------------------------- */

/* Whether all phrases of SITUATION are in TEXT. */
static bool fits(const char *situation, const char *text) {
  for (const char *phrase = situation;; phrase++) {
    size_t length = strcspn(phrase, "|");
    const char *at = text;
    while (strncmp(at, phrase, length) != 0)
      if (*at++ == '\0')
        return false;
    phrase += length;
    if (*phrase == '\0')
      return true;
  }
}

static int reason_for(uint32_t situation, unsigned answer) {
  struct e100_text text = {0};
  int found = -1;
  e100_view_state_text(situation, &text);
  for (int i = 0; i < REASONS && found < 0; i++)
    if ((reasons[i].answers >> answer & 1U) != 0 && fits(reasons[i].situation, text.text))
      found = i;
  e100_text_free(&text);
  return found;
}

static bool is_unused(const struct e100_answered *situation, unsigned answer) {
  unsigned unused = situation->permitted & ~(unsigned)situation->given;
  return situation->seen && (unused >> answer & 1U) != 0;
}

bool e100_answers_unused(const struct e100_answers *answers, uint32_t *situation, unsigned *answer,
                         struct e100_unused_answer *out) {
  if (answers->situations == NULL)
    return false;
  for (; *situation < E100_VIEW_STATES; ++*situation, *answer = 0) {
    while (*answer < E100_ANSWERS) {
      unsigned at = (*answer)++;
      if (!is_unused(&answers->situations[*situation], at))
        continue;
      *out = (struct e100_unused_answer){
          .situation = *situation, .answer = (uint8_t)at, .reason = reason_for(*situation, at)};
      return true;
    }
  }
  return false;
}

size_t e100_answers_reasons(void) {
  return REASONS;
}

const char *e100_answers_reason(size_t index) {
  E100_CHECK(index < REASONS, "a reason has a number below e100_answers_reasons");
  return reasons[index].text;
}

bool e100_answers_reason_is_needed(const struct e100_answers *answers, size_t index) {
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0;
  while (e100_answers_unused(answers, &situation, &answer, &unused))
    if (unused.reason == (int)index)
      return true;
  return false;
}
