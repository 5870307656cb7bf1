/* case_file.c - the text of a case that a person has named: what cannot be understood in it is said. */
#include "cli/cli.h"

/* A line that means nothing, or two things: what the rest says may not be what was meant. */
struct losses {
  const char *path;
  size_t count;
};

static void hear_loss(void *user, uint32_t line, enum e100_lint weight, const char *message) {
  struct losses *losses = user;
  if (weight != E100_LINT_LOST || losses->count++ >= E100_LOSSES_TOLD_LIMIT)
    return;
  e100_complain(losses->path, "line %u: %s", line, message);
  if (losses->count == 1)
    (void)e100_unreadable(losses->path, 0);
}

bool e100_case_read(struct e100_exchange *exchange, const char *path, const struct e100_text *text) {
  struct losses losses = {.path = path};
  e100_case_decode(exchange, (const uint8_t *)text->text, text->length, false, hear_loss, &losses);
  if (losses.count > E100_LOSSES_TOLD_LIMIT)
    e100_complain(path, "and %zu more of this kind; see expect100 lint",
                  losses.count - E100_LOSSES_TOLD_LIMIT);
  return losses.count == 0;
}
