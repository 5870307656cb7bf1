/*
 * faults.h - what can be wrong with a machine, as data. Faults prove the model; the model never knows them.
 *
 * A fault is the reference machine with one thing wrong: a row of its table, a fact about a head, an event,
 * or octets on their way in or out. It leaves no trace in the reference's own code (variation.h).
 */
#ifndef E100_FAULTS_H
#define E100_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#include "faults/client_variation.h"
#include "faults/proxy_variation.h"
#include "faults/variation.h"
#include "rules/rules.h"

enum { E100_FAULT_RULES = 12 /* rules in one set of a fault, with the closing E100_RULE_NONE */ };

struct e100_fault_parts;
struct e100_proxy_fault_parts;
struct e100_client_fault_parts;

struct e100_fault_data {
  const char *name;                     /* "never-100"; the subject is "fault:never-100" */
  const char *ids;                      /* of the catalogue of faults: "MS-01" */
  const char *precedents;               /* numbers of public bugs of this kind, separated by blanks */
  uint8_t role;                         /* enum e100_role; a proxy's is a gateway's, too */
  char class_letter;                    /* D desynchronises, L hangs, C breaks a rule, Q is legal but poor */
  const char *kind;                     /* "row", "fact", "event", "input", "output" */
  const char *text;                     /* what it does */
  uint16_t must_fire[E100_FAULT_RULES]; /* enum e100_rule: one of these at the least; none for Q */
  uint16_t may_fire[E100_FAULT_RULES];  /* and these besides */
  const struct e100_fault_parts *parts; /* of an origin server; else NULL */
  const struct e100_proxy_fault_parts *proxy_parts;   /* of a proxy; else NULL */
  const struct e100_client_fault_parts *client_parts; /* of a client; else NULL */
};

/* What makes another machine of the reference's. */
struct e100_fault_parts {
  const struct e100_row *rows; /* these replace the reference's; NULL where ROW_COUNT is 0 */
  size_t row_count;
  struct e100_variation variation;
};

/* What makes another proxy or gateway of the reference's. */
struct e100_proxy_fault_parts {
  const struct e100_row *rows; /* these replace the reference's; NULL where ROW_COUNT is 0 */
  size_t row_count;
  struct e100_proxy_variation variation;
};

/* What makes another client of the reference's. */
struct e100_client_fault_parts {
  const struct e100_row *rows; /* these replace the reference's; NULL where ROW_COUNT is 0 */
  size_t row_count;
  struct e100_client_variation variation;
};

/* NULL past the last. */
const struct e100_fault_data *e100_fault_at(size_t index);
/* By name, or NULL. */
const struct e100_fault_data *e100_fault_named(const char *name);

/* "desynchronises", "hangs", "breaks a rule", "legal but poor". */
const char *e100_fault_class_name(char class_letter);

#endif
