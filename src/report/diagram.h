/*
 * diagram.h - drawings of the states of a machine, made from its table.
 *
 * Where boxes, frames and arrows lie was chosen by hand and is data; which arrows there are and what they say
 * comes from the table. A frame stands for all states in it: what every one of them does alike is drawn once,
 * from the frame. Frames may overlap. An arrow without a chosen way is drawn straight.
 */
#ifndef E100_DIAGRAM_H
#define E100_DIAGRAM_H

#include "exchange/exchange.h"
#include "report/machine_words.h"

enum { E100_DIAGRAM_POINTS = 8 /* corners of an arrow, with its ends */ };

struct e100_place {
  short x, y;
};

struct e100_area {
  short x, y, width, height;
};

struct e100_diagram_frame {
  unsigned members; /* set of 1 << state */
  struct e100_area area;
  const char *name; /* or "" */
  struct e100_place name_place;
  struct e100_place label_place; /* what leads from the frame to itself */
  uint8_t columns;               /* characters in a line of that */
};

struct e100_diagram_route {
  uint8_t from;    /* a state, or the number of states + that of a frame */
  uint8_t to;      /* a state */
  uint8_t columns; /* characters in a line of the label */
  char anchor;     /* 's': the label begins at `label`; 'e': it ends there */
  struct e100_place label;
  struct e100_place points[E100_DIAGRAM_POINTS]; /* up to the first {0, 0} */
};

struct e100_diagram {
  const struct e100_machine_words *words;
  short width, height;
  short start_x;                 /* where the first state is entered, from above */
  const struct e100_area *boxes; /* by state */
  const struct e100_diagram_frame
      *frames; /* an outer one before those within: what it can say is not said again */
  unsigned frame_count;
  const struct e100_diagram_route *routes;
  unsigned route_count;
  const char *legend;
};

extern const struct e100_diagram e100_origin_diagram, e100_client_diagram, e100_proxy_diagram;

/* Appends the drawing, as SVG. */
void e100_draw_diagram(const struct e100_diagram *diagram, struct e100_text *out);

#endif
