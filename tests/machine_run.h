/*
 * machine_run.h - runs an origin server's machine for a test, and writes down what it did as a story.
 *
 * One line of the story is one thing that happened: a head with its facts, a run of content, an answer.
 * Octets that follow each other are one thing, so the story does not depend on how anything was cut.
 */
#ifndef E100_MACHINE_RUN_H
#define E100_MACHINE_RUN_H

#include <stdlib.h>
#include <string.h>

#include "exchange/exchange.h"
#include "machine/origin.h"

struct machine_run {
  struct e100_origin *origin; /* on the heap, so that it can move */
  size_t piece;               /* octets that are delivered at a time; 0: all at once */
  size_t first_cut; /* not 0: the first piece of a delivery has so many octets, the rest is the second */
  bool moves;       /* to other memory after each call */
  bool prompt;      /* the application accepts each head, and answers 200 once the content is complete */
  struct e100_text story;
  struct e100_text waiting;        /* octets that were delivered and not taken */
  uint64_t content;                /* octets of content since the last line of the story */
  bool sending;                    /* the last line of the story is one of octets that were sent */
  bool closed;                     /* the machine closed the connection */
  struct e100_request_facts facts; /* of the last head */
  uint32_t heads;
  struct e100_row row; /* the last one that was taken */
  uint32_t rows;
  void (*change_facts)(struct e100_request_facts *facts); /* NULL: as they are */
};

static inline void run_line(struct machine_run *run, const char *line) {
  if (run->content > 0)
    e100_text_format(&run->story, "content %llu\n", (unsigned long long)run->content);
  if (run->sending)
    e100_text_add(&run->story, "\n", 1);
  run->content = 0;
  run->sending = false;
  e100_text_add(&run->story, line, strlen(line));
}

static inline void run_on_send(void *user, const uint8_t *octets, size_t length) {
  struct machine_run *run = user;
  if (!run->sending)
    run_line(run, "sends ");
  run->sending = true;
  for (size_t i = 0; i < length; i++) {
    if (octets[i] == '\n')
      e100_text_add(&run->story, "|", 1);
    else if (octets[i] != '\r')
      e100_text_add(&run->story, (const char *)&octets[i], 1);
  }
}

static inline void run_on_end(void *user, bool wholly) {
  struct machine_run *run = user;
  run->closed = run->closed || wholly;
  run_line(run, wholly ? "closes\n" : "half-closes\n");
}

static inline void run_on_check_head(void *user, struct e100_request_facts *facts) {
  struct machine_run *run = user;
  if (run->change_facts != NULL)
    run->change_facts(facts);
  run->facts = *facts;
  run->heads++;
}

static const struct e100_origin_calls run_calls;

static inline void run_on_head(void *user, const struct e100_request_facts *facts) {
  static const char *const framings[] = {"none", "length", "chunked"};
  struct machine_run *run = user;
  run_line(run, "");
  e100_text_format(&run->story, "head %u.%u method %u %s %llu%s%s%s%s hosts %u\n", facts->major, facts->minor,
                   facts->method, framings[facts->framing], (unsigned long long)facts->length,
                   facts->asks ? " asks" : "", facts->other ? " other" : "",
                   facts->persists ? " persists" : "", facts->upgrade ? " upgrade" : "", facts->hosts);
  if (run->prompt)
    e100_origin_accept(run->origin, &run_calls, run);
}

static inline void run_on_content(void *user, const uint8_t *octets, size_t length) {
  struct machine_run *run = user;
  /* Every octet is looked at, so that the sanitizers see one that is not there. */
  volatile uint8_t sum = 0;
  for (size_t i = 0; i < length; i++)
    sum = (uint8_t)(sum + octets[i]);
  if (run->sending)
    run_line(run, "");
  run->content += length;
}

static inline void run_on_complete(void *user) {
  struct machine_run *run = user;
  struct e100_response response = {.status = 200, .content = (const uint8_t *)"ok", .content_length = 2};
  run_line(run, "complete\n");
  if (run->prompt)
    e100_origin_respond(run->origin, &run_calls, run, &response);
}

static inline void run_on_aborted(void *user) {
  run_line(user, "aborted\n");
}

static inline void run_on_moved(void *user, const struct e100_row *row) {
  struct machine_run *run = user;
  run->row = *row;
  run->rows++;
}

static const struct e100_origin_calls run_calls = {
    .send = run_on_send,
    .end = run_on_end,
    .check_head = run_on_check_head,
    .head = run_on_head,
    .content = run_on_content,
    .complete = run_on_complete,
    .aborted = run_on_aborted,
    .moved = run_on_moved,
};

static inline void run_begin(struct machine_run *run, const struct e100_origin_policy *policy) {
  static const struct e100_origin_policy usual;
  run->origin = malloc(sizeof *run->origin);
  E100_CHECK(run->origin != NULL, "there is memory for a machine");
  e100_origin_init(run->origin, &e100_origin_reference, policy != NULL ? policy : &usual);
}

static inline void run_free(struct machine_run *run) {
  free(run->origin);
  e100_text_free(&run->story);
  e100_text_free(&run->waiting);
}

/* A memcpy is a snapshot: what was before is overwritten and given back. */
static inline void run_move(struct machine_run *run) {
  struct e100_origin *other = malloc(sizeof *other);
  E100_CHECK(other != NULL, "there is memory for a machine");
  memcpy(other, run->origin, sizeof *other);
  memset(run->origin, 0xa5, sizeof *run->origin);
  free(run->origin);
  run->origin = other;
}

/* Offers what waits, each time as an exactly sized copy that is gone afterwards. */
static inline void run_offer(struct machine_run *run) {
  size_t taken = 0;
  do {
    size_t length = run->waiting.length;
    uint8_t *copy = malloc(length > 0 ? length : 1);
    E100_CHECK(copy != NULL, "there is memory for a delivery");
    if (length > 0)
      memcpy(copy, run->waiting.text, length);
    taken = e100_origin_octets(run->origin, &run_calls, run, copy, length);
    E100_CHECK(taken <= length, "a machine takes no more than there is");
    memset(copy, 0xa5, length);
    free(copy);
    if (taken > 0)
      memmove(run->waiting.text, run->waiting.text + taken, length - taken);
    run->waiting.length -= taken;
    if (run->moves)
      run_move(run);
  } while (taken > 0 && run->waiting.length > 0);
}

/* The client sends octets, in the pieces that the run says. */
static inline void run_deliver(struct machine_run *run, const void *octets, size_t length) {
  const char *from = octets;
  size_t piece = run->first_cut > 0 ? run->first_cut : run->piece;
  while (length > 0) {
    size_t count = piece > 0 && piece < length ? piece : length;
    e100_text_add(&run->waiting, from, count);
    run_offer(run);
    from += count;
    length -= count;
    piece = run->piece;
  }
}

static inline void run_text(struct machine_run *run, const char *text) {
  run_deliver(run, text, strlen(text));
}

/* The story so far. */
static inline const char *run_story(struct machine_run *run) {
  run_line(run, "");
  return run->story.length > 0 ? run->story.text : "";
}

/* The status of the last response; 0: none was sent. */
static inline unsigned run_status(struct machine_run *run) {
  const char *story = run_story(run);
  unsigned status = 0;
  for (const char *at = story; (at = strstr(at, "HTTP/1.1 ")) != NULL; at += 9)
    status = (unsigned)strtoul(at + 9, NULL, 10);
  return status;
}

/* Delivers all of OCTETS to an application that is prompt; gives the run, to be freed. */
static inline struct machine_run run_whole(const void *octets, size_t length) {
  struct machine_run run = {.prompt = true};
  run_begin(&run, NULL);
  run_deliver(&run, octets, length);
  return run;
}

/* The status that a prompt application's server answers to OCTETS last. */
static inline unsigned status_for(const void *octets, size_t length) {
  struct machine_run run = run_whole(octets, length);
  unsigned status = run_status(&run);
  run_free(&run);
  return status;
}

/* The story of OCTETS in one way to cut them. */
static inline char *story_cut(const void *octets, size_t length, size_t piece, size_t first_cut, bool moves) {
  struct machine_run run = {.prompt = true, .piece = piece, .first_cut = first_cut, .moves = moves};
  run_begin(&run, NULL);
  run_deliver(&run, octets, length);
  char *story = strdup(run_story(&run));
  E100_CHECK(story != NULL, "there is memory for a story");
  run_free(&run);
  return story;
}

/* True where octets give the same story however they are cut, and wherever the machine lies meanwhile. */
static inline bool same_however_cut(const void *octets, size_t length) {
  enum { CUTS_LIMIT = 400 /* beyond it not every single cut is tried */ };
  static const size_t pieces[] = {1, 2, 3, 7, 61};
  char *whole = story_cut(octets, length, 0, 0, false);
  bool same = true;
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    char *other = story_cut(octets, length, pieces[i], 0, pieces[i] != 2);
    same = same && strcmp(whole, other) == 0;
    free(other);
  }
  for (size_t cut = 1; cut < length && length <= CUTS_LIMIT; cut++) {
    char *other = story_cut(octets, length, 0, cut, true);
    same = same && strcmp(whole, other) == 0;
    free(other);
  }
  free(whole);
  return same;
}

#endif
