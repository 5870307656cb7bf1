#include "fuzz/llhttp_alone.h"

#include <llhttp.h>
#include <string.h>
#include <strings.h>

#include "machine/expect_field.h"

enum { NAME_KEPT = 8 /* octets of a field name; one more than Expect has */ };

/* What llhttp reports while it reads. */
struct reports {
  struct e100_expect_field expect;
  char name[NAME_KEPT];
  size_t name_length;
  bool complete;
};

unsigned e100_llhttp_version(void) {
  return LLHTTP_VERSION_MAJOR * 10000U + LLHTTP_VERSION_MINOR * 100U + LLHTTP_VERSION_PATCH;
}

bool e100_llhttp_is_strict(void) {
#if LLHTTP_VERSION_MAJOR >= 9
  return true;
#else
  return LLHTTP_STRICT_MODE != 0;
#endif
}

static int on_name(llhttp_t *llhttp, const char *at, size_t length) {
  struct reports *reports = llhttp->data;
  for (size_t i = 0; i < length; i++) {
    if (reports->name_length < NAME_KEPT)
      reports->name[reports->name_length] = at[i];
    reports->name_length++;
  }
  return 0;
}

static bool is_expect(const struct reports *reports) {
  return reports->name_length == strlen("expect") &&
         strncasecmp(reports->name, "expect", strlen("expect")) == 0;
}

static int on_value(llhttp_t *llhttp, const char *at, size_t length) {
  struct reports *reports = llhttp->data;
  if (is_expect(reports))
    e100_expect_feed(&reports->expect, (const uint8_t *)at, length);
  return 0;
}

static int on_value_complete(llhttp_t *llhttp) {
  struct reports *reports = llhttp->data;
  if (is_expect(reports))
    e100_expect_line_end(&reports->expect);
  reports->name_length = 0;
  return 0;
}

static int on_headers_complete(llhttp_t *llhttp) {
  ((struct reports *)llhttp->data)->complete = true;
  return HPE_PAUSED;
}

static enum e100_framing framing_of(const llhttp_t *llhttp) {
  if ((llhttp->flags & F_TRANSFER_ENCODING) != 0)
    return (llhttp->flags & F_CHUNKED) != 0 ? E100_FRAMING_CHUNKED : E100_FRAMING_BAD;
  return (llhttp->flags & F_CONTENT_LENGTH) != 0 ? E100_FRAMING_LENGTH : E100_FRAMING_NONE;
}

static void state_facts(llhttp_t *llhttp, struct reports *reports, struct e100_llhttp_head *out) {
  e100_expect_end(&reports->expect);
  out->framing = (uint8_t)framing_of(llhttp);
  out->length = out->framing == E100_FRAMING_LENGTH ? llhttp->content_length : 0;
  out->major = llhttp->http_major;
  out->minor = llhttp->http_minor;
  out->asks = reports->expect.asks;
  out->other = reports->expect.other;
  out->close = llhttp_should_keep_alive(llhttp) == 0;
  out->upgrade = llhttp->upgrade != 0;
  out->head_method = llhttp->method == HTTP_HEAD;
}

void e100_llhttp_read(const uint8_t *octets, size_t length, struct e100_llhttp_head *out) {
  llhttp_settings_t settings;
  llhttp_t llhttp;
  struct reports reports = {0};
  memset(out, 0, sizeof *out);
  llhttp_settings_init(&settings);
  settings.on_header_field = on_name;
  settings.on_header_value = on_value;
  settings.on_header_value_complete = on_value_complete;
  settings.on_headers_complete = on_headers_complete;
  llhttp_init(&llhttp, HTTP_REQUEST, &settings);
  llhttp.data = &reports;
  llhttp_errno_t error = llhttp_execute(&llhttp, (const char *)octets, length);
  out->complete = reports.complete;
  if (error == HPE_PAUSED && reports.complete) {
    out->octets = (size_t)((const uint8_t *)llhttp_get_error_pos(&llhttp) - octets);
    state_facts(&llhttp, &reports, out);
    llhttp_resume(&llhttp);
    /* Its last word on the head comes with what follows it, which here is nothing. */
    error = llhttp_execute(&llhttp, (const char *)octets + out->octets, 0);
    if (error == HPE_PAUSED_UPGRADE)
      error = HPE_OK;
  }
  if (error != HPE_OK) {
    out->error = (int)error;
    out->name = llhttp_errno_name(error);
  }
}

/* ---- responses --------------------------------------------------------------------------------------- */

/* What llhttp reports while it reads responses. */
struct response_reports {
  struct e100_llhttp_responses *out;
  enum e100_answered request;
  bool in_content; /* a head was taken, and its message is not over */
};

static int on_response_begin(llhttp_t *llhttp) {
  struct response_reports *reports = llhttp->data;
  reports->out->begun++;
  return 0;
}

/* There is something behind the latest head that it takes for content. */
static void note_content(struct response_reports *reports) {
  if (reports->out->framed != 0)
    return;
  reports->out->framed = reports->out->heads;
  reports->out->framed_status = reports->out->reading.status;
}

static int on_response_head(llhttp_t *llhttp) {
  enum { GOES_ON = 0, SKIP_CONTENT = 1, OTHER_PROTOCOL = 2 }; /* what llhttp takes for an answer */
  struct response_reports *reports = llhttp->data;
  reports->out->heads++;
  reports->in_content = true;
  reports->out->reading.status = llhttp->status_code;
  reports->out->reading.final = llhttp->status_code / 100 != 1;
  if (reports->request == E100_ANSWERED_CONNECT && llhttp->status_code / 100 == 2)
    return OTHER_PROTOCOL;
  return reports->request == E100_ANSWERED_HEAD ? SKIP_CONTENT : GOES_ON;
}

static int on_content(llhttp_t *llhttp, const char *at, size_t length) {
  (void)at;
  struct response_reports *reports = llhttp->data;
  note_content(reports);
  reports->out->reading.content += length;
  return 0;
}

static int on_chunk(llhttp_t *llhttp) {
  note_content(llhttp->data);
  return 0;
}

static int on_message_complete(llhttp_t *llhttp) {
  struct response_reports *reports = llhttp->data;
  struct e100_response_reading *reading = &reports->out->reading;
  reports->in_content = false;
  reading->complete = reading->final;
  reading->interims += !reading->final && reading->status != 101;
  return reading->final ? HPE_PAUSED : 0;
}

static void state_end(const llhttp_t *llhttp, struct e100_response_reading *reading) {
  reading->tunnel = llhttp_get_errno(llhttp) == HPE_PAUSED_UPGRADE || (reading->final && llhttp->upgrade);
  reading->complete = reading->complete || reading->tunnel;
  reading->final = reading->final && !reading->tunnel;
  if (!reading->final)
    return;
  reading->until_close = llhttp_message_needs_eof(llhttp) != 0;
  reading->close = llhttp_should_keep_alive(llhttp) == 0;
}

void e100_llhttp_read_responses(const uint8_t *octets, size_t length, enum e100_answered request,
                                struct e100_llhttp_responses *out) {
  llhttp_settings_t settings;
  llhttp_t llhttp;
  struct response_reports reports = {.out = out, .request = request};
  memset(out, 0, sizeof *out);
  llhttp_settings_init(&settings);
  settings.on_message_begin = on_response_begin;
  settings.on_headers_complete = on_response_head;
  settings.on_body = on_content;
  settings.on_chunk_header = on_chunk;
  settings.on_message_complete = on_message_complete;
  llhttp_init(&llhttp, HTTP_RESPONSE, &settings);
  llhttp.data = &reports;
  llhttp_errno_t error = llhttp_execute(&llhttp, (const char *)octets, length);
  bool stopped = error != HPE_OK;
  out->reading.octets = stopped ? (size_t)((const uint8_t *)llhttp_get_error_pos(&llhttp) - octets) : length;
  if (reports.in_content)
    note_content(&reports);
  state_end(&llhttp, &out->reading);
  if (!stopped || out->reading.complete)
    return;
  out->reading.malformed = true;
  out->error = (int)error;
  out->name = llhttp_errno_name(error);
}
