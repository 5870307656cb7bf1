/*
 * proxy_fault_facts.c - proxies that read a request's head wrongly.
 *
 * To overlook an expectation, or to see one where there is none, does no harm to a proxy that passes on what
 * it got. It does to one that acts on it: that takes the expectation upon itself, or that believes that a
 * client waits, and will not send its content after a final response.
 */
#include "faults/fault_parts.h"
#include "faults/proxy_fault_parts.h"

#include <string.h>
#include <strings.h>

#define PARTS(symbol) const struct e100_proxy_fault_parts e100_proxy_fault_parts_##symbol

/* As an origin server with the fault of PARTS reads them. */
static void as_origin(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                      size_t length, struct e100_request_facts *facts) {
  const struct e100_fault_parts *parts = data;
  struct e100_origin origin = {.state = E100_ORIGIN_AWAITED};
  struct e100_varied like = {
      .origin = &origin, .event = E100_ORIGIN_EVENTS, .request = varied->request, .memory = varied->memory};
  bool connects = facts->method == E100_METHOD_CONNECT && facts->wrong == 501;
  if (facts->wrong == 0 || connects)
    parts->variation.read_facts(parts->variation.data, &like, head, length, facts);
}

/* ---- something else is taken for 100-continue ---------------------------------------------------------- */

/* Who waits for the answer to an expectation, as is believed here, sends nothing after a final response. */
static void believes_nothing_comes(struct e100_proxy *proxy, const struct e100_row *row) {
  bool odd = proxy->request.facts.other && proxy->request.facts.asks;
  if (row->state != E100_PROXY_ASKED || row->next != E100_PROXY_ANSWERING_EARLY || !odd)
    return;
  proxy->state = E100_PROXY_ANSWERING;
  proxy->forwarded = true;
}

static bool odd_is_not_last(const struct e100_proxy *proxy) {
  struct e100_proxy other = *proxy;
  if (proxy->request.facts.other && proxy->request.facts.asks && proxy->state == E100_PROXY_ASKED)
    other.policy.discard = true;
  return e100_proxy_reference.final_is_last(&other);
}

#define SEES(symbol, of_origin)                                                \
  PARTS(symbol) = {.variation = {.data = &e100_fault_parts_##of_origin,        \
                                 .read_facts = as_origin,                      \
                                 .events = {.final_is_last = odd_is_not_last}, \
                                 .meddle = believes_nothing_comes}}
SEES(sees_substring, substring);
SEES(sees_quoted_comma, quoted_comma);
SEES(sees_quoted_token, quoted_token);
SEES(sees_parameters, parameters_dropped);
SEES(sees_value, value_dropped);

/* Says 100 for it, and passes on what nobody else takes for an expectation. */
static enum e100_proxy_event answers_odd(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.head_event(proxy);
  bool odd = proxy->request.facts.other && event == E100_PROXY_ON_HEAD_ASKS;
  return odd ? E100_PROXY_ON_HEAD_ASKS_HERE : event;
}
PARTS(answers_substring) = {.variation = {.data = &e100_fault_parts_substring,
                                          .read_facts = as_origin,
                                          .events = {.head_event = answers_odd}}};

/* ---- an expectation is overlooked, and taken off all the same ------------------------------------------ */

/* Every Expect is taken off; a 100 is said for those that are seen. */
static enum e100_proxy_event takes_over(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.head_event(proxy);
  return event == E100_PROXY_ON_HEAD_ASKS ? E100_PROXY_ON_HEAD_ASKS_HERE : event;
}

static void put(struct e100_text *out, const uint8_t *octets, size_t length) {
  e100_text_add(out, (const char *)octets, length);
}

/* Takes the lines Expect off a head that is forwarded. */
static void take_expect_off(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                            size_t length, struct e100_text *held, struct e100_text *out) {
  static const char name[] = "expect:";
  bool head = varied->from_state == E100_PROXY_AWAITED;
  (void)data, (void)held;
  for (size_t at = 0; at < length;) {
    const uint8_t *feed = memchr(octets + at, '\n', length - at);
    size_t end = feed != NULL ? (size_t)(feed - octets) + 1 : length;
    bool expect = head && end - at >= sizeof name && strncasecmp((const char *)octets + at, name, 7) == 0;
    if (!expect)
      put(out, octets + at, end - at);
    at = end;
  }
}

#define OVERLOOKS(symbol, of_origin)                                    \
  PARTS(symbol) = {.variation = {.data = &e100_fault_parts_##of_origin, \
                                 .read_facts = as_origin,               \
                                 .events = {.head_event = takes_over},  \
                                 .to_server = take_expect_off}}
OVERLOOKS(overlooks_case, case_value);
OVERLOOKS(overlooks_name, case_name);
OVERLOOKS(overlooks_list, whole_value);
OVERLOOKS(overlooks_later_lines, first_line);
OVERLOOKS(overlooks_first_lines, last_line);
OVERLOOKS(overlooks_tab, tab);
OVERLOOKS(overlooks_trailing, trailing_blank);

/* ---- other facts --------------------------------------------------------------------------------------- */

PARTS(content_by_method_passed) = {
    .variation = {.data = &e100_fault_parts_content_by_method, .read_facts = as_origin}};

/* HEAD is forgotten where there is content. */
static void forget_head(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                        size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  if (facts->method == E100_METHOD_HEAD && facts->framing != E100_CONTENT_NONE)
    facts->method = E100_METHOD_OTHER;
}
PARTS(head_with_content) = {.variation = {.read_facts = forget_head}};

/* A client of HTTP/1.0 is treated as one of HTTP/1.1. */
static void forget_10(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                      size_t length, struct e100_request_facts *facts) {
  (void)data, (void)varied, (void)head, (void)length;
  facts->minor = 1;
}
PARTS(taken_for_11) = {.variation = {.read_facts = forget_10}};

static void take_offer_of_10(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                             size_t length, struct e100_request_facts *facts) {
  static const char name[] = "\r\nUpgrade: ";
  (void)data, (void)varied;
  for (size_t at = 0; facts->minor == 0 && at + sizeof name < length; at++)
    facts->upgrade |= memcmp(head + at, name, sizeof name - 1) == 0;
}
PARTS(upgrade_of_10) = {.variation = {.read_facts = take_offer_of_10}};

/* 417, as RFC 2616 14.20 asked before a server of HTTP/1.0. */
static void refuse_expectation(const void *data, const struct e100_proxy_varied *varied, const uint8_t *head,
                               size_t length, struct e100_request_facts *facts) {
  (void)data, (void)head, (void)length;
  if (facts->wrong == 0 && facts->asks && varied->proxy->policy.next_hop_10)
    facts->wrong = 417;
}
PARTS(refused_for_10) = {.variation = {.read_facts = refuse_expectation}};

/* Without content the content that an expectation announces is awaited. */
static enum e100_proxy_event expects_content(const struct e100_proxy *proxy) {
  enum e100_proxy_event event = e100_proxy_reference.head_event(proxy);
  bool asks = proxy->request.facts.asks && proxy->request.facts.minor > 0;
  return event == E100_PROXY_ON_HEAD_STANDS_ALONE && asks ? E100_PROXY_ON_HEAD_COLLECTS : event;
}
PARTS(content_by_expect_awaited) = {.variation = {.events = {.head_event = expects_content}}};
