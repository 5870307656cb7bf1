/* Names of fields are known in any letter case, and nothing that differs from them in one octet is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "machine/field_names.h"
#include "machine/octets.h"

static const struct {
  const char *name;
  enum e100_field field;
} names[] = {
    {"connection", E100_FIELD_CONNECTION},
    {"content-length", E100_FIELD_CONTENT_LENGTH},
    {"expect", E100_FIELD_EXPECT},
    {"host", E100_FIELD_HOST},
    {"keep-alive", E100_FIELD_KEEP_ALIVE},
    {"proxy-connection", E100_FIELD_PROXY_CONNECTION},
    {"te", E100_FIELD_TE},
    {"transfer-encoding", E100_FIELD_TRANSFER_ENCODING},
    {"upgrade", E100_FIELD_UPGRADE},
};
enum { NAMES = sizeof names / sizeof names[0], ROOM = 32 };

static enum e100_field field_of(const char *name) {
  return e100_field_named((const uint8_t *)name, strlen(name));
}

static void knows_each(void **state) {
  (void)state;
  for (size_t i = 0; i < NAMES; i++) {
    char capitals[ROOM] = "";
    for (size_t at = 0; names[i].name[at] != '\0'; at++) {
      char letter = names[i].name[at];
      capitals[at] = (char)(letter == '-' ? letter : letter - ('a' - 'A'));
    }
    assert_int_equal(field_of(names[i].name), names[i].field);
    assert_int_equal(field_of(capitals), names[i].field);
  }
}

/* Each octet in each place: only a letter in the other case makes no difference. */
static void knows_nothing_else(void **state) {
  (void)state;
  for (size_t i = 0; i < NAMES; i++) {
    size_t length = strlen(names[i].name);
    for (size_t at = 0; at < length; at++) {
      uint8_t name[ROOM];
      memcpy(name, names[i].name, length);
      for (unsigned octet = 0; octet < 256; octet++) {
        name[at] = (uint8_t)octet;
        bool same = e100_lower((uint8_t)octet) == (uint8_t)names[i].name[at];
        assert_int_equal(e100_field_named(name, length), same ? names[i].field : E100_FIELD_OTHER);
      }
    }
  }
}

static void knows_whole_names(void **state) {
  (void)state;
  static const char *const others[] = {"",      "t",      "tex",         "hos",
                                       "hosts", "x-host", "connections", "transfer-encoding-"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    assert_int_equal(field_of(others[i]), E100_FIELD_OTHER);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(knows_each),
      cmocka_unit_test(knows_nothing_else),
      cmocka_unit_test(knows_whole_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
