/*
 * ladder_words.c - the lines of a ladder diagram, and words for its steps.
 */
#include "exchange/ladder_words.h"
#include "exchange/exchange_inside.h"

#include <stdio.h>
#include <string.h>

/* ---- lines ------------------------------------------------------------------------------------------ */

static unsigned clients_of(const struct e100_exchange *exchange) {
  unsigned count = 0;
  for (uint32_t i = 0; i < exchange->link_count; i++)
    count += exchange->links[i].client == E100_CLIENT;
  return count;
}

/* The line of PARTY with that name, a new one where there is none. */
static uint8_t line_named(struct e100_ladder_lines *lines, unsigned party, const char *name) {
  for (unsigned i = 0; i < lines->count; i++)
    if (lines->list[i].party == party && strcmp(lines->list[i].name, name) == 0)
      return (uint8_t)i;
  struct e100_ladder_line *line = &lines->list[lines->count];
  line->party = (uint8_t)party;
  (void)snprintf(line->name, sizeof line->name, "%s", name);
  return (uint8_t)lines->count++;
}

void e100_ladder_lines(const struct e100_exchange *exchange, struct e100_ladder_lines *lines) {
  unsigned clients = clients_of(exchange);
  bool apart = clients > 1 && clients <= E100_LADDER_CLIENTS_LIMIT;
  *lines = (struct e100_ladder_lines){0};
  for (unsigned party = E100_NOBODY + 1; party < E100_PARTY_COUNT; party++)
    for (uint32_t i = 0; i < exchange->link_count; i++) {
      const struct e100_link *link = &exchange->links[i];
      char name[E100_NAME_LIMIT + 16];
      bool own_line = apart && party == E100_CLIENT;
      (void)snprintf(name, sizeof name, "%s%s%s", e100_party_name(party), own_line ? " " : "",
                     own_line ? link->name : "");
      if (link->client == party)
        lines->client[i] = line_named(lines, party, name);
      if (link->server == party)
        lines->server[i] = line_named(lines, party, name);
    }
}

unsigned e100_ladder_line_of_application(const struct e100_exchange *exchange,
                                         const struct e100_ladder_lines *lines,
                                         const struct e100_step *step) {
  enum e100_party party = e100_application_of(exchange, step);
  int first = e100_ladder_line_of(lines, party);
  if (exchange->links[step->link].client == party)
    return lines->client[step->link];
  return first >= 0 && exchange->links[step->link].server != party ? (unsigned)first
                                                                   : lines->server[step->link];
}

int e100_ladder_line_of(const struct e100_ladder_lines *lines, unsigned party) {
  for (unsigned i = 0; i < lines->count; i++)
    if (lines->list[i].party == party)
      return (int)i;
  return -1;
}

/* ---- deliveries --------------------------------------------------------------------------------------- */

/* As e100_ladder_summary, but for what was announced. */
static size_t hear(struct e100_listening *listening, bool of_client, const uint8_t *octets, size_t length,
                   char *text, size_t room, bool *borrowed) {
  if (of_client && listening->owed > 0) {
    size_t taken = length < listening->owed ? length : (size_t)listening->owed;
    *borrowed = e100_ladder_content(octets, taken, text, room);
    listening->owed -= taken;
    listening->heard = E100_HEARD_NOTHING;
    return taken;
  }
  size_t taken = e100_ladder_summary(&listening->heard, &listening->part, octets, length, text, room);
  if (of_client && listening->heard == E100_HEARD_HEAD)
    listening->owed = listening->part.announced;
  return taken;
}

/* Where the message of ONE octets at OCTETS is an interim response, and comes several times more behind
 * itself: the octets of those, and how many they are is put behind TEXT. Else 0. */
static size_t same_again(const uint8_t *octets, size_t length, size_t one, char *text, size_t room) {
  enum { MANY = 3, STATUS = 9 /* where the status of a response begins */ };
  if (one <= STATUS || memcmp(octets, "HTTP/1.", 7) != 0 || octets[STATUS] != '1' || octets[one - 1] != '\n')
    return 0;
  size_t times = 0;
  while ((times + 2) * one <= length && memcmp(octets, octets + (times + 1) * one, one) == 0)
    times++;
  if (times < MANY)
    return 0;
  size_t used = strlen(text);
  (void)snprintf(text + used, room - used, " (%lu times more)", (unsigned long)times);
  return times * one;
}

bool e100_ladder_next_row(struct e100_ladder_rows *rows, char *text, size_t size, size_t room,
                          bool *borrowed) {
  size_t length = rows->length - rows->at;
  *borrowed = false;
  if (rows->count > 0 && length == 0)
    return false;
  if (length == 0) {
    (void)snprintf(text, room + 1, "(no octets)");
  } else if (rows->count == rows->most) {
    (void)snprintf(text, room + 1, "(%lu more octets)", (unsigned long)length);
    rows->at = rows->length;
  } else {
    const uint8_t *octets = rows->octets + rows->at;
    size_t one = hear(rows->listening, rows->of_client, octets, length, text, room, borrowed);
    rows->at += one + same_again(octets, length, one, text, size);
  }
  rows->count++;
  return true;
}

size_t e100_ladder_piece(const char *text, size_t width) {
  size_t length = strlen(text);
  if (length <= width)
    return length;
  for (size_t at = width; at > 2; at--)
    if (text[at - 2] == ',' && text[at - 1] == ' ')
      return at;
  for (size_t at = width; at > width / 2; at--)
    if (text[at - 1] == ' ')
      return at;
  return width > 0 ? width : 1;
}

/* ---- everything else ------------------------------------------------------------------------------------
 */

/* A response is over, or was only begun, by what the application is told in STEP. */
static bool tells_end(const struct e100_step *step) {
  return step->what == E100_TOLD_COMPLETE || step->what == E100_TOLD_ABORTED;
}

/* The application takes the interim response of STEP for the final one: content of it follows, or its end,
 * and no other response was begun that this could be about. */
static bool is_taken_for_final(const struct e100_exchange *exchange, const struct e100_step *step) {
  bool open = false;
  const struct e100_step *end = exchange->steps + exchange->step_count;
  if (step->what != E100_TOLD_INTERIM || step->status == 101)
    return false;
  for (const struct e100_step *at = exchange->steps; at < end; at++) {
    if (at == step || at->kind != E100_STEP_TOLD || at->link != step->link)
      continue;
    if (at > step)
      return !open && (at->what == E100_TOLD_CONTENT || at->what == E100_TOLD_COMPLETE);
    open = at->what == E100_TOLD_RESPONSE || (open && !tells_end(at));
  }
  return false;
}

static void told_words(const struct e100_exchange *exchange, const struct e100_step *step, char *text,
                       size_t room) {
  bool of_response = e100_application_of(exchange, step) == E100_CLIENT;
  static const char *const words[E100_TOLD_COUNT] = {"a request head",
                                                     "",
                                                     "that the content is complete",
                                                     "that the request is aborted",
                                                     "an interim response",
                                                     "the final response"};
  if (step->what == E100_TOLD_CONTENT)
    (void)snprintf(text, room, "app is told %lu octet%s of content", (unsigned long)step->count,
                   step->count == 1 ? "" : "s");
  else if (e100_step_tells_status(step))
    (void)snprintf(text, room, "app is told %s, %u%s", words[step->what], (unsigned)step->status,
                   is_taken_for_final(exchange, step) ? ", as the final one" : "");
  else if (of_response && step->what == E100_TOLD_ABORTED)
    (void)snprintf(text, room, "app is told that no response comes");
  else
    (void)snprintf(text, room, "app is told %s", words[step->what]);
}

/* What a client's application asks for: its request line. */
static void request_words(const struct e100_exchange *exchange, const struct e100_step *step, char *text,
                          size_t room) {
  char line[48];
  size_t length = 0;
  const uint8_t *octets = e100_step_octets(exchange, step);
  while (length < step->length && length < sizeof line - 1 && octets[length] >= ' ' &&
         octets[length] <= '~') {
    line[length] = (char)octets[length];
    length++;
  }
  line[length] = '\0';
  (void)snprintf(text, room, "app asks: %s", line);
}

static void decided_words(const struct e100_exchange *exchange, const struct e100_step *step, char *text,
                          size_t room) {
  static const char *const words[E100_DECISION_COUNT] = {"accepts the content",
                                                         "",
                                                         "does not meet the expectation",
                                                         "switches protocols",
                                                         "drops the connection",
                                                         "decides later",
                                                         ""};
  char content[32] = "";
  const char *closing = step->flags & E100_STEP_CLOSING ? " and closes" : "";
  if (step->length > 0)
    (void)snprintf(content, sizeof content, ", %lu octet%s", (unsigned long)step->length,
                   step->length == 1 ? "" : "s");
  if (step->what == E100_DECIDE_RESPOND)
    (void)snprintf(text, room, "app responds %u%s%s", (unsigned)step->status, content, closing);
  else if (step->what == E100_DECIDE_REQUEST)
    request_words(exchange, step, text, room);
  else
    (void)snprintf(text, room, "app %s%s", words[step->what], closing);
}

static const char *plain_words(const struct e100_step *step) {
  static const char *const awaits[E100_AWAIT_COUNT] = {
      "the others wait for 100", "the others wait for a final response", "the others wait for any response",
      "the others wait for a request head"};
  switch (step->kind) {
  case E100_STEP_OPEN:
    return "opens the connection";
  case E100_STEP_HALF_CLOSE:
    return "sends no more octets";
  case E100_STEP_CLOSE:
    return "closes the connection";
  case E100_STEP_RESET:
    return "resets the connection";
  case E100_STEP_SETTLED:
    return "silence";
  case E100_STEP_QUIET:
    return "silence until every timer has fired";
  case E100_STEP_AWAIT:
    return awaits[step->what];
  default:
    return "";
  }
}

void e100_ladder_words(const struct e100_exchange *exchange, const struct e100_step *step, char *text,
                       size_t room) {
  if (step->kind == E100_STEP_TOLD)
    told_words(exchange, step, text, room);
  else if (step->kind == E100_STEP_DECIDED)
    decided_words(exchange, step, text, room);
  else if (step->kind == E100_STEP_TIMER)
    (void)snprintf(text, room, "(timer fires: %s)", e100_timer_name(step->what));
  else
    (void)snprintf(text, room, "%s", plain_words(step));
}
