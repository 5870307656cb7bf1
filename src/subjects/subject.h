/*
 * subject.h - whatever can be played: the one interface that everything played goes through.
 *
 * The reference machine, each faulty machine, a library in this process and a program behind a socket
 * implement it; the player, the fuzz targets and the reports know nothing else.
 *
 *  - A subject never blocks but in `settle`; everything it does is reported to the sink at once, in
 *    the order in which it happens.
 *  - Octets handed to a subject are only valid during the call.
 *  - Nothing is thrown across the interface: a subject that cannot go on closes its links.
 */
#ifndef E100_SUBJECT_H
#define E100_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

enum { E100_SUBJECT_VERSION = 1 };

/* What a subject can do beyond the least. */
enum e100_ability {
  E100_CAN_SNAPSHOT = 1,      /* `copy` is there */
  E100_SHOWS_APPLICATION = 2, /* reports what its application is told, and takes its decisions */
  E100_HAS_TIMERS = 4,        /* `timer` fires named timers; otherwise time passes only in `settle` */
  E100_IS_ASYNCHRONOUS = 8,   /* answers arrive during `settle`, not during the call */
  E100_IS_FOREIGN = 16 /* others wrote it: it is judged, and promises nothing else (cuts, repetition) */
};

/* Where a subject puts what it does. The player owns it. */
struct e100_sink;
/* The subject sends octets on a link. */
void e100_sink_send(struct e100_sink *sink, uint32_t link, const uint8_t *octets, size_t length);
/* The subject opens a new connection on a link whose last one is gone, closed by either end; nothing where it
 * is not. At the start every link is open. */
void e100_sink_open(struct e100_sink *sink, uint32_t link);
/* A link is not open at the start: nothing arrives there before the subject opens it, which then takes the
 * place of the start and is no step. Only while the subject is opened. */
void e100_sink_not_open(struct e100_sink *sink, uint32_t link);
/* The subject half-closes, closes or resets a link (enum e100_step_kind). */
void e100_sink_end(struct e100_sink *sink, uint32_t link, enum e100_step_kind ending);
/* The subject's application is told something. NUMBER: with E100_TOLD_CONTENT how many octets, with
 * E100_TOLD_INTERIM and E100_TOLD_RESPONSE the status, else 0. */
void e100_sink_told(struct e100_sink *sink, uint32_t link, enum e100_told told, uint32_t number);

/* The subject's application decides by itself: STEP is of kind DECIDED, with LENGTH octets of content. A
 * decision that the player handed over with `decide` is not reported again. */
void e100_sink_decided(struct e100_sink *sink, const struct e100_step *step, const uint8_t *octets,
                       size_t length);

/* How a subject is opened. Valid for the whole time until it is closed. */
struct e100_setup {
  uint8_t role;                         /* enum e100_role */
  uint32_t policy;                      /* bits of policies.def */
  const struct e100_exchange *exchange; /* for its links */
};

struct e100_subject {
  uint32_t version; /* E100_SUBJECT_VERSION */
  const char *name; /* "reference", "fault:never-100" */
  const char *summary;
  uint8_t role;       /* enum e100_role that it plays */
  uint32_t abilities; /* enum e100_ability */
  const void *data;   /* the implementation's own: which fault, which address */

  /* Starts one. NULL: it cannot start (the implementation has said why on stderr). */
  void *(*open)(const struct e100_subject *subject, const struct e100_setup *setup, struct e100_sink *sink);
  /* Octets arrive on a link. */
  void (*deliver)(void *self, uint32_t link, const uint8_t *octets, size_t length);
  /* The other end opens, half-closes, closes or resets a link (enum e100_step_kind). */
  void (*ended)(void *self, uint32_t link, enum e100_step_kind how);
  /* Fires a timer: true where it was armed, and fired. NULL: it has none, or shows none. */
  bool (*timer)(void *self, enum e100_timer timer);
  /* The timers that are armed, a set of 1 << enum e100_timer; NULL: only trying shows it. */
  uint32_t (*armed)(const void *self);
  /* The application decides: true where it can. A server's decides about the oldest request on the step's
   * link that it has not answered; a client's asks for something. STEP is of kind DECIDED; OCTETS are the
   * step's: the content of a response, or the head and the content of a request. NULL: its application
   * decides by itself. */
  bool (*decide)(void *self, const struct e100_step *step, const uint8_t *octets);
  /* Lets everything happen that can happen without more octets or more time. NULL: it has happened when
   * `deliver` and `ended` return. */
  void (*settle)(void *self);
  /* Ends it and frees everything. */
  void (*close)(void *self);
  /* A number (below 4096) for the state it is in, for coverage; 0 where it is unknown. NULL: never known. */
  uint32_t (*state)(const void *self);
  /* Plays a whole exchange by itself, as e100_play does: for a subject whose time is not the player's. Where
   * it is there, none of the functions above is called. */
  bool (*play)(const struct e100_subject *subject, const struct e100_exchange *play,
               struct e100_exchange *transcript);
};

/* Plays PLAY (what the others do) against SUBJECT and writes the whole conversation to TRANSCRIPT, as
 * an exchange of kind JUDGE. TRANSCRIPT is cleared first. Steps of PLAY that stem from the subject
 * itself or its application's view are left out, as are expected steps. False: it could not start. */
bool e100_play(const struct e100_exchange *play, const struct e100_subject *subject,
               struct e100_exchange *transcript);

/* How many pairs of state and event the tables of the reference machines have that can happen. */
size_t e100_machine_pairs_total(void);

/* The subjects of this program: the reference machines and every fault. NULL past the last. */
const struct e100_subject *e100_subject_at(size_t index);
/* Adds a subject to those of this program; it is to stay valid. What the program knows is not changed by it.
 */
void e100_subject_add(const struct e100_subject *subject);
/* Adds somebody who makes subjects of names that the program does not know (addresses, say): asked by
 * e100_subject_named where no subject has the name; NULL: it makes none of that name. */
typedef const struct e100_subject *e100_subject_maker(const char *name, enum e100_role role);
void e100_subject_maker_add(e100_subject_maker *maker);
/* The subject of that name, or NULL. "reference" is the reference machine of ROLE. */
const struct e100_subject *e100_subject_named(const char *name, enum e100_role role);

#endif
