/* refusals.c - groups of 417s, and the heads that they are told by. */
#include "capture/refusals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/streams.h"

static bool same_group(const struct e100_refusal *a, const struct e100_refusal *b) {
  return a->asked == b->asked && a->minor == b->minor && strcmp(a->server, b->server) == 0 &&
         strcmp(a->product, b->product) == 0 && strcmp(a->via, b->via) == 0 &&
         strcmp(a->client, b->client) == 0;
}

void e100_refusals_add(struct e100_refusals *refusals, const struct e100_refusal *refusal) {
  for (size_t i = 0; i < refusals->count; i++) {
    if (!same_group(&refusals->groups[i], refusal))
      continue;
    refusals->groups[i].count++;
    if (strcmp(refusals->groups[i].address, refusal->address) != 0)
      (void)memcpy(refusals->groups[i].address, "several", sizeof "several");
    return;
  }
  if (refusals->count >= E100_REFUSAL_GROUPS_LIMIT) {
    refusals->further++;
    return;
  }
  if (refusals->count == refusals->room) {
    refusals->room = refusals->room == 0 ? 8 : refusals->room * 2;
    refusals->groups = realloc(refusals->groups, refusals->room * sizeof *refusals->groups);
    E100_CHECK(refusals->groups != NULL, "there is memory for the groups of refusals");
  }
  refusals->groups[refusals->count] = *refusal;
  refusals->groups[refusals->count++].count = 1;
}

void e100_refusals_free(struct e100_refusals *refusals) {
  free(refusals->groups);
  *refusals = (struct e100_refusals){0};
}

/* ---- heads -------------------------------------------------------------------------------------- */

void e100_heads_free(struct e100_heads *heads) {
  e100_text_free(&heads->request);
  e100_text_free(&heads->response);
}

/* Adds octets to a head up to its empty line; gives how many belong to it, and sets *WHOLE at its end. */
static size_t add_head(struct e100_text *head, const uint8_t *octets, size_t length, bool *whole) {
  for (size_t i = 0; i < length; i++) {
    char octet = (char)octets[i];
    if (head->length < E100_HEAD_KEPT_LIMIT && octet != '\r')
      e100_text_add(head, &octet, 1);
    if (octet == '\n' && head->length >= 2 && head->text[head->length - 2] == '\n') {
      *whole = true;
      return i + 1;
    }
  }
  return length;
}

static void empty(struct e100_text *text) {
  text->length = 0;
}

/* Whether a request line begins here: a method, a blank, and further on the version. */
static bool is_request_line(const uint8_t *octets, size_t length) {
  size_t i = 0;
  while (i < length && octets[i] >= 'A' && octets[i] <= 'Z')
    i++;
  if (i == 0 || i >= length || octets[i] != ' ')
    return false;
  for (; i + 6 <= length && octets[i] != '\n'; i++)
    if (memcmp(octets + i, " HTTP/", 6) == 0)
      return true;
  return false;
}

unsigned e100_heads_of_client(struct e100_heads *heads, const uint8_t *octets, size_t length) {
  unsigned begun = 0;
  if (!heads->in_request && is_request_line(octets, length)) {
    begun = 1;
    heads->in_request = true;
    heads->request_whole = false;
    empty(&heads->request);
  }
  if (heads->in_request && !heads->request_whole) {
    (void)add_head(&heads->request, octets, length, &heads->request_whole);
    heads->in_request = !heads->request_whole;
  }
  return begun;
}

/* ---- fields ------------------------------------------------------------------------------------- */

/* Sets OUT to the values of field NAME in HEAD, joined with commas; false where there is none. */
static bool field(const struct e100_text *head, const char *name, char out[E100_REFUSAL_FIELD_LIMIT]) {
  size_t wanted = strlen(name), filled = 0;
  bool found = false;
  out[0] = '\0';
  if (head->length == 0)
    return false; /* there is no text then, either */
  const char *line = head->text, *end = head->text + head->length;
  while (line != NULL && line < end) {
    const char *next = memchr(line, '\n', (size_t)(end - line));
    const char *stop = next != NULL ? next : end;
    if ((size_t)(stop - line) > wanted && line[wanted] == ':' && strncasecmp(line, name, wanted) == 0) {
      const char *value = line + wanted + 1;
      while (value < stop && (*value == ' ' || *value == '\t'))
        value++;
      if (found && filled + 2 < E100_REFUSAL_FIELD_LIMIT) {
        out[filled++] = ',';
        out[filled++] = ' ';
      }
      while (value < stop && *value != '\0' && filled + 1 < E100_REFUSAL_FIELD_LIMIT)
        out[filled++] = *value++;
      while (filled > 0 && (out[filled - 1] == ' ' || out[filled - 1] == '\t'))
        filled--;
      out[filled] = '\0';
      found = true;
    }
    line = next != NULL ? next + 1 : NULL;
  }
  return found;
}

/* The minor version in the first line of HEAD, "HTTP/1.x"; 1 where it has none. */
static unsigned minor_version(const struct e100_text *head) {
  for (size_t i = 0; i + 8 <= head->length && head->text[i] != '\n'; i++)
    if (memcmp(head->text + i, "HTTP/1.", 7) == 0)
      return head->text[i + 7] == '0' ? 0 : 1;
  return 1;
}

static enum e100_asked asked_in(const struct e100_heads *heads) {
  char expect[E100_REFUSAL_FIELD_LIMIT];
  if (!heads->request_whole)
    return E100_ASKED_UNKNOWN;
  if (!field(&heads->request, "Expect", expect))
    return E100_ASKED_NOTHING;
  if (minor_version(&heads->request) == 0)
    return E100_ASKED_OLD;
  return strcasecmp(expect, "100-continue") == 0 ? E100_ASKED_CONTINUE : E100_ASKED_OTHER;
}

static void copy_text(char out[E100_REFUSAL_FIELD_LIMIT], const struct e100_end *end, bool port) {
  struct e100_text text = {0};
  e100_end_text(end, &text);
  char *colon = strrchr(text.text, ':');
  if (!port && colon != NULL)
    *colon = '\0';
  (void)snprintf(out, E100_REFUSAL_FIELD_LIMIT, "%s", text.text);
  e100_text_free(&text);
}

static unsigned status_of(const struct e100_text *head) {
  if (head->length < 12 || memcmp(head->text, "HTTP/1.", 7) != 0 || head->text[8] != ' ')
    return 0;
  unsigned status = 0;
  for (size_t i = 9; i < 12; i++) {
    if (head->text[i] < '0' || head->text[i] > '9')
      return 0;
    status = status * 10 + (unsigned)(head->text[i] - '0');
  }
  return status;
}

static void note_refusal(const struct e100_heads *heads, const struct e100_end *client,
                         const struct e100_end *server, struct e100_refusals *refusals) {
  struct e100_refusal refusal = {.asked = (uint8_t)asked_in(heads),
                                 .minor = (uint8_t)minor_version(&heads->response)};
  copy_text(refusal.server, server, true);
  copy_text(refusal.address, client, false);
  (void)field(&heads->response, "Server", refusal.product);
  (void)field(&heads->response, "Via", refusal.via);
  (void)field(&heads->request, "User-Agent", refusal.client);
  e100_refusals_add(refusals, &refusal);
}

void e100_heads_of_server(struct e100_heads *heads, const uint8_t *octets, size_t length,
                          const struct e100_end *client, const struct e100_end *server,
                          struct e100_refusals *refusals) {
  while (length > 0 && refusals != NULL) {
    if (!heads->in_response) {
      if (length < 5 || memcmp(octets, "HTTP/", 5) != 0)
        return;
      heads->in_response = true;
      empty(&heads->response);
    }
    bool whole = false;
    size_t taken = add_head(&heads->response, octets, length, &whole);
    octets += taken;
    length -= taken;
    if (!whole)
      return;
    heads->in_response = false;
    unsigned status = status_of(&heads->response);
    refusals->answers += status >= 200;
    if (status == 417)
      note_refusal(heads, client, server, refusals);
    if (status >= 200)
      return;
  }
}
