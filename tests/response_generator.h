/*
 * response_generator.h - responses to one request made of the grammar's pieces, with a mistake now and then:
 * interim ones, a final one, and octets behind it that may be its content. The number is all that they depend
 * on.
 */
#ifndef E100_RESPONSE_GENERATOR_H
#define E100_RESPONSE_GENERATOR_H

#include "head_generator.h"

/* Of HTTP/1.0 one in TEN_IN. */
static inline void make_status_line(struct head_maker *maker, const struct head_piece *codes, size_t count,
                                    uint32_t ten_in) {
  static const struct head_piece versions[] = {PIECE("HTTP/1.1")};
  static const struct head_piece version_10[] = {PIECE("HTTP/1.0")};
  static const struct head_piece wrong_versions[] = {
      PIECE("HTTP/1.2"),  PIECE("HTTP/1.9"),  PIECE("HTTP/2.0"), PIECE("HTTP/0.9"), PIECE("http/1.1"),
      PIECE("HTTP/11.1"), PIECE("HTTP/1.10"), PIECE("HTTP/1"),   PIECE("HTTP/1.x"), PIECE("RTSP/1.0"),
      PIECE("ICE/1.0"),   PIECE("ICY"),       PIECE("")};
  static const struct head_piece spaces[] = {PIECE(" ")};
  static const struct head_piece wrong_spaces[] = {PIECE("  "), PIECE("\t"), PIECE("")};
  static const struct head_piece wrong_codes[] = {
      PIECE("099"), PIECE("20"),  PIECE("2000"), PIECE("0200"), PIECE(""),    PIECE("2x0"), PIECE("000"),
      PIECE("600"), PIECE("999"), PIECE("200"),  PIECE("204"),  PIECE("304"), PIECE("501")};
  static const struct head_piece reasons[] = {PIECE(" OK"), PIECE(" Not so good"), PIECE(" ")};
  static const struct head_piece odd_reasons[] = {PIECE(""),      PIECE(" \t\x80\xff"), PIECE(" \x01"),
                                                  PIECE("x"),     PIECE(" a\0b"),       PIECE(" a\rb"),
                                                  PIECE(" \x7f"), PIECE(" a\nb")};
  if (maker_below(maker, ten_in) == 0)
    MAKE(maker, version_10, wrong_versions);
  else
    MAKE(maker, versions, wrong_versions);
  if (maker_below(maker, 2) == 0)
    MAKE(maker, spaces, wrong_spaces);
  else
    e100_text_add(maker->out, " ", 1);
  maker_add(maker, codes, count, wrong_codes, COUNT_OF(wrong_codes));
  if (maker_below(maker, 2) == 0)
    MAKE(maker, reasons, odd_reasons);
  else
    e100_text_add(maker->out, " OK", 3);
  make_line_end(maker);
}

/* Fields that matter come with one line in FIELD_IN; they are rare in interim responses, as is HTTP/1.0. */
static inline void make_response_head(struct head_maker *maker, const struct head_piece *codes, size_t count,
                                      uint32_t field_in) {
  make_status_line(maker, codes, count, field_in > 8 ? 40 : 8);
  for (uint32_t left = maker_below(maker, 4); left > 0; left--) {
    static const unsigned fields[] = {0, 1, 3, 4};
    make_field_line(maker, maker_below(maker, field_in) > 0 ? 5 + maker_below(maker, 2)
                                                            : fields[maker_below(maker, COUNT_OF(fields))]);
  }
  e100_text_add(maker->out, "\r\n", 2);
}

/* Responses number NUMBER, appended to OUT. */
static inline void make_responses(uint64_t number, struct e100_text *out) {
  static const struct head_piece none[] = {PIECE("")};
  static const struct head_piece wrong_before[] = {PIECE("\r\n"), PIECE("\n"), PIECE("\r"), PIECE(" ")};
  static const struct head_piece interim_codes[] = {PIECE("100"), PIECE("100"), PIECE("102"),
                                                    PIECE("103"), PIECE("104"), PIECE("199")};
  static const struct head_piece switching_code[] = {PIECE("101")};
  static const struct head_piece final_codes[] = {PIECE("200"), PIECE("404"), PIECE("417")};
  static const struct head_piece bare_codes[] = {PIECE("204"), PIECE("304")};
  static const struct head_piece contents[] = {PIECE("hello"), PIECE("5\r\nhello\r\n0\r\n\r\n"), PIECE(""),
                                               PIECE("0\r\n\r\n"), PIECE("hello")};
  static const struct head_piece odd_contents[] = {PIECE("5 \r\nhello\r\n0\r\n\r\n"),
                                                   PIECE("5;a=b\r\nhello\r\n0\r\n\r\n"),
                                                   PIECE("5;a\r\nhello\r\n0\r\n\r\n"),
                                                   PIECE("5\nhello\n0\n\n"),
                                                   PIECE("005\r\nhello\r\n00\r\n\r\n"),
                                                   PIECE("5\r\nhello\r\n0\r\nA: b\r\n\r\n"),
                                                   PIECE("x\r\n"),
                                                   PIECE("5\r\nhelloX\n0\r\n\r\n"),
                                                   PIECE("0\r\nConnection: close\r\n\r\n"),
                                                   PIECE("HTTP/1.1 200 OK\r\n\r\n"),
                                                   PIECE("5\r\nhelloX0\r\n\r\n"),
                                                   PIECE("5\t\r\nhello\r\n0\r\n\r\n")};
  struct head_maker maker = {.seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15), .out = out};
  size_t start = out->length;
  MAKE(&maker, none, wrong_before);
  /* What llhttp reads otherwise comes seldom: a row of its differences explains few of them. */
  for (uint32_t left = maker_below(&maker, 8) / 6 + maker_below(&maker, 4) / 3; left > 0; left--)
    make_response_head(&maker, interim_codes, COUNT_OF(interim_codes), 15);
  if (maker_below(&maker, 150) == 0)
    make_response_head(&maker, switching_code, COUNT_OF(switching_code), 3);
  if (maker_below(&maker, 16) == 0)
    make_response_head(&maker, bare_codes, COUNT_OF(bare_codes), 4);
  else
    make_response_head(&maker, final_codes, COUNT_OF(final_codes), 2);
  if (maker_below(&maker, 4) == 0)
    maker_add(&maker, odd_contents, COUNT_OF(odd_contents), NULL, 0);
  else
    maker_add(&maker, contents, COUNT_OF(contents), NULL, 0);
  if (maker_below(&maker, 50) == 0)
    out->length = start + maker_below(&maker, (uint32_t)(out->length - start) + 1);
}

#endif
