/* fault_rows.c - machines with other rows in their table. */
#include "faults/fault_parts.h"

#define PARTS_ROWS(symbol)                                    \
  const struct e100_fault_parts e100_fault_parts_##symbol = { \
      .rows = rows_##symbol, .row_count = sizeof rows_##symbol / sizeof rows_##symbol[0]}

/* clang-format off */
static const struct e100_row rows_never_100[] = {
  { E100_ORIGIN_ASKED, E100_APP_ACCEPTS,       E100_ORIGIN_PROCEEDED, E100_DO_NOTHING, E100_RULE_NONE },
  { E100_ORIGIN_ASKED, E100_APP_ACCEPTS_ALOUD, E100_ORIGIN_PROCEEDED, E100_DO_NOTHING, E100_RULE_NONE },
};
PARTS_ROWS(never_100);

/* The response never is the last for owed content here, and the next octets begin a request. */
static const struct e100_row rows_keepalive_no_read[] = {
  { E100_ORIGIN_ASKED,      E100_APP_RESPONDS, E100_ORIGIN_AWAITED, E100_DO_SEND_FINAL, E100_RULE_NONE },
  { E100_ORIGIN_OFFERED,    E100_APP_RESPONDS, E100_ORIGIN_AWAITED, E100_DO_SEND_FINAL, E100_RULE_NONE },
  { E100_ORIGIN_ENCOURAGED, E100_APP_RESPONDS, E100_ORIGIN_AWAITED, E100_DO_SEND_FINAL, E100_RULE_NONE },
  { E100_ORIGIN_PROCEEDED,  E100_APP_RESPONDS, E100_ORIGIN_AWAITED, E100_DO_SEND_FINAL, E100_RULE_NONE },
};
PARTS_ROWS(keepalive_no_read);

static const struct e100_row rows_content_dropped[] = {
  { E100_ORIGIN_ENCOURAGED, E100_CONTENT_ARRIVES, E100_ORIGIN_ENCOURAGED, E100_DO_NOTHING, E100_RULE_NONE },
};
PARTS_ROWS(content_dropped);

static const struct e100_row rows_drain_sends_100[] = {
  { E100_ORIGIN_DISCARDING, E100_CONTENT_ARRIVES, E100_ORIGIN_DISCARDING, E100_DO_SEND_100, E100_RULE_NONE },
};
PARTS_ROWS(drain_sends_100);

static const struct e100_row rows_truncated_is_whole[] = {
  { E100_ORIGIN_OFFERED,    E100_CLIENT_HALF_CLOSES, E100_ORIGIN_WHOLE, E100_DO_TELL_COMPLETE, E100_RULE_NONE },
  { E100_ORIGIN_ENCOURAGED, E100_CLIENT_HALF_CLOSES, E100_ORIGIN_WHOLE, E100_DO_TELL_COMPLETE, E100_RULE_NONE },
  { E100_ORIGIN_PROCEEDED,  E100_CLIENT_HALF_CLOSES, E100_ORIGIN_WHOLE, E100_DO_TELL_COMPLETE, E100_RULE_NONE },
};
PARTS_ROWS(truncated_is_whole);

static const struct e100_row rows_wrong_chunks_pass[] = {
  { E100_ORIGIN_OFFERED,    E100_CONTENT_IS_WRONG, E100_ORIGIN_WHOLE, E100_DO_TELL_COMPLETE, E100_RULE_NONE },
  { E100_ORIGIN_ENCOURAGED, E100_CONTENT_IS_WRONG, E100_ORIGIN_WHOLE, E100_DO_TELL_COMPLETE, E100_RULE_NONE },
  { E100_ORIGIN_PROCEEDED,  E100_CONTENT_IS_WRONG, E100_ORIGIN_WHOLE, E100_DO_TELL_COMPLETE, E100_RULE_NONE },
};
PARTS_ROWS(wrong_chunks_pass);

static const struct e100_row rows_no_100_first[] = {
  { E100_ORIGIN_ASKED, E100_APP_UPGRADES_ASKED, E100_ORIGIN_SWITCHED, E100_DO_SEND_101, E100_RULE_NONE },
  { E100_ORIGIN_WHOLE, E100_APP_UPGRADES_ASKED, E100_ORIGIN_SWITCHED, E100_DO_SEND_101, E100_RULE_NONE },
};
PARTS_ROWS(no_100_first);
/* clang-format on */
