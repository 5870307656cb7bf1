#include "fuzz/invariants.h"

#include <string.h>
#include <strings.h>

#include "fuzz/rewriting.h"
#include "machine/heads.h"
#include "model/model.h"

/* ---- what a subject did, without where deliveries were cut -------------------------------------- */

/* Steps of the subject and of its application, in order; neighbouring octets and content counts are
 * one. Silences do not count: where one falls is for the others to say. Two runs did the same where these
 * texts are equal. */
static void add_deed(const struct e100_exchange *transcript, const struct e100_step *step,
                     struct e100_text *deeds, struct e100_step *last) {
  bool same = step->kind == last->kind && step->link == last->link && step->what == last->what;
  if (step->kind == E100_STEP_DELIVER) {
    if (!same)
      e100_text_format(deeds, "\nsend %u ", step->link);
    e100_text_add(deeds, (const char *)e100_step_octets(transcript, step), step->length);
  } else if (step->kind == E100_STEP_TOLD && step->what == E100_TOLD_CONTENT) {
    /* The count is written once the run of content ends. */
  } else {
    e100_text_format(deeds, "\n%u %u %u %u %u", step->kind, step->link, step->what, step->status,
                     step->flags);
  }
  *last = *step;
}

static void deeds_of(const struct e100_exchange *transcript, uint8_t party, struct e100_text *deeds) {
  struct e100_step last = {.kind = E100_STEP_KIND_COUNT};
  uint64_t content = 0;
  deeds->length = 0;
  for (uint32_t i = 0; i < transcript->step_count; i++) {
    const struct e100_step *step = &transcript->steps[i];
    bool theirs = step->from != party && step->kind != E100_STEP_DECIDED && step->kind != E100_STEP_TOLD;
    if (theirs)
      continue;
    bool is_content = step->kind == E100_STEP_TOLD && step->what == E100_TOLD_CONTENT;
    if (!is_content && content > 0)
      e100_text_format(deeds, "\ncontent %llu", (unsigned long long)content);
    content = is_content ? content + step->count : 0;
    add_deed(transcript, step, deeds, &last);
  }
  if (content > 0)
    e100_text_format(deeds, "\ncontent %llu", (unsigned long long)content);
}

/* Takes out the lines that rewriting changes: a proxy sends on what it was sent. */
static void leave_out_rewritten(struct e100_text *deeds) {
  static const char *const names[] = {"expect:", "x-unrelated:", "accept:", "x-expect:", "expected:"};
  size_t kept = 0;
  for (size_t at = 0; at < deeds->length;) {
    const char *line = deeds->text + at;
    const char *end = memchr(line, '\n', deeds->length - at);
    size_t length = end != NULL ? (size_t)(end - line) + 1 : deeds->length - at;
    bool rewritten = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
      rewritten =
          rewritten || (length > strlen(names[i]) && strncasecmp(line, names[i], strlen(names[i])) == 0);
    if (!rewritten) {
      memmove(deeds->text + kept, line, length);
      kept += length;
    }
    at += length;
  }
  deeds->length = kept;
}

static bool same_deeds(const struct e100_exchange *a, const struct e100_exchange *b, uint8_t party) {
  struct e100_text left = {0};
  struct e100_text right = {0};
  deeds_of(a, party, &left);
  deeds_of(b, party, &right);
  if (party == E100_PROXY || party == E100_GATEWAY) {
    leave_out_rewritten(&left);
    leave_out_rewritten(&right);
  }
  bool same =
      left.length == right.length && (left.length == 0 || memcmp(left.text, right.text, left.length) == 0);
  e100_text_free(&left);
  e100_text_free(&right);
  return same;
}

/* ---- invariants of play ------------------------------------------------------------------------------ */

static const char *holds_replay(const struct e100_exchange *play, const struct e100_subject *subject,
                                const struct e100_exchange *transcript, uint64_t choice) {
  (void)choice;
  struct e100_exchange again;
  e100_exchange_init(&again);
  bool same = e100_play(play, subject, &again) && e100_exchange_equal(&again, transcript);
  e100_exchange_free(&again);
  return same ? NULL : "the same exchange, played twice, gave two transcripts";
}

/* Plays a rewriting of PLAY: the subject must do the same as in TRANSCRIPT. */
static const char *holds_rewritten(e100_rewriting *rewrite, const struct e100_exchange *play,
                                   const struct e100_subject *subject, const struct e100_exchange *transcript,
                                   uint64_t choice, const char *otherwise) {
  struct e100_exchange other;
  struct e100_exchange again;
  e100_exchange_init(&other);
  e100_exchange_init(&again);
  bool same = true;
  if (rewrite(play, choice, &other) && !other.truncated) {
    uint8_t party = (uint8_t)e100_role_party((enum e100_role)subject->role);
    same = e100_play(&other, subject, &again) && same_deeds(&again, transcript, party);
  }
  e100_exchange_free(&other);
  e100_exchange_free(&again);
  return same ? NULL : otherwise;
}

#define HOLDS_REWRITTEN(name, rewriting, otherwise)                                             \
  static const char *name(const struct e100_exchange *play, const struct e100_subject *subject, \
                          const struct e100_exchange *transcript, uint64_t choice) {            \
    return holds_rewritten(rewriting, play, subject, transcript, choice, otherwise);            \
  }

HOLDS_REWRITTEN(holds_cut, e100_rewrite_cut, "cutting a delivery in two changed what the subject did")
HOLDS_REWRITTEN(holds_letter_case, e100_rewrite_letter_case,
                "the letter case of Expect changed what the subject did")
HOLDS_REWRITTEN(holds_unrelated_field, e100_rewrite_unrelated_field,
                "an unrelated field line changed what the subject did")
HOLDS_REWRITTEN(holds_blanks, e100_rewrite_blanks,
                "optional whitespace around the value of Expect changed what the subject did")
HOLDS_REWRITTEN(holds_split_list, e100_rewrite_split_list,
                "several field lines Expect instead of the joined one changed what the subject did")
HOLDS_REWRITTEN(holds_empty_member, e100_rewrite_empty_member,
                "an empty member in the list of Expect changed what the subject did")

static const struct e100_invariant invariants[] = {
    {"replay", holds_replay},
    {"cut", holds_cut},
    {"letter-case", holds_letter_case},
    {"unrelated-field", holds_unrelated_field},
    {"blanks", holds_blanks},
    {"split-list", holds_split_list},
    {"empty-member", holds_empty_member},
};

const struct e100_invariant *e100_invariant_at(unsigned index) {
  return index < sizeof invariants / sizeof invariants[0] ? &invariants[index] : NULL;
}

/* ---- invariants of the format -------------------------------------------------------------------------- */

const char *e100_holds_print(const struct e100_exchange *exchange) {
  struct e100_text first = {0};
  struct e100_text second = {0};
  struct e100_exchange again;
  e100_exchange_init(&again);
  e100_case_print(exchange, &first);
  e100_case_decode(&again, (const uint8_t *)first.text, first.length, false, NULL, NULL);
  e100_case_print(&again, &second);
  const char *otherwise = NULL;
  if (!e100_exchange_equal(exchange, &again)) {
    otherwise = "printing an exchange and decoding the text gave another exchange";
  } else if (first.length != second.length || memcmp(first.text, second.text, first.length) != 0) {
    otherwise = "printing a decoded text gave another text";
  }
  e100_exchange_free(&again);
  e100_text_free(&first);
  e100_text_free(&second);
  return otherwise;
}

const char *e100_holds_choices(const struct e100_exchange *exchange) {
  struct e100_text choices = {0};
  struct e100_exchange again;
  e100_exchange_init(&again);
  e100_choices_encode(exchange, &choices);
  e100_choices_decode(&again, (const uint8_t *)choices.text, choices.length);
  bool same = e100_exchange_equal(exchange, &again);
  e100_exchange_free(&again);
  e100_text_free(&choices);
  return same ? NULL : "encoding an exchange as choices and decoding them gave another exchange";
}

/* ---- invariants of the model -----------------------------------------------------------------------------
 */

static bool is_same_finding(const struct e100_finding *left, const struct e100_finding *right) {
  return left->rule == right->rule && left->party == right->party && left->link == right->link &&
         left->request == right->request && left->step == right->step &&
         left->situation == right->situation && left->permitted == right->permitted;
}

static bool same_findings(const struct e100_findings *a, const struct e100_findings *b, uint32_t count) {
  uint32_t kept = count < E100_FINDINGS_LIMIT ? count : E100_FINDINGS_LIMIT;
  for (uint32_t i = 0; i < kept; i++)
    if (!is_same_finding(&a->list[i], &b->list[i]))
      return false;
  return true;
}

/* PREFIX is the first COUNT findings of WHOLE, and at the most such as were taken back later. */
static bool is_prefix(const struct e100_findings *prefix, const struct e100_findings *whole, uint32_t count) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < prefix->count && i < E100_FINDINGS_LIMIT; i++) {
    bool same = at < count && is_same_finding(&prefix->list[i], &whole->list[at]);
    if (!same && !e100_may_be_taken_back(prefix->list[i].rule))
      return false;
    at += same ? 1 : 0;
  }
  return at == count;
}

/* How many of the findings belong to the first STEPS steps. */
static uint32_t findings_before(const struct e100_findings *findings, uint32_t steps) {
  uint32_t count = 0;
  while (count < findings->count && count < E100_FINDINGS_LIMIT && findings->list[count].step < steps) {
    count++;
  }
  return count;
}

const char *e100_holds_judge(const struct e100_exchange *exchange, uint64_t choice) {
  struct e100_verdict whole;
  struct e100_verdict other;
  e100_judge(exchange, &whole);
  e100_judge(exchange, &other);
  if (whole.findings.count != other.findings.count ||
      !same_findings(&whole.findings, &other.findings, whole.findings.count)) {
    return "judging the same exchange twice gave two verdicts";
  }
  struct e100_exchange prefix = *exchange; /* shares the steps; is not freed */
  prefix.step_count = (uint32_t)(choice % (exchange->step_count + 1));
  e100_judge(&prefix, &other);
  uint32_t before = findings_before(&whole.findings, prefix.step_count);
  if (!is_prefix(&other.findings, &whole.findings, before)) {
    return "the findings of a prefix are not a prefix of the findings";
  }
  return NULL;
}

/* ---- heads: the machine's reading is one that the model permits --------------------------------- */

/* Reads the first head as the machine does; true where there is a whole one. */
static bool machine_head(const uint8_t *octets, size_t length, struct e100_request_facts *facts) {
  struct e100_reader reader;
  const uint8_t *content = NULL;
  size_t taken = 0;
  size_t content_length = 0;
  e100_reader_init(&reader);
  enum e100_reader_event event =
      e100_reader_take(&reader, NULL, NULL, octets, length, &taken, &content, &content_length);
  *facts = reader.facts;
  return event == E100_READ_HEAD;
}

static const char *compare_facts(const struct e100_request_facts *facts,
                                 const struct e100_head_reading *reading) {
  static const uint8_t framings[] = {[E100_CONTENT_NONE] = E100_FRAMING_NONE,
                                     [E100_CONTENT_LENGTH] = E100_FRAMING_LENGTH,
                                     [E100_CONTENT_CHUNKED] = E100_FRAMING_CHUNKED};
  bool empty = reading->framing == E100_FRAMING_LENGTH && reading->length == 0;
  uint8_t framing = empty ? (uint8_t)E100_FRAMING_NONE : reading->framing;
  if (facts->major != reading->major || facts->minor != reading->minor) {
    return "the machine and the model read another HTTP version";
  }
  if (framings[facts->framing] != framing)
    return "the machine and the model read another framing";
  if (facts->length != reading->length)
    return "the machine and the model read another content length";
  if (facts->asks != reading->asks)
    return "the machine and the model differ on 100-continue";
  if (facts->other != reading->other)
    return "the machine and the model differ on other expectations";
  if (facts->persists == reading->close)
    return "the machine and the model differ on persistence";
  if ((facts->method == E100_METHOD_HEAD) != reading->head_method) {
    return "the machine and the model differ on the method";
  }
  return NULL;
}

const char *e100_holds_heads(const uint8_t *octets, size_t length, uint32_t reading_bits) {
  struct e100_request_facts facts;
  struct e100_head_reading reading;
  bool whole = machine_head(octets, length, &facts);
  e100_read_request_head(octets, length, reading_bits, &reading);
  if (!whole || facts.wrong != 0)
    return NULL; /* refusing is always permitted; the judge sees the status */
  if (reading.several)
    return NULL; /* the machine may choose; the judge sees what follows */
  if (!reading.complete)
    return "the machine saw a whole head where the model sees none";
  if (reading.malformed)
    return "the machine accepts a head that must be refused";
  return compare_facts(&facts, &reading);
}
