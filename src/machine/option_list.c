#include "machine/option_list.h"

#include "machine/octets.h"

enum {
  BEFORE_MEMBER, /* OWS and empty members */
  IN_TOKEN,
  AFTER_TOKEN, /* OWS: only a comma may follow */
  IN_WRONG     /* no token: wait for the comma */
};

static const char close_option[] = "close";
static const char keep_alive_option[] = "keep-alive";
enum { NO_MATCH = 255 };

/* How much of OPTION matched, with one octet more. */
static uint8_t match(uint8_t matched, const char *option, size_t length, uint8_t octet) {
  bool goes_on = matched < length && e100_lower(octet) == (uint8_t)option[matched];
  return (uint8_t)(goes_on ? matched + 1 : NO_MATCH);
}

static uint8_t in_token(struct e100_option_list *list, uint8_t octet) {
  list->as_close = match(list->as_close, close_option, sizeof close_option - 1, octet);
  list->as_keep_alive = match(list->as_keep_alive, keep_alive_option, sizeof keep_alive_option - 1, octet);
  return IN_TOKEN;
}

static void member_ends(struct e100_option_list *list) {
  bool token = list->place == IN_TOKEN || list->place == AFTER_TOKEN;
  list->close = list->close || (token && list->as_close == sizeof close_option - 1);
  list->keep_alive = list->keep_alive || (token && list->as_keep_alive == sizeof keep_alive_option - 1);
  list->place = BEFORE_MEMBER;
  list->as_close = 0;
  list->as_keep_alive = 0;
}

static uint8_t next_place(struct e100_option_list *list, uint8_t octet) {
  bool blank = e100_is_blank(octet);
  if (list->place == IN_WRONG)
    return IN_WRONG;
  if (list->place != AFTER_TOKEN && e100_is_token(octet))
    return in_token(list, octet);
  if (!blank)
    return IN_WRONG;
  return list->place == BEFORE_MEMBER ? BEFORE_MEMBER : AFTER_TOKEN;
}

void e100_options_feed(struct e100_option_list *list, const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (octets[i] == ',')
      member_ends(list);
    else
      list->place = next_place(list, octets[i]);
  }
}

void e100_options_line_end(struct e100_option_list *list) {
  member_ends(list);
}
