/*
 * llhttp alone against the model: a row of the tables of known differences explains what it is about, and
 * nothing else that may be wrong with the same octets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <llhttp.h>

#include "fuzz/known_differences.h"
#include "fuzz/response_differences.h"

/* ---- requests ---------------------------------------------------------------------------------------- */

/* What stands behind a head looks like what a row is about: llhttp would have another fault. */
static void no_row_explains_a_head_by_what_follows(void **state) {
  static const struct {
    enum e100_difference_kind kind;
    int error;
    const char *head, *behind;
  } all[] = {
      {E100_DIFFERENCE_ACCEPTS, 0, "GET / HTTP/1.1\r\n\r\n", ": a\r\nA b: c\r\n"},
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_TRANSFER_ENCODING,
       "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
       "Content-Length: 5\r\nTransfer-Encoding: chunked\t\r\nTransfer-Encoding:\r\nTransfer-Encoding: "
       "chunked,\r\n"},
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_CONTENT_LENGTH,
       "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5\t\r\n"},
      {E100_DIFFERENCE_READS, 0, "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
       "Connection: close\t, keep-alive\t\r\nProxy-Connection: close\r\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    struct e100_two_readings two;
    struct e100_text octets = {0};
    e100_text_add(&octets, all[i].head, strlen(all[i].head));
    e100_text_add(&octets, all[i].behind, strlen(all[i].behind));
    (void)e100_compare_readings((const uint8_t *)octets.text, octets.length, &two);
    two.llhttp.error = all[i].error;
    two.llhttp.close = !two.model.close;
    const struct e100_known_difference *row = e100_difference_explained(&two, all[i].kind);
    if (row != NULL)
      fail_msg("%s explains %s by what follows", row->is.id, all[i].head);
    e100_text_free(&octets);
  }
}

/* ---- responses --------------------------------------------------------------------------------------- */

/* What explains a difference, and what does not: NULL where llhttp is right. */
struct explained {
  unsigned from, to; /* major versions of llhttp */
  const char *row;
  const char *octets;
};

/* What stops llhttp where it is out of step is no cause: that is the head behind which it went astray. */
static void the_cause_is_where_llhttp_goes_astray(void **state) {
  static const struct explained all[] = {
      {8, 8, "hundred_content",
       "HTTP/1.1 100 Continue\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"},
      {8, 8, "hundred_content",
       "HTTP/1.1 102 x\r\n\r\nHTTP/1.1 103 x\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {8, 8, "hundred_content", "HTTP/1.1 100 x\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
      {8, 9, "interim_content",
       "HTTP/1.1 104 x\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"},
      {8, 9, "interim_content",
       "HTTP/1.1 104 x\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.2 200 OK\r\n\r\n"},
      {8, 9, "interim_content",
       "HTTP/1.1 104 x\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
       "HTTP/1.1 100 x\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"},
      /* Of fields that frame content, but frame none, it takes no notice: the cause is another. */
      {8, 9, "interim_closes",
       "HTTP/1.1 100 x\r\nContent-Length: 0\r\n\r\nHTTP/1.1 104 x\r\nConnection: close\r\n\r\n"
       "HTTP/1.1 204 x\r\n\r\n"},
      {8, 9, "higher_minor", "HTTP/1.1 104 x\r\nContent-Length: 0\r\n\r\nHTTP/1.2 204 x\r\n\r\n"},
      {9, 9, "higher_minor", "HTTP/1.1 100 x\r\nContent-Length: 5\r\n\r\nHTTP/1.2 204 x\r\n\r\n"},
      {8, 9, "low_status", "HTTP/1.1 104 x\r\nContent-Length: 0\r\n\r\nHTTP/1.1 099 x\r\n\r\n"},
      {8, 9, "useless_framing", "HTTP/1.1 104 x\r\nContent-Length: x\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
      {8, 9, "higher_minor", "HTTP/1.2 101 x\r\n\r\n"},
      /* A tab, a folded line, ... in a head without content is what it is elsewhere. */
      {8, 8, "tab_after_length", "HTTP/1.1 204 x\r\nContent-Length: 5\t\r\n\r\n"},
      {8, 8, "fold_in_framing", "HTTP/1.1 204 x\r\nContent-Length: 5\r\n \r\n\r\n"},
      {8, 8, "option_before_fold", "HTTP/1.1 204 x\r\nConnection: x\r\n close\r\n\r\n"},
      {9, 9, NULL, "HTTP/1.1 100 x\r\nContent-Length: 5\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
      {8, 9, NULL, "HTTP/1.1 104 x\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    const struct e100_response_difference *row = NULL;
    unsigned major = e100_llhttp_version() / 10000;
    if (major < all[i].from || major > all[i].to)
      continue;
    assert_null(e100_holds_llhttp_responses((const uint8_t *)all[i].octets, strlen(all[i].octets),
                                            E100_ANSWERED_GET, &row));
    if (strcmp(row != NULL ? row->is.id : "-", all[i].row != NULL ? all[i].row : "-") != 0)
      fail_msg("%s: %s explains it, and not %s", all[i].octets, row != NULL ? row->is.id : "nothing",
               all[i].row != NULL ? all[i].row : "nothing");
  }
}

/* Octets in which llhttp does not differ as is said here: it would, if it had another fault. */
struct other_fault {
  enum e100_difference_kind kind;
  int error;
  size_t at; /* of the error */
  const char *octets;
};

/* Such a fault would not hide behind a row that is about something that stands in the octets, too. */
static void no_row_explains_what_has_another_cause(void **state) {
  static const struct other_fault all[] = {
      /* Of this length nothing is read. */
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_CONSTANT, 50,
       "HTTP/1.1 104 x\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
      {E100_DIFFERENCE_READS, 0, 0, "HTTP/1.1 104 x\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
      /* This one is right. */
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_CONTENT_LENGTH, 33,
       "HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n"},
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_TRANSFER_ENCODING, 40,
       "HTTP/1.1 304 x\r\nTransfer-Encoding: chunked\r\n\r\n"},
      /* These look like an option, a tab, a fold, a value without members, and are about something else. */
      {E100_DIFFERENCE_REFUSES, HPE_CLOSED_CONNECTION, 40,
       "HTTP/1.1 100 x\r\nConnection: a\r\nA: close\r\n\r\nHTTP/1.1 204 x\r\n\r\n"},
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_CONTENT_LENGTH, 33,
       "HTTP/1.1 200 x\r\nContent-Length: 5\r\nContent-Length: 5\t\r\n\r\nhello"},
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_CONTENT_LENGTH, 33,
       "HTTP/1.1 200 x\r\nContent-Length: 5\r\nA: b\r\n c\r\n\r\nhello"},
      {E100_DIFFERENCE_REFUSES, HPE_INVALID_TRANSFER_ENCODING, 40,
       "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n"},
      {E100_DIFFERENCE_READS, 0, 0, "HTTP/1.1 204 x\r\nConnection: a, close\r\nA: b\r\n c\r\n\r\n"},
      {E100_DIFFERENCE_READS, 0, 0, "HTTP/1.0 204 x\r\nConnection: keep-alive\r\n\r\n"},
      {E100_DIFFERENCE_READS, 0, 0, "HTTP/1.1 204 x\r\nProxy-Connection: a\r\nA: close\r\n\r\n"},
      /* The content of a chunk is no trailer. */
      {E100_DIFFERENCE_READS, 0, 0,
       "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n15\r\n\r\nConnection: close\r\n\r\n0\r\n\r\n"},
      /* These are malformed, and not in the way of a row. */
      {E100_DIFFERENCE_ACCEPTS, 0, 0, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"},
      {E100_DIFFERENCE_ACCEPTS, 0, 0,
       "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n: c\r\nD \r\nx\r\n"},
      {E100_DIFFERENCE_ACCEPTS, 0, 0, "HTTP/1.10 200 x\r\n\r\n"},
      {E100_DIFFERENCE_ACCEPTS, 0, 0, "HTTP/3.0 200 x\r\n\r\n"},
      {E100_DIFFERENCE_ACCEPTS, 0, 0, "HTTP/1.1 200 x\r\nContent-Length: x\r\n\r\n: c\r\nA b: c\r\n"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    struct e100_two_responses two;
    (void)e100_compare_llhttp_responses((const uint8_t *)all[i].octets, strlen(all[i].octets),
                                        E100_ANSWERED_GET, &two);
    two.llhttp = (struct e100_llhttp_responses){.error = all[i].error, .begun = two.model.interims + 1};
    two.llhttp.reading.octets = all[i].at;
    two.llhttp.reading.status = 200;
    two.llhttp.reading.interims = two.model.interims;
    two.llhttp.reading.close = all[i].kind == E100_DIFFERENCE_READS && !two.model.close;
    const struct e100_response_difference *row = e100_response_explained(&two, all[i].kind);
    if (row != NULL)
      fail_msg("%s explains another fault in %s", row->is.id, all[i].octets);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_row_explains_a_head_by_what_follows),
      cmocka_unit_test(the_cause_is_where_llhttp_goes_astray),
      cmocka_unit_test(no_row_explains_what_has_another_cause),
  };
  return cmocka_run_group_tests_name("llhttp causes", tests, NULL, NULL);
}
