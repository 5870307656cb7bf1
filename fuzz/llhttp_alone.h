/*
 * llhttp_alone.h - a request head, and the responses to a request, as plain llhttp reads them: default
 * settings, nothing in front of it. What a program sees that trusts llhttp for all of HTTP; the reference
 * machines do not.
 */
#ifndef E100_LLHTTP_ALONE_H
#define E100_LLHTTP_ALONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

/* Which llhttp this program has: 80100 for 8.1.0; and whether it reads strictly. 9.x always does; 8.x where
 * it was compiled so. */
unsigned e100_llhttp_version(void);
bool e100_llhttp_is_strict(void);

struct e100_llhttp_head {
  bool complete;    /* it reported a whole head */
  int error;        /* 0, or what it refused the octets with (llhttp_errno_t) */
  const char *name; /* of that error: "HPE_INVALID_METHOD"; NULL without one */
  uint8_t framing;  /* enum e100_framing; BAD: coded, and not chunked at last */
  uint8_t major, minor;
  bool asks, other; /* Expect, from the pieces that it gave, by the field's grammar */
  bool close;
  bool head_method;
  bool upgrade; /* an upgrade is offered, or the method is CONNECT */
  uint64_t length;
  size_t octets; /* of the head */
};

void e100_llhttp_read(const uint8_t *octets, size_t length, struct e100_llhttp_head *out);

/* What the request was, which llhttp cannot know: its caller says so behind each head of a response. */
enum e100_answered { E100_ANSWERED_GET, E100_ANSWERED_HEAD, E100_ANSWERED_CONNECT, E100_ANSWERED_COUNT };

struct e100_llhttp_responses {
  struct e100_response_reading reading; /* `several` and `chunked` are never set */
  int error;                            /* 0, or what it refused the octets with (llhttp_errno_t) */
  const char *name;                     /* of that error; NULL without one */
  uint32_t begun;                       /* messages of which it saw an octet */
  uint32_t heads;                       /* of them, those of which it took the head */
  uint32_t framed;                      /* the first behind whose head it looked for content; 0: none */
  uint16_t framed_status;               /* of that one */
};

/* One parser reads the interim responses and the final one, up to the end of that. */
void e100_llhttp_read_responses(const uint8_t *octets, size_t length, enum e100_answered request,
                                struct e100_llhttp_responses *out);

#endif
