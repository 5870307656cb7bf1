/*
 * mutation_equivalents.h - mutants that no case can notice, by a pattern of their names (fnmatch), and why.
 * One that a case notices after all, and a line that speaks of no mutant, fail the test.
 */
#ifndef E100_MUTATION_EQUIVALENTS_H
#define E100_MUTATION_EQUIVALENTS_H

#include "tests/mutation.h"

/* ---- machines --------------------------------------------------------------------------------------------
 */

#define ONE_STATE                                                                                      \
  "ENCOURAGED and PROCEEDED differ in whether a 100 was said, and that is behind both: the same rows " \
  "follow"
#define NOTHING_TO_DISCARD \
  "a client that half-closed sends nothing to be discarded, and both states wait for the same timer"
#define NO_CALL "only a call of the application can be rejected; what the client does is no call"
#define CANNOT_SEND "this state has half-closed: what it would send does not get out"
#define ONLY_IN_WHOLE "the action says that the request is complete only in WHOLE"

static const struct equivalent machine_equivalents[] = {
    {"AWAITED HEAD_ASKS do TELL_REQUEST", ONLY_IN_WHOLE},
    {"AWAITED HEAD_OFFERS do TELL_REQUEST", ONLY_IN_WHOLE},
    {"ASKED APP_ACCEPTS then PROCEEDED", ONE_STATE},
    {"ASKED APP_ACCEPTS_ALOUD then PROCEEDED", ONE_STATE},
    {"OFFERED APP_ACCEPTS then ENCOURAGED", ONE_STATE},
    {"OFFERED APP_ACCEPTS_ALOUD then PROCEEDED", ONE_STATE},
    {"ENCOURAGED CONTENT_ARRIVES then PROCEEDED", ONE_STATE},
    {"ENCOURAGED APP_ACCEPTS then PROCEEDED", ONE_STATE},
    {"ENCOURAGED APP_ACCEPTS_ALOUD then PROCEEDED", ONE_STATE},
    {"ENCOURAGED APP_UPGRADES then PROCEEDED", ONE_STATE},
    {"PROCEEDED CONTENT_ARRIVES then ENCOURAGED", ONE_STATE},
    {"PROCEEDED APP_ACCEPTS then ENCOURAGED", ONE_STATE},
    {"PROCEEDED APP_UPGRADES then ENCOURAGED", ONE_STATE},
    {"PROCEEDED APP_UPGRADES_ASKED then ENCOURAGED", ONE_STATE},
    {"ASKED CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"OFFERED CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"ENCOURAGED CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"PROCEEDED CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"WHOLE CLIENT_HALF_CLOSES do REJECT", NO_CALL},
    {"DISCARDING CONTENT_ARRIVES do REJECT", NO_CALL},
    {"LINGERING APP_CLOSES do TIME_OUT_HEAD", CANNOT_SEND},
    {"LINGERING CLIENT_HALF_CLOSES do TIME_OUT_HEAD", CANNOT_SEND},
    {"LINGERING CLIENT_GOES do TIME_OUT_HEAD", CANNOT_SEND},
    {"LINGERING TIMER_FIRES do TIME_OUT_HEAD", CANNOT_SEND},
    {"UPGRADE_IS_ASKED misreads always_11", "HTTP/1.0 offers no upgrade (RFC 9110 7.8), and is not asked"},
};

/* ---- judges ----------------------------------------------------------------------------------------------
 */

#define ONLY_KEPT "what it says here is only that the rule is kept: there is no finding to miss"
#define NEVER_OPEN "it leaves nothing open here"

static const struct equivalent judge_equivalents[] = {
    {"SERVER_HEAD_NO_CONTENT on a response: unheard", ONLY_KEPT},
    {"SERVER_FINAL_AFTER_100 on a response: unheard", ONLY_KEPT},
    {"ORIGIN_100_OR_FINAL on a response: unheard", ONLY_KEPT},
    {"SERVER_INTERIM_NO_CONTENT on a response: unheard", ONLY_KEPT},
    {"SERVER_204_NO_CONTENT on a response: unheard", ONLY_KEPT},
    {"SERVER_MALFORMED_400 on an ending: unheard", ONLY_KEPT},
    {"SERVER_FOLD_400_OR_SPACE on a response: unheard", ONLY_KEPT},
    {"SERVER_BOTH_LENGTHS_CLOSE on an ending: unheard", ONLY_KEPT},
    {"SERVER_10_CODING_CLOSE on an ending: unheard", ONLY_KEPT},
    {"SERVER_BAD_FRAMING_400 on an ending: unheard", ONLY_KEPT},
    {"SERVER_CLOSES on an ending: unheard", ONLY_KEPT},

    {"SERVER_SENDS_AS_GIVEN *: decided", NEVER_OPEN},
    {"SERVER_INTERIM_NO_LENGTH *: decided", NEVER_OPEN},
    {"SERVER_204_NO_LENGTH *: decided", NEVER_OPEN},
    {"SERVER_LENGTH_AS_GIVEN *: decided", NEVER_OPEN},
    {"SERVER_HEAD_NO_CONTENT *: decided", NEVER_OPEN},
    {"SERVER_10_EXPECT_IGNORED *: decided", NEVER_OPEN},
    {"SERVER_FINAL_AFTER_100 *: decided", NEVER_OPEN},
    {"ORIGIN_FINAL_INSTEAD_OF_100 *: decided", NEVER_OPEN},
    {"SERVER_REFUSES_AS_DECIDED *: decided", NEVER_OPEN},
    {"SERVER_10_NO_INTERIM *: decided", NEVER_OPEN},
    {"SERVER_INTERIM_NO_CONTENT *: decided", NEVER_OPEN},
    {"SERVER_ONE_100 *: decided", NEVER_OPEN},
    {"SERVER_204_NO_CONTENT *: decided", NEVER_OPEN},
    {"ORIGIN_KNOWS_100_CONTINUE *: decided", NEVER_OPEN},
    {"SERVER_417_NEEDS_CAUSE *: decided", NEVER_OPEN},
    {"SERVER_MALFORMED_400 *: decided", NEVER_OPEN},
    {"SERVER_WELL_FORMED on garbage: decided", NEVER_OPEN},
    {"SERVER_PARSES_WELL_FORMED *: decided", NEVER_OPEN},
    {"SERVER_NO_SUCH_VERSION *: decided", NEVER_OPEN},
    {"SERVER_UPGRADE_OPTION *: decided", NEVER_OPEN},
    {"SERVER_WHOLE_RESPONSE *: decided", NEVER_OPEN},
    {"SERVER_SPACE_BEFORE_COLON_400 *: decided", NEVER_OPEN},
    {"SERVER_FOLD_400_OR_SPACE on a response: decided", NEVER_OPEN},
    {"SERVER_INTERIM_NO_CODING *: decided", NEVER_OPEN},
    {"SERVER_204_NO_CODING *: decided", NEVER_OPEN},
    {"SERVER_CODING_ONLY_TO_11 *: decided", NEVER_OPEN},
    {"SERVER_BOTH_LENGTHS_CLOSE *: decided", NEVER_OPEN},
    {"SERVER_10_CODING_CLOSE *: decided", NEVER_OPEN},
    {"SERVER_LENGTH_OR_CODING *: decided", NEVER_OPEN},
    {"SERVER_BAD_FRAMING_400 *: decided", NEVER_OPEN},
    {"SERVER_INTERIM_NO_CLOSE *: decided", NEVER_OPEN},
    {"SERVER_NOTHING_AFTER_CLOSE on what the application is told: decided", NEVER_OPEN},
    {"SERVER_SAYS_CLOSE *: decided", NEVER_OPEN},
    {"SERVER_CLOSES on an ending: decided", NEVER_OPEN},
    {"SERVER_CLOSES_IN_STAGES *: decided", NEVER_OPEN},

    {"CLIENT_KEEPS_SENDING on content: unheard", ONLY_KEPT},
    {"CLIENT_BOUNDED_WAIT on content: unheard", ONLY_KEPT},
    {"CLIENT_GOES_ON_AFTER_100 on content: unheard", ONLY_KEPT},
    {"CLIENT_CLOSES_AFTER_STRAY on leaving: unheard", ONLY_KEPT},
    {"CLIENT_CLOSES on leaving: unheard", ONLY_KEPT},
    {"CLIENT_STOPS_WHEN_REFUSED on leaving: unheard", ONLY_KEPT},

    {"CLIENT_KEEPS_SENDING *: decided", NEVER_OPEN},
    {"CLIENT_EXPECT_IS_FOR_ALL *: decided", NEVER_OPEN},
    {"CLIENT_BOUNDED_WAIT on content: decided", NEVER_OPEN},
    {"CLIENT_GOES_ON_AFTER_100 *: decided", NEVER_OPEN},
    {"CLIENT_HINTS_ARE_HINTS *: decided", NEVER_OPEN},
    {"CLIENT_TELLS_OF_LOSS on what the application hears: unheard", ONLY_KEPT},
    {"CLIENT_TELLS_OF_LOSS *: decided", NEVER_OPEN},
    {"CLIENT_SENDS_HOST *: decided", NEVER_OPEN},
    {"CLIENT_SENDS_AS_ASKED on a whole request: decided", NEVER_OPEN},
    {"CLIENT_LENGTH_OR_CODING *: decided", NEVER_OPEN},
    {"CLIENT_CODING_ONLY_TO_11 *: decided", NEVER_OPEN},
    {"CLIENT_SENDS_AS_ASKED on content: decided", NEVER_OPEN},
    {"CLIENT_INCOMPLETE_IS_NOT_WHOLE *: decided", NEVER_OPEN},
    {"CLIENT_RESPONSE_TO_ITS_REQUEST on what the application hears: decided", NEVER_OPEN},
    {"CLIENT_NO_STRAY_RESPONSE *: decided", NEVER_OPEN},
    {"CLIENT_CLOSES_AFTER_STRAY on leaving: decided", NEVER_OPEN},
    {"CLIENT_CLOSES_AFTER_STRAY on a pause: decided", NEVER_OPEN},
    {"CLIENT_FINISHES_CONTENT_FIRST on unreadable octets: decided", NEVER_OPEN},
    {"CLIENT_STOPS_WHEN_REFUSED on leaving: decided", NEVER_OPEN},
    {"CLIENT_CLOSES *: decided", NEVER_OPEN},

    {"CLIENT_CLOSES_AFTER_BAD_FRAMING on giving it up: unheard", ONLY_KEPT},
    {"CLIENT_CLOSES_AFTER_BAD_FRAMING on giving it up: decided", NEVER_OPEN},
    {"PROXY_FORWARD_OR_FINAL on a request: unheard", ONLY_KEPT},
    {"PROXY_PASSES_EXPECT_ON on a request: unheard", ONLY_KEPT},
    {"INTERMEDIARY_RELAYS_FINAL on a response that is passed on: unheard", ONLY_KEPT},
    {"INTERMEDIARY_ANSWERS_FOR_LOST on a response that is passed on: unheard", ONLY_KEPT},
    {"PROXY_10_NOT_KEPT on an ending: unheard", ONLY_KEPT},

    {"CLIENT_FINISHES_CONTENT_FIRST on a mark: decided", NEVER_OPEN},
    {"PROXY_FORWARD_OR_FINAL on a request: decided", NEVER_OPEN},
    {"PROXY_PASSES_EXPECT_ON on a request: decided", NEVER_OPEN},
    {"INTERMEDIARY_RELAYS_FINAL on a response that is passed on: decided", NEVER_OPEN},
    {"INTERMEDIARY_ANSWERS_FOR_LOST on a response that is passed on: decided", NEVER_OPEN},
    {"PROXY_10_NOT_KEPT *: decided", NEVER_OPEN},
    {"CONTENT_STAYS_OUT_OF_HEADS *: decided", NEVER_OPEN},
    {"HEAD_STAYS_OUT_OF_CONTENT *: decided", NEVER_OPEN},
    {"CONTENT_UNDER_ITS_HEAD *: decided", NEVER_OPEN},
    {"RESPONSE_UNDER_ITS_REQUEST *: decided", NEVER_OPEN},
};

enum {
  MACHINE_EQUIVALENTS = sizeof machine_equivalents / sizeof machine_equivalents[0],
  JUDGE_EQUIVALENTS = sizeof judge_equivalents / sizeof judge_equivalents[0]
};

#endif
