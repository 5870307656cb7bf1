/*
 * documents.h - the documents that are made of rules, tables, faults and cases (`expect100 docs`).
 *
 * What they say is written somewhere else and only there; a test fails where a document is stale. The
 * same data give the same octets on every machine.
 */
#ifndef E100_DOCUMENTS_H
#define E100_DOCUMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "exchange/exchange.h"

/* What documents say about one case of the corpus. */
struct e100_case_note {
  char *path;  /* in the folder of the corpus: "cases/origin/bad-no-final.case"; owned */
  char *title; /* its first line; owned */
  uint32_t policy;
  uint32_t reading;
  uint32_t shows_count;
  char shows[E100_SHOWS_LIMIT][E100_RULE_NAME_LIMIT];
};

/* Owns its list. Start with {0}. */
struct e100_case_notes {
  struct e100_case_note *list;
  size_t count;
  size_t room;
};

void e100_case_notes_add(struct e100_case_notes *notes, const char *path,
                         const struct e100_exchange *exchange);
void e100_case_notes_free(struct e100_case_notes *notes);

/* Appends a whole document to OUT. It links to the corpus as ../corpus, and to other documents beside it. */
typedef void e100_document_fn(const struct e100_case_notes *cases, struct e100_text *out);

struct e100_document {
  const char *name; /* of the file: "rules.md" */
  e100_document_fn *write;
};
const struct e100_document *e100_document_at(size_t index); /* NULL past the last */

e100_document_fn e100_write_rule_book;     /* rule_book.c */
e100_document_fn e100_write_readings_book; /* readings_book.c */
e100_document_fn e100_write_fault_book;    /* fault_book.c */
e100_document_fn e100_write_llhttp_book;   /* llhttp_book.c */
e100_document_fn e100_write_origin_table;  /* machine_book.c */
e100_document_fn e100_write_client_table;
e100_document_fn e100_write_proxy_table;
e100_document_fn e100_write_origin_states; /* origin_diagram.c */
e100_document_fn e100_write_client_states; /* client_diagram.c */
e100_document_fn e100_write_proxy_states;  /* proxy_diagram.c */

/* ---- markdown.c ------------------------------------------------------------------------------------- */

/* The heading of a document, and that it is made from FROM. */
void e100_markdown_title(struct e100_text *out, const char *title, const char *from);
/* TEXT so that Markdown shows it as it is, also in the cell of a table; control characters are escaped. */
void e100_markdown_text(struct e100_text *out, const char *text);
/* "never-100 [link]": a link to ANCHOR in DOCUMENT, which may be "". */
void e100_markdown_link(struct e100_text *out, const char *text, const char *document, const char *anchor);
/* A link to a rule of the rule book, from DOCUMENT: "rules.md" from another one, "" from itself. */
void e100_markdown_rule(struct e100_text *out, unsigned rule, const char *document);
/* The section of a rule, as a link to the RFC: SECTION is "RFC 9110 10.1.1". */
void e100_markdown_section(struct e100_text *out, const char *section);
/* A case by its name, as a link, and what happens in it. */
void e100_markdown_case(struct e100_text *out, const struct e100_case_note *note);

#endif
