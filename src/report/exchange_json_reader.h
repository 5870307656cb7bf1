/*
 * exchange_json_reader.h - what the files that read exchanges from JSON share.
 */
#ifndef E100_EXCHANGE_JSON_READER_H
#define E100_EXCHANGE_JSON_READER_H

#include <jansson.h>

#include "exchange/exchange_inside.h"

struct e100_json_reader {
  struct e100_exchange *exchange;
  struct e100_text octets; /* of the step that is read */
  const char *list;        /* "steps" and the like; NULL: the document itself */
  size_t item;             /* from 1 */
  char *reason;
  size_t reason_room;
};

/* Says why, and where. Always false, for `return e100_json_fail(...)`. */
bool e100_json_fail(struct e100_json_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether OBJECT is one, and has no keys but those in KEYS (separated by blanks). */
bool e100_json_check_keys(struct e100_json_reader *reader, const json_t *object, const char *keys);

/* The string at KEY without NULs in it, or NULL. */
const char *e100_json_word_at(const json_t *object, const char *key);

/* One of the words number FIRST to below COUNT that NAME_OF gives. Without the key: IF_MISSING, or an error
 * where that is negative. */
bool e100_json_read_choice(struct e100_json_reader *reader, const json_t *object, const char *key,
                           int number_of(const char *), const char *name_of(unsigned), int first, int count,
                           int if_missing, uint8_t *out);
bool e100_json_read_number(struct e100_json_reader *reader, const json_t *object, const char *key,
                           json_int_t low, json_int_t high, uint32_t *out);
/* *OUT is false where the key is missing. */
bool e100_json_read_flag(struct e100_json_reader *reader, const json_t *object, const char *key, bool *out);

/* exchange_json_steps.c: reads "steps"; the links are there already. */
bool e100_json_read_steps(struct e100_json_reader *reader, const json_t *document);

#endif
