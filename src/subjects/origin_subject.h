/*
 * origin_subject.h - an origin server's machine with a small application, as a subject.
 *
 * The application does what the decisions of the play say; with the policy "prompt" it decides by
 * itself: it accepts each head at once, and answers 200 once the content is complete.
 *
 * A variation makes another subject of it: another design of the machine, other facts, other octets on
 * their way out.
 */
#ifndef E100_ORIGIN_SUBJECT_H
#define E100_ORIGIN_SUBJECT_H

#include "machine/origin.h"
#include "subjects/subject.h"

enum {
  E100_HEAD_KEPT = 1024,         /* octets of a head that a variation may look at */
  E100_HELD_BACK_LIMIT = 1 << 20 /* octets that wait while an answer is due; a client that sends more
                                    is reset */
};

/* What a variation may look at when it changes octets on their way out. */
struct e100_departure {
  const struct e100_origin *origin; /* after the row was taken */
  uint8_t from_state;               /* enum e100_origin_state before it */
  uint32_t request;                 /* from 1: which request of the connection is answered */
};

struct e100_variation {
  const struct e100_origin_design *design; /* NULL: the reference's */
  /* Changes the facts of a head; HEAD are its first E100_HEAD_KEPT octets. */
  void (*read_facts)(const void *data, const uint8_t *head, size_t length, struct e100_request_facts *facts);
  /* Changes what is sent: appends to OUT what leaves instead of OCTETS. HELD keeps octets for later;
   * they are handed over again, before others, with the next call, and with LENGTH 0 when the
   * subject is settled or takes a step. */
  void (*depart)(const void *data, const struct e100_departure *departure, const uint8_t *octets,
                 size_t length, struct e100_text *held, struct e100_text *out);
  const void *data; /* the variation's own */
};

/* The functions of a subject whose `data` is a struct e100_variation. */
void *e100_origin_subject_open(const struct e100_subject *subject, const struct e100_setup *setup,
                               struct e100_sink *sink);
extern const struct e100_subject e100_origin_subject_reference;

/* Told of each row that an origin machine takes, where somebody wants to know (state coverage). */
typedef void e100_row_watch(const struct e100_table *table, const struct e100_row *row);
void e100_origin_subject_watch(e100_row_watch *watch);

#endif
