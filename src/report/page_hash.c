/* page_hash.c - what a browser may run in a page, by its hash. */
#include <stdint.h>
#include <sha2.h>

#include "report/page.h"

/* Base64 of 32 octets. */
static void add_base64(struct e100_text *out, const uint8_t octets[SHA256_DIGEST_LENGTH]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (unsigned at = 0; at < SHA256_DIGEST_LENGTH; at += 3) {
    unsigned left = SHA256_DIGEST_LENGTH - at;
    uint32_t bits = (uint32_t)octets[at] << 16;
    bits |= left > 1 ? (uint32_t)octets[at + 1] << 8 : 0;
    bits |= left > 2 ? octets[at + 2] : 0;
    for (unsigned i = 0; i < 4; i++)
      e100_text_add(out, i <= left ? &digits[bits >> (18 - 6 * i) & 63] : "=", 1);
  }
}

void e100_page_hash(struct e100_text *out, const char *text, size_t length) {
  SHA2_CTX context;
  uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256Init(&context);
  SHA256Update(&context, (const uint8_t *)text, length);
  SHA256Final(digest, &context);
  e100_text_format(out, "sha256-");
  add_base64(out, digest);
}
