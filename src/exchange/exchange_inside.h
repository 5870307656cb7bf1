/*
 * exchange_inside.h - what the readers and writers of exchanges share, here and in
 * src/report/exchange_json*.c.
 */
#ifndef E100_EXCHANGE_INSIDE_H
#define E100_EXCHANGE_INSIDE_H

#include "exchange/exchange.h"

enum {
  E100_ESCAPE_LIMIT = 4 /* octets of the longest escape, \xHH */
};

/* Whether steps of this kind carry octets: deliveries, and responses and requests of the application. */
bool e100_step_carries_octets(const struct e100_step *step);

/* Whether the application is told the head of a response, and so its status. */
bool e100_step_tells_status(const struct e100_step *step);

/* Whether steps of this kind happen on a link. Silence and timers do not, nor does what a client's
 * application asks for. */
bool e100_step_is_on_link(const struct e100_step *step);

/* Whether WORD is letters, digits, '-' and '_', fits ROOM with its NUL, and is not empty. */
bool e100_word_valid(const char *word, size_t length, size_t room);

/* Whether WORD can name a rule: a valid word, and not `none`, which stands for an empty list of findings. */
bool e100_rule_name_valid(const char *word, size_t length);

/* Whether WORD can name a link: a valid word that no heading uses at the place of a link. */
bool e100_link_name_valid(const char *word, size_t length);

/* Whether CLIENT and SERVER can be the ends of a link: two different parties, of which the one sends
 * requests and the other answers them. */
bool e100_link_ends_valid(unsigned client, unsigned server);

/* Whether the exchange has the links that e100_exchange_set_role gives to its role. */
bool e100_links_are_usual(const struct e100_exchange *exchange);

/* Whether `expect` can go before the step: it is something that a subject does. */
bool e100_step_can_be_expected(const struct e100_step *step);

/* The policies or readings that exist, as bits. */
uint32_t e100_known_policies(void);
uint32_t e100_known_readings(void);

/* Copies a word of LENGTH octets, which fits, and fills the rest of the ROOM with NULs. */
void e100_word_copy(char *to, size_t room, const char *word, size_t length);

/* How the .case format spells one octet inside a body line: gives the number of octets in OUT. */
size_t e100_escape(uint8_t octet, char out[E100_ESCAPE_LIMIT]);

#endif
