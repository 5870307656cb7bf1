/*
 * survey_map.h - what a program does where: which target takes content, which refuses it, and how.
 *
 * Situations of a survey name targets by what they do: /accept takes content, /401 answers 401, /echo gives
 * back the request's mark. A map says where the program that is surveyed does such a thing. It is a text of
 * lines "WHAT [METHOD] TARGET", "host NAME" for the field Host, "upstream [HOST:]PORT" for where a
 * gateway passes requests on to, and "lane PORT UPSTREAM" for a further port of it and the port of this
 * machine that it passes those requests on to; what follows a # says nothing.
 */
#ifndef E100_SURVEY_MAP_H
#define E100_SURVEY_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "exchange/exchange.h"

enum {
  E100_MAP_ENTRIES_LIMIT = 32, /* lines that mean something */
  E100_MAP_LANES_LIMIT = 63,   /* lanes of a gateway, besides its own port */
  E100_MAP_WORD_LIMIT = 256    /* octets of a word of a map, with the closing NUL */
};

struct e100_map_entry {
  char what[16];   /* "accept", "401" */
  char method[16]; /* in place of the situation's; "": the situation's own */
  char target[E100_MAP_WORD_LIMIT];
};

struct e100_map {
  char host[E100_MAP_WORD_LIMIT];
  char upstream[E100_MAP_WORD_LIMIT]; /* "": the map does not say */
  size_t lane_count;
  struct e100_map_lane {
    uint16_t port, upstream;
  } lanes[E100_MAP_LANES_LIMIT];
  size_t count;
  struct e100_map_entry entries[E100_MAP_ENTRIES_LIMIT];
};

/* What is taken for granted where nobody gives a map: / takes content, and one target is not there. */
void e100_map_usual(struct e100_map *map, const char *host);

/* Reads a map into MAP, which has its host already. NULL, or what is wrong in *LINE (from 1), as a sentence
 * without its end. */
const char *e100_map_read(struct e100_map *map, const char *text, unsigned *line);

/* Makes OUT of a situation: targets and Host as MAP says; or AUTHORITY in place of the host, where it is not
 * "": a proxy's requests name the origin server. NULL, or the name of what the map does not have. */
const char *e100_map_apply(const struct e100_map *map, const char *authority,
                           const struct e100_exchange *situation, struct e100_exchange *out);

/* Makes OUT of PLAY without its expectations: the control that tells whether a finding is about them. False
 * where there is none. A field line that our client sends keeps its shape, its blanks, folds and place, under
 * a name that means nothing: what is about the shape is the same then. Of what an application asks a client
 * for the line is left out. */
bool e100_without_expectation(const struct e100_exchange *play, struct e100_exchange *out);

#endif
