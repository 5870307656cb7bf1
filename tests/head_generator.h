/*
 * head_generator.h - request heads made of the grammar's pieces, with a mistake now and then. The number of a
 * head is all that it depends on.
 */
#ifndef E100_HEAD_GENERATOR_H
#define E100_HEAD_GENERATOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "exchange/exchange.h"

struct head_maker {
  uint64_t seed;
  struct e100_text *out;
};

/* A piece that may hold any octets. */
struct head_piece {
  const char *octets;
  size_t length;
};
#define PIECE(text) \
  { text, sizeof(text) - 1 }
#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

static inline uint32_t maker_below(struct head_maker *maker, uint32_t limit) {
  maker->seed ^= maker->seed << 13;
  maker->seed ^= maker->seed >> 7;
  maker->seed ^= maker->seed << 17;
  return (uint32_t)((maker->seed >> 16) % limit);
}

enum { ONE_MISTAKE_IN = 50 /* so many pieces of a kind */ };

/* One of GOOD, and now and then one of BAD. */
static inline void maker_add(struct head_maker *maker, const struct head_piece *good, size_t good_count,
                             const struct head_piece *bad, size_t bad_count) {
  bool mistake = bad_count > 0 && maker_below(maker, ONE_MISTAKE_IN) == 0;
  const struct head_piece *piece = mistake ? &bad[maker_below(maker, (uint32_t)bad_count)]
                                           : &good[maker_below(maker, (uint32_t)good_count)];
  e100_text_add(maker->out, piece->octets, piece->length);
}
#define MAKE(maker, good, bad) maker_add(maker, good, COUNT_OF(good), bad, COUNT_OF(bad))

static inline void make_line_end(struct head_maker *maker) {
  static const struct head_piece good[] = {PIECE("\r\n")};
  static const struct head_piece bad[] = {PIECE("\n"), PIECE("\r"), PIECE("\r\r\n"), PIECE(" \r\n"),
                                          PIECE("\r\n ")};
  if (maker_below(maker, 4) == 0)
    MAKE(maker, good, bad);
  else
    e100_text_add(maker->out, "\r\n", 2);
}

static inline void make_request_line(struct head_maker *maker) {
  static const struct head_piece methods[] = {PIECE("GET"),   PIECE("PUT"),     PIECE("POST"),
                                              PIECE("HEAD"),  PIECE("OPTIONS"), PIECE("DELETE"),
                                              PIECE("PATCH"), PIECE("TRACE"),   PIECE("CONNECT")};
  static const struct head_piece wrong_methods[] = {
      PIECE("BREW"),     PIECE("get"),    PIECE("G@T"),   PIECE("PUTT"),     PIECE("PU"), PIECE("PRI"),
      PIECE("DESCRIBE"), PIECE("SOURCE"), PIECE("QUERY"), PIECE("M-SEARCH"), PIECE("")};
  static const struct head_piece spaces[] = {PIECE(" ")};
  static const struct head_piece wrong_spaces[] = {PIECE("  "), PIECE("\t"), PIECE(""), PIECE("\f"),
                                                   PIECE(" \t")};
  static const struct head_piece targets[] = {PIECE("/"), PIECE("/a?b=c"), PIECE("*"), PIECE("http://a/"),
                                              PIECE("/%41;b=1")};
  static const struct head_piece wrong_targets[] = {
      PIECE(""),           PIECE("a:80"),          PIECE("a"),     PIECE("/\x7f"), PIECE("/\x80"),
      PIECE("/<\"^`{|}>"), PIECE("/a#b"),          PIECE("/\x01"), PIECE("http:"), PIECE("1:/"),
      PIECE("//"),         PIECE("http://a@b@c/"), PIECE("?a"),    PIECE("#"),     PIECE("HTTP/1.1")};
  static const struct head_piece versions[] = {PIECE("HTTP/1.1"), PIECE("HTTP/1.1"), PIECE("HTTP/1.1"),
                                               PIECE("HTTP/1.0")};
  static const struct head_piece wrong_versions[] = {
      PIECE("HTTP/1.2"),  PIECE("HTTP/1.9"),  PIECE("HTTP/2.0"), PIECE("HTTP/0.9"), PIECE("http/1.1"),
      PIECE("HTTP/11.1"), PIECE("HTTP/1.10"), PIECE("HTTP/1"),   PIECE("HTTP/1.x"), PIECE("RTSP/1.0"),
      PIECE("ICE/1.0"),   PIECE("HTTPS/1.1"), PIECE("")};
  MAKE(maker, methods, wrong_methods);
  MAKE(maker, spaces, wrong_spaces);
  MAKE(maker, targets, wrong_targets);
  MAKE(maker, spaces, wrong_spaces);
  MAKE(maker, versions, wrong_versions);
  make_line_end(maker);
}

static inline void make_value(struct head_maker *maker, unsigned field) {
  static const struct head_piece lengths[] = {PIECE("5"), PIECE("0"), PIECE("10000"), PIECE("007")};
  static const struct head_piece wrong_lengths[] = {PIECE("+5"),
                                                    PIECE("-1"),
                                                    PIECE("5 5"),
                                                    PIECE("5,5"),
                                                    PIECE("5, 6"),
                                                    PIECE(""),
                                                    PIECE("0x5"),
                                                    PIECE("5;"),
                                                    PIECE("18446744073709551615"),
                                                    PIECE("18446744073709551616"),
                                                    PIECE("9999999999999999999999"),
                                                    PIECE(","),
                                                    PIECE("5,")};
  static const struct head_piece codings[] = {PIECE("chunked"), PIECE("Chunked"), PIECE("gzip, chunked")};
  static const struct head_piece wrong_codings[] = {PIECE("gzip"),
                                                    PIECE("chunked, gzip"),
                                                    PIECE("chunked, chunked"),
                                                    PIECE(""),
                                                    PIECE("chunked;a=b"),
                                                    PIECE("identity"),
                                                    PIECE("chunked,"),
                                                    PIECE("chunked\r\nTransfer-Encoding:"),
                                                    PIECE(",chunked"),
                                                    PIECE("xchunked"),
                                                    PIECE("chunkedx"),
                                                    PIECE("\"chunked\""),
                                                    PIECE("chunked chunked"),
                                                    PIECE("gzip chunked"),
                                                    PIECE("gzip;a=\"b, c\", chunked"),
                                                    PIECE("x\tchunked"),
                                                    PIECE("a=\", chunked"),
                                                    PIECE("chunk ed")};
  static const struct head_piece expectations[] = {PIECE("100-continue"), PIECE("100-Continue"),
                                                   PIECE("foo, 100-continue"), PIECE(",, 100-continue ,"),
                                                   PIECE("x=\"a, 100-continue\"")};
  static const struct head_piece wrong_expectations[] = {PIECE("\"100-continue\""), PIECE("100-continue;q=1"),
                                                         PIECE("100-continued"), PIECE("")};
  static const struct head_piece options[] = {PIECE("close"), PIECE("keep-alive"), PIECE("Close"),
                                              PIECE("foo, close"), PIECE("keep-alive, foo")};
  static const struct head_piece wrong_options[] = {PIECE("close, keep-alive"),
                                                    PIECE("keep-alive, close"),
                                                    PIECE("closed"),
                                                    PIECE("close;"),
                                                    PIECE(",close"),
                                                    PIECE("close,"),
                                                    PIECE("x close"),
                                                    PIECE("upgrade"),
                                                    PIECE(""),
                                                    PIECE("close\t, x"),
                                                    PIECE("\"close\""),
                                                    PIECE("close=1"),
                                                    PIECE("keep-alive=1"),
                                                    PIECE("x keep-alive"),
                                                    PIECE("a b, close"),
                                                    PIECE("clos e"),
                                                    PIECE("foo;close")};
  static const struct head_piece protocols[] = {PIECE("websocket"), PIECE("h2c\r\nConnection: upgrade"),
                                                PIECE("a/1, b\r\nConnection: Upgrade, x")};
  static const struct head_piece others[] = {PIECE("example.com"), PIECE("a"), PIECE("*/*"), PIECE("")};
  static const struct head_piece wrong_others[] = {PIECE("\x01"),    PIECE("a\x7f"), PIECE("\x80\xff"),
                                                   PIECE("a\0b"),    PIECE("a\rb"),  PIECE("a\nb"),
                                                   PIECE("a\r\n b"), PIECE("\v")};
  static const struct head_piece none[] = {PIECE("")};
  switch (field) {
  case 0:
    MAKE(maker, lengths, wrong_lengths);
    break;
  case 1:
    MAKE(maker, codings, wrong_codings);
    break;
  case 2:
    MAKE(maker, expectations, wrong_expectations);
    break;
  case 3:
    MAKE(maker, options, wrong_options);
    break;
  case 4:
    maker_add(maker, protocols, COUNT_OF(protocols), NULL, 0);
    break;
  default:
    MAKE(maker, others, wrong_others);
    break;
  }
  MAKE(maker, none, wrong_others);
}

static inline void make_field_line(struct head_maker *maker, unsigned field) {
  enum { CONNECTION = 3 };
  static const char *const names[] = {
      "Content-Length", "Transfer-Encoding", "Expect", "Connection", "Upgrade", "Host", "Accept"};
  static const struct head_piece before[] = {PIECE("")};
  static const struct head_piece wrong_before[] = {PIECE(" "), PIECE("\t"), PIECE("X@"), PIECE("\x80"),
                                                   PIECE(":"), PIECE("x"),  PIECE("x ")};
  static const struct head_piece colons[] = {PIECE(":"), PIECE(": "), PIECE(":\t ")};
  static const struct head_piece wrong_colons[] = {PIECE(" :"), PIECE("\t: "), PIECE(""), PIECE("::"),
                                                   PIECE(" ")};
  static const struct head_piece after[] = {PIECE(""), PIECE(""), PIECE(" ")};
  static const struct head_piece odd_after[] = {PIECE("\t"), PIECE("\t "), PIECE("   ")};
  if (maker_below(maker, 4) == 0)
    MAKE(maker, before, wrong_before);
  if (field == CONNECTION && maker_below(maker, 100) == 0)
    e100_text_add(maker->out, "Proxy-", strlen("Proxy-"));
  e100_text_add(maker->out, names[field], strlen(names[field]));
  if (maker_below(maker, 4) == 0)
    MAKE(maker, colons, wrong_colons);
  else
    e100_text_add(maker->out, ": ", 2);
  make_value(maker, field);
  MAKE(maker, after, odd_after);
  if (maker_below(maker, 3000) == 0) /* a fold with nothing behind it */
    e100_text_add(maker->out, "\r\n ", 3);
  make_line_end(maker);
}

/* Head number NUMBER, appended to OUT. */
static inline void make_head(uint64_t number, struct e100_text *out) {
  static const struct head_piece before[] = {PIECE("")};
  static const struct head_piece wrong_before[] = {PIECE("\r\n"), PIECE("\r\n\r\n"), PIECE("\n"), PIECE("\r"),
                                                   PIECE(" ")};
  struct head_maker maker = {.seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15), .out = out};
  size_t start = out->length;
  MAKE(&maker, before, wrong_before);
  make_request_line(&maker);
  for (uint32_t left = maker_below(&maker, 4); left > 0; left--) {
    /* A field twice, or both kinds of framing, would else be the rule: each of the first ones comes seldom.
     */
    make_field_line(&maker, maker_below(&maker, 3) > 0 ? 5 + maker_below(&maker, 2) : maker_below(&maker, 5));
  }
  e100_text_add(out, "\r\n", 2);
  if (maker_below(&maker, 50) == 0)
    out->length = start + maker_below(&maker, (uint32_t)(out->length - start) + 1);
}

#endif
