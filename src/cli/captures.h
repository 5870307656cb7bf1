/*
 * captures.h - captures of packets as input of judge and diagnose: pcap and pcapng, read by libpcap.
 */
#ifndef E100_CAPTURES_H
#define E100_CAPTURES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/refusals.h"
#include "cli/verdict_output.h"

enum {
  E100_CAPTURE_SETTLE = 300 /* milliseconds without an octet that count as silence; as for live subjects */
};

/* How captures are looked at. */
struct e100_capture_look {
  const char *settle;  /* --settle MS, or NULL */
  const char *seen_by; /* --seen-by client|origin, or NULL: unknown */
};

/* How the names of captures end, NULL last. */
extern const char *const e100_capture_endings[];
/* Whether PATH (or standard input, "-") holds a capture: by its first octets, or by its name. */
bool e100_is_capture(const char *path);

/*
 * Judges every connection of the capture in one pass, and shows each verdict in SHOWING; NULL: only REFUSALS
 * are wanted. REFUSALS takes the 417s. Gives E100_EXIT_FOUND where a finding counts, E100_EXIT_CANNOT after a
 * message where something could not be looked at.
 */
int e100_judge_capture(const char *path, const struct e100_capture_look *look, struct e100_showing *showing,
                       struct e100_refusals *refusals);

#endif
