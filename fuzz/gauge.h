/*
 * gauge.h - what a running target shows to a campaign, in a file that both map.
 *
 * The environment of a target:
 *   E100_GAUGE    a file to map and count in (created and sized by the campaign); unset: no counting
 *   E100_KNOWN    a file of known causes, one a line; a target does not abort on these. It is read again
 *                 at each finding, so that a campaign can add to it while targets run
 *   E100_SUBJECT  the name of the subject to play against; unset: "reference"
 * On a cause that is not known, a target prints one line "expect100: cause CAUSE" on stderr, and aborts.
 */
#ifndef E100_GAUGE_H
#define E100_GAUGE_H

#include <stdint.h>

#include "rules/rules.h"

enum { E100_GAUGE_MAGIC = 0x30303165, E100_GAUGE_VERSION = 1, E100_GAUGE_PAIRS = 2048 };

/* Host byte order. One writer; readers see each octet or counter whole. */
struct e100_gauge {
  uint32_t magic;
  uint32_t version;
  uint64_t executions;
  uint8_t pairs[E100_GAUGE_PAIRS]; /* [i] != 0: machine pair i was reached (state * events + event) */
  uint8_t rules[256];              /* [r] != 0: rule r was decided */
};

#endif
