/*
 * llhttp alone against the model: every difference is known, and every row of the table of known differences
 * is needed, true of this llhttp, and narrow.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/known_differences.h"
#include "fuzz/response_differences.h"
#include "corpus_folder.h"
#include "head_generator.h"
#include "machine/heads.h"
#include "response_generator.h"

enum { HEADS = 400000, RESPONSES = 300000, ONE_IN = 100 /* inputs that a row may explain */ };

static void print_head(const struct e100_text *head, const char *why) {
  printf("%s: ", why);
  for (size_t i = 0; i < head->length; i++) {
    unsigned char octet = (unsigned char)head->text[i];
    if (octet < 0x20 || octet > 0x7e)
      printf("\\x%02X", octet);
    else
      printf("%c", octet);
  }
  printf("\n");
}

static size_t index_of(const struct e100_known_difference *row) {
  size_t index = 0;
  while (e100_known_difference_at(index) != row)
    index++;
  return index;
}

static void every_difference_is_known_and_every_row_narrow(void **state) {
  (void)state;
  unsigned hits[E100_DIFFERENCES_LIMIT] = {0};
  unsigned unknown = 0;
  for (unsigned number = 0; number < HEADS; number++) {
    const struct e100_known_difference *row = NULL;
    struct e100_text head = {0};
    e100_text_add(&head, "", 0);
    make_head(number, &head);
    const char *otherwise = e100_holds_llhttp((const uint8_t *)head.text, head.length, &row);
    if (otherwise != NULL && unknown++ < 10)
      print_head(&head, otherwise);
    if (row != NULL)
      hits[index_of(row)]++;
    e100_text_free(&head);
  }
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    if (!e100_difference_applies(&row->is)) {
      assert_int_equal(hits[i], 0);
      continue;
    }
    printf("%-24s %5u of %d heads\n", row->is.id, hits[i], HEADS);
    if (hits[i] == 0)
      fail_msg("the row %s is never hit: is it still true, or do the generated heads miss it?", row->is.id);
    if (hits[i] > HEADS / ONE_IN)
      fail_msg("the row %s explains too much: %u of %d heads", row->is.id, hits[i], HEADS);
  }
  assert_int_equal(unknown, 0);
}

static void every_row_is_needed_and_shown_by_its_example(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    struct e100_two_readings two;
    const uint8_t *octets = (const uint8_t *)row->is.example;
    enum e100_difference_kind kind = e100_compare_readings(octets, row->is.example_length, &two);
    if (!e100_difference_applies(&row->is)) {
      if (kind != E100_DIFFERENCE_NONE)
        fail_msg("%s: this llhttp differs there too: widen the row's versions", row->is.id);
      continue;
    }
    if (kind == E100_DIFFERENCE_NONE || (row->is.kinds & kind) == 0 || !row->explains(&two))
      fail_msg("%s: its example does not show it", row->is.id);
    for (size_t k = 0; e100_known_difference_at(k) != NULL; k++) {
      const struct e100_known_difference *other = e100_known_difference_at(k);
      if (k != i && e100_difference_applies(&other->is) && (other->is.kinds & kind) != 0 &&
          other->explains(&two))
        fail_msg("%s explains the example of %s too", other->is.id, row->is.id);
    }
  }
}

/* What the table says of the machine. Whether it may do so is the affair of other tests. */
static void the_machine_answers_as_the_table_says(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    struct e100_reader reader;
    const uint8_t *content = NULL;
    size_t taken = 0;
    size_t content_length = 0;
    if (!e100_difference_applies(&row->is))
      continue;
    e100_reader_init(&reader);
    assert_int_equal(e100_reader_take(&reader, NULL, NULL, (const uint8_t *)row->is.example,
                                      row->is.example_length, &taken, &content, &content_length),
                     E100_READ_HEAD);
    if (reader.facts.wrong != row->machine_answers)
      fail_msg("%s: the machine answers %u, and the table says %u", row->is.id, reader.facts.wrong,
               row->machine_answers);
  }
}

/* Without the table each example would be a breach. */
static void a_difference_that_no_row_explains_is_a_breach(void **state) {
  (void)state;
  for (size_t i = 0; e100_known_difference_at(i) != NULL; i++) {
    const struct e100_known_difference *row = e100_known_difference_at(i);
    struct e100_two_readings two;
    if (!e100_difference_applies(&row->is))
      continue;
    enum e100_difference_kind kind =
        e100_compare_readings((const uint8_t *)row->is.example, row->is.example_length, &two);
    unsigned others =
        (E100_DIFFERENCE_REFUSES | E100_DIFFERENCE_ACCEPTS | E100_DIFFERENCE_READS) & ~row->is.kinds;
    for (unsigned other = 1; other <= E100_DIFFERENCE_READS; other <<= 1)
      if ((others & other) != 0 && e100_difference_explained(&two, (enum e100_difference_kind)other) == row)
        fail_msg("%s explains differences of another kind", row->is.id);
    assert_non_null(e100_difference_explained(&two, kind));
  }
  /* And where nothing differs, nothing is explained. */
  static const char plain[] =
      "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
  const struct e100_known_difference *row = e100_known_difference_at(0);
  assert_null(e100_holds_llhttp((const uint8_t *)plain, sizeof plain - 1, &row));
  assert_null(row);
}

static void the_generated_heads_are_worth_it(void **state) {
  (void)state;
  unsigned complete = 0;
  unsigned malformed = 0;
  unsigned several = 0;
  for (unsigned number = 0; number < HEADS / 10; number++) {
    struct e100_head_reading reading;
    struct e100_text head = {0};
    struct e100_text again = {0};
    make_head(number, &head);
    make_head(number, &again);
    assert_int_equal(head.length, again.length);
    e100_read_request_head((const uint8_t *)head.text, head.length, 0, &reading);
    complete += reading.complete;
    malformed += reading.complete && reading.malformed;
    several += reading.complete && reading.several;
    e100_text_free(&head);
    e100_text_free(&again);
  }
  assert_in_range(complete, HEADS / 10 * 8 / 10, HEADS / 10);
  assert_in_range(malformed, HEADS / 10 / 50, HEADS / 10 / 3);
  assert_in_range(several, HEADS / 10 / 50, HEADS / 10 / 3);
}

/* ---- responses --------------------------------------------------------------------------------------- */

/* What the responses number NUMBER answer: HEAD and CONNECT seldom, as they hide most fields. */
static enum e100_answered request_of(unsigned number) {
  static const enum e100_answered requests[] = {E100_ANSWERED_HEAD, E100_ANSWERED_CONNECT};
  return number % 16 < 2 ? requests[number % 16] : E100_ANSWERED_GET;
}

/* Reads many responses; how often each row explains a difference, and how many have none that does. */
static unsigned read_responses(unsigned hits[E100_DIFFERENCES_LIMIT]) {
  unsigned unknown = 0;
  for (unsigned number = 0; number < RESPONSES; number++) {
    const struct e100_response_difference *row = NULL;
    struct e100_text octets = {0};
    make_responses(number, &octets);
    const char *otherwise =
        e100_holds_llhttp_responses((const uint8_t *)octets.text, octets.length, request_of(number), &row);
    if (otherwise != NULL && unknown++ < 10)
      print_head(&octets, otherwise);
    for (size_t i = 0; row != NULL && e100_response_difference_at(i) != NULL; i++)
      hits[i] += e100_response_difference_at(i) == row;
    e100_text_free(&octets);
  }
  return unknown;
}

static void every_difference_of_responses_is_known_and_every_row_narrow(void **state) {
  (void)state;
  unsigned hits[E100_DIFFERENCES_LIMIT] = {0};
  unsigned unknown = read_responses(hits);
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_difference_row *row = &e100_response_difference_at(i)->is;
    if (!e100_difference_applies(row)) {
      assert_int_equal(hits[i], 0);
      continue;
    }
    printf("%-24s %5u of %d responses\n", row->id, hits[i], RESPONSES);
    if (hits[i] == 0)
      fail_msg("the row %s is never hit: is it still true, or do the generated responses miss it?", row->id);
    if (hits[i] > RESPONSES / ONE_IN)
      fail_msg("the row %s explains too much: %u of %d responses", row->id, hits[i], RESPONSES);
  }
  assert_int_equal(unknown, 0);
}

static void nothing_else_explains(size_t index, const struct e100_two_responses *two,
                                  enum e100_difference_kind kind) {
  const struct e100_difference_row *row = &e100_response_difference_at(index)->is;
  for (size_t k = 0; e100_response_difference_at(k) != NULL; k++) {
    const struct e100_response_difference *other = e100_response_difference_at(k);
    if (k != index && e100_difference_applies(&other->is) && (other->is.kinds & kind) != 0 &&
        other->explains(two))
      fail_msg("%s explains the example of %s too", other->is.id, row->id);
  }
}

static void every_row_of_responses_is_shown_by_its_example(void **state) {
  (void)state;
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_response_difference *row = e100_response_difference_at(i);
    const uint8_t *octets = (const uint8_t *)row->is.example;
    struct e100_two_responses two;
    enum e100_difference_kind kind =
        e100_compare_llhttp_responses(octets, row->is.example_length, E100_ANSWERED_GET, &two);
    bool shown = kind != E100_DIFFERENCE_NONE && (row->is.kinds & kind) != 0 && row->explains(&two);
    bool applies = e100_difference_applies(&row->is);
    if (shown && !applies)
      fail_msg("%s: this llhttp differs there too: widen the row's versions", row->is.id);
    if (!shown && applies)
      fail_msg("%s: its example does not show it", row->is.id);
    if (!applies)
      continue;
    nothing_else_explains(i, &two, kind);
  }
}

/* What llhttp alone gets wrong the client gets right; and of what it reads, nothing is left open. */
static void the_client_reads_every_example_as_the_model_does(void **state) {
  (void)state;
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++) {
    const struct e100_difference_row *row = &e100_response_difference_at(i)->is;
    const uint8_t *octets = (const uint8_t *)row->example;
    struct e100_response_reading client;
    struct e100_response_reading model;
    e100_responses_by_machine(octets, row->example_length, E100_ANSWERED_GET, &client);
    e100_read_responses(octets, row->example_length, false, false, &model);
    assert_false(model.several);
    assert_int_equal(model.malformed, row->kinds == E100_DIFFERENCE_ACCEPTS); /* as the document says */
    if (client.malformed != model.malformed ||
        e100_compare_responses(&client, &model) != E100_DIFFERENCE_NONE)
      fail_msg("%s: the client reads its example otherwise than the model", row->id);
  }
}

static void responses_without_a_difference_are_explained_by_no_row(void **state) {
  (void)state;
  static const char plain[] =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const struct e100_response_difference *row = e100_response_difference_at(0);
  assert_null(e100_holds_llhttp_responses((const uint8_t *)plain, sizeof plain - 1, E100_ANSWERED_GET, &row));
  assert_null(row);
}

static void the_generated_responses_are_worth_it(void **state) {
  (void)state;
  enum { TRIES = RESPONSES / 10 };
  unsigned final = 0;
  unsigned complete = 0;
  unsigned malformed = 0;
  unsigned interims = 0;
  for (unsigned number = 0; number < TRIES; number++) {
    struct e100_response_reading reading;
    struct e100_text octets = {0};
    struct e100_text again = {0};
    make_responses(number, &octets);
    make_responses(number, &again);
    assert_int_equal(octets.length, again.length);
    e100_read_responses((const uint8_t *)octets.text, octets.length, false, false, &reading);
    final += reading.final;
    complete += reading.complete;
    malformed += reading.malformed;
    interims += reading.interims > 0;
    e100_text_free(&octets);
    e100_text_free(&again);
  }
  assert_in_range(final, TRIES * 7 / 10, TRIES);
  assert_in_range(complete, TRIES / 8, TRIES);
  assert_in_range(malformed, TRIES / 50, TRIES / 3);
  assert_in_range(interims, TRIES / 10, TRIES);
}

/* ---- the cases ----------------------------------------------------------------------------------------- */

/* The row that the case at PATH shows, of requests or of responses; NULL: none. */
static const struct e100_difference_row *row_of_case(const char *path, bool responses) {
  for (size_t i = 0;; i++) {
    const struct e100_known_difference *of_request = e100_known_difference_at(i);
    const struct e100_response_difference *of_response = e100_response_difference_at(i);
    if (responses ? of_response == NULL : of_request == NULL)
      return NULL;
    const struct e100_difference_row *row = responses ? &of_response->is : &of_request->is;
    char name[E100_DIFFERENCE_CASE_ROOM];
    e100_difference_case(responses ? "response" : "request", row, name);
    const char *file = strrchr(path, '/') + 1;
    if (strncmp(file, name, strlen(name)) == 0 && strcmp(file + strlen(name), ".case") == 0)
      return row;
  }
}

/* Its first delivery begins with the octets of the row. */
static void a_case_shows_its_row(void *user, const char *path, const struct e100_exchange *exchange) {
  const struct e100_difference_row *row = row_of_case(path, exchange->role == E100_ROLE_CLIENT);
  uint8_t from = exchange->role == E100_ROLE_CLIENT ? E100_ORIGIN : E100_CLIENT;
  uint32_t i = 0;
  (void)user;
  if (row == NULL) {
    fail_msg("%s shows no row of the tables", path);
    return;
  }
  while (i < exchange->step_count &&
         (exchange->steps[i].kind != E100_STEP_DELIVER || exchange->steps[i].from != from))
    i++;
  if (i == exchange->step_count || exchange->steps[i].length < row->example_length ||
      memcmp(e100_step_octets(exchange, &exchange->steps[i]), row->example, row->example_length) != 0)
    fail_msg("%s does not begin with the octets of %s", path, row->id);
}

/* That the machines do in them what they expect is what replaying the corpus shows. */
static void every_row_has_its_case(void **state) {
  unsigned rows = 0;
  (void)state;
  while (e100_known_difference_at(rows) != NULL)
    rows++;
  for (size_t i = 0; e100_response_difference_at(i) != NULL; i++)
    rows++;
  assert_int_equal(corpus_folder(E100_TEST_SOURCE "/corpus/cases/llhttp", a_case_shows_its_row, NULL), rows);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_difference_is_known_and_every_row_narrow),
      cmocka_unit_test(every_row_is_needed_and_shown_by_its_example),
      cmocka_unit_test(the_machine_answers_as_the_table_says),
      cmocka_unit_test(a_difference_that_no_row_explains_is_a_breach),
      cmocka_unit_test(the_generated_heads_are_worth_it),
      cmocka_unit_test(every_difference_of_responses_is_known_and_every_row_narrow),
      cmocka_unit_test(every_row_of_responses_is_shown_by_its_example),
      cmocka_unit_test(the_client_reads_every_example_as_the_model_does),
      cmocka_unit_test(responses_without_a_difference_are_explained_by_no_row),
      cmocka_unit_test(the_generated_responses_are_worth_it),
      cmocka_unit_test(every_row_has_its_case),
  };
  return cmocka_run_group_tests_name("llhttp", tests, NULL, NULL);
}
