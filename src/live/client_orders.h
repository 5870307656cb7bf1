/*
 * client_orders.h - how a client program is told what to request, and how it says what its application saw.
 *
 * A command has one of two forms:
 *
 *  - With placeholders ({url}, {port}, {method}, {length}, {content}, {ca}) it makes one request, and is
 * started for it. The values are in its environment, too: E100_URL, E100_PORT, E100_METHOD, E100_LENGTH,
 * E100_CONTENT (a file), E100_CA (a file with the certificate to trust; empty without TLS). It may request
 * what it likes: its application's view is not known.
 *  - Without them it is a driver: it makes the requests that it reads from its standard input, one a line,
 * with all of its client's means (its pool of connections, say), until that ends. A line has fields with a
 * tab between them: method, URL, a file with the content or "-", then field lines such as "Expect:
 * 100-continue". It says on its standard output, a line each, what its application is told: "interim 103",
 * "response 201", "content 5", "complete", "dropped" where it gives the rest up by itself, and "aborted"
 * where there will be no response. The last three end a request.
 *
 * With TLS the variables are set, too, by which libraries learn what to trust: SSL_CERT_FILE, CURL_CA_BUNDLE,
 * REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS.
 */
#ifndef E100_CLIENT_ORDERS_H
#define E100_CLIENT_ORDERS_H

#include "exchange/exchange.h"

enum {
  E100_ORDER_VARIABLES = 11 /* with the closing NULL */,
  E100_ORDER_FOLDER_LIMIT = 256 /* octets of the path of its folder, with the closing NUL */
};

/* Whether COMMAND makes one request, and has to be told by placeholders. */
bool e100_command_asks_once(const char *command);

/* A request as a client program is told of it. */
struct e100_client_order {
  char *command;                         /* with its placeholders filled in; NULL for a driver */
  char *line;                            /* for a driver */
  char *variables[E100_ORDER_VARIABLES]; /* of the environment, NULL at the end */
};

/* What an order is for: a server on a port of 127.0.0.1, with TLS or without. */
struct e100_client_place {
  const char *folder; /* for files: the content, the certificate */
  unsigned number;    /* of the order, in that folder */
  unsigned port;
  bool tls;
};

/* Makes an order of STEP (an app> request of EXCHANGE). NULL where all is well, else what is wrong, as a
 * sentence without its end. COMMAND is used where it asks once. */
const char *e100_client_order(const struct e100_exchange *exchange, const struct e100_step *step,
                              const char *command, const struct e100_client_place *place,
                              struct e100_client_order *out);
/* Where the certificate is that clients may trust. */
void e100_client_ca_path(const char *folder, char *out, size_t room);
/* Where the content of the NUMBERth order is. */
void e100_client_order_path(const char *folder, unsigned number, char *out, size_t room);
void e100_client_order_free(struct e100_client_order *order);

/* Reads a line of a driver: what its application is told, with NUMBER as e100_sink_told wants it. False: it
 * says nothing. */
bool e100_client_said(const char *line, enum e100_told *told, uint32_t *number);

/* ... that its application gives up what it asked for last: "dropped". */
bool e100_client_dropped(const char *line);

#endif
