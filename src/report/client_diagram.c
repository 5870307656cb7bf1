/* client_diagram.c - docs/client-states.svg: where the states of the reference client lie. */
#include "machine/client.h"
#include "report/diagram.h"
#include "report/documents.h"

/* Short names, as in the table. */
enum {
  IDLE = E100_CLIENT_STATE_IDLE,
  WAITING = E100_CLIENT_STATE_WAITING,
  SENDING = E100_CLIENT_STATE_SENDING,
  SENT = E100_CLIENT_STATE_SENT,
  ANSWERED = E100_CLIENT_STATE_ANSWERED,
  OWING = E100_CLIENT_STATE_OWING,
  READING = E100_CLIENT_STATE_READING,
  LEAVING = E100_CLIENT_STATE_LEAVING,
  UNMET = E100_CLIENT_STATE_UNMET,
  UNMET_SENT = E100_CLIENT_STATE_UNMET_SENT,
  SWITCHING = E100_CLIENT_STATE_SWITCHING,
  SWITCHED = E100_CLIENT_STATE_SWITCHED,
  OVER = E100_CLIENT_STATE_OVER
};

static const struct e100_area boxes[] = {
    [IDLE] = {52, 44, 1510, 48},         [WAITING] = {80, 215, 190, 48},   [SENDING] = {80, 330, 250, 82},
    [SENT] = {480, 330, 420, 82},        [ANSWERED] = {500, 540, 226, 82}, [OWING] = {1366, 590, 196, 66},
    [READING] = {900, 540, 226, 66},     [LEAVING] = {475, 720, 240, 66},  [UNMET] = {840, 720, 210, 48},
    [UNMET_SENT] = {1170, 540, 160, 48}, [SWITCHING] = {70, 890, 200, 66}, [SWITCHED] = {376, 890, 180, 48},
    [OVER] = {52, 1060, 1510, 48},
};

#define STATE_BIT(state) (1U << (state))
enum {
  OWED = STATE_BIT(WAITING) | STATE_BIT(SENDING),
  TIMED = STATE_BIT(SENT) | STATE_BIT(ANSWERED) | STATE_BIT(READING) | STATE_BIT(LEAVING) | STATE_BIT(UNMET) |
          STATE_BIT(UNMET_SENT)
};

static const struct e100_diagram_frame frames[] = {
    {OWED | TIMED, {40, 164, 1312, 676}, "a response is outstanding", {242, 828}, {0, 0}, 60},
    {OWED | STATE_BIT(SENT),
     {50, 180, 866, 262},
     "the final response has not begun",
     {580, 198},
     {580, 215},
     40},
    {OWED, {60, 195, 290, 235}, "content is owed", {106, 211}, {0, 0}, 60},
    {TIMED, {462, 316, 880, 510}, "the response is waited for, not for ever", {1006, 816}, {0, 0}, 60},
    {STATE_BIT(SWITCHING) | STATE_BIT(SWITCHED), {56, 876, 512, 96}, "", {0, 0}, {0, 0}, 60},
};
enum { OUTSTANDING = E100_CLIENT_STATES, UNBEGUN, OWED_CONTENT, PATIENT, ELSEWHERE };

static const struct e100_diagram_route routes[] = {
    {IDLE, WAITING, 20, 's', {109, 108}, {{100, 92}, {100, 215}}},
    {IDLE, SENDING, 30, 's', {309, 108}, {{300, 92}, {300, 330}}},
    {IDLE, SENT, 30, 's', {889, 108}, {{880, 92}, {880, 330}}},
    {IDLE, OVER, 12, 'e', {1573, 108}, {{1562, 68}, {1582, 68}, {1582, 1084}, {1562, 1084}}},
    {WAITING, SENDING, 18, 's', {109, 279}, {{100, 263}, {100, 330}}},
    {SENDING, SENT, 12, 's', {370, 349}, {{330, 372}, {480, 372}}},
    {WAITING, ANSWERED, 12, 's', {371, 266}, {{270, 250}, {362, 250}, {362, 570}, {500, 570}}},
    {SENDING, ANSWERED, 12, 's', {324, 616}, {{320, 412}, {320, 600}, {500, 600}}},
    {OWED_CONTENT, LEAVING, 12, 's', {294, 715}, {{290, 430}, {290, 753}, {475, 753}}},
    {OWED_CONTENT, UNMET, 16, 's', {269, 782}, {{265, 430}, {265, 805}, {945, 805}, {945, 768}}},
    {WAITING, SWITCHING, 12, 's', {79, 472}, {{80, 240}, {70, 240}, {70, 890}}},
    {SENDING, SWITCHING, 24, 'e', {229, 456}, {{238, 412}, {238, 890}}},
    {SENT, WAITING, 20, 's', {579, 288}, {{570, 330}, {570, 228}, {270, 228}}},
    {SENT, SENDING, 30, 's', {609, 312}, {{600, 330}, {600, 296}, {322, 296}, {322, 330}}},
    {SENT, LEAVING, 40, 's', {497, 456}, {{488, 412}, {488, 720}}},
    {SENT, UNMET, 12, 'e', {851, 428}, {{860, 412}, {860, 720}}},
    {SENT, READING, 12, 's', {969, 366}, {{900, 350}, {960, 350}, {960, 540}}},
    {SENT, UNMET_SENT, 12, 's', {964, 406}, {{900, 390}, {1230, 390}, {1230, 540}}},
    {SENT, SWITCHED, 24, 'e', {741, 428}, {{750, 412}, {750, 914}, {556, 914}}},
    {ANSWERED, READING, 12, 's', {754, 542}, {{726, 565}, {900, 565}}},
    {ANSWERED, OWING, 12, 's', {754, 591}, {{726, 614}, {1366, 614}}},
    {OWING, IDLE, 12, 's', {1449, 560}, {{1440, 590}, {1440, 92}}},
    {OWING, OVER, 12, 's', {1469, 672}, {{1460, 656}, {1460, 1060}}},
    {READING, IDLE, 12, 'e', {1137, 516}, {{1126, 575}, {1146, 575}, {1146, 92}}},
    {UNMET_SENT, IDLE, 12, 'e', {1281, 384}, {{1290, 540}, {1290, 92}}},
    {LEAVING, OVER, 40, 'e', {591, 854}, {{600, 786}, {600, 1060}}},
    {UNMET, OVER, 40, 's', {1009, 784}, {{1000, 768}, {1000, 1060}}},
    {PATIENT, OVER, 12, 's', {1129, 854}, {{1120, 826}, {1120, 1060}}},
    {OUTSTANDING, OVER, 30, 's', {1259, 856}, {{1250, 840}, {1250, 1060}}},
    {SWITCHING, SWITCHED, 12, 's', {274, 899}, {{270, 922}, {376, 922}}},
    {ELSEWHERE, OVER, 30, 's', {309, 988}, {{300, 972}, {300, 1060}}},
};

const struct e100_diagram e100_client_diagram = {
    .words = &e100_client_words,
    .width = 1600,
    .height = 1150,
    .start_x = 700,
    .boxes = boxes,
    .frames = frames,
    .frame_count = sizeof frames / sizeof frames[0],
    .routes = routes,
    .route_count = sizeof routes / sizeof routes[0],
    .legend =
        "event: action. Blue: octets go to the server. An arrow from a dashed frame holds for every state in "
        "it. Not drawn: calls out of place, and what changes nothing.",
};

void e100_write_client_states(const struct e100_case_notes *cases, struct e100_text *out) {
  (void)cases;
  e100_draw_diagram(&e100_client_diagram, out);
}
