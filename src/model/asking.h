/*
 * asking.h - the client's side of a link: what it asks for, what comes back, and what its application hears.
 *
 * Each call is about one thing that happens on the link of COURT, whose conversation is C. All do nothing
 * where nobody looks at the client's side.
 */
#ifndef E100_MODEL_ASKING_H
#define E100_MODEL_ASKING_H

#include "model/conversation.h"

/* A connection begins. */
void asker_reopens(struct asker *asker);

/* The client sends the first octet of a request head. */
void asker_begins(const struct conversation *c, const struct court *court);
/* ... octets of the head. */
void asker_sends_head(const struct conversation *c, const uint8_t *octets, size_t length,
                      const struct court *court);
/* ... the last one; the conversation does not have the request yet. */
void asker_asks(const struct conversation *c, const struct court *court);
/* ... octets of content, before they count. True: it is another request, where content is owed. */
bool asker_sends(const struct conversation *c, const uint8_t *content, uint64_t length,
                 const struct court *court);
/* ... the last octet of a request. */
void asker_has_sent_all(const struct conversation *c, const struct court *court);
/* ... octets after the switch of protocols. */
void asker_sends_beyond(struct conversation *c, const uint8_t *octets, size_t length,
                        const struct court *court);
/* ... does EVENT, on a connection that may be spoiled: sends LENGTH octets, or none. */
void asker_on_spoiled(const struct conversation *c, enum event event, uint64_t length,
                      const struct court *court);
/* ... octets that nobody can read. */
void asker_sends_unreadable(const struct conversation *c, const struct court *court);
/* ... no more for now, or for ever. */
void asker_stops(const struct conversation *c, const struct court *court);
void asker_leaves(const struct conversation *c, enum e100_step_kind how, const struct court *court);

/* The head of a response to request NUMBER came; NO_REQUEST: to none. */
void asker_gets_head(const struct conversation *c, const struct head *response, uint32_t number,
                     const struct court *court);
/* The server has sent something, behind what came before. */
void asker_gets_more(const struct court *court);
/* Octets of the chunks of a response came, and of the lines around them. */
void asker_gets_chunks(const uint8_t *octets, size_t length, const struct court *court);
/* So many octets of the heads of responses came. */
void asker_gets_octets(size_t octets, const struct court *court);
void asker_gets_content(const struct conversation *c, const uint8_t *octets, uint64_t length,
                        const struct court *court);
void asker_gets_whole(const struct conversation *c, const struct court *court);
/* The head of the response to the request NUMBER came behind a response that says close. */
void asker_gets_head_behind_close(uint32_t number, const struct court *court);
/* Octets that are no response; HARMLESS: an empty line, which may be passed over, or a chunk-size that
 * nobody can count. */
void asker_gets_garbage(const struct conversation *c, bool harmless, const struct court *court);
/* Nobody can know where the response ends whose head came. */
void asker_gets_bad_framing(const struct conversation *c, const struct court *court);
/* The server sends no more. */
void asker_gets_end(const struct conversation *c, enum e100_step_kind how, const struct court *court);

/* Nobody goes on, whatever the connection is. */
void asker_rests(const struct court *court);
/* Nobody goes on; QUIET: no timer is left, either. In a tunnel only what the application knows is looked at.
 */
void asker_pauses(const struct conversation *c, bool quiet, const struct court *court);
/* A timer of the client fires. */
void asker_times_out(struct asker *asker, enum e100_timer timer);
/* The client's application asks for a request; and is told something of a response. */
void application_asks(struct view *v, const uint8_t *octets, size_t length);
void asker_hears(const struct conversation *c, const struct e100_step *step, const struct court *court);

/* ... drops the connection. */
void application_drops(const struct court *court);

/* Nobody goes on: what came of which the application does not know, though it should? */
void application_may_be_unaware(const struct conversation *c, struct asker *asker, bool quiet,
                                const struct court *court);

/* Some content of R (or NULL) is still to be sent. */
bool owes_content(const struct request *r);
/* Who passes requests on is amid the content of the newest one on C, and may have to wait for the rest
 * itself. */
bool passes_content_on(const struct conversation *c);

/* Somebody may read another version from the head of RESPONSE, or a field that others do not see. */
bool is_of_several_readings(const struct head *response);
/* The errand of the request NUMBER. */
struct errand *errand_at(struct asker *asker, uint32_t number);
/* The event of an act of the client of LINK, about the newest request. */
struct judged asking_event(const struct view *v, const struct conversation *c, enum event event,
                           uint32_t link);

struct judged pause_event(const struct view *v, const struct conversation *c, bool quiet, uint32_t link);

#endif
