/* proxy_diagram.c - docs/proxy-states.svg: where the states of the reference proxy and gateway lie. */
#include "machine/proxy.h"
#include "report/diagram.h"
#include "report/documents.h"

/* Short names, as in the table. */
enum {
  AWAITED = E100_PROXY_AWAITED,
  COLLECTING = E100_PROXY_COLLECTING,
  ASKED = E100_PROXY_ASKED,
  SENDING = E100_PROXY_SENDING,
  WHOLE = E100_PROXY_WHOLE,
  ANSWERING = E100_PROXY_ANSWERING,
  ANSWERING_EARLY = E100_PROXY_ANSWERING_EARLY,
  ANSWERING_LAST = E100_PROXY_ANSWERING_LAST,
  DISCARDING = E100_PROXY_DISCARDING,
  LINGERING = E100_PROXY_LINGERING,
  TUNNEL = E100_PROXY_TUNNEL,
  OVER = E100_PROXY_OVER
};

static const struct e100_area boxes[] = {
    [AWAITED] = {160, 60, 1280, 48},         [COLLECTING] = {65, 280, 230, 66},
    [ASKED] = {350, 215, 180, 48},           [SENDING] = {350, 330, 260, 82},
    [WHOLE] = {800, 330, 255, 66},           [ANSWERING] = {718, 590, 190, 48},
    [ANSWERING_EARLY] = {410, 590, 180, 48}, [ANSWERING_LAST] = {960, 590, 150, 48},
    [DISCARDING] = {105, 590, 225, 48},      [LINGERING] = {65, 780, 1125, 48},
    [TUNNEL] = {1212, 200, 212, 82},         [OVER] = {30, 960, 1450, 48},
};

#define STATE_BIT(state) (1U << (state))
enum {
  BEFORE_CONTENT = STATE_BIT(ASKED) | STATE_BIT(SENDING),
  ANSWERS = STATE_BIT(ANSWERING) | STATE_BIT(ANSWERING_EARLY) | STATE_BIT(ANSWERING_LAST),
  ALL = STATE_BIT(OVER) - 1
};

static const struct e100_diagram_frame frames[] = {
    {ALL, {20, 44, 1470, 866}, "a connection of a client", {54, 900}, {0, 0}, 60},
    {BEFORE_CONTENT | STATE_BIT(COLLECTING),
     {50, 170, 590, 270},
     "content is still to come",
     {60, 186},
     {0, 0},
     60},
    {BEFORE_CONTENT | STATE_BIT(WHOLE),
     {322, 185, 753, 270},
     "no final response yet",
     {866, 201},
     {644, 407},
     26},
    {BEFORE_CONTENT, {336, 198, 290, 230}, "", {0, 0}, {0, 0}, 60},
    {ANSWERS, {396, 515, 724, 175}, "the final response is relayed", {838, 531}, {622, 529}, 26},
};
enum { CONNECTED = E100_PROXY_STATES, TO_COME, UNRELAYED, BOTH, RELAYED };

static const struct e100_diagram_route routes[] = {
    {AWAITED, COLLECTING, 12, 'e', {241, 124}, {{250, 108}, {250, 280}}},
    {AWAITED, ASKED, 12, 's', {409, 124}, {{400, 108}, {400, 215}}},
    {AWAITED, SENDING, 30, 's', {584, 124}, {{575, 108}, {575, 330}}},
    {AWAITED, WHOLE, 40, 's', {869, 124}, {{860, 108}, {860, 330}}},
    {AWAITED, LINGERING, 24, 'e', {1446, 123}, {{1440, 95}, {1455, 95}, {1455, 804}, {1190, 804}}},
    {AWAITED, OVER, 12, 'e', {1466, 819}, {{1440, 75}, {1475, 75}, {1475, 960}}},
    {COLLECTING, WHOLE, 12, 's', {159, 362}, {{150, 346}, {150, 482}, {815, 482}, {815, 396}}},
    {COLLECTING, LINGERING, 24, 's', {89, 530}, {{80, 346}, {80, 780}}},
    {ASKED, SENDING, 12, 's', {389, 279}, {{380, 263}, {380, 330}}},
    {ASKED, LINGERING, 30, 's', {625, 704}, {{530, 240}, {616, 240}, {616, 780}}},
    {SENDING, LINGERING, 12, 'e', {587, 564}, {{596, 412}, {596, 780}}},
    {WHOLE, ANSWERING, 30, 's', {844, 412}, {{835, 396}, {835, 590}}},
    {WHOLE, LINGERING, 12, 's', {1139, 396}, {{1055, 380}, {1130, 380}, {1130, 780}}},
    {BOTH, WHOLE, 12, 's', {648, 376}, {{626, 360}, {800, 360}}},
    {BOTH, ANSWERING_EARLY, 12, 's', {459, 532}, {{450, 428}, {450, 590}}},
    {TO_COME, LINGERING, 30, 'e', {351, 496}, {{360, 440}, {360, 780}}},
    {UNRELAYED, LINGERING, 12, 's', {1169, 446}, {{1075, 430}, {1160, 430}, {1160, 780}}},
    {SENDING, TUNNEL, 12, 's', {664, 203}, {{610, 350}, {660, 350}, {660, 226}, {1212, 226}}},
    {WHOLE, TUNNEL, 12, 's', {1109, 316}, {{1055, 345}, {1100, 345}, {1100, 256}, {1212, 256}}},
    {UNRELAYED, ANSWERING_LAST, 12, 'e', {1041, 471}, {{1050, 455}, {1050, 590}}},
    {ANSWERING, AWAITED, 12, 'e', {775, 560}, {{784, 590}, {784, 108}}},
    {ANSWERING, ANSWERING_LAST, 12, 's', {854, 562}, {{850, 590}, {850, 570}, {985, 570}, {985, 590}}},
    {ANSWERING_EARLY, ANSWERING, 12, 's', {624, 610}, {{590, 618}, {718, 618}}},
    {ANSWERING_EARLY,
     ANSWERING_LAST,
     40,
     's',
     {624, 652},
     {{500, 638}, {500, 660}, {1030, 660}, {1030, 638}}},
    {ANSWERING_EARLY,
     DISCARDING,
     24,
     'e',
     {281, 564},
     {{410, 604}, {380, 604}, {380, 548}, {290, 548}, {290, 590}}},
    {ANSWERING_LAST, LINGERING, 40, 'e', {1041, 674}, {{1050, 638}, {1050, 780}}},
    {DISCARDING, AWAITED, 12, 's', {39, 76}, {{105, 604}, {35, 604}, {35, 84}, {160, 84}}},
    {DISCARDING, OVER, 40, 's', {59, 842}, {{105, 622}, {50, 622}, {50, 960}}},
    {LINGERING, OVER, 40, 's', {429, 844}, {{420, 828}, {420, 960}}},
    {TUNNEL, OVER, 18, 's', {1309, 298}, {{1300, 282}, {1300, 960}}},
    {RELAYED, OVER, 30, 'e', {1206, 842}, {{1120, 670}, {1215, 670}, {1215, 960}}},
    {CONNECTED, OVER, 18, 's', {709, 926}, {{700, 910}, {700, 960}}},
};

const struct e100_diagram e100_proxy_diagram = {
    .words = &e100_proxy_words,
    .width = 1510,
    .height = 1050,
    .start_x = 700,
    .boxes = boxes,
    .frames = frames,
    .frame_count = sizeof frames / sizeof frames[0],
    .routes = routes,
    .route_count = sizeof routes / sizeof routes[0],
    .legend =
        "event: action. Blue: octets go to the client. An arrow from a dashed frame holds for every state in "
        "it. Not drawn: what changes nothing.",
};

void e100_write_proxy_states(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  e100_draw_diagram(&e100_proxy_diagram, out);
}
