/*
 * page.h - private to report_page.c and page_*.c: the parts of the HTML report.
 *
 * Every text of a report goes through e100_xml_text, whoever wrote it. Besides, the page names by their
 * hashes the one style and the one script that a browser may use in it, so that markup which got through
 * would do nothing.
 */
#ifndef E100_PAGE_H
#define E100_PAGE_H

#include "report/report_forms.h"

enum {
  E100_PAGE_FULL_LIMIT = 3500000, /* octets of a page from which causes have no drawing and no case */
  E100_PAGE_LIMIT = 4500000,      /* ... and from which they are only counted */
  E100_PAGE_CASE_LIMIT = 16384,   /* octets of the text of a case; a longer one is only named */
  E100_PAGE_ROWS_LIMIT = 60       /* rows of one drawing; the others are left out around the finding */
};

/* "sha256-..." as a Content-Security-Policy names a style or a script. */
void e100_page_hash(struct e100_text *out, const char *text, size_t length);

/* The curves of a campaign; nothing where the run has none. */
void e100_page_curves(const struct e100_report_run *run, struct e100_text *out);

/* The matrix of a survey; nothing where the run has none. */
void e100_page_survey(const struct e100_report_run *run, struct e100_text *out);

/* What is written so far, so that nothing is shown twice. */
struct e100_page {
  const struct e100_report *report;
  const struct e100_case_notes *precedents;
  bool *drawn; /* by transcript: its drawing is in the page already */
  bool full;   /* the page has come to its limit */
  struct e100_text *out;
};

/* One cause with everything that is known of it. */
void e100_page_cause(struct e100_page *page, size_t group);

/* A text that can be copied with a button. */
void e100_page_copied(struct e100_text *out, const char *text);

/* Public bugs that broke RULE, as a list; gives how many there are, and writes nothing where there are none.
 */
size_t e100_page_precedents(const struct e100_page *page, const char *rule);

#endif
