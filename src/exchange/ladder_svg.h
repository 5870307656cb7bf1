/*
 * ladder_svg.h - the ladder diagram as SVG, for pages and documents.
 */
#ifndef E100_LADDER_SVG_H
#define E100_LADDER_SVG_H

#include "exchange/exchange.h"

/* What is drawn. */
struct e100_ladder_drawing {
  const char *const
      *marks;          /* by step: words at its side that say what is found there, or NULL; may be NULL */
  const char *label;   /* what the drawing is, for those who do not see it; NULL: "ladder diagram" */
  uint32_t rows_limit; /* rows; what does not fit is left out, around the first mark; 0: no limit */
  bool styled;         /* with a style of its own, light and dark; a page brings one for all its drawings */
};

/* Draws a normalized exchange as one <svg> element. Everything in it is text or lines: nothing runs, and
 * nothing is fetched. */
void e100_ladder_svg(const struct e100_exchange *exchange, const struct e100_ladder_drawing *drawing,
                     struct e100_text *out);

/* The style of such drawings, for a page that has many; in a <style> element, or a file. It uses the custom
 * properties --ink, --faint, --paper, --found and --link0 to --link7 where a page sets them. */
const char *e100_ladder_style(void);

#endif
