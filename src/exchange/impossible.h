/*
 * impossible.h - what cannot be: neither a finding nor a malformed message, but a defect of ours.
 */
#ifndef E100_IMPOSSIBLE_H
#define E100_IMPOSSIBLE_H

/* Prints the place and the sentence and aborts. Never compiled out: a failed CHECK is a defect of ours. */
_Noreturn void e100_impossible(const char *file, int line, const char *sentence);
#define E100_CHECK(condition, sentence)              \
  do {                                               \
    if (!(condition))                                \
      e100_impossible(__FILE__, __LINE__, sentence); \
  } while (0)

#endif
