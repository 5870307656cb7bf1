#include "report/machine_words.h"

#include <stddef.h>

#include "machine/client.h"
#include "machine/origin.h"
#include "machine/proxy.h"

#define STATE(id, text) [E100_##id] = (text),
static const char *const origin_states[] = {
#include "report/origin_words.def"
};
#define STATE(id, text) [E100_##id] = (text),
static const char *const client_states[] = {
#include "report/client_words.def"
};
#define STATE(id, text) [E100_##id] = (text),
static const char *const proxy_states[] = {
#include "report/proxy_words.def"
};

#define EVENT(id, text) [E100_##id] = (text),
static const char *const origin_events[] = {
#include "report/origin_words.def"
};
#define EVENT(id, text) [E100_##id] = (text),
static const char *const client_events[] = {
#include "report/client_words.def"
};
#define EVENT(id, text) [E100_##id] = (text),
static const char *const proxy_events[] = {
#include "report/proxy_words.def"
};

#define ACTION(id, sends, text) [E100_##id] = (text),
static const char *const origin_actions[] = {
#include "report/origin_words.def"
};
#define ACTION(id, sends, text) [E100_##id] = (text),
static const char *const client_actions[] = {
#include "report/client_words.def"
};
#define ACTION(id, sends, text) [E100_##id] = (text),
static const char *const proxy_actions[] = {
#include "report/proxy_words.def"
};

#define ACTION(id, sends, text) [E100_##id] = (sends),
static const bool origin_sends[] = {
#include "report/origin_words.def"
};
#define ACTION(id, sends, text) [E100_##id] = (sends),
static const bool client_sends[] = {
#include "report/client_words.def"
};
#define ACTION(id, sends, text) [E100_##id] = (sends),
static const bool proxy_sends[] = {
#include "report/proxy_words.def"
};

const struct e100_machine_words e100_origin_words = {
    .table = &e100_origin_table,
    .name = "the reference origin server",
    .document = "origin-table.md",
    .diagram = "origin-states.svg",
    .source = "src/machine/origin_table.c",
    .states = origin_states,
    .events = origin_events,
    .actions = origin_actions,
    .sends = origin_sends,
    .action_count = E100_ORIGIN_ACTIONS,
    .nothing = E100_DO_NOTHING,
    .impossible = E100_DO_IMPOSSIBLE,
    .reject = E100_DO_REJECT,
};

const struct e100_machine_words e100_client_words = {
    .table = &e100_client_table,
    .name = "the reference client",
    .document = "client-table.md",
    .diagram = "client-states.svg",
    .source = "src/machine/client_table.c",
    .states = client_states,
    .events = client_events,
    .actions = client_actions,
    .sends = client_sends,
    .action_count = E100_CLIENT_ACTIONS,
    .nothing = E100_CLIENT_ACTION_NOTHING,
    .impossible = E100_CLIENT_ACTION_IMPOSSIBLE,
    .reject = E100_CLIENT_ACTION_REJECT,
};

const struct e100_machine_words e100_proxy_words = {
    .table = &e100_proxy_table,
    .name = "the reference proxy and gateway",
    .document = "proxy-table.md",
    .diagram = "proxy-states.svg",
    .source = "src/machine/proxy_table.c",
    .states = proxy_states,
    .events = proxy_events,
    .actions = proxy_actions,
    .sends = proxy_sends,
    .action_count = E100_PROXY_ACTIONS,
    .nothing = E100_PROXY_DO_NOTHING,
    .impossible = E100_PROXY_DO_IMPOSSIBLE,
    .reject = E100_PROXY_ACTIONS,
};

const struct e100_machine_words *e100_machine_words_at(unsigned index) {
  static const struct e100_machine_words *const all[] = {&e100_origin_words, &e100_client_words,
                                                         &e100_proxy_words};
  return index < sizeof all / sizeof all[0] ? all[index] : NULL;
}

bool e100_row_is_move(const struct e100_machine_words *words, const struct e100_row *row) {
  return row->action != words->reject && row->action != words->impossible;
}
