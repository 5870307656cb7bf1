/*
 * conversation.h - folds the steps of one link into its conversation, and has each event judged.
 */
#ifndef E100_MODEL_CONVERSATION_H
#define E100_MODEL_CONVERSATION_H

#include "model/predicates.h"
#include "model/view.h"

/* Takes note of a ruling; NUMBER is that of the request that it is about, from 1, or 0. */
struct court {
  struct view *view;
  struct e100_findings *findings;
  uint32_t link;
  uint32_t step;
  hearing *hears; /* NULL: rulings count as the predicates give them */
};

void conversation_init(struct conversation *c, const struct e100_link *link, uint32_t readings);

/* Octets that the client, or the server, sends. */
void client_sends(struct conversation *c, const uint8_t *octets, size_t length, const struct court *court);
void server_sends(struct conversation *c, const uint8_t *octets, size_t length, const struct court *court);
/* The client, or the server, half-closes, closes or resets. */
void client_ends(struct conversation *c, enum e100_step_kind how, const struct court *court);
void server_ends(struct conversation *c, enum e100_step_kind how, const struct court *court);
/* Everybody has done what can be done without more octets or more time; QUIET: and all timers have fired. */
void silence_falls(struct conversation *c, bool quiet, const struct court *court);
void application_is_told(struct conversation *c, const struct e100_step *step, const struct court *court);
void application_decides(struct conversation *c, const struct e100_step *step, const uint8_t *octets,
                         const struct court *court);

/* A head for a response with STATUS, well formed; CLOSING: it says close. */
struct head plain_response(unsigned status, bool closing);
/* The server begins a response: which request is waiting now? */
void response_begins(struct conversation *c);
/* The event of a response whose head is RESPONSE. */
struct judged response_event(const struct conversation *c, const struct head *response);
struct judged silence_event(const struct conversation *c);
struct judged ending_event(const struct conversation *c, enum e100_step_kind how);
/* What a response's head does to the conversation. */
void response_counts(struct conversation *c, const struct head *response);

/* judge.c: has every predicate rule on EVENT and takes note of it. */
void hold_court(const struct court *court, const struct judged *event);
/* ... the final response to request NUMBER, from 1, comes after all: a silence in its place is no breach. */
void was_only_slow(const struct court *court, uint32_t number);
/* ... its application hears of the final response to request NUMBER after all, with nothing new since a
 * silence in which it did not. True: what was found then is none. */
bool was_only_told_late(const struct court *court, uint32_t number);

#endif
