/*
 * certificate.h - a certificate of this process for servers of ours that speak TLS: made when it is first
 * needed, for localhost and 127.0.0.1, and signed by itself. Who trusts its file trusts it.
 */
#ifndef E100_CERTIFICATE_H
#define E100_CERTIFICATE_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* The context of a server with that certificate; HTTP/1.1 is chosen where a client offers it (ALPN, RFC
 * 7301). It stays this function's. */
SSL_CTX *e100_certificate_context(void);
/* Writes the certificate, in PEM, to the file PATH. */
bool e100_certificate_write(const char *path);

#endif
