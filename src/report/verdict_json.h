/*
 * verdict_json.h - verdicts for other programs. The forms are versioned; docs/verdict.schema.json.
 */
#ifndef E100_VERDICT_JSON_H
#define E100_VERDICT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "exchange/exchange.h"
#include "model/model.h"

enum { E100_VERDICT_JSON_VERSION = 1 };

/* Any octets as a JSON string: what is no UTF-8 becomes U+FFFD, as JSON can hold nothing else. */
json_t *e100_json_string(const char *text);

/* The words of a text that are separated by blanks, as an array of strings. */
json_t *e100_json_words(const char *text);

/* An object {"format": "expect100-NAME", "version": VERSION} to which the caller adds. */
json_t *e100_json_document(const char *name, int version);

/* One finding as an object, which the caller owns. KNOWN is the reason why it is known, or NULL. */
json_t *e100_verdict_finding_json(const struct e100_exchange *transcript, const struct e100_finding *finding,
                                  const char *known);

/*
 * A whole verdict: what was judged (NAME), against what it was played (SUBJECT; NULL: judged as it
 * stands), its findings, the rules that were decided and those that could not be. KNOWN holds a reason or
 * NULL for each finding that is kept; NULL: none is known.
 */
json_t *e100_verdict_json(const struct e100_exchange *transcript, const struct e100_verdict *verdict,
                          const char *name, const char *subject, const char *const *known);

/* Adds DOCUMENT to OUT on one line, with its line end, and gives up the document. */
void e100_json_line(json_t *document, struct e100_text *out);

#endif
