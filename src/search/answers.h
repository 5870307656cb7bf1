/*
 * answers.h - what the model permits a server to do, and what the machine does: in each situation that a
 * search reaches.
 *
 * A machine that never does what is forbidden may still be judged by a model that permits too much. So each
 * situation is asked for every answer that a server could give there, and each answer that no policy and no
 * decision ever brings about needs a reason (unused_answers.def).
 */
#ifndef E100_ANSWERS_H
#define E100_ANSWERS_H

#include "model/model.h"
#include "search/trace.h"
#include "search/visited.h"

enum e100_answer {
  E100_ANSWER_100,
  E100_ANSWER_101,
  E100_ANSWER_SUCCESS,       /* 2xx; the connection lives on */
  E100_ANSWER_SUCCESS_CLOSE, /* 2xx with close */
  E100_ANSWER_ERROR,         /* 4xx or 5xx */
  E100_ANSWER_ERROR_CLOSE,
  E100_ANSWER_417,
  E100_ANSWER_417_CLOSE,
  E100_ANSWER_END, /* closes, or sends no more */
  E100_ANSWERS
};

/* What is known of one situation (a number of e100_view_state). */
struct e100_answered {
  bool seen;
  uint16_t permitted; /* set of 1 << enum e100_answer: by some view in this situation */
  uint16_t given;     /* ... by the machine */
  uint32_t policy;    /* under which TRACE leads here */
  struct e100_trace trace;
};

/* Starts as {0}, and may be kept for several searches. */
struct e100_answers {
  struct e100_answered *situations; /* owned: E100_VIEW_STATES of them, once there was one */
  struct e100_visited views;        /* those that were asked */
  struct e100_visited given;        /* responses in them that were looked at */
};
void e100_answers_free(struct e100_answers *answers);

/* The server may act now, as VIEW sees it: asks what it may do. Gives the situation where it was not seen
 * before, so that the caller can say how it was reached; otherwise NULL. */
struct e100_answered *e100_answers_ask(struct e100_answers *answers, const struct e100_view *view,
                                       const struct e100_state_hash *form);

/* The server does STEP with OCTETS; VIEW, whose form has the hash FORM, has not learned of it. False where
 * the model as an acceptor of status codes does not permit that. */
bool e100_answers_give(struct e100_answers *answers, const struct e100_view *view,
                       const struct e100_state_hash *form, const struct e100_step *step,
                       const uint8_t *octets);

const char *e100_answer_name(unsigned answer); /* "100", "success and close" */

/* An answer that is permitted and not given in SITUATION. */
struct e100_unused_answer {
  uint32_t situation;
  uint8_t answer; /* enum e100_answer */
  int reason;     /* for e100_answers_reason; below 0 where nobody knows one */
};

/* The first of them from *SITUATION and *ANSWER on, which are moved behind it; false: there is none. */
bool e100_answers_unused(const struct e100_answers *answers, uint32_t *situation, unsigned *answer,
                         struct e100_unused_answer *out);

/* The reasons: how many there are, the text of one, and whether an answer needs it. */
size_t e100_answers_reasons(void);
const char *e100_answers_reason(size_t index);
bool e100_answers_reason_is_needed(const struct e100_answers *answers, size_t index);

#endif
