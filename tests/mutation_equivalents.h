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

/* ---- clients, proxies and gateways ------------------------------------------------------------------------
 */

#define STRAY_THEN "the octets that are wrong are not taken: they are stray then, and close the connection"
#define WANTED_IN_VAIN                                                                                     \
  "content is asked for only in a state that takes it, and what is asked for already, or given whole, is " \
  "not given again"
#define SAID_BY_STATUS                                                                                      \
  "what an application is told of a head is its status, and one below 200 is an interim response by that; " \
  "nothing is wanted or stopped besides"
#define NOBODY_TO_ABORT "nothing is outstanding that could be aborted"
#define NOTHING_TO_STOP "no content is under way that could be stopped"
#define NO_CALL_OF_A_CLIENT "only a call of the application can be rejected; what the server does is no call"
#define TAKES_NONE_ANYWAY "the next state takes no content, whether or not its giver is told so"
#define NOTHING_LEFT_TO_GIVE "all content was given: the two states differ only in whether they take more"
#define DONE_ALIKE \
  "both rows do the same in every state in which a request before the latest can be outstanding"
#define CLOSES_SOONER                                                                                        \
  "the connection is closed at the head of the 417 and not at its end; what is under way of it is read all " \
  "the same"
#define ONLY_AFTER_CONNECT "the reader of responses takes a 2xx for a tunnel only after CONNECT"
#define NOT_MADE_AT_ALL "TRACE and CONNECT with content are not made at all, and without content nothing asks"
#define CONNECT_IS_NOT_IDEMPOTENT "CONNECT is not idempotent, and that is asked as well"
#define IT_IS_CLOSED                                                                                     \
  "the client's connection is closed, by either end: nobody is there for whatever the machine would do " \
  "yet, and a new one has a machine of its own"
#define NO_OCTETS "this event has no octets that could be passed on, and no server to part from"
#define CLOSED_ALL_THE_SAME "no response is under way, or nobody is there to see how the connection ends"
#define SERVER_HAS_LEFT                                                                                \
  "the request has no connection to a server any more, or one that is not used again, and nothing is " \
  "collected"
#define ALWAYS_FRAMED \
  "an answer without framing is the last of its connection, and the two differ only for such"
#define SAME_OCTETS "the two actions pass the same octets the same way"
#define REFUSED_WITH_400 \
  "what is wrong with content that is forwarded is its framing: the status that it deserves is 400"
#define TOO_LARGE_FOR_A_CASE                                                                   \
  "the status is another one only beyond E100_PROXY_COLLECT_LIMIT octets, which no case has; " \
  "proxy_limits_test.c does"
#define NOBODY_IS_THERE "the client is gone: nobody gets the 408"

#define NOTHING_COLLECTED "without content nothing was collected that would be forwarded besides"
#define ENDED_BY_THE_CLOSE "the server has closed the connection already: that is what ended the response"
#define ONLY_A_101 "the two write the head of a response otherwise only where its status is 101"

static const struct equivalent client_equivalents[] = {
    {"client ANSWERED RESPONSE_IS_WRONG then IDLE", STRAY_THEN},
    {"client ANSWERED RESPONSE_IS_WRONG then OWING", STRAY_THEN},
    {"client LEAVING RESPONSE_IS_WRONG then IDLE", STRAY_THEN},
    {"client LEAVING RESPONSE_IS_WRONG then OWING", STRAY_THEN},
    {"client READING RESPONSE_IS_WRONG then IDLE", STRAY_THEN},
    {"client READING RESPONSE_IS_WRONG then OWING", STRAY_THEN},
    {"client UNMET* RESPONSE_IS_WRONG then IDLE", STRAY_THEN},
    {"client UNMET* RESPONSE_IS_WRONG then OWING", STRAY_THEN},
    {"client * *FINAL* do TELL_RESPONSE_AND_WANT", WANTED_IN_VAIN},
    {"client * *INTERIM* do TELL_INTERIM_AND_WANT", WANTED_IN_VAIN},
    {"client * APP_ASKS do SEND_HEAD_AND_WANT", WANTED_IN_VAIN},
    {"client * APP_STANDS_ALONE do SEND_HEAD_AND_WANT", WANTED_IN_VAIN},
    {"client * SWITCHES do TELL_TUNNEL_AND_WANT", WANTED_IN_VAIN},
    {"client * UNMET_* do WANT", WANTED_IN_VAIN},
    {"client UNMET* CONTENT_* do WANT", WANTED_IN_VAIN},
    {"client * *INTERIM* do TELL_RESPONSE_AND_WANT", SAID_BY_STATUS},
    {"client EARLIER_INTERIM is EARLIER_FINAL", SAID_BY_STATUS},
    {"client SENDING *INTERIM* do TELL_RESPONSE", SAID_BY_STATUS},
    {"client SENT *INTERIM* do TELL_RESPONSE*", SAID_BY_STATUS},
    {"client WAITING EARLIER_INTERIM do TELL_RESPONSE*", SAID_BY_STATUS},
    {"client WAITING INTERIM_PASSES do TELL_RESPONSE*", SAID_BY_STATUS},
    {"client * SERVER_* do A[!W]*", NOBODY_TO_ABORT},
    {"client * STRAY_OCTETS do A[!W]*", NOBODY_TO_ABORT},
    {"client IDLE APP_CANCELS do A[!W]*", NOBODY_TO_ABORT},
    {"client OWING APP_CANCELS do A[!W]*", NOBODY_TO_ABORT},
    {"client SWITCH* APP_CANCELS do A[!W]*", NOBODY_TO_ABORT},
    {"client * UNMET_* do STOP", NOTHING_TO_STOP},
    {"client SENT *FINAL* do TELL_RESPONSE_AND_STOP", NOTHING_TO_STOP},
    {"client UNMET* CONTENT_* do STOP", NOTHING_TO_STOP},
    {"client WAITING EARLIER_FINAL do TELL_RESPONSE_AND_STOP", NOTHING_TO_STOP},
    {"client * UNMET_* do REJECT", NO_CALL_OF_A_CLIENT},
    {"client UNMET* CONTENT_* do REJECT", NO_CALL_OF_A_CLIENT},
    {"client * *FINAL_ENDS do TELL_RESPONSE", TAKES_NONE_ANYWAY},
    {"client * UNMET_* do NOTHING", TAKES_NONE_ANYWAY},
    {"client * SWITCHES then SWITCHING", NOTHING_LEFT_TO_GIVE},
    {"client SWITCH* APP_ENDS then SWITCHING", NOTHING_LEFT_TO_GIVE},
    {"client EARLIER_FINAL_ENDS is FINAL_ENDS", DONE_ALIKE},
    {"client EARLIER_INTERIM is INTERIM_PASSES", DONE_ALIKE},
    {"client SENDING UNMET_* do CLOSE", CLOSES_SOONER},
    {"client CLIENT_HEAD misreads always_connects", ONLY_AFTER_CONNECT},
    {"client CLIENT_ASKS misreads always_put", NOT_MADE_AT_ALL},
    {"client CLIENT_REQUEST misreads latest_does_not_connect", CONNECT_IS_NOT_IDEMPOTENT},
};

static const struct equivalent proxy_equivalents[] = {
    {"proxy AWAITED HEAD_STANDS_ALONE do FORWARD_COLLECTED", NOTHING_COLLECTED},
    {"proxy PROXY_REUSABLE misreads response_has_length", ENDED_BY_THE_CLOSE},
    {"proxy * CONTINUE_ARRIVES do RELAY_SWITCH", ONLY_A_101},
    {"proxy * INTERIM_ARRIVES do RELAY_SWITCH", ONLY_A_101},
    {"proxy * CLIENT_GOES then *", IT_IS_CLOSED},
    {"proxy ANSWERING* ANSWER_IS_WRONG then A[!W]*", IT_IS_CLOSED},
    {"proxy ANSWERING* ANSWER_IS_WRONG then [!A]*", IT_IS_CLOSED},
    {"proxy ANSWERING* SERVER_GOES then *", IT_IS_CLOSED},
    {"proxy ANSWERING* TIMER_FIRES then *", IT_IS_CLOSED},
    {"proxy ANSWERING_* ANSWER_IS_WRONG then *", IT_IS_CLOSED},
    {"proxy AWAITED CLIENT_* then *", IT_IS_CLOSED},
    {"proxy AWAITED TIMER_FIRES then A[!W]*", IT_IS_CLOSED},
    {"proxy AWAITED TIMER_FIRES then [!A]*", IT_IS_CLOSED},
    {"proxy DISCARDING CLIENT_* then *", IT_IS_CLOSED},
    {"proxy DISCARDING CONTENT_IS_WRONG then A[!W]*", IT_IS_CLOSED},
    {"proxy DISCARDING CONTENT_IS_WRONG then [!A]*", IT_IS_CLOSED},
    {"proxy DISCARDING TIMER_FIRES then *", IT_IS_CLOSED},
    {"proxy LINGERING * then ANSWERING*", IT_IS_CLOSED},
    {"proxy LINGERING * then AWAITED", IT_IS_CLOSED},
    {"proxy LINGERING * then DISCARDING", IT_IS_CLOSED},
    {"proxy LINGERING * then TUNNEL", IT_IS_CLOSED},
    {"proxy LINGERING CLIENT_* then *", IT_IS_CLOSED},
    {"proxy TUNNEL CLIENT_* then *", IT_IS_CLOSED},
    {"proxy TUNNEL SERVER_GOES then *", IT_IS_CLOSED},
    {"proxy * HEAD_COLLECTS do *_CONTENT", NO_OCTETS},
    {"proxy * HEAD_COLLECTS do COLLECT", NO_OCTETS},
    {"proxy * HEAD_COLLECTS do PASS_*", NO_OCTETS},
    {"proxy * HEAD_COLLECTS do RELAY_END", NO_OCTETS},
    {"proxy * INTERIM_IS_DROPPED do *_CONTENT", NO_OCTETS},
    {"proxy * INTERIM_IS_DROPPED do COLLECT", NO_OCTETS},
    {"proxy * INTERIM_IS_DROPPED do PASS_*", NO_OCTETS},
    {"proxy ANSWERING* CLIENT_HALF_CLOSES do *_CONTENT", NO_OCTETS},
    {"proxy ANSWERING* CLIENT_HALF_CLOSES do COLLECT", NO_OCTETS},
    {"proxy ANSWERING* CLIENT_HALF_CLOSES do PASS_*", NO_OCTETS},
    {"proxy ANSWERING_EARLY CONTENT_IS_WRONG do *_CONTENT", NO_OCTETS},
    {"proxy ANSWERING_EARLY CONTENT_IS_WRONG do COLLECT", NO_OCTETS},
    {"proxy ANSWERING_EARLY CONTENT_IS_WRONG do PASS_*", NO_OCTETS},
    {"proxy WHOLE CLIENT_HALF_CLOSES do *_CONTENT", NO_OCTETS},
    {"proxy WHOLE CLIENT_HALF_CLOSES do COLLECT", NO_OCTETS},
    {"proxy WHOLE CLIENT_HALF_CLOSES do PASS_*", NO_OCTETS},
    {"proxy ANSWERING CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy ANSWERING_EARLY CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy ASKED CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy AWAITED CLIENT_* do CUT", CLOSED_ALL_THE_SAME},
    {"proxy COLLECTING CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy DISCARDING CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy DISCARDING CONTENT_IS_WRONG do CUT", CLOSED_ALL_THE_SAME},
    {"proxy SENDING CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy WHOLE CLIENT_GOES do CUT", CLOSED_ALL_THE_SAME},
    {"proxy ANSWERING_EARLY CONTENT_ARRIVES do COLLECT", SERVER_HAS_LEFT},
    {"proxy ANSWERING_EARLY CONTENT_ENDS do COLLECT", SERVER_HAS_LEFT},
    {"proxy DISCARDING *_ENDS do COLLECT", SERVER_HAS_LEFT},
    {"proxy DISCARDING *_ENDS do FORWARD_CONTENT", SERVER_HAS_LEFT},
    {"proxy DISCARDING *_ENDS do PASS_UP", SERVER_HAS_LEFT},
    {"proxy DISCARDING CONTENT_ARRIVES do COLLECT", SERVER_HAS_LEFT},
    {"proxy DISCARDING CONTENT_ARRIVES do FORWARD_CONTENT", SERVER_HAS_LEFT},
    {"proxy DISCARDING CONTENT_ARRIVES do PASS_UP", SERVER_HAS_LEFT},
    {"proxy ANSWERING ANSWER_IS_WRONG do CLOSE", ALWAYS_FRAMED},
    {"proxy ANSWERING SERVER_GOES do CLOSE", ALWAYS_FRAMED},
    {"proxy ANSWERING TIMER_FIRES do CLOSE", ALWAYS_FRAMED},
    {"proxy ANSWERING_EARLY ANSWER_IS_WRONG do CLOSE", ALWAYS_FRAMED},
    {"proxy ANSWERING_EARLY SERVER_GOES do CLOSE", ALWAYS_FRAMED},
    {"proxy ANSWERING_EARLY TIMER_FIRES do CLOSE", ALWAYS_FRAMED},
    {"proxy ANSWERING* ANSWER_GOES_ON do PASS_DOWN", SAME_OCTETS},
    {"proxy ASKED CONTENT_ARRIVES do PASS_UP", SAME_OCTETS},
    {"proxy SENDING CONTENT_ARRIVES do PASS_UP", SAME_OCTETS},
    {"proxy TUNNEL ANSWER_GOES_ON do RELAY_CONTENT", SAME_OCTETS},
    {"proxy TUNNEL CONTENT_* do FORWARD_CONTENT", SAME_OCTETS},
    {"proxy ASKED CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"proxy COLLECTING CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"proxy SENDING CLIENT_HALF_CLOSES then DISCARDING", NOTHING_TO_DISCARD},
    {"proxy WHOLE NO_SERVER then DISCARDING", NOTHING_TO_DISCARD},
    {"proxy ASKED CONTENT_IS_WRONG do ANSWER_400", REFUSED_WITH_400},
    {"proxy SENDING CONTENT_IS_WRONG do ANSWER_400", REFUSED_WITH_400},
    {"proxy LINGERING * do TIME_OUT_HEAD", CANNOT_SEND},
    {"proxy COLLECTING CONTENT_IS_WRONG do ANSWER_400", TOO_LARGE_FOR_A_CASE},
    {"proxy AWAITED CLIENT_GOES do TIME_OUT_HEAD", NOBODY_IS_THERE},
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

    {"INTERMEDIARY_BLIND_IN_TUNNEL in a tunnel: decided", NEVER_OPEN},
    {"SERVER_SENDS_AS_GIVEN *: decided", NEVER_OPEN},
    {"SERVER_INTERIM_NO_LENGTH *: decided", NEVER_OPEN},
    {"SERVER_204_NO_LENGTH *: decided", NEVER_OPEN},
    {"SERVER_NO_EMPTY_MEMBERS on a response: decided", NEVER_OPEN},
    {"SERVER_TRAILERS_IN_PLACE on a whole answer: decided", NEVER_OPEN},
    {"SERVER_LENGTH_AS_GIVEN *: decided", NEVER_OPEN},
    {"SERVER_HEAD_NO_CONTENT *: decided", NEVER_OPEN},
    {"SERVER_10_EXPECT_IGNORED *: decided", NEVER_OPEN},
    {"ORIGIN_FINAL_INSTEAD_OF_100 *: decided", NEVER_OPEN},
    {"SERVER_REFUSES_AS_DECIDED *: decided", NEVER_OPEN},
    {"SERVER_10_NO_INTERIM *: decided", NEVER_OPEN},
    {"SERVER_INTERIM_NO_CONTENT *: decided", NEVER_OPEN},
    {"SERVER_ONE_100 *: decided", NEVER_OPEN},
    {"SERVER_204_NO_CONTENT *: decided", NEVER_OPEN},
    {"SERVER_205_NO_CONTENT on content where there is none: decided", NEVER_OPEN},
    {"ORIGIN_KNOWS_100_CONTINUE *: decided", NEVER_OPEN},
    {"SERVER_417_NEEDS_CAUSE *: decided", NEVER_OPEN},
    {"SERVER_MALFORMED_400 *: decided", NEVER_OPEN},
    {"SERVER_WELL_FORMED on a whole answer: decided", NEVER_OPEN},
    {"SERVER_PARSES_WELL_FORMED *: decided", NEVER_OPEN},
    {"SERVER_IGNORES_EMPTY_MEMBERS *: decided", NEVER_OPEN},
    {"SERVER_NO_SUCH_VERSION *: decided", NEVER_OPEN},
    {"SERVER_UPGRADE_OPTION *: decided", NEVER_OPEN},
    {"SERVER_WHOLE_RESPONSE *: decided", NEVER_OPEN},
    {"SERVER_SPACE_BEFORE_COLON_400 *: decided", NEVER_OPEN},
    {"SERVER_FOLD_400_OR_SPACE on a response: decided", NEVER_OPEN},
    {"SENDER_NO_FOLD on a response: decided", NEVER_OPEN},
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
    {"CLIENT_10_CODING_CLOSE on leaving: unheard", ONLY_KEPT},
    {"CLIENT_10_CODING_CLOSE on leaving: decided", NEVER_OPEN},
    {"CLIENT_CLOSES on leaving: decided", NEVER_OPEN},
    {"CLIENT_STOPS_WHEN_REFUSED on leaving: unheard", ONLY_KEPT},

    {"SERVER_FINAL_AFTER_100 on a response: decided", NEVER_OPEN},
    {"CLIENT_WELL_FORMED on a pause: decided", NEVER_OPEN},
    {"CLIENT_KEEPS_SENDING *: decided", NEVER_OPEN},
    {"CLIENT_OPTIONS_OF_ONE_HOP *: decided", NEVER_OPEN},
    {"CLIENT_BOUNDED_WAIT on content: decided", NEVER_OPEN},
    {"CLIENT_GOES_ON_AFTER_100 *: decided", NEVER_OPEN},
    {"CLIENT_HINTS_ARE_HINTS *: decided", NEVER_OPEN},
    {"CLIENT_TELLS_OF_LOSS on what the application hears: unheard", ONLY_KEPT},
    {"CLIENT_TELLS_OF_LOSS *: decided", NEVER_OPEN},
    {"CLIENT_LENGTH_OR_CODING *: decided", NEVER_OPEN},
    {"CLIENT_CODING_ONLY_TO_11 *: decided", NEVER_OPEN},
    {"CLIENT_SENDS_AS_ASKED on content: decided", NEVER_OPEN},
    {"CLIENT_RESPONSE_TO_ITS_REQUEST on what the application hears: decided", NEVER_OPEN},
    {"CLIENT_CLOSES_AFTER_STRAY on leaving: decided", NEVER_OPEN},
    {"CLIENT_CLOSES_AFTER_STRAY on a pause: decided", NEVER_OPEN},
    {"CLIENT_FINISHES_CONTENT_FIRST on unreadable octets: decided", NEVER_OPEN},
    {"CLIENT_STOPS_WHEN_REFUSED on leaving: decided", NEVER_OPEN},

    {"CLIENT_CLOSES_AFTER_BAD_FRAMING on giving it up: unheard", ONLY_KEPT},
    {"CLIENT_CLOSES_AFTER_BAD_FRAMING on giving it up: decided", NEVER_OPEN},
    {"CLIENT_CLOSES_AFTER_STRAY on giving it up: unheard", ONLY_KEPT},
    {"CLIENT_CLOSES_AFTER_STRAY on giving it up: decided", NEVER_OPEN},
    {"INTERMEDIARY_RELAYS_EARLY_FINAL on a response that is passed on: unheard", ONLY_KEPT},
    {"PROXY_FORWARD_OR_FINAL on a request: unheard", ONLY_KEPT},
    {"PROXY_PASSES_EXPECT_ON on a request: unheard", ONLY_KEPT},
    {"PROXY_RELEASES_NOMINATED on a request: unheard", ONLY_KEPT},
    {"INTERMEDIARY_ANSWERS_FOR_LOST on a response that is passed on: unheard", ONLY_KEPT},
    {"PROXY_10_NOT_KEPT on an ending: unheard", ONLY_KEPT},

    {"INTERMEDIARY_RELAYS_EARLY_FINAL on a response that is passed on: decided", NEVER_OPEN},
    {"PROXY_FORWARD_OR_FINAL on a request: decided", NEVER_OPEN},
    {"PROXY_PASSES_EXPECT_ON on a request: decided", NEVER_OPEN},
    {"PROXY_RELEASES_NOMINATED on a request: decided", NEVER_OPEN},
    {"INTERMEDIARY_ANSWERS_FOR_LOST on a response that is passed on: decided", NEVER_OPEN},
    {"PROXY_10_NOT_KEPT on a response: decided", NEVER_OPEN},
    {"PROXY_10_NOT_KEPT on an ending: decided", NEVER_OPEN},
    {"CONTENT_STAYS_OUT_OF_HEADS *: decided", NEVER_OPEN},
    {"CONTENT_UNDER_ITS_HEAD *: decided", NEVER_OPEN},
};

enum {
  MACHINE_EQUIVALENTS = sizeof machine_equivalents / sizeof machine_equivalents[0],
  CLIENT_EQUIVALENTS = sizeof client_equivalents / sizeof client_equivalents[0],
  PROXY_EQUIVALENTS = sizeof proxy_equivalents / sizeof proxy_equivalents[0],
  JUDGE_EQUIVALENTS = sizeof judge_equivalents / sizeof judge_equivalents[0]
};

#endif
