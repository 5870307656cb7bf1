/* diagnosis.c - reads the groups of 417s as somebody does who has to end them. */
#include "capture/diagnosis.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum place { CLIENT, HOP };

static const struct cure {
  enum place place;
  const char *word, *program, *setting;
} cures[] = {
#define CURE(where, word, program, setting) {where, word, program, setting},
#include "capture/cures.def"
#undef CURE
};

static const struct asked_words {
  const char *name, *text;
} asked_words[E100_ASKED_COUNT] = {
    [E100_ASKED_CONTINUE] = {"100-continue", "100-continue, and nothing else"},
    [E100_ASKED_OTHER] = {"other", "an expectation other than 100-continue"},
    [E100_ASKED_NOTHING] = {"nothing", "nothing: there is no Expect in the request"},
    [E100_ASKED_OLD] = {"http-1.0", "an expectation in a request of HTTP/1.0"},
    [E100_ASKED_UNKNOWN] = {"unknown", "what, is not known: the request's fields are not there"}};

const char *e100_asked_name(unsigned asked) {
  return asked_words[asked].name;
}

const char *e100_asked_text(unsigned asked) {
  return asked_words[asked].text;
}

/* ---- what it means ------------------------------------------------------------------------------ */

static const char *meaning(unsigned asked) {
  switch (asked) {
  case E100_ASKED_CONTINUE:
    return "the handshake is refused, not the content: the same request without Expect may well succeed";
  case E100_ASKED_OTHER:
    return "417 fits an expectation that is not known (RFC 9110 10.1.1): the client asks for something else "
           "than "
           "100-continue";
  case E100_ASKED_NOTHING:
    return "417 without an expectation: something behind this place puts Expect into the request, or the "
           "server "
           "uses 417 for something else";
  case E100_ASKED_OLD:
    return "a server has to ignore an expectation in HTTP/1.0 (RFC 9110 10.1.1): the hop is at fault";
  default:
    return "many 417s from one hop point at the hop, not at the content; a capture shows what was asked";
  }
}

static void say_hop(const struct e100_refusal *refusal, const char *prefix, struct e100_text *out) {
  if (refusal->via[0] != '\0') {
    bool old = strncmp(refusal->via, "1.0 ", 4) == 0 || strncasecmp(refusal->via, "HTTP/1.0 ", 9) == 0;
    e100_text_format(out, "%sthe 417 came through \"%s\", so a hop behind the first of these refused%s\n",
                     prefix, refusal->via, old ? ", and it speaks HTTP/1.0" : "");
  } else if (refusal->server[0] != '\0' && refusal->asked != E100_ASKED_UNKNOWN) {
    e100_text_format(out,
                     "%sthe 417 has no Via: %s refused by itself, or a hop behind it that leaves no Via\n",
                     prefix, refusal->server);
  }
  if (refusal->minor == 0)
    e100_text_format(out, "%sit is of HTTP/1.0, which does not know expectations: an old hop\n", prefix);
}

void e100_refusal_says(const struct e100_refusal *refusal, const char *prefix, struct e100_text *out) {
  say_hop(refusal, prefix, out);
  e100_text_format(out, "%s%s\n", prefix, meaning(refusal->asked));
}

/* ---- the cure
 * -------------------------------------------------------------------------------------------------
 */

static bool has_word(const char *text, const char *word) {
  size_t length = strlen(word);
  for (; length > 0 && strlen(text) >= length; text++)
    if (strncasecmp(text, word, length) == 0)
      return true;
  return false;
}

static bool fits(const struct cure *cure, const struct e100_refusal *refusal) {
  if (cure->place == HOP)
    return has_word(refusal->product, cure->word) || has_word(refusal->via, cure->word);
  return has_word(refusal->client, cure->word);
}

void e100_refusal_cures(const struct e100_refusal *refusal, e100_cure_fn *fn, void *user) {
  bool known[2] = {false, false};
  for (size_t i = 0; i < sizeof cures / sizeof cures[0]; i++) {
    bool fallback = cures[i].word[0] == '\0' && !known[cures[i].place] && refusal->client[0] == '\0';
    if (!fallback && !fits(&cures[i], refusal))
      continue;
    known[cures[i].place] = true;
    fn(user, cures[i].place == CLIENT, cures[i].program, cures[i].setting);
  }
}

/* ---- for people --------------------------------------------------------------------------------- */

static void add_cure(void *user, bool at_client, const char *program, const char *setting) {
  e100_text_format(user, "  cure       %s, %s: %s\n", at_client ? "at the client" : "at the hop", program,
                   setting);
}

static void add_group(const struct e100_refusal *refusal, struct e100_text *out) {
  e100_text_format(out, "\n%s%s%s: %" PRIu64 "\n",
                   refusal->server[0] != '\0' ? refusal->server : "some server",
                   refusal->product[0] != '\0' ? ", Server: " : "", refusal->product, refusal->count);
  e100_text_format(out, "  asked      %s\n", e100_asked_text(refusal->asked));
  if (refusal->client[0] != '\0' || refusal->address[0] != '\0')
    e100_text_format(out, "  by         %s%s%s\n", refusal->client, refusal->client[0] != '\0' ? ", " : "",
                     refusal->address);
  e100_refusal_says(refusal, "  says       ", out);
  bool expectation = refusal->asked != E100_ASKED_NOTHING && refusal->asked != E100_ASKED_OTHER;
  if (expectation)
    e100_text_format(
        out, "  cure       let that hop meet or ignore 100-continue, or let the client leave Expect out\n");
  if (refusal->asked == E100_ASKED_OTHER)
    e100_text_format(out, "  cure       at the client: send no expectation but 100-continue\n");
  e100_refusal_cures(refusal, add_cure, out);
}

/* What an input sent may steer a terminal: everything but line ends becomes plain. */
static void make_plain(struct e100_text *text) {
  for (size_t i = 0; i < text->length; i++)
    if (((unsigned char)text->text[i] < 0x20 && text->text[i] != '\n') || text->text[i] == 0x7f)
      text->text[i] = '?';
}

void e100_diagnosis_text(const struct e100_refusals *refusals, struct e100_text *out) {
  uint64_t total = refusals->further;
  for (size_t i = 0; i < refusals->count; i++)
    total += refusals->groups[i].count;
  if (total == 0)
    return;
  e100_text_format(out, "%" PRIu64 " of %" PRIu64 " final responses are 417 (Expectation Failed):\n", total,
                   refusals->answers);
  for (size_t i = 0; i < refusals->count; i++)
    add_group(&refusals->groups[i], out);
  if (refusals->further > 0)
    e100_text_format(out, "\n%" PRIu64 " more, in further groups\n", refusals->further);
  make_plain(out);
}
