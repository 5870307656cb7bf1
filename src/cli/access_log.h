/*
 * access_log.h - 417s in an access log: for grouping alone, as a log does not say what was asked.
 */
#ifndef E100_ACCESS_LOG_H
#define E100_ACCESS_LOG_H

#include "capture/refusals.h"

/*
 * Reads PATH ("-": standard input) line by line, in FORMAT: "combined" (also the common log format, which
 * ends before the referrer), or "json:STATUS,CLIENT,AGENT,UPSTREAM", JSON Lines with these keys; trailing
 * ones may be left out. Adds each 417 to REFUSALS and counts all answers. False after a message: unreadable,
 * no line of that format, no such format. Lines that do not fit are counted and said.
 */
bool e100_access_log_read(const char *path, const char *format, struct e100_refusals *refusals);

#endif
