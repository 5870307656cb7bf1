/*
 * shrink.c - makes an exchange as small as it can be: delta debugging by steps, then by octets.
 *
 * A pass makes candidates out of the best exchange so far, and each one that still shows what is looked
 * for becomes the best. Every change makes an exchange strictly simpler, so the passes end.
 */

#include "cli/shrink.h"

struct work {
  struct e100_exchange *best;
  struct e100_exchange candidate;
  struct e100_shrinking *shrinking;
  bool changed;
};

static bool may_go_on(const struct work *work) {
  return *work->shrinking->interrupted == 0 && work->shrinking->tries < E100_SHRINK_TRIES_LIMIT;
}

/* Takes the candidate for the best one where it differs and still shows it. */
static bool attempt(struct work *work) {
  e100_exchange_normalize(&work->candidate);
  if (!may_go_on(work) || e100_exchange_equal(&work->candidate, work->best))
    return false;
  work->shrinking->tries++;
  if (!work->shrinking->shows(work->shrinking->user, &work->candidate))
    return false;
  struct e100_exchange swap = *work->best;
  *work->best = work->candidate;
  work->candidate = swap;
  work->changed = true;
  return true;
}

/* Starts a candidate with everything of the best one but its steps. */
static void begin(struct work *work) {
  e100_exchange_copy(&work->candidate, work->best);
  work->candidate.step_count = 0;
  work->candidate.octet_count = 0;
}

static void keep_steps(struct work *work, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++)
    e100_exchange_append(&work->candidate, &work->best->steps[i],
                         e100_step_octets(work->best, &work->best->steps[i]), work->best->steps[i].length);
}

/* A candidate in which step AT has other octets. */
static void replace_octets(struct work *work, uint32_t at, const uint8_t *octets, size_t length) {
  begin(work);
  keep_steps(work, 0, at);
  e100_exchange_append(&work->candidate, &work->best->steps[at], octets, length);
  keep_steps(work, at + 1, work->best->step_count);
}

/* ---- steps ----------------------------------------------------------------------------------------------
 */

static void drop_steps(struct work *work) {
  for (uint32_t size = work->best->step_count; size > 0; size /= 2) {
    /* From the end: what comes after the finding goes first, in large pieces. */
    uint32_t end = work->best->step_count;
    while (end > 0 && may_go_on(work)) {
      uint32_t from = end > size ? end - size : 0;
      begin(work);
      keep_steps(work, 0, from);
      keep_steps(work, end, work->best->step_count);
      attempt(work);
      end = from;
    }
  }
}

static bool may_be_joined(const struct e100_step *a, const struct e100_step *b) {
  return a->kind == E100_STEP_DELIVER && b->kind == E100_STEP_DELIVER && a->link == b->link &&
         a->from == b->from && a->to == b->to && a->flags == b->flags;
}

/* Fewer steps are easier to read, unless it is the cut between them that matters. */
static void join_steps(struct work *work) {
  for (uint32_t i = 0; i + 1 < work->best->step_count && may_go_on(work);) {
    const struct e100_step *a = &work->best->steps[i];
    const struct e100_step *b = &work->best->steps[i + 1];
    bool joined = false;
    if (may_be_joined(a, b)) {
      struct e100_text both = {0};
      e100_text_add(&both, (const char *)e100_step_octets(work->best, a), a->length);
      e100_text_add(&both, (const char *)e100_step_octets(work->best, b), b->length);
      begin(work);
      keep_steps(work, 0, i);
      e100_exchange_append(&work->candidate, a, (const uint8_t *)both.text, both.length);
      keep_steps(work, i + 2, work->best->step_count);
      e100_text_free(&both);
      joined = attempt(work);
    }
    i += !joined;
  }
}

/* ---- octets ---------------------------------------------------------------------------------------------
 */

/* Tries step AT without the octets from FROM to TO. */
static bool without_octets(struct work *work, uint32_t at, size_t from, size_t to) {
  const struct e100_step *step = &work->best->steps[at];
  const uint8_t *octets = e100_step_octets(work->best, step);
  struct e100_text rest = {0};
  e100_text_add(&rest, (const char *)octets, from);
  e100_text_add(&rest, (const char *)octets + to, step->length - to);
  replace_octets(work, at, (const uint8_t *)rest.text, rest.length);
  e100_text_free(&rest);
  return attempt(work);
}

/* Single lines, the last first: most heads lose most of their fields here, in a few tries. */
static void drop_lines(struct work *work, uint32_t at) {
  size_t end = work->best->steps[at].length;
  while (end > 0 && may_go_on(work)) {
    const uint8_t *octets = e100_step_octets(work->best, &work->best->steps[at]);
    size_t from = end - 1;
    while (from > 0 && octets[from - 1] != '\n')
      from--;
    without_octets(work, at, from, end);
    end = from;
  }
}

static void drop_octets(struct work *work, uint32_t at) {
  for (size_t size = work->best->steps[at].length; size > 0; size /= 2) {
    size_t end = work->best->steps[at].length;
    while (end > 0 && may_go_on(work)) {
      size_t from = end > size ? end - size : 0;
      without_octets(work, at, from, end);
      end = from;
    }
  }
}

/* Whether the LENGTH digits at OCTETS + FROM are a number that ends a line: a length, the size of a
 * chunk, but not the version of HTTP. */
static bool is_number(const uint8_t *octets, size_t total, size_t from, size_t length) {
  return length > 0 && from + length < total &&
         (octets[from + length] == '\r' || octets[from + length] == '\n') &&
         (from == 0 || octets[from - 1] != '.');
}

static bool with_number(struct work *work, uint32_t at, size_t from, size_t length, const char *digit) {
  const struct e100_step *step = &work->best->steps[at];
  const char *octets = (const char *)e100_step_octets(work->best, step);
  struct e100_text changed = {0};
  e100_text_add(&changed, octets, from);
  e100_text_add(&changed, digit, 1);
  e100_text_add(&changed, octets + from + length, step->length - from - length);
  replace_octets(work, at, (const uint8_t *)changed.text, changed.length);
  e100_text_free(&changed);
  return attempt(work);
}

/* A length and the content that it counts can't be dropped together, but a small length lets the content
 * go afterwards. */
static void simplify_numbers(struct work *work, uint32_t at) {
  for (size_t from = 0; from < work->best->steps[at].length && may_go_on(work);) {
    const struct e100_step *step = &work->best->steps[at];
    const uint8_t *octets = e100_step_octets(work->best, step);
    size_t length = 0;
    while (from + length < step->length && octets[from + length] >= '0' && octets[from + length] <= '9')
      length++;
    bool zero = length == 1 && octets[from] == '0';
    bool one = length == 1 && octets[from] == '1';
    bool small = zero || !is_number(octets, step->length, from, length) ||
                 with_number(work, at, from, length, "0") || one;
    if (!small)
      small = with_number(work, at, from, length, "1");
    from += small || length == 0 ? 1 : length;
  }
}

static void shrink_octets(struct work *work) {
  for (uint32_t at = 0; at < work->best->step_count && may_go_on(work); at++) {
    if (work->best->steps[at].length == 0)
      continue;
    drop_lines(work, at);
    drop_octets(work, at);
    simplify_numbers(work, at);
  }
}

/* ---- the rest ----------------------------------------------------------------------------------- */

static void clear_bits(struct work *work) {
  for (unsigned bit = 0; bit < 32; bit++) {
    e100_exchange_copy(&work->candidate, work->best);
    work->candidate.policy &= ~(1U << bit);
    attempt(work);
    e100_exchange_copy(&work->candidate, work->best);
    work->candidate.reading &= ~(1U << bit);
    attempt(work);
  }
  e100_exchange_copy(&work->candidate, work->best);
  work->candidate.seen_by = E100_NOBODY;
  attempt(work);
}

static void simplify_steps(struct work *work) {
  for (uint32_t at = 0; at < work->best->step_count && may_go_on(work); at++) {
    e100_exchange_copy(&work->candidate, work->best);
    work->candidate.steps[at].flags &= (uint8_t)~E100_STEP_CLOSING;
    attempt(work);
    if (work->best->steps[at].status == 0)
      continue;
    e100_exchange_copy(&work->candidate, work->best);
    work->candidate.steps[at].status = 200;
    attempt(work);
  }
}

/* Links that no step uses any more go, from the last on: the index of the others stays. */
static void drop_links(struct work *work) {
  bool dropped = true;
  while (dropped && work->best->link_count > 1) {
    e100_exchange_copy(&work->candidate, work->best);
    uint32_t last = --work->candidate.link_count;
    bool used = false;
    for (uint32_t i = 0; i < work->best->step_count; i++)
      used = used || work->best->steps[i].link == last;
    dropped = !used && attempt(work);
  }
}

bool e100_shrink(struct e100_exchange *best, struct e100_shrinking *shrinking) {
  struct work work = {.best = best, .shrinking = shrinking};
  e100_exchange_init(&work.candidate);
  do {
    work.changed = false;
    drop_steps(&work);
    join_steps(&work);
    shrink_octets(&work);
    clear_bits(&work);
    simplify_steps(&work);
    drop_links(&work);
  } while (work.changed && may_go_on(&work));
  e100_exchange_free(&work.candidate);
  return may_go_on(&work);
}
