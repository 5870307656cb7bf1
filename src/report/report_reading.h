/* report_reading.h - private to report_data.c and report_reading.c. */
#ifndef E100_REPORT_READING_H
#define E100_REPORT_READING_H

#include "report/report_data.h"

/* Puts ONE, a report of a single file that was found good, to REPORT. The lists of ONE stay its own. */
void e100_report_merge(struct e100_report *report, struct e100_report *one);

#endif
