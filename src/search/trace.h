/* trace.h - the way to a state: tokens from the beginning of a conversation, and exchanges made of them. */
#ifndef E100_TRACE_H
#define E100_TRACE_H

#include "search/searched.h"

enum { E100_TRACE_LIMIT = 64 /* tokens: a search ends there */ };

struct e100_trace {
  uint8_t length;
  uint8_t tokens[E100_TRACE_LIMIT]; /* of the alphabet */
};

/* Sets PLAY to what the others do in TRACE, as an exchange of kind PLAY. */
void e100_trace_play(const struct e100_trace *trace, const struct e100_searched *searched, const void *design,
                     uint32_t policy, struct e100_exchange *play);

/* Sets TRANSCRIPT to all that happens in TRACE, as an exchange of kind JUDGE. */
void e100_trace_transcript(const struct e100_trace *trace, const struct e100_searched *searched,
                           const void *design, uint32_t policy, struct e100_exchange *transcript);

/* Adds the words of TRACE's tokens, separated by "; ". */
void e100_trace_words(const struct e100_trace *trace, const struct e100_searched *searched,
                      struct e100_text *out);

#endif
