/* outgoing.h - gathers what is written piece by piece, so that it leaves with few calls. */
#ifndef E100_OUTGOING_H
#define E100_OUTGOING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void e100_send_fn(void *user, const uint8_t *octets, size_t length);

enum { E100_OUTGOING_ROOM = 512 /* octets that are gathered: more than most heads have */ };

/* Lives during one call, on the stack. */
struct e100_outgoing {
  e100_send_fn *send;
  void *user;
  size_t length;
  uint8_t octets[E100_OUTGOING_ROOM];
};

static inline void e100_outgoing_begin(struct e100_outgoing *outgoing, e100_send_fn *send, void *user) {
  outgoing->send = send;
  outgoing->user = user;
  outgoing->length = 0;
}

/* Sends what was gathered. */
static inline void e100_outgoing_end(struct e100_outgoing *outgoing) {
  if (outgoing->length > 0)
    outgoing->send(outgoing->user, outgoing->octets, outgoing->length);
  outgoing->length = 0;
}

/* Sends what was gathered; the octets too, where there is no room for them. */
void e100_outgoing_spill(struct e100_outgoing *outgoing, const uint8_t *octets, size_t length);

static inline void e100_outgoing_add(struct e100_outgoing *outgoing, const void *octets, size_t length) {
  if (length > E100_OUTGOING_ROOM - outgoing->length) {
    e100_outgoing_spill(outgoing, (const uint8_t *)octets, length);
    return;
  }
  memcpy(outgoing->octets + outgoing->length, octets, length);
  outgoing->length += length;
}

#define E100_OUTGOING_ADD(outgoing, literal) e100_outgoing_add(outgoing, literal, sizeof(literal) - 1)

/* A number, with the digits of BASE (10 or 16), and CRLF. */
void e100_outgoing_add_number(struct e100_outgoing *outgoing, uint64_t number, unsigned base);

#ifdef __cplusplus
}
#endif

#endif
