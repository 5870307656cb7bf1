/*
 * report_forms.h - the forms of a report. Each adds a whole document to OUT.
 *
 * What the texts of a report hold is never trusted: each form escapes them in its own way.
 */
#ifndef E100_REPORT_FORMS_H
#define E100_REPORT_FORMS_H

#include "report/documents.h"
#include "report/report_data.h"

/* One line for each group: how many, how severe, what, and the smallest example. With the sum as its last
 * line. */
void e100_report_triage(const struct e100_report *report, struct e100_text *out);

/* SARIF 2.1.0, one run a findings file, one result a cause. */
void e100_report_sarif(const struct e100_report *report, struct e100_text *out);

/* JUnit's XML: cases as tests, findings as failures; of a campaign, causes as tests. */
void e100_report_junit(const struct e100_report *report, struct e100_text *out);

/* Workflow commands of GitHub, one a finding. */
void e100_report_github(const struct e100_report *report, struct e100_text *out);

/* Markdown, as for a summary of a workflow or an issue. PRECEDENTS: public bugs, as cases; may be empty. */
void e100_report_markdown(const struct e100_report *report, const struct e100_case_notes *precedents,
                          struct e100_text *out);

/* One page of HTML that needs nothing else, PRECEDENTS as above. */
void e100_report_page(const struct e100_report *report, const struct e100_case_notes *precedents,
                      struct e100_text *out);

/* ---- what several forms need (report_parts.c) --------------------------------------------------- */

/* Whether a report that fails somebody's build should speak of it: it is about what was tested. */
bool e100_is_reported(const struct e100_report_finding *finding);

/* Where a finding is, for a program that opens files: a path that is relative to the current folder where it
 * is below it, and the line (at least 1). */
const char *e100_report_path(const struct e100_report *report, const struct e100_report_finding *finding);
uint64_t e100_report_line(const struct e100_report *report, const struct e100_report_finding *finding);

/* A finding in a few lines, each with its end, that go below the name of its group: the rule and where it is
 * written, the situation, what was permitted instead; of what is no broken rule, what is known of it. */
void e100_report_sentences(const struct e100_report_finding *finding, struct e100_text *out);

/* The transcript of a finding, or NULL. */
const struct e100_report_transcript *e100_report_transcript_of(const struct e100_report *report,
                                                               const struct e100_report_finding *finding);

#endif
