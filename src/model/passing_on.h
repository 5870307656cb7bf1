/*
 * passing_on.h - which request was passed on as which, and what a proxy or gateway makes of what comes back.
 *
 * A request that comes and one that is passed on are the same where their marks are, or else where method
 * and path are, the oldest first. Where that leaves several, nothing about them is decided.
 */
#ifndef E100_MODEL_PASSING_ON_H
#define E100_MODEL_PASSING_ON_H

#include "model/asking.h"

bool is_intermediary(uint8_t party);
/* The minor version SENT, of what came in CAME and is passed on on the link of ASKER, is not the sender's.
 * BROKEN: no conforming program's (RFC 9110 6.2), or an HTTP/1.0 that came so, behind HTTP/1.1 on the same
 * connection; OPEN where something else may be why. A constant version for each next server may be a
 * workaround for it (RFC 9110 2.5). */
enum ruling others_version(const struct asker *asker, unsigned came, unsigned sent);
/* A request in the minor version SENT is passed on, or sent, on the link of ASKER; CAME: that in which it
 * came, or SENT. */
void version_counts(struct asker *asker, unsigned came, unsigned sent);

/* The client of LINK, an intermediary, sends the head of the request NUMBER, which is ERRAND: finds the one
 * that it has from its own client. */
void match_request(struct view *v, uint32_t link, uint32_t number, struct errand *errand);
/* A response with STATUS came back to ERRAND: to the request that was passed on as it, or to each that may
 * have been. */
void came_back(struct view *v, const struct errand *errand, uint16_t status);
/* The 100 that comes back to EVENT's errand is for whoever passes it on: it asks again, on a second attempt,
 * after its client had one. */
bool is_asked_again(const struct judged *event);
/* Octets are sent of the head that follows EVENT's request, the first of which began it. */
void head_may_be_content(const struct judged *event, struct asker *asker, const uint8_t *octets,
                         size_t length);
/* The head that has just been sent is the content of the request before it, which went on without: no request
 * of the client's, and not one that somebody else has asked for. */
bool head_was_content(const struct asker *asker, const struct errand *errand);
/* Octets of content come to be passed on; AT of them came before. */
void content_comes(struct errand *errand, uint64_t at, const uint8_t *octets, uint64_t length);
/* Octets come that go on with the content of the final response to ERRAND. */
void response_comes(struct errand *errand, const uint8_t *octets, uint64_t length);
/* The content of the response SENT does not begin as that of CAME does: it is another one. */
bool begins_anew(const struct errand *sent, const struct errand *came);
/* R has content, of which its head says where it ends. */
bool has_content(const struct request *r);
/* All content of EVENT's request came, and some of it is not passed on, though nobody is waited for. */
bool keeps_content(const struct judged *event);
/* EVENT, of somebody who passes content on, sends OCTETS that have not come: none did, or fewer of as long a
 * content; or, behind the final response, others. */
bool is_foreign(const struct judged *event, const uint8_t *octets);
/* A request that was passed on for EVENT's, whichever attempt it was, got the final response STATUS; CONTENT:
 * and had content. Several may be under way at once. */
bool any_attempt_got(const struct judged *event, uint16_t status, bool content);
/* ... the final response STATUS, and so many octets of its content, or all of it. */
bool any_attempt_has(const struct judged *event, uint16_t status, uint64_t octets, bool whole);
/* RESPONSE, which EVENT is about, is a 100 that has not come back: neither just now, nor to any attempt at
 * the request before, to be sent on late. */
bool is_own_100(const struct judged *event, const struct head *response);
/* The final response STATUS is the one that came back to THEIRS (or NULL), passed on. A 502 or 504 need not
 * be, where that one could not be used or was lost on the way: whoever should pass it on says so (RFC
 * 9110 15.6.3, 15.6.5). */
bool is_final_passed_on(const struct errand *theirs, uint16_t status);
/* Puts the other side of EVENT's errand into it. */
void add_peer(struct judged *event);

/* KEPT: who passed the request OURS on as THEIRS has asked for a 100 by itself, where its client did not;
 * BROKEN: it has not; OPEN where an Expect outside the grammar leaves open who asks. */
enum ruling asks_by_itself(const struct errand *ours, const struct errand *theirs);

/* The server of the link of COURT, an intermediary, sends the head of RESPONSE to request NUMBER, before it
 * counts. */
void relay_is_judged(const struct conversation *c, const struct head *response, uint32_t number,
                     const struct court *court);
/* ... octets of the content of a final response, before they count. */
void relayed_content_is_judged(const struct conversation *c, const uint8_t *octets, uint64_t length,
                               const struct court *court);
/* ... a whole response. */
void relayed_is_judged(const struct conversation *c, const struct court *court);
/* ... one that ends with its connection, so that nobody knows whether it is whole. */
void relayed_to_close_is_judged(const struct conversation *c, const struct court *court);
/* The response that is being sent on C is passed on, and of what is passed on nothing more comes: it is
 * whole, or its connection has ended. */
bool nothing_more_comes(const struct conversation *c, const struct court *court);
/* Silence, before the server is judged for it. */
void stall_is_judged(struct conversation *c, bool quiet, const struct court *court);

#endif
