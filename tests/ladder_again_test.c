/*
 * ladder_again_test.c - what comes again and again stands in one row of a ladder, as text and as a drawing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/exchange.h"
#include "exchange/ladder_svg.h"

static void interim_responses_that_come_again_are_counted(void **state) {
  (void)state;
  static const char text[] =
      "kind: judge\nrole: origin\n\n"
      "-- client --\nGET / HTTP/1.1\nHost: a\n\n"
      "-- origin --\nHTTP/1.1 100 Continue\n\nHTTP/1.1 100 Continue\n\n"
      "HTTP/1.1 103 Early Hints\n\nHTTP/1.1 103 Early Hints\n\nHTTP/1.1 103 Early Hints\n\n"
      "HTTP/1.1 103 Early Hints\n\nHTTP/1.1 103 Early Hints\n\nHTTP/1.1 204 No Content\n\n";
  struct e100_exchange exchange;
  struct e100_text drawn[2] = {{0}, {0}};
  e100_exchange_init(&exchange);
  e100_case_decode(&exchange, (const uint8_t *)text, strlen(text), false, NULL, NULL);
  e100_ladder_print(&exchange, NULL, &drawn[0]);
  e100_ladder_svg(&exchange, &(struct e100_ladder_drawing){.rows_limit = 0}, &drawn[1]);
  for (int i = 0; i < 2; i++) {
    const char *first = strstr(drawn[i].text, "100 Continue");
    assert_non_null(first);
    assert_non_null(strstr(first + 1, "100 Continue")); /* two are shown */
    const char *hints = strstr(drawn[i].text, "103 Early Hints (4 times more)");
    assert_non_null(hints);
    assert_null(strstr(hints + 1, "103 Early Hints"));
    assert_non_null(strstr(hints, "204 No Content"));
    e100_text_free(&drawn[i]);
  }
  e100_exchange_free(&exchange);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(interim_responses_that_come_again_are_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
