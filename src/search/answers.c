#include "search/answers.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_OF_CLIENT = E100_ANSWER_SILENCE };

const char *e100_answer_name(unsigned answer) {
  static const char *const names[E100_ANSWERS] = {
      "100", "101",           "success", "success and close", "error",        "error and close",
      "417", "417 and close", "silence", "content",           "next request", "close"};
  E100_CHECK(answer < E100_ANSWERS, "an answer has a number below E100_ANSWERS");
  return names[answer];
}

void e100_situation_words(uint32_t situation, struct e100_text *out) {
  e100_view_state_text(situation % E100_VIEW_STATES, out);
}

void e100_answers_free(struct e100_answers *answers) {
  free(answers->situations);
  e100_visited_free(&answers->views);
  e100_visited_free(&answers->given);
  memset(answers, 0, sizeof *answers);
}

static bool is_client(const struct e100_answer_kinds *kinds, uint32_t link) {
  return (kinds->as_client >> link & 1U) != 0;
}

/* ---- what is permitted --------------------------------------------------------------------------------- */

static enum e100_alternative alternative_of(unsigned answer) {
  switch (answer) {
  case E100_ANSWER_SILENCE:
    return E100_ALT_SILENCE;
  case E100_ANSWER_CONTENT:
    return E100_ALT_CONTENT;
  case E100_ANSWER_REQUEST:
    return E100_ALT_REQUEST;
  default:
    return E100_ALT_CLOSE;
  }
}

static bool server_may(const struct e100_view *view, uint32_t link, unsigned answer) {
  static const uint16_t status[] = {100, 101, 200, 200, 400, 400, 417, 417};
  bool close = answer == E100_ANSWER_SUCCESS_CLOSE || answer == E100_ANSWER_ERROR_CLOSE ||
               answer == E100_ANSWER_417_CLOSE;
  if (answer == E100_ANSWER_END)
    return e100_view_permits_end(view, link);
  return answer < FIRST_OF_CLIENT && e100_view_permits(view, link, status[answer], close);
}

static bool client_may(const struct e100_view *view, uint32_t link, unsigned answer) {
  return answer >= FIRST_OF_CLIENT && e100_view_permits_to_client(view, link, alternative_of(answer));
}

static uint32_t situation_number(const struct e100_answer_kinds *kinds, const struct e100_view *view,
                                 uint32_t link) {
  return e100_view_state(view, link) + (is_client(kinds, link) ? (uint32_t)E100_VIEW_STATES : 0);
}

static struct e100_answered *situation_of(struct e100_answers *answers, uint32_t number) {
  if (answers->situations == NULL) {
    answers->situations = calloc(E100_SITUATIONS, sizeof *answers->situations);
    E100_CHECK(answers->situations != NULL, "out of memory");
  }
  return &answers->situations[number];
}

/* True where THREE numbers were not seen there before. */
static bool is_new(struct e100_visited *visited, const uint64_t three[3]) {
  const struct e100_visited_state state = {.hash =
                                               e100_state_hash((const uint8_t *)three, 3 * sizeof *three)};
  if (e100_visited_find(visited, &state.hash) != E100_NO_STATE)
    return false;
  e100_visited_add(visited, &state);
  return true;
}

struct e100_answered *e100_answers_ask(struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                                       const struct e100_view *view, uint32_t link,
                                       const struct e100_state_hash *form) {
  const uint64_t asked[3] = {form->word[0], form->word[1], link};
  if (!is_new(&answers->views, asked))
    return NULL;
  struct e100_answered *situation = situation_of(answers, situation_number(kinds, view, link));
  unsigned permitted = 0;
  for (unsigned answer = 0; answer < E100_ANSWERS; answer++)
    if (is_client(kinds, link) ? client_may(view, link, answer) : server_may(view, link, answer))
      permitted |= 1U << answer;
  situation->seen = true;
  situation->fresh = (uint16_t)(permitted & ~(unsigned)situation->permitted);
  situation->permitted = (uint16_t)(situation->permitted | permitted);
  return situation->fresh != 0 ? situation : NULL;
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

static enum e100_answer response_of(unsigned status, bool close) {
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
static bool is_permitted(struct e100_answers *answers, const struct e100_view *view, uint32_t link,
                         const struct e100_state_hash *form, unsigned status, bool close) {
  const uint64_t given[3] = {form->word[0], form->word[1], (uint64_t)link << 32 | (status * 2U + close)};
  return !is_new(&answers->given, given) || e100_view_permits(view, link, status, close);
}

/* A delivery of a client that goes on with its request is content; else it is a request. */
static enum e100_answer sent_by_client(const struct e100_view *view, uint32_t link) {
  return e100_view_owes_content(view, link) ? E100_ANSWER_CONTENT : E100_ANSWER_REQUEST;
}

bool e100_answers_give(struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                       const struct e100_view *view, uint32_t link, const struct e100_state_hash *form,
                       const struct e100_step *step, const uint8_t *octets) {
  struct e100_answered *situation = situation_of(answers, situation_number(kinds, view, link));
  enum e100_answer answer = E100_ANSWER_END;
  bool permitted = true;
  if (step->kind == E100_STEP_SETTLED) {
    answer = E100_ANSWER_SILENCE;
  } else if (step->kind == E100_STEP_DELIVER && is_client(kinds, link)) {
    answer = sent_by_client(view, link);
  } else if (step->kind == E100_STEP_DELIVER) {
    if (step->length <= 12 || memcmp(octets, "HTTP/", 5) != 0 || e100_view_is_tunnel(view, link))
      return true; /* a response goes on, or it is none */
    unsigned status = (octets[9] - '0') * 100U + (octets[10] - '0') * 10U + (octets[11] - '0');
    bool close = says_close(octets, step->length);
    answer = response_of(status, close);
    permitted = is_permitted(answers, view, link, form, status, close);
  }
  situation->given = (uint16_t)(situation->given | 1U << answer);
  return permitted;
}

/* ---- what nobody does --------------------------------------------------------------------------- */

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

static int reason_for(const struct e100_answer_kinds *kinds, uint32_t situation, unsigned answer) {
  struct e100_text text = {0};
  bool of_client = situation >= E100_VIEW_STATES;
  int found = -1;
  e100_situation_words(situation, &text);
  for (size_t i = 0; i < kinds->reason_count && found < 0; i++) {
    const struct e100_answer_reason *reason = &kinds->reasons[i];
    if (reason->of_client == of_client && (reason->answers >> answer & 1U) != 0 &&
        fits(reason->situation, text.text))
      found = (int)i;
  }
  e100_text_free(&text);
  return found;
}

static bool is_unused(const struct e100_answered *situation, unsigned answer) {
  unsigned unused = situation->permitted & ~(unsigned)situation->given;
  return situation->seen && (unused >> answer & 1U) != 0;
}

bool e100_answers_unused(const struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                         uint32_t *situation, unsigned *answer, struct e100_unused_answer *out) {
  if (answers->situations == NULL)
    return false;
  for (; *situation < E100_SITUATIONS; ++*situation, *answer = 0) {
    while (*answer < E100_ANSWERS) {
      unsigned at = (*answer)++;
      if (!is_unused(&answers->situations[*situation], at))
        continue;
      *out = (struct e100_unused_answer){
          .situation = *situation, .answer = (uint8_t)at, .reason = reason_for(kinds, *situation, at)};
      return true;
    }
  }
  return false;
}

bool e100_answers_reason_is_needed(const struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                                   size_t index) {
  struct e100_unused_answer unused;
  uint32_t situation = 0;
  unsigned answer = 0;
  while (e100_answers_unused(answers, kinds, &situation, &answer, &unused))
    if (unused.reason == (int)index)
      return true;
  return false;
}
