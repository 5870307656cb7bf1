/*
 * xml_text.c - text for XML and HTML.
 */
#include "exchange/xml_text.h"

#include <string.h>

/* The code point of the character of two or three octets at TEXT; 0 for what is another length. */
static unsigned code_point(const unsigned char *text, size_t left, size_t *length) {
  *length = 1;
  if (left >= 2 && (text[0] & 0xe0) == 0xc0) {
    *length = 2;
    return (text[0] & 0x1fu) << 6 | (text[1] & 0x3fu);
  }
  if (left >= 3 && (text[0] & 0xf0) == 0xe0) {
    *length = 3;
    return (text[0] & 0x0fu) << 12 | (text[1] & 0x3fu) << 6 | (text[2] & 0x3fu);
  }
  return 0;
}

/* C1 controls, marks that turn the direction of text, and what XML has no place for. */
static bool is_shown_by_number(unsigned point) {
  return (point >= 0x80 && point <= 0x9f) || point == 0x61c || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
         point == 0xfffe || point == 0xffff || (point >= 0xd800 && point <= 0xdfff);
}

static const char *entity_of(char octet) {
  switch (octet) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

void e100_xml_octets(struct e100_text *out, const char *text, size_t length) {
  e100_text_add(out, "", 0);
  for (size_t i = 0; i < length;) {
    unsigned char octet = (unsigned char)text[i];
    const char *entity = entity_of(text[i]);
    size_t taken = 1;
    unsigned point = code_point((const unsigned char *)text + i, length - i, &taken);
    if (entity != NULL)
      e100_text_add(out, entity, strlen(entity));
    else if ((octet < 0x20 && octet != '\t' && octet != '\n') || octet == 0x7f)
      e100_text_format(out, "\\x%02X", octet);
    else if (is_shown_by_number(point))
      for (size_t k = 0; k < taken; k++)
        e100_text_format(out, "\\x%02X", (unsigned char)text[i + k]);
    else
      e100_text_add(out, text + i, taken);
    i += taken;
  }
}

void e100_xml_text(struct e100_text *out, const char *text) {
  e100_xml_octets(out, text, strlen(text));
}
