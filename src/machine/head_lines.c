#include "machine/head_lines.h"

#include <string.h>

#include "machine/octets.h"

/* Blanks, and the line ends of folds. */
static bool is_gap(uint8_t octet) {
  return e100_is_blank(octet) || octet == '\r' || octet == '\n';
}

struct e100_part e100_without_gaps(struct e100_part part) {
  while (part.from < part.to && is_gap(part.from[0]))
    part.from++;
  while (part.from < part.to && is_gap(part.to[-1]))
    part.to--;
  return part;
}

struct e100_part e100_value_of(const struct e100_whole_head *head, const struct e100_field_line *line) {
  return e100_without_gaps((struct e100_part){head->octets + line->colon + 1, head->octets + line->to});
}

bool e100_next_member(struct e100_part *list, struct e100_part *member) {
  if (list->from >= list->to)
    return false;
  const uint8_t *comma = memchr(list->from, ',', (size_t)(list->to - list->from));
  const uint8_t *end = comma != NULL ? comma : list->to;
  *member = e100_without_gaps((struct e100_part){list->from, end});
  list->from = end < list->to ? end + 1 : end;
  return true;
}

/* Behind the line that begins at AT. */
static const uint8_t *behind_line(const uint8_t *at, const uint8_t *end) {
  const uint8_t *feed = memchr(at, '\n', (size_t)(end - at));
  return feed != NULL ? feed + 1 : end;
}

/* The first blank, or TO. */
static const uint8_t *blank_in(const uint8_t *from, const uint8_t *to) {
  const uint8_t *blank = memchr(from, ' ', (size_t)(to - from));
  return blank != NULL ? blank : to;
}

/* Empty lines before a request line are ignored (RFC 9112 2.2). Gives what is behind the start line. */
static const uint8_t *take_start_line(struct e100_whole_head *head, const uint8_t *end) {
  const uint8_t *from = head->octets;
  while (from < end && (*from == '\r' || *from == '\n'))
    from++;
  const uint8_t *to = behind_line(from, end);
  const uint8_t *first = blank_in(from, to);
  head->start = (uint16_t)(from - head->octets);
  head->first_blank = (uint16_t)(first - head->octets);
  head->next_blank = (uint16_t)(blank_in(first < to ? first + 1 : to, to) - head->octets);
  head->start_end = (uint16_t)(to - head->octets);
  return to;
}

/* The field line that begins at AT, with its folds; false at the empty line. */
static bool take_field_line(struct e100_whole_head *head, const uint8_t *at, const uint8_t *end) {
  struct e100_field_line *line = &head->lines[head->line_count];
  if (*at == '\r')
    return false;
  const uint8_t *to = behind_line(at, end);
  bool folded = to < end && e100_is_blank(*to);
  while (to < end && e100_is_blank(*to))
    to = behind_line(to, end);
  const uint8_t *colon = memchr(at, ':', (size_t)(to - at));
  if (colon == NULL)
    return false;
  const uint8_t *name_end = colon;
  while (name_end > at && is_gap(name_end[-1]))
    name_end--;
  line->from = (uint16_t)(at - head->octets);
  line->name_end = (uint16_t)(name_end - head->octets);
  line->colon = (uint16_t)(colon - head->octets);
  line->to = (uint16_t)(to - head->octets);
  line->field = (uint8_t)e100_field_named(at, (size_t)(name_end - at));
  line->plain = name_end == colon && !folded && to[-1] == '\n';
  head->options = head->options || line->field == E100_FIELD_CONNECTION;
  head->line_count++;
  return true;
}

void e100_head_take_apart(struct e100_whole_head *head, const uint8_t *octets, size_t length) {
  const uint8_t *end = octets + length;
  head->octets = octets;
  head->line_count = 0;
  head->options = false;
  const uint8_t *at = take_start_line(head, end);
  while (at < end && head->line_count < E100_FIELD_LINES_LIMIT && take_field_line(head, at, end))
    at = octets + head->lines[head->line_count - 1].to;
}
