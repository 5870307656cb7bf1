/*
 * witness.h - judges the connections of a capture as they come, in memory that does not grow with them.
 *
 * Each connection is an exchange of kind JUDGE between client and origin. Its steps are folded into the
 * model's views one by one, and only a window of them is kept, for the ladder of a finding. A connection
 * whose steps go over the window is shown in parts: numbers of requests go on from part to part, numbers of
 * steps begin anew.
 */
#ifndef E100_WITNESS_H
#define E100_WITNESS_H

#include "capture/refusals.h"
#include "capture/streams.h"
#include "model/model.h"

enum {
  E100_WINDOW_STEPS_LIMIT = 128,        /* steps that are kept of a connection */
  E100_WINDOW_OCTETS_LIMIT = 96 * 1024, /* ... and octets */
  E100_WINDOW_STEP_LIMIT = 8 * 1024,    /* octets of one step that are kept, of many packets */
  E100_WINDOW_CARRIED_LIMIT = 8         /* steps that a part has from the one before it */
};

/* Where the capture was made. A party's own duties are judged where both orders show the breach. */
enum e100_vantage { E100_VANTAGE_UNKNOWN, E100_VANTAGE_CLIENT, E100_VANTAGE_ORIGIN };

/* One connection, or a part of it, with findings or at its end. */
struct e100_testimony {
  const char *name; /* "192.0.2.1:4000 > 192.0.2.2:80", with ", part 2" */
  const struct e100_exchange *exchange;
  const struct e100_verdict *verdict; /* the rules of the whole connection, the findings of this part */
  const char *cut;                    /* why nothing after it is judged, or NULL */
};

struct e100_witness_calls {
  void *user;
  void (*shows)(void *user, const struct e100_testimony *testimony);
};

/* What a capture held. */
struct e100_witness_counts {
  uint64_t connections; /* with at least one octet, or cut */
  uint64_t judged;
  uint64_t cut;                      /* judged up to a hole */
  uint64_t unjudged[E100_CUT_COUNT]; /* cut before anything of them was there, by the reason */
  uint64_t tls, http2, other;
  uint64_t prefaced; /* that began with a preface of the PROXY protocol, which was passed over */
  uint64_t requests; /* heads that were seen to begin, at the start of a delivery */
};

struct e100_witness;

/* SETTLE in microseconds. REFUSALS takes each 417, and is the caller's; NULL: nobody wants them. */
struct e100_witness *e100_witness_new(const struct e100_witness_calls *calls, enum e100_vantage vantage,
                                      uint64_t settle, struct e100_refusals *refusals);
struct e100_streams *e100_witness_streams(struct e100_witness *witness);
const struct e100_witness_counts *e100_witness_counts(const struct e100_witness *witness);
/* Frees the streams too; end them before. */
void e100_witness_free(struct e100_witness *witness);

#endif
