/* captures.c - libpcap hands over packets, the witness judges them. */
#include "cli/captures.h"

#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "capture/witness.h"

struct looking {
  const char *path;
  struct e100_showing *showing;
  int code;
};

static int worse(int a, int b) {
  return a > b ? a : b;
}

/* ---- is it one? --------------------------------------------------------------------------------- */

static bool is_magic(const uint8_t first[4]) {
  static const uint8_t known[][4] = {
      {0xa1, 0xb2, 0xc3, 0xd4}, {0xd4, 0xc3, 0xb2, 0xa1}, {0xa1, 0xb2, 0x3c, 0x4d}, {0x4d, 0x3c, 0xb2, 0xa1},
      {0xa1, 0xb2, 0xcd, 0x34}, {0x34, 0xcd, 0xb2, 0xa1}, {0x0a, 0x0d, 0x0d, 0x0a}};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (memcmp(first, known[i], 4) == 0)
      return true;
  return false;
}

const char *const e100_capture_endings[] = {".pcap", ".pcapng", ".cap", NULL};

static bool is_named_capture(const char *path) {
  const char *dot = strrchr(path, '.');
  for (size_t i = 0; dot != NULL && e100_capture_endings[i] != NULL; i++)
    if (strcmp(dot, e100_capture_endings[i]) == 0)
      return true;
  return false;
}

/* Looks at the first four octets, and puts them back. */
static bool begins_as_capture(FILE *file) {
  uint8_t first[4] = {0};
  size_t count = fread(first, 1, sizeof first, file);
  for (size_t i = count; i > 0; i--)
    (void)ungetc(first[i - 1], file);
  return count == sizeof first && is_magic(first);
}

bool e100_is_capture(const char *path) {
  if (strcmp(path, "-") == 0)
    return begins_as_capture(stdin);
  if (e100_is_folder(path))
    return false;
  if (is_named_capture(path))
    return true;
  if (!e100_is_file(path))
    return false; /* a pipe is read once */
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return false; /* whoever reads it as something else says why */
  bool is = begins_as_capture(file);
  (void)fclose(file);
  return is;
}

/* ---- what is shown
 * ---------------------------------------------------------------------------------------------
 */

static void show(void *user, const struct e100_testimony *testimony) {
  struct looking *looking = user;
  struct e100_text name = {0};
  e100_text_format(&name, "%s: %s", strcmp(looking->path, "-") == 0 ? "standard input" : looking->path,
                   testimony->name);
  const struct e100_source source = {.path = looking->path, .name = name.text};
  if (looking->showing != NULL)
    looking->code =
        worse(looking->code, e100_show_verdict(looking->showing, testimony->exchange, testimony->exchange,
                                               testimony->verdict, &source, NULL));
  if (testimony->cut != NULL) {
    e100_complain(name.text, "%s: what follows is not judged", testimony->cut);
    looking->code = E100_EXIT_CANNOT;
  }
  e100_text_free(&name);
}

/* Connections that were cut before anything of them was there. */
static int tell_unjudged(const char *path, const uint64_t unjudged[E100_CUT_COUNT]) {
  int code = E100_EXIT_FINE;
  for (unsigned why = 0; why < E100_CUT_COUNT; why++) {
    if (unjudged[why] == 0)
      continue;
    code = E100_EXIT_CANNOT;
    if (why == E100_CUT_BEGAN)
      e100_complain(path,
                    "%" PRIu64
                    " connections began before the capture: not judged, as nobody knows what was said "
                    "before; begin the capture first, then the connection",
                    unjudged[why]);
    else
      e100_complain(path, "%" PRIu64 " connections are not judged from their beginning on: %s", unjudged[why],
                    e100_cut_text((enum e100_cut)why));
  }
  return code;
}

/* What the counts say of connections that were not judged. */
static int tell_counts(const char *path, const struct e100_witness_counts *counts) {
  if (counts->tls > 0)
    e100_complain(path, "%" PRIu64 " connections speak TLS: not judged, as only the two ends can read them",
                  counts->tls);
  if (counts->http2 > 0)
    e100_complain(path, "%" PRIu64 " connections speak HTTP/2: not judged", counts->http2);
  if (counts->other > 0)
    e100_complain(path, "%" PRIu64 " connections do not speak HTTP: not judged", counts->other);
  if (counts->prefaced > 0)
    e100_complain(path,
                  "%" PRIu64
                  " connections begin with a preface of the PROXY protocol, which is no HTTP and was "
                  "passed over",
                  counts->prefaced);
  if (counts->connections == 0)
    e100_complain(path, "holds no TCP connection with octets in it; was the right interface captured?");
  int code = tell_unjudged(path, counts->unjudged);
  return counts->connections == 0 ? E100_EXIT_CANNOT : code;
}

/* Packets of no use, by their kind. */
static int tell_packets(const char *path, const uint64_t packets[E100_PACKET_CUT + 1]) {
  if (packets[E100_PACKET_WRAPPED] > 0)
    e100_complain(path,
                  "%" PRIu64
                  " packets are in another encapsulation (PPPoE, MPLS, GRE or IP in IP), which is not "
                  "opened: capture where it is taken off",
                  packets[E100_PACKET_WRAPPED]);
  if (packets[E100_PACKET_FRAGMENT] > 0)
    e100_complain(path, "%" PRIu64 " packets are fragments of IP packets, which are not put together",
                  packets[E100_PACKET_FRAGMENT]);
  if (packets[E100_PACKET_CUT] > 0)
    e100_complain(path, "%" PRIu64 " packets are cut in their headers, or malformed; capture whole packets",
                  packets[E100_PACKET_CUT]);
  return packets[E100_PACKET_FRAGMENT] + packets[E100_PACKET_CUT] > 0 ? E100_EXIT_CANNOT : E100_EXIT_FINE;
}

/* ---- the file ----------------------------------------------------------------------------------- */

/* What to do about what libpcap does not read of a pcapng file. */
static const char *advice(const char *reason) {
  if (strstr(reason, "different from the type") != NULL)
    return " (write the packets of one interface to a file of their own, as with tshark -r FILE -Y "
           "'frame.interface_id == 0' -F pcap -w OUT)";
  if (strstr(reason, "block size") != NULL || strstr(reason, "byte order") != NULL)
    return " (where the file has parts of different byte orders, write it anew, as with editcap FILE OUT)";
  return "";
}

/* Packets that are far from their place in time, as where each direction was captured by itself. */
static void tell_order(const char *path, uint64_t backwards) {
  if (backwards > 0)
    e100_complain(path,
                  "the time goes back before %" PRIu64
                  " of its packets: where that is not the clock, put them in "
                  "order first, as with reordercap FILE OUT",
                  backwards);
}

static int read_packets(pcap_t *capture, const char *path, struct e100_streams *streams) {
  enum { MICROSECONDS = 1000000, ENDS = -2, FAR_BACK = 100000 };
  uint64_t packets[E100_PACKET_CUT + 1] = {0}, last = 0, before = 0, backwards = 0;
  struct pcap_pkthdr *header = NULL;
  const u_char *frame = NULL;
  int got = 0, type = pcap_datalink(capture);
  while ((got = pcap_next_ex(capture, &header, &frame)) == 1) {
    struct e100_packet packet;
    enum e100_packet_kind kind = e100_packet_read(type, frame, header->caplen, header->len, &packet);
    uint64_t time = (uint64_t)header->ts.tv_sec * MICROSECONDS + (uint64_t)header->ts.tv_usec;
    backwards += time + FAR_BACK < before;
    before = time;
    last = time > last ? time : last; /* clocks are set back: time does not go with them */
    packets[kind]++;
    if (kind == E100_PACKET_TCP)
      e100_streams_packet(streams, &packet, last);
  }
  e100_streams_end(streams, last);
  int code = tell_packets(path, packets);
  tell_order(path, backwards);
  if (got != ENDS) {
    e100_complain(path, "cannot be read to its end: %s%s; what came before is judged", pcap_geterr(capture),
                  advice(pcap_geterr(capture)));
    code = E100_EXIT_CANNOT;
  }
  return code;
}

static pcap_t *open_capture(const char *path) {
  char reason[PCAP_ERRBUF_SIZE] = "";
  FILE *file = e100_file_open(path);
  if (file == NULL)
    return NULL;
  pcap_t *capture = pcap_fopen_offline(file, reason); /* owns the file from here on */
  if (capture == NULL) {
    e100_complain(path, "is no capture that can be read: %s", reason);
    if (file != stdin)
      (void)fclose(file);
  } else if (!e100_link_type_known(pcap_datalink(capture))) {
    const char *name = pcap_datalink_val_to_name(pcap_datalink(capture));
    e100_complain(
        path,
        "its packets are of the link type %s; Ethernet, Linux cooked, loopback and raw IP are read: "
        "capture on such an interface",
        name != NULL ? name : "?");
    pcap_close(capture);
    return NULL;
  }
  return capture;
}

static bool read_look(const struct e100_capture_look *look, uint64_t *settle, enum e100_vantage *vantage) {
  enum { HOUR = 3600 * 1000 };
  *settle = E100_CAPTURE_SETTLE;
  *vantage = E100_VANTAGE_UNKNOWN;
  if (look->settle != NULL && !e100_option_number("settle", look->settle, 1, HOUR, settle))
    return false;
  if (look->seen_by == NULL)
    return true;
  if (strcmp(look->seen_by, "client") != 0 && strcmp(look->seen_by, "origin") != 0) {
    e100_complain(NULL, "--seen-by wants client or origin, not '%s'", look->seen_by);
    return false;
  }
  *vantage = look->seen_by[0] == 'c' ? E100_VANTAGE_CLIENT : E100_VANTAGE_ORIGIN;
  return true;
}

int e100_judge_capture(const char *path, const struct e100_capture_look *look, struct e100_showing *showing,
                       struct e100_refusals *refusals) {
  uint64_t settle = 0;
  enum e100_vantage vantage = E100_VANTAGE_UNKNOWN;
  if (!read_look(look, &settle, &vantage))
    return E100_EXIT_CANNOT;
  pcap_t *capture = open_capture(path);
  if (capture == NULL)
    return E100_EXIT_CANNOT;
  struct looking looking = {.path = path, .showing = showing};
  const struct e100_witness_calls calls = {.user = &looking, .shows = show};
  struct e100_witness *witness = e100_witness_new(&calls, vantage, settle * 1000, refusals);
  int code = read_packets(capture, path, e100_witness_streams(witness));
  code = worse(code, tell_counts(path, e100_witness_counts(witness)));
  e100_witness_free(witness);
  pcap_close(capture);
  return worse(code, looking.code);
}
