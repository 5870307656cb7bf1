/*
 * case_header.c - reads what precedes the first heading of .case text: title, kind, role, links.
 */
#include <string.h>

#include "exchange/case_reader.h"

/* ---- the title ------------------------------------------------------------------------------------ */

static void title_line(struct e100_case_reader *reader, struct e100_words line) {
  char *title = reader->exchange->title;
  size_t length = strlen(title);
  line.at++;
  line.length--;
  if (line.length > 0 && line.at[0] == ' ') {
    line.at++;
    line.length--;
  }
  size_t needed = line.length + (reader->title_lines > 0 ? 1 : 0);
  if (length + needed >= E100_TITLE_LIMIT) {
    reader->exchange->truncated = 1;
    e100_case_say_only(reader, "the title is longer than a title may be (E100_TITLE_LIMIT); "
                               "this line of it is left out");
    return;
  }
  for (size_t i = 0; i < line.length; i++)
    if (line.at[i] < ' ' || line.at[i] > '~') {
      e100_case_say_only(reader, "a title is printable ASCII; other octets become `?`");
      break;
    }
  if (reader->title_lines > 0)
    title[length++] = '\n';
  for (size_t i = 0; i < line.length; i++) {
    char c = line.at[i];
    if (c == '\0')
      c = '?';
    title[length++] = c;
  }
  title[length] = '\0';
  reader->title_lines++;
}

/* ---- keys ------------------------------------------------------------------------------------------- */

static void read_kind(struct e100_case_reader *reader, struct e100_words value) {
  int kind = e100_words_named(value, e100_kind_named);
  if (kind < 0)
    e100_case_lose(reader, "unknown kind: ", value, "; there are judge and play");
  else
    reader->exchange->kind = (uint8_t)kind;
}

static void read_role(struct e100_case_reader *reader, struct e100_words value) {
  int role = e100_words_named(value, e100_role_named);
  if (role < 0)
    e100_case_lose(reader, "unknown role: ", value, "; there are origin, client, proxy and gateway");
  else
    reader->exchange->role = (uint8_t)role;
}

static void read_seen_by(struct e100_case_reader *reader, struct e100_words value) {
  int party = e100_words_named(value, e100_party_named);
  if (party <= E100_NOBODY || party == E100_APPLICATION)
    e100_case_lose(reader, "unknown party: ", value, "; there are client, proxy, gateway and origin");
  else
    reader->exchange->seen_by = (uint8_t)party;
}

static void read_shows(struct e100_case_reader *reader, struct e100_words value) {
  struct e100_exchange *exchange = reader->exchange;
  for (;;) {
    struct e100_words word = e100_words_next(&value);
    if (word.length == 0)
      return;
    if (!e100_rule_name_valid(word.at, word.length)) {
      e100_case_lose(reader, "not the name of a rule: ", word, "; names are like ORIGIN_NO_WAIT");
    } else if (exchange->shows_count >= E100_SHOWS_LIMIT) {
      exchange->truncated = 1;
      e100_case_say(reader, "more rules than `shows` may have (E100_SHOWS_LIMIT); left out from ", word, "");
      return;
    } else {
      e100_word_copy(exchange->shows[exchange->shows_count++], E100_RULE_NAME_LIMIT, word.at, word.length);
    }
  }
}

/* "NAME PARTY>PARTY", or "PARTY>PARTY" for a link without a name. */
static void read_link(struct e100_case_reader *reader, struct e100_words item) {
  struct e100_exchange *exchange = reader->exchange;
  struct e100_words rest = item;
  struct e100_words name = e100_words_next(&rest);
  struct e100_words ends = e100_words_next(&rest);
  enum e100_party client = E100_NOBODY;
  enum e100_party server = E100_NOBODY;
  if (ends.length == 0) {
    ends = name;
    name.length = 0;
  }
  if (!e100_words_parties(ends, &client, &server) || !e100_link_ends_valid(client, server) ||
      e100_words_trimmed(rest).length > 0) {
    e100_case_lose(
        reader, "not a link: ", item,
        "; a link is a name and two parties, of which there is one each, the one that asks first: d1 "
        "client>proxy");
    return;
  }
  if (name.length > 0 && !e100_link_name_valid(name.at, name.length)) {
    e100_case_lose(
        reader, "not a name for a link: ", name,
        "; a name is letters, digits, - and _, shorter than E100_NAME_LIMIT, and no word of a heading");
    return;
  }
  char text[E100_NAME_LIMIT];
  e100_word_copy(text, sizeof(text), name.at, name.length);
  uint32_t before = exchange->link_count;
  bool full = before >= E100_LINKS_LIMIT;
  e100_exchange_link(exchange, text, client, server);
  if (full)
    e100_case_say(reader, "more links than an exchange may have (E100_LINKS_LIMIT); left out: ", item, "");
  else if (exchange->link_count == before)
    e100_case_lose(reader, "a second link of the same name is left out: ", item, "");
}

static void read_links(struct e100_case_reader *reader, struct e100_words value) {
  reader->exchange->link_count = 0;
  while (value.length > 0) {
    struct e100_words item = e100_words_trimmed(e100_words_until(&value, ','));
    if (item.length > 0)
      read_link(reader, item);
  }
  /* Names are made now, so that headings can use what the printed text will have. */
  struct e100_exchange *exchange = reader->exchange;
  for (uint32_t i = 0; exchange->link_count > 1 && i < exchange->link_count; i++)
    if (!exchange->links[i].name[0])
      e100_case_say_only(reader, "each of several links needs a name; one without is given one");
}

static uint32_t read_bits(struct e100_case_reader *reader, struct e100_words value,
                          int number_of(const char *word), const char *complaint) {
  uint32_t bits = 0;
  for (;;) {
    struct e100_words word = e100_words_next(&value);
    if (word.length == 0)
      return bits;
    int bit = e100_words_named(word, number_of);
    if (bit < 0)
      e100_case_lose(reader, complaint, word, "; docs/case-format.md lists them");
    else
      bits |= UINT32_C(1) << bit;
  }
}

static void read_policy(struct e100_case_reader *reader, struct e100_words value) {
  reader->exchange->policy = read_bits(reader, value, e100_policy_named, "unknown policy: ");
}

static void read_reading(struct e100_case_reader *reader, struct e100_words value) {
  reader->exchange->reading = read_bits(reader, value, e100_reading_named, "unknown reading: ");
}

/* A sentence for people: nothing in it is wrong but its length. */
static void read_stays(struct e100_case_reader *reader, struct e100_words value) {
  char *stays = reader->exchange->stays;
  size_t length = value.length < E100_STAYS_LIMIT ? value.length : E100_STAYS_LIMIT - 1;
  if (length < value.length) {
    reader->exchange->truncated = 1;
    e100_case_say_only(reader, "the sentence is longer than `stays` may be (E100_STAYS_LIMIT); "
                               "the rest is left out");
  }
  for (size_t i = 0; i < length; i++)
    stays[i] = (char)(value.at[i] == '\0' ? '?' : value.at[i]);
  stays[length] = '\0';
}

enum { KEY_KIND, KEY_ROLE, KEY_SHOWS, KEY_STAYS, KEY_SEEN_BY, KEY_LINKS, KEY_POLICY, KEY_READING, KEY_COUNT };

static const struct {
  const char *name;
  void (*read)(struct e100_case_reader *reader, struct e100_words value);
} keys[KEY_COUNT] = {
    [KEY_KIND] = {"kind", read_kind},          [KEY_ROLE] = {"role", read_role},
    [KEY_SHOWS] = {"shows", read_shows},       [KEY_SEEN_BY] = {"seen-by", read_seen_by},
    [KEY_LINKS] = {"links", read_links},       [KEY_POLICY] = {"policy", read_policy},
    [KEY_READING] = {"reading", read_reading}, [KEY_STAYS] = {"stays", read_stays},
};

static void key_line(struct e100_case_reader *reader, struct e100_words line) {
  struct e100_words value = line;
  struct e100_words key = e100_words_trimmed(e100_words_until(&value, ':'));
  for (unsigned i = 0; i < KEY_COUNT; i++) {
    if (!e100_words_are(key, keys[i].name))
      continue;
    if (reader->keys & UINT32_C(1) << i)
      e100_case_lose(reader, "given twice: ", key, "; what comes last holds");
    reader->keys |= UINT32_C(1) << i;
    if (i == KEY_SHOWS)
      reader->exchange->shows_count = 0;
    keys[i].read(reader, e100_words_trimmed(value));
    return;
  }
  e100_case_lose(reader, "unknown key: ", key,
                 "; there are kind, role, shows, stays, seen-by, links, policy and reading");
}

void e100_case_header_line(struct e100_case_reader *reader, struct e100_words line) {
  bool title = line.length > 0 && line.at[0] == '#';
  if (reader->line == 1 && !title)
    e100_case_say_only(reader, "the first line is to say what happens: `# The client asks and waits.`");
  if (title) {
    if (reader->keys)
      e100_case_say_only(reader, "lines of the title come before the keys");
    title_line(reader, line);
    return;
  }
  if (e100_words_trimmed(line).length == 0)
    return;
  if (memchr(line.at, ':', line.length))
    key_line(reader, line);
  else
    e100_case_lose(reader, "octets before the first heading are ignored: ", line,
                   "; put a heading such as `-- client --` above them");
}

void e100_case_header_end(struct e100_case_reader *reader) {
  struct e100_exchange *exchange = reader->exchange;
  if (!(reader->keys & 1U << KEY_KIND))
    e100_case_say_only(reader, "no kind was given; add `kind: judge` or `kind: play` to the lines above");
  if (!(reader->keys & 1U << KEY_ROLE))
    e100_case_say_only(reader, "no role was given; add for example `role: origin` to the lines above");
  if (!(reader->keys & 1U << KEY_LINKS) || exchange->link_count == 0)
    e100_exchange_set_role(exchange, exchange->role);
  /* Everything that headings can name is canonical before the first of them is read. */
  e100_exchange_normalize(exchange);
  unsigned subject = e100_role_party(exchange->role);
  for (uint32_t i = 0; i < exchange->link_count; i++)
    if (exchange->links[i].client == subject || exchange->links[i].server == subject)
      return;
  e100_case_say(reader, "no link has the party of this role: ",
                (struct e100_words){e100_party_name(subject), strlen(e100_party_name(subject))},
                "; change `role` or `links`");
}
