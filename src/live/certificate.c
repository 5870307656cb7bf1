/* certificate.c - a key, a certificate that it signs, and a context that shows it. */
#include "live/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "exchange/impossible.h"

enum { VALID_SECONDS = 24 * 60 * 60, AGO_SECONDS = 60 * 60 /* clocks of others may be behind */ };

static void add_extension(X509 *certificate, int which, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, which, value);
  E100_CHECK(extension != NULL && X509_add_ext(certificate, extension, -1) == 1,
             "a certificate can be extended");
  X509_EXTENSION_free(extension);
}

static X509 *make_certificate(EVP_PKEY *key) {
  static const unsigned char name[] = "expect100";
  X509 *certificate = X509_new();
  E100_CHECK(certificate != NULL, "out of memory");
  (void)X509_set_version(certificate, 2); /* the third */
  (void)ASN1_INTEGER_set(X509_get_serialNumber(certificate), 100);
  (void)X509_gmtime_adj(X509_getm_notBefore(certificate), -AGO_SECONDS);
  (void)X509_gmtime_adj(X509_getm_notAfter(certificate), VALID_SECONDS);
  X509_NAME *subject = X509_get_subject_name(certificate);
  (void)X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
  (void)X509_set_issuer_name(certificate, subject);
  (void)X509_set_pubkey(certificate, key);
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign");
  add_extension(certificate, NID_ext_key_usage, "serverAuth");
  add_extension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  add_extension(certificate, NID_subject_key_identifier, "hash");
  E100_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0, "a certificate can be signed");
  return certificate;
}

/* HTTP/1.1 and nothing newer, where a client says what it can. */
static int choose_protocol(SSL *tls, const unsigned char **out, unsigned char *length,
                           const unsigned char *in, unsigned in_length, void *user) {
  static const unsigned char http11[] = "http/1.1";
  (void)tls;
  (void)user;
  for (unsigned at = 0; at < in_length; at += 1U + in[at])
    if (in[at] == sizeof http11 - 1 && at + sizeof http11 <= in_length &&
        memcmp(in + at + 1, http11, sizeof http11 - 1) == 0) {
      *out = http11;
      *length = sizeof http11 - 1;
      return SSL_TLSEXT_ERR_OK;
    }
  return SSL_TLSEXT_ERR_NOACK;
}

SSL_CTX *e100_certificate_context(void) {
  static SSL_CTX *context; /* one a process, as its key */
  if (context != NULL)
    return context;
  context = SSL_CTX_new(TLS_server_method());
  EVP_PKEY *key = EVP_EC_gen("P-256");
  E100_CHECK(context != NULL && key != NULL, "OpenSSL can be used");
  X509 *certificate = make_certificate(key);
  E100_CHECK(SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1,
             "a certificate fits its key");
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

bool e100_certificate_write(const char *path) {
  FILE *file = fopen(path, "w");
  if (file == NULL)
    return false;
  bool good = PEM_write_X509(file, SSL_CTX_get0_certificate(e100_certificate_context())) == 1;
  return fclose(file) == 0 && good;
}
