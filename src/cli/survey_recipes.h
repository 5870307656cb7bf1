/*
 * survey_recipes.h - programs that a script installs, starts and stops: recipes/NAME.
 *
 * A recipe is called as `NAME start FOLDER` and `NAME stop FOLDER`, with a new folder that is its own.
 * `start` says on standard error what it installs, and prints lines on standard output once the program
 * listens:
 *
 *     address tcp:127.0.0.1:PORT      (or gateway:..., proxy:...)
 *     version TEXT
 *     map FILE          (may be left out)
 *
 * The variable E100_UPSTREAMS names ports of 127.0.0.1, with blanks between them. A gateway passes requests
 * on to the first one; in its map it may have further ports for the others ("lane PORT UPSTREAM").
 *
 * `stop` ends everything that `start` began, whatever became of it. Its exit code is 0, or says that it could
 * not be done.
 */
#ifndef E100_SURVEY_RECIPES_H
#define E100_SURVEY_RECIPES_H

#include <stdbool.h>

enum {
  E100_RECIPES_LIMIT = 32,     /* in one survey */
  E100_RECIPE_WORD_LIMIT = 512 /* octets of what a line of a recipe says, with the closing NUL */
};

struct e100_started_recipe {
  char name[E100_RECIPE_WORD_LIMIT]; /* "recipe:nginx (nginx/1.22.1)" */
  char address[E100_RECIPE_WORD_LIMIT];
  const char *map; /* a path, or NULL */
  char map_path[E100_RECIPE_WORD_LIMIT];
  char script[4096];
  char folder[256];
};

/* Whether TEXT is "recipe:...". */
bool e100_is_recipe(const char *text);
/* Starts a recipe; behind a gateway somebody listens on the ports UPSTREAMS. RECIPE stays valid until
 * e100_recipes_stop. False after a message. */
bool e100_recipe_start(const char *text, const char *upstreams, struct e100_started_recipe **recipe);
/* Stops all that were started, in any state. */
void e100_recipes_stop(void);
/* For handlers of signals: ends a script that starts something, so that e100_recipe_start returns. */
void e100_recipes_interrupt(void);
/* For handlers of signals, before they end this process: e100_recipes_stop, without its messages. */
void e100_recipes_stop_at_once(void);
/* Prints their names; gives an exit code. */
int e100_recipes_list(void);

#endif
