/*
 * proxy_fault_inputs.c - proxies that read octets of one side as a lenient or a mistaken parser does.
 */
#include "faults/fault_parts.h"
#include "faults/proxy_fault_parts.h"

#include <string.h>
#include <strings.h>

#define PARTS(symbol) const struct e100_proxy_fault_parts e100_proxy_fault_parts_##symbol

static void put(struct e100_text *out, const uint8_t *octets, size_t length) {
  if (length > 0)
    e100_text_add(out, (const char *)octets, length);
}

static void put_text(struct e100_text *out, const char *text) {
  e100_text_add(out, text, strlen(text));
}

/* ---- of the client ------------------------------------------------------------------------------------- */

/* As an origin server with the fault of PARTS reads them. */
static void as_origin(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                      size_t length, struct e100_text *held, struct e100_text *out) {
  const struct e100_fault_parts *parts = data;
  bool awaited = varied->proxy->state == E100_PROXY_AWAITED;
  struct e100_origin origin = {.state = awaited ? E100_ORIGIN_AWAITED : E100_ORIGIN_WHOLE};
  struct e100_varied like = {.origin = &origin, .event = E100_ORIGIN_EVENTS, .memory = varied->memory};
  (void)held;
  parts->variation.arrive(parts->variation.data, &like, octets, length, out);
}

PARTS(accepts_blank_before_colon) = {
    .variation = {.data = &e100_fault_parts_blank_before_colon, .from_client = as_origin}};
PARTS(drops_folds) = {.variation = {.data = &e100_fault_parts_fold_dropped, .from_client = as_origin}};
PARTS(accepts_plus) = {.variation = {.data = &e100_fault_parts_plus_length, .from_client = as_origin}};

/* An absolute target is cut to its path, and Host counts. */
static void cut_target(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  static const char scheme[] = " http://";
  (void)data, (void)held;
  const uint8_t *blank = memchr(octets, ' ', length);
  size_t at = blank != NULL && varied->proxy->state == E100_PROXY_AWAITED ? (size_t)(blank - octets) : length;
  size_t path = at + sizeof scheme - 1;
  if (path > length || memcmp(octets + at, scheme, sizeof scheme - 1) != 0) {
    put(out, octets, length);
    return;
  }
  while (path < length && octets[path] != '/' && octets[path] > ' ')
    path++;
  bool named = path < length && octets[path] == '/';
  put(out, octets, at + 1);
  if (!named)
    put_text(out, "/");
  put(out, octets + path, length - path);
}
PARTS(target_cut) = {.variation = {.from_client = cut_target}};

/* ---- of the server: heads of interim responses --------------------------------------------------------- */

/* A response head among octets. */
struct found {
  size_t from, to; /* to: behind its empty line */
  unsigned status;
};

static bool head_at(const uint8_t *octets, size_t from, size_t length, struct found *found) {
  static const char version[] = "HTTP/1.";
  enum { STATUS = 9 };
  if (length - from < STATUS + 3 || memcmp(octets + from, version, sizeof version - 1) != 0)
    return false;
  const uint8_t *digits = octets + from + STATUS;
  found->from = from;
  found->status =
      (unsigned)(digits[0] - '0') * 100 + (unsigned)(digits[1] - '0') * 10 + (unsigned)(digits[2] - '0');
  for (size_t i = from; i + 4 <= length; i++) {
    if (memcmp(octets + i, "\r\n\r\n", 4) == 0) {
      found->to = i + 4;
      return true;
    }
  }
  return false;
}

static bool is_interim(const struct found *found) {
  return found->status >= 100 && found->status < 200 && found->status != 101;
}

/* The value of the field LINE ("\nname:"), or NULL. */
static const char *value_of(const uint8_t *octets, const struct found *found, const char *line) {
  size_t length = strlen(line);
  for (size_t i = found->from; i + length < found->to; i++) {
    if (strncasecmp((const char *)octets + i, line, length) == 0)
      return (const char *)octets + i + length;
  }
  return NULL;
}

static uint32_t number_at(const char *text) {
  uint32_t number = 0;
  while (*text == ' ')
    text++;
  for (; *text >= '0' && *text <= '9' && number < 100000; text++)
    number = number * 10 + (uint32_t)(*text - '0');
  return number;
}

/* What else belongs to an interim response, for somebody who reads it wrongly: so many octets are lost. */
typedef uint32_t belongs(const uint8_t *octets, const struct found *found);

static uint32_t by_length(const uint8_t *octets, const struct found *found) {
  const char *value = value_of(octets, found, "\ncontent-length:");
  return value != NULL ? number_at(value) : 0;
}

static uint32_t by_length_if_unlisted(const uint8_t *octets, const struct found *found) {
  return found->status > 103 ? by_length(octets, found) : 0;
}

static uint32_t until_close(const uint8_t *octets, const struct found *found) {
  bool unlisted = found->status > 103;
  return unlisted && value_of(octets, found, "\ncontent-length:") == NULL ? UINT32_MAX : 0;
}

static uint32_t downgraded(const uint8_t *octets, const struct found *found) {
  return octets[found->from + 7] == '0' ? UINT32_MAX : 0;
}

struct misreading {
  belongs *belongs;
};

/* Drops what belongs to interim responses; the first word of the memory says how much is still to come. */
static void lose(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                 size_t length, struct e100_text *held, struct e100_text *out) {
  const struct misreading *misreading = data;
  (void)held;
  for (size_t at = 0; at < length;) {
    struct found found;
    size_t lost = varied->memory[0] < length - at ? varied->memory[0] : length - at;
    if (lost > 0) {
      varied->memory[0] -= varied->memory[0] == UINT32_MAX ? 0 : (uint32_t)lost;
      at += lost;
    } else if (head_at(octets, at, length, &found) && is_interim(&found)) {
      put(out, octets + at, found.to - at);
      varied->memory[0] = misreading->belongs(octets, &found);
      at = found.to;
    } else {
      put(out, octets + at, length - at);
      at = length;
    }
  }
}

static const struct misreading lengths = {by_length};
PARTS(interim_by_length) = {.variation = {.data = &lengths, .from_server = lose}};
static const struct misreading unlisted = {by_length_if_unlisted};
PARTS(only_listed_interim) = {.variation = {.data = &unlisted, .from_server = lose}};
static const struct misreading rest = {until_close};
PARTS(interim_until_close) = {.variation = {.data = &rest, .from_server = lose}};
static const struct misreading latch = {downgraded};
PARTS(interim_10_latches) = {.variation = {.data = &latch, .from_server = lose}};

/* Chunks behind an interim response that says so. */
static void lose_chunks(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                        size_t length, struct e100_text *held, struct e100_text *out) {
  struct found found;
  (void)data, (void)held;
  if (varied->memory[0] == 0 && head_at(octets, 0, length, &found) && is_interim(&found) &&
      value_of(octets, &found, "\ntransfer-encoding:") != NULL) {
    put(out, octets, found.to);
    varied->memory[0] = 1; /* no chunk begins with H: the reader is stuck */
    return;
  }
  if (varied->memory[0] == 0)
    put(out, octets, length);
}
PARTS(interim_chunked) = {.variation = {.from_server = lose_chunks}};

/* What follows an interim response in the same delivery is lost. */
static void lose_coalesced(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                           size_t length, struct e100_text *held, struct e100_text *out) {
  struct found found;
  bool first = head_at(octets, 0, length, &found) && is_interim(&found);
  (void)data, (void)varied, (void)held;
  put(out, octets, first ? found.to : length);
}
PARTS(coalesced_lost) = {.variation = {.from_server = lose_coalesced}};

/* A status line without a phrase is none. */
static void demand_phrase(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                          size_t length, struct e100_text *held, struct e100_text *out) {
  enum { CODE_ENDS = 12 };
  struct found found;
  (void)data, (void)varied, (void)held;
  bool bare = head_at(octets, 0, length, &found) && octets[CODE_ENDS] == '\r';
  bool blank =
      head_at(octets, 0, length, &found) && octets[CODE_ENDS] == ' ' && octets[CODE_ENDS + 1] == '\r';
  if (bare || blank)
    put_text(out, "?");
  put(out, octets, length);
}
PARTS(phrase_demanded) = {.variation = {.from_server = demand_phrase}};

/* Of two lengths the first is the length. */
static void take_first_length(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                              size_t length, struct e100_text *held, struct e100_text *out) {
  static const char name[] = "\ncontent-length:";
  struct found found;
  bool seen = false;
  (void)data, (void)varied, (void)held;
  size_t end = head_at(octets, 0, length, &found) ? found.to : 0;
  for (size_t at = 0; at < end;) {
    bool line =
        at + sizeof name - 1 <= end && strncasecmp((const char *)octets + at, name, sizeof name - 1) == 0;
    size_t next = at + 1;
    while (line && seen && next < end && octets[next] != '\n')
      next++;
    if (!line || !seen)
      put(out, octets + at, 1);
    seen = seen || line;
    at = next;
  }
  put(out, octets + end, length - end);
}
PARTS(first_length_back) = {.variation = {.from_server = take_first_length}};

/* ---- fields of one hop in interim responses ------------------------------------------------------------ */

/* Changes the first letter of field names: the machine knows them no more. */
static const char *const hidden_names[] = {
    "\nConnection:", "\nKeep-Alive:", "\nContent-Length:", "\nTransfer-Encoding:"};

static void hide_names(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  struct found found;
  size_t end = 0;
  (void)data, (void)varied, (void)held;
  size_t begin = out->length;
  while (head_at(octets, end, length, &found) && is_interim(&found))
    end = found.to;
  put(out, octets, length);
  for (size_t i = 0; i < end; i++) {
    for (size_t name = 0; name < sizeof hidden_names / sizeof hidden_names[0]; name++) {
      size_t width = strlen(hidden_names[name]);
      if (i + width <= end && strncasecmp(out->text + begin + i, hidden_names[name], width) == 0)
        out->text[begin + i + 1] = '~';
    }
  }
}

static void show_names(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                       size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)varied, (void)held;
  for (size_t i = 0; i < length; i++) {
    bool hidden = i > 0 && octets[i - 1] == '\n' && octets[i] == '~' && i + 1 < length;
    const char *letters = "CKCT";
    size_t name = 0;
    while (hidden && name < 3 && (uint8_t)hidden_names[name][2] != octets[i + 1])
      name++;
    uint8_t octet = hidden ? (uint8_t)letters[name] : octets[i];
    put(out, &octet, 1);
  }
}
PARTS(interim_unfiltered) = {.variation = {.from_server = hide_names, .to_client = show_names}};

/* ---- an interim response is a final one ---------------------------------------------------------------- */

/* 100 becomes a status that the machine takes for final, and 100 again on its way out. */
static void take_for_final(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                           size_t length, struct e100_text *held, struct e100_text *out) {
  struct found found;
  (void)data, (void)varied, (void)held;
  size_t begin = out->length;
  put(out, octets, length);
  if (head_at(octets, 0, length, &found) && found.status == 100)
    memcpy(out->text + begin + 9, "288", 3);
}

static void give_for_100(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                         size_t length, struct e100_text *held, struct e100_text *out) {
  struct found found;
  (void)data, (void)varied, (void)held;
  size_t begin = out->length;
  put(out, octets, length);
  if (head_at(octets, 0, length, &found) && found.status == 288)
    memcpy(out->text + begin + 9, "100", 3);
}
PARTS(interim_is_final) = {.variation = {.from_server = take_for_final, .to_client = give_for_100}};

/* ---- a tunnel that is read ----------------------------------------------------------------------------- */

static void notice_expect(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                          size_t length, struct e100_text *held, struct e100_text *out) {
  static const char line[] = "\nExpect: 100-continue";
  (void)data, (void)held;
  bool tunnel = varied->proxy->state == E100_PROXY_TUNNEL;
  for (size_t i = 0; tunnel && i + sizeof line - 1 <= length; i++) {
    if (strncasecmp((const char *)octets + i, line, sizeof line - 1) == 0)
      varied->memory[0] = 1;
  }
  put(out, octets, length);
}

static void answer_in_tunnel(const void *data, const struct e100_proxy_varied *varied, const uint8_t *octets,
                             size_t length, struct e100_text *held, struct e100_text *out) {
  (void)data, (void)held;
  if (varied->memory[0] == 1 && varied->event == E100_PROXY_ON_CONTENT_ARRIVES) {
    put_text(out, "HTTP/1.1 100 Continue\r\n\r\n");
    varied->memory[0] = 0;
  }
  put(out, octets, length);
}
PARTS(tunnel_is_read) = {.variation = {.from_client = notice_expect, .to_client = answer_in_tunnel}};
