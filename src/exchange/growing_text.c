/*
 * growing_text.c - a text that grows.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/exchange_inside.h"

void e100_text_free(struct e100_text *text) {
  free(text->text);
  *text = (struct e100_text){.text = NULL};
}

/* Room for LENGTH more octets and the NUL. */
static void reserve(struct e100_text *text, size_t length) {
  E100_CHECK(length < SIZE_MAX / 4 && text->length < SIZE_MAX / 4, "a text has a length that fits");
  size_t needed = text->length + length + 1;
  if (needed <= text->room)
    return;
  size_t wanted = text->room ? text->room : 256;
  while (wanted < needed)
    wanted *= 2;
  char *larger = realloc(text->text, wanted);
  E100_CHECK(larger, "there is memory for a text");
  text->text = larger;
  text->room = wanted;
}

void e100_text_add(struct e100_text *text, const char *octets, size_t length) {
  reserve(text, length);
  if (length > 0)
    memcpy(text->text + text->length, octets, length);
  text->length += length;
  text->text[text->length] = '\0';
}

void e100_text_format(struct e100_text *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  E100_CHECK(length >= 0, "a format of ours is one that printf knows");
  reserve(text, (size_t)length);
  (void)vsnprintf(text->text + text->length, (size_t)length + 1, format, again);
  va_end(again);
  text->length += (size_t)length;
}
