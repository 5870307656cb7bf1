#include "fuzz/known_differences.h"

#include <llhttp.h>
#include <stdio.h>
#include <string.h>

#include "fuzz/head_spans.h"
#include "machine/work_arounds.h"

/* ---- looking at a request line ---------------------------------------------------------------------- */

/* The head, with its empty line and those before it: what follows it says nothing about how it is read. */
static struct span head_of(const struct e100_two_readings *two) {
  struct span text = {two->octets, two->length};
  size_t next = 0;
  struct span line = line_at(text, 0, &next);
  while (line.length == 0 && next < text.length)
    line = line_at(text, next, &next);
  while (line.length > 0 && next < text.length)
    line = line_at(text, next, &next);
  if (next < text.length)
    text.length = next;
  return text;
}

/* The parts of the request line, which SP separates; a missing one is empty. */
struct request_line {
  struct span method, target, version;
  size_t spaces;
};

static struct request_line request_line_of(const struct e100_two_readings *two) {
  struct request_line parts = {{NULL, 0}, {NULL, 0}, {NULL, 0}, 0};
  struct span head = head_of(two);
  size_t next = 0;
  struct span line = line_at(head, 0, &next);
  while (line.length == 0 && next < head.length)
    line = line_at(head, next, &next);
  struct span *part[] = {&parts.method, &parts.target, &parts.version};
  size_t number = 0;
  part[0]->at = line.at;
  for (size_t i = 0; i < line.length; i++) {
    if (line.at[i] != ' ') {
      part[number]->length++;
      continue;
    }
    parts.spaces++;
    if (number < 2)
      part[++number]->at = line.at + i + 1;
  }
  return parts;
}

/* Nothing at all, or nothing after the last comma. */
static bool ends_with_empty_member(struct span value) {
  while (value.length > 0 && is_blank(value.at[value.length - 1]))
    value.length--;
  if (value.length == 0)
    return LLHTTP_VERSION_MAJOR < 9; /* later: empty_coding */
  return value.at[value.length - 1] == ',';
}

/* ---- the predicates, each called like its row --------------------------------------------------------- */

#define EXPLAINS(id) static bool id(const struct e100_two_readings *two)

static bool is_listed(struct span method, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (is_word(method, list[i]))
      return true;
  return false;
}

#define METHOD_NAME(number, name, string) #string,
static const char *const all_methods[] = {HTTP_ALL_METHOD_MAP(METHOD_NAME)};
static const char *const http_methods[] = {HTTP_METHOD_MAP(METHOD_NAME)};
#undef METHOD_NAME
#define IS_LISTED(method, list) is_listed(method, list, sizeof(list) / sizeof((list)[0]))

EXPLAINS(unknown_method) {
  return two->llhttp.error == HPE_INVALID_METHOD && !IS_LISTED(request_line_of(two).method, all_methods);
}

EXPLAINS(rtsp_method) {
  struct span method = request_line_of(two).method;
  return two->llhttp.error == HPE_INVALID_CONSTANT && IS_LISTED(method, all_methods) &&
         !IS_LISTED(method, http_methods);
}

EXPLAINS(preface_method) {
  return is_word(request_line_of(two).method, "PRI");
}

EXPLAINS(odd_target) {
  struct span target = request_line_of(two).target;
  return two->llhttp.error == HPE_INVALID_URL && !begins(target, "/") && !begins(target, "*");
}

EXPLAINS(higher_minor) {
  return two->llhttp.error == HPE_INVALID_VERSION && two->model.major == 1 && two->model.minor > 1;
}

EXPLAINS(both_lengths) {
  int error = two->llhttp.error;
  bool refusal = error == HPE_INVALID_TRANSFER_ENCODING || error == HPE_INVALID_CONTENT_LENGTH ||
                 error == HPE_UNEXPECTED_CONTENT_LENGTH;
  return refusal && two->model.framing == E100_FRAMING_CHUNKED &&
         any_value(head_of(two), "content-length", anything);
}

/* llhttp knows no chunked at the end, where the model does. */
static bool misses_chunked(const struct e100_two_readings *two) {
  bool missed = two->llhttp.error == HPE_INVALID_TRANSFER_ENCODING || two->llhttp.framing == E100_FRAMING_BAD;
  return missed && two->model.framing == E100_FRAMING_CHUNKED;
}

EXPLAINS(tab_after_chunked) {
  return misses_chunked(two) && any_value(head_of(two), "transfer-encoding", tab_after_chunked_in);
}

EXPLAINS(empty_coding) {
  return misses_chunked(two) && any_value(head_of(two), "transfer-encoding", is_empty);
}

EXPLAINS(empty_after_chunked) {
  return misses_chunked(two) && any_value(head_of(two), "transfer-encoding", ends_with_empty_member);
}

EXPLAINS(connect_coding) {
  return is_word(request_line_of(two).method, "CONNECT") && two->llhttp.framing == E100_FRAMING_BAD;
}

EXPLAINS(upgrade_coding) {
  bool connects = is_word(request_line_of(two).method, "CONNECT");
  return two->llhttp.upgrade && !connects && two->llhttp.framing == E100_FRAMING_BAD;
}

EXPLAINS(tab_after_option) {
  return two->llhttp.close != two->model.close && any_value(head_of(two), "connection", tab_after_option_in);
}

EXPLAINS(tab_after_length) {
  return two->llhttp.error == HPE_INVALID_CONTENT_LENGTH &&
         any_value(head_of(two), "content-length", ends_with_tab);
}

EXPLAINS(close_and_keep_alive) {
  return two->model.minor == 0 && two->model.close && !two->llhttp.close &&
         any_value(head_of(two), "connection", has_keep_alive);
}

EXPLAINS(proxy_connection) {
  return two->llhttp.close != two->model.close && any_value(head_of(two), "proxy-connection", has_any_option);
}

EXPLAINS(octets_in_target) {
  struct span target = request_line_of(two).target;
  for (size_t i = 0; i < target.length; i++)
    if (target.at[i] >= 0x80)
      return true;
  return false;
}

EXPLAINS(empty_name) {
  return any_line(head_of(two), begins_with_colon);
}

EXPLAINS(blank_in_name) {
  return any_line(head_of(two), has_blank_in_name);
}

EXPLAINS(other_major) {
  struct span version = request_line_of(two).version;
  return two->llhttp.major != 1 && begins(version, "HTTP/");
}

EXPLAINS(no_version) {
  return two->llhttp.major == 0 && two->llhttp.minor == 9 && request_line_of(two).spaces == 1;
}

EXPLAINS(other_protocol) {
  struct span version = request_line_of(two).version;
  return begins(version, "RTSP/") || begins(version, "ICE/");
}

/* ---- the table ------------------------------------------------------------------------------------------
 */

enum { ANY = 0, NEWEST = 999999, LAST_8 = 89999, FIRST_9 = 90000 };
enum { REFUSES = E100_DIFFERENCE_REFUSES, ACCEPTS = E100_DIFFERENCE_ACCEPTS, READS = E100_DIFFERENCE_READS };

enum {
  NONE = 0,
#define WORK_AROUND(of, name, does) of##_##name = 1 << E100_AROUND_##of##_##name,
#include "machine/work_arounds.def"
};

static const struct e100_known_difference differences[] = {
#define DIFFERENCE(id, from, to, modes, kinds, section, ids, example, does, instead, around)              \
  {{#id, from, to, E100_LLHTTP_##modes, kinds, section, ids, example, sizeof(example) - 1, does, around}, \
   instead,                                                                                               \
   id},
#include "fuzz/known_differences.def"
};

const struct e100_known_difference *e100_known_difference_at(size_t index) {
  return index < sizeof differences / sizeof differences[0] ? &differences[index] : NULL;
}
_Static_assert(sizeof differences / sizeof differences[0] <= E100_DIFFERENCES_LIMIT, "the table has room");

void e100_difference_case(const char *of, const struct e100_difference_row *row,
                          char name[E100_DIFFERENCE_CASE_ROOM]) {
  snprintf(name, E100_DIFFERENCE_CASE_ROOM, "ok-play-%s-%s", of, row->id);
  for (char *at = name; *at != '\0'; at++)
    if (*at == '_')
      *at = '-';
}

bool e100_difference_applies(const struct e100_difference_row *row) {
  unsigned version = e100_llhttp_version();
  unsigned mode = e100_llhttp_is_strict() ? E100_LLHTTP_STRICT : E100_LLHTTP_LOOSE;
  return version >= row->from && version <= row->to && (row->modes & mode) != 0;
}

/* ---- comparing ------------------------------------------------------------------------------------------
 */

static bool reads_the_same(const struct e100_llhttp_head *llhttp, const struct e100_head_reading *model) {
  return llhttp->major == model->major && llhttp->minor == model->minor &&
         llhttp->framing == model->framing && llhttp->length == model->length &&
         llhttp->asks == model->asks && llhttp->other == model->other && llhttp->close == model->close &&
         llhttp->head_method == model->head_method && llhttp->octets == model->octets;
}

enum e100_difference_kind e100_compare_readings(const uint8_t *octets, size_t length,
                                                struct e100_two_readings *two) {
  two->octets = octets;
  two->length = length;
  e100_llhttp_read(octets, length, &two->llhttp);
  e100_read_request_head(octets, length, 0, &two->model);
  const struct e100_head_reading *model = &two->model;
  bool accepted = two->llhttp.complete && two->llhttp.error == 0;
  if (model->several)
    return E100_DIFFERENCE_NONE; /* llhttp may choose */
  if (accepted && (!model->complete || model->malformed))
    return E100_DIFFERENCE_ACCEPTS;
  if (!model->complete || model->malformed)
    return E100_DIFFERENCE_NONE;
  if (!accepted)
    return E100_DIFFERENCE_REFUSES;
  return reads_the_same(&two->llhttp, model) ? E100_DIFFERENCE_NONE : E100_DIFFERENCE_READS;
}

const struct e100_known_difference *e100_difference_explained(const struct e100_two_readings *two,
                                                              enum e100_difference_kind kind) {
  for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
    const struct e100_known_difference *row = &differences[i];
    if ((row->is.kinds & kind) != 0 && e100_difference_applies(&row->is) && row->explains(two))
      return row;
  }
  return NULL;
}

static const char *sentence_for(enum e100_difference_kind kind) {
  switch (kind) {
  case E100_DIFFERENCE_REFUSES:
    return "llhttp alone refuses a head that the model reads, and no known difference says so";
  case E100_DIFFERENCE_ACCEPTS:
    return "llhttp alone accepts a head that must be refused, and no known difference says so";
  case E100_DIFFERENCE_READS:
    return "llhttp alone reads a head otherwise than the model, and no known difference says so";
  default:
    return NULL;
  }
}

const char *e100_holds_llhttp(const uint8_t *octets, size_t length,
                              const struct e100_known_difference **row) {
  struct e100_two_readings two;
  enum e100_difference_kind kind = e100_compare_readings(octets, length, &two);
  const struct e100_known_difference *found =
      kind == E100_DIFFERENCE_NONE ? NULL : e100_difference_explained(&two, kind);
  if (row != NULL)
    *row = found;
  return found == NULL ? sentence_for(kind) : NULL;
}
