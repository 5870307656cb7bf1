/*
 * answers.h - what the model permits a machine to do, and what it does: in each situation that a search
 * reaches.
 *
 * A machine that never does what is forbidden may still be judged by a model that permits too much. So each
 * situation is asked for every answer that could be given there, and each answer that no policy and no
 * decision ever brings about needs a reason (origin_unused_answers.def, and the like).
 */
#ifndef E100_ANSWERS_H
#define E100_ANSWERS_H

#include "model/model.h"
#include "search/searched.h"
#include "search/trace.h"
#include "search/visited.h"

enum e100_answer {
  /* of a server */
  E100_ANSWER_100,
  E100_ANSWER_101,
  E100_ANSWER_SUCCESS,       /* 2xx; the connection lives on */
  E100_ANSWER_SUCCESS_CLOSE, /* 2xx with close */
  E100_ANSWER_ERROR,         /* 4xx or 5xx */
  E100_ANSWER_ERROR_CLOSE,
  E100_ANSWER_417,
  E100_ANSWER_417_CLOSE,
  /* of a client */
  E100_ANSWER_SILENCE, /* a silence passes, in which it does nothing */
  E100_ANSWER_CONTENT, /* sends content of its latest request */
  E100_ANSWER_REQUEST, /* sends the next request on this connection */
  /* of both */
  E100_ANSWER_END, /* closes, or sends no more */
  E100_ANSWERS
};

enum {
  E100_SITUATIONS = 2 * E100_VIEW_STATES /* of a server, and then of a client: numbers of e100_view_state */
};

/* A reason why answers that are permitted are not given, in the situations of certain words. */
struct e100_answer_reason {
  uint32_t answers;      /* set of 1 << enum e100_answer */
  bool of_client;        /* in its part as a client; else as a server */
  const char *situation; /* phrases, separated by '|' */
  const char *text;
};

/* The answers that a role gives. */
struct e100_answer_kinds {
  uint32_t links;     /* how many there are */
  uint32_t as_client; /* set of links on which it is the client; on the others it is the server */
  const struct e100_answer_reason *reasons;
  size_t reason_count;
};

/* What is known of one situation. */
struct e100_answered {
  bool seen;
  uint16_t permitted; /* set of 1 << enum e100_answer: by some view in this situation */
  uint16_t given;     /* ... by the machine */
  uint16_t fresh;     /* permitted by the view that was asked last, and by none before */
  /* How each answer came to be permitted first, and under which policy. */
  uint32_t policies[E100_ANSWERS];
  struct e100_trace traces[E100_ANSWERS];
};

/* Starts as {0}, and may be kept for several searches of one role. */
struct e100_answers {
  struct e100_answered *situations; /* owned: E100_SITUATIONS of them, once there was one */
  struct e100_visited views;        /* those that were asked */
  struct e100_visited given;        /* responses in them that were looked at */
};
void e100_answers_free(struct e100_answers *answers);

/* The machine may act now on LINK, as VIEW sees it, whose form has the hash FORM: asks what it may do. Gives
 * the situation where something is `fresh` there, so that the caller can say how it was reached; else NULL.
 */
struct e100_answered *e100_answers_ask(struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                                       const struct e100_view *view, uint32_t link,
                                       const struct e100_state_hash *form);

/* The machine does STEP with OCTETS, or lets it pass on LINK; VIEW has not learned of it. False where the
 * model as an acceptor of status codes does not permit that. */
bool e100_answers_give(struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                       const struct e100_view *view, uint32_t link, const struct e100_state_hash *form,
                       const struct e100_step *step, const uint8_t *octets);

const char *e100_answer_name(unsigned answer); /* "100", "success and close" */
/* The words of a situation: "a request waits, asked, no 100". */
void e100_situation_words(uint32_t situation, struct e100_text *out);

/* An answer that is permitted and not given in SITUATION. */
struct e100_unused_answer {
  uint32_t situation;
  uint8_t answer; /* enum e100_answer */
  int reason;     /* index of KINDS' reasons; below 0 where nobody knows one */
};

/* The first of them from *SITUATION and *ANSWER on, which are moved behind it; false: there is none. */
bool e100_answers_unused(const struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                         uint32_t *situation, unsigned *answer, struct e100_unused_answer *out);

/* Whether an answer needs the reason of that index. */
bool e100_answers_reason_is_needed(const struct e100_answers *answers, const struct e100_answer_kinds *kinds,
                                   size_t index);

#endif
