/* origin_diagram.c - docs/origin-states.svg: where the states of the reference origin server lie. */
#include "machine/origin.h"
#include "report/diagram.h"
#include "report/documents.h"

static const struct e100_area boxes[E100_ORIGIN_STATES] = {
    [E100_ORIGIN_AWAITED] = {400, 44, 200, 60},    [E100_ORIGIN_ASKED] = {150, 232, 190, 48},
    [E100_ORIGIN_OFFERED] = {394, 408, 200, 48},   [E100_ORIGIN_ENCOURAGED] = {70, 408, 170, 48},
    [E100_ORIGIN_PROCEEDED] = {694, 408, 168, 48}, [E100_ORIGIN_WHOLE] = {1010, 330, 190, 48},
    [E100_ORIGIN_DISCARDING] = {70, 660, 230, 48}, [E100_ORIGIN_LINGERING] = {570, 660, 210, 48},
    [E100_ORIGIN_SWITCHED] = {1052, 530, 174, 48}, [E100_ORIGIN_OVER] = {50, 790, 1180, 48},
};

#define STATE_BIT(state) (1U << (state))
enum {
  COMING =
      STATE_BIT(E100_ORIGIN_OFFERED) | STATE_BIT(E100_ORIGIN_ENCOURAGED) | STATE_BIT(E100_ORIGIN_PROCEEDED)
};

static const struct e100_diagram_frame frames[] = {
    {COMING | STATE_BIT(E100_ORIGIN_ASKED),
     {40, 184, 850, 330},
     "content is still to come",
     {700, 204},
     {560, 504},
     60},
    {COMING, {56, 366, 818, 132}, "and nobody waits for a 100", {672, 386}, {655, 488}, 60},
};

/* Where an arrow begins: a state, or E100_ORIGIN_STATES + the number of a frame. */
enum { WHILE_COMING = E100_ORIGIN_STATES, ONCE_COMING };

static const struct e100_diagram_route routes[] = {
    {E100_ORIGIN_AWAITED,
     E100_ORIGIN_ASKED,
     40,
     's',
     {253, 172},
     {{440, 104}, {440, 140}, {245, 140}, {245, 232}}},
    {E100_ORIGIN_AWAITED, E100_ORIGIN_OFFERED, 40, 's', {558, 144}, {{550, 104}, {550, 408}}},
    {E100_ORIGIN_AWAITED, E100_ORIGIN_WHOLE, 40, 's', {610, 50}, {{600, 56}, {1150, 56}, {1150, 330}}},
    {E100_ORIGIN_WHOLE, E100_ORIGIN_AWAITED, 40, 's', {610, 72}, {{1090, 330}, {1090, 77}, {600, 77}}},
    {E100_ORIGIN_AWAITED,
     E100_ORIGIN_LINGERING,
     40,
     's',
     {610, 114},
     {{600, 98}, {990, 98}, {990, 684}, {780, 684}}},
    {E100_ORIGIN_AWAITED, E100_ORIGIN_OVER, 52, 's', {20, 35}, {{400, 56}, {12, 56}, {12, 814}, {50, 814}}},
    {E100_ORIGIN_DISCARDING,
     E100_ORIGIN_AWAITED,
     40,
     's',
     {32, 86},
     {{70, 684}, {25, 684}, {25, 92}, {400, 92}}},
    {E100_ORIGIN_ASKED, E100_ORIGIN_ENCOURAGED, 18, 'e', {182, 308}, {{190, 280}, {190, 408}}},
    {E100_ORIGIN_ASKED, E100_ORIGIN_OFFERED, 18, 'e', {422, 308}, {{340, 256}, {430, 256}, {430, 408}}},
    {E100_ORIGIN_OFFERED, E100_ORIGIN_ENCOURAGED, 18, 's', {250, 411}, {{394, 432}, {240, 432}}},
    {E100_ORIGIN_OFFERED, E100_ORIGIN_PROCEEDED, 18, 's', {602, 426}, {{594, 432}, {694, 432}}},
    {WHILE_COMING, E100_ORIGIN_WHOLE, 14, 's', {896, 333}, {{890, 354}, {1010, 354}}},
    {WHILE_COMING, E100_ORIGIN_DISCARDING, 40, 's', {138, 590}, {{130, 514}, {130, 660}}},
    {WHILE_COMING, E100_ORIGIN_OVER, 26, 's', {398, 556}, {{390, 514}, {390, 790}}},
    {WHILE_COMING, E100_ORIGIN_LINGERING, 28, 's', {738, 534}, {{730, 514}, {730, 660}}},
    {ONCE_COMING, E100_ORIGIN_LINGERING, 18, 'e', {612, 610}, {{620, 498}, {620, 660}}},
    {E100_ORIGIN_WHOLE, E100_ORIGIN_SWITCHED, 20, 's', {1088, 410}, {{1080, 378}, {1080, 530}}},
    {E100_ORIGIN_WHOLE, E100_ORIGIN_OVER, 24, 's', {1036, 610}, {{1028, 378}, {1028, 790}}},
    {E100_ORIGIN_SWITCHED, E100_ORIGIN_OVER, 24, 'e', {1197, 740}, {{1213, 578}, {1213, 790}}},
    {E100_ORIGIN_DISCARDING, E100_ORIGIN_OVER, 32, 's', {138, 732}, {{130, 708}, {130, 790}}},
    {E100_ORIGIN_LINGERING, E100_ORIGIN_OVER, 34, 's', {658, 740}, {{650, 708}, {650, 790}}},
};

const struct e100_diagram e100_origin_diagram = {
    .words = &e100_origin_words,
    .width = 1260,
    .height = 880,
    .start_x = 500,
    .boxes = boxes,
    .frames = frames,
    .frame_count = sizeof frames / sizeof frames[0],
    .routes = routes,
    .route_count = sizeof routes / sizeof routes[0],
    .legend =
        "event: action. Blue: octets go to the client. An arrow from a dashed frame holds for every state in "
        "it. Not drawn: calls out of place, and what changes nothing.",
};

void e100_write_origin_states(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  e100_draw_diagram(&e100_origin_diagram, out);
}
