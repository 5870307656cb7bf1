/* stream.c - connections on libuv. TLS reads and writes through memory, so that the loop knows only octets.
 */
#include "live/stream.h"

#include "live/certificate.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

enum { READ_ROOM = 65536 };

struct e100_stream {
  const struct e100_stream_calls *calls;
  void *user;
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } socket;
  uv_timer_t timer; /* for opening */
  uv_connect_t connecting;
  uv_getaddrinfo_t resolving;
  uv_shutdown_t shutting;
  struct e100_address address;
  unsigned milliseconds;
  unsigned handles;  /* that the loop has not closed yet */
  unsigned requests; /* that the loop has not finished yet */
  unsigned writes;   /* ... of these, octets on their way */
  bool open;
  bool accepted; /* the other end has opened it */
  bool gone;     /* the caller has given it up */
  bool ended;    /* and the other end */
  SSL *tls;      /* NULL: none */
  bool shaken;   /* the handshake is done */
  char read_room[READ_ROOM];
};

struct write {
  uv_write_t request;
  struct e100_stream *stream;
  char octets[];
};

static void flush_tls(struct e100_stream *stream);

/* ---- the end ----------------------------------------------------------------------------------------- */

static void free_unused(struct e100_stream *stream) {
  if (!stream->gone || stream->handles > 0 || stream->requests > 0)
    return;
  SSL_free(stream->tls);
  free(stream);
}

static void on_closed(uv_handle_t *handle) {
  struct e100_stream *stream = handle->data;
  stream->handles--;
  free_unused(stream);
}

static void let_go(struct e100_stream *stream) {
  stream->gone = true;
  if (!uv_is_closing((uv_handle_t *)&stream->timer))
    uv_close((uv_handle_t *)&stream->timer, on_closed);
}

void e100_stream_close(struct e100_stream *stream) {
  if (stream->gone)
    return;
  if (stream->accepted &&
      stream->shaken) { /* else an end that is meant looks like octets that were cut off */
    (void)SSL_shutdown(stream->tls);
    flush_tls(stream);
  }
  let_go(stream);
  uv_close(&stream->socket.handle, on_closed);
}

void e100_stream_reset(struct e100_stream *stream) {
  if (stream->gone)
    return;
  let_go(stream);
  if (stream->address.kind == E100_ADDRESS_UNIX || uv_tcp_close_reset(&stream->socket.tcp, on_closed) != 0)
    uv_close(&stream->socket.handle, on_closed);
}

static void fail(struct e100_stream *stream, const char *what, const char *why) {
  char sentence[256];
  (void)snprintf(sentence, sizeof sentence, "%s: %s", what, why);
  if (stream->gone || stream->ended)
    return;
  stream->ended = true;
  if (stream->accepted)
    stream->calls->ended(stream->user, E100_STEP_RESET);
  else
    stream->calls->failed(stream->user, sentence);
}

static void end(struct e100_stream *stream, enum e100_step_kind how) {
  if (stream->gone || stream->ended)
    return;
  stream->ended = true;
  stream->calls->ended(stream->user, how);
}

/* ---- octets -------------------------------------------------------------------------------------------- */

static void on_written(uv_write_t *request, int status) {
  struct write *write = (struct write *)request;
  struct e100_stream *stream = write->stream;
  stream->requests--;
  stream->writes--;
  free(write);
  /* A broken pipe is not the end of what the other end has sent: reading tells. */
  (void)status;
  if (!stream->gone && stream->open && stream->writes == 0)
    stream->calls->sent(stream->user);
  free_unused(stream);
}

static void send_raw(struct e100_stream *stream, const void *octets, size_t length) {
  struct write *write = malloc(sizeof *write + length);
  E100_CHECK(write != NULL, "out of memory");
  memcpy(write->octets, octets, length);
  write->stream = stream;
  const uv_buf_t buffer = uv_buf_init(write->octets, (unsigned)length);
  stream->requests++;
  stream->writes++;
  if (uv_write(&write->request, &stream->socket.stream, &buffer, 1, on_written) == 0)
    return;
  stream->requests--;
  stream->writes--;
  free(write);
}

/* What TLS wants to send. */
static void flush_tls(struct e100_stream *stream) {
  char octets[16384];
  int length = 0;
  while ((length = BIO_read(SSL_get_wbio(stream->tls), octets, sizeof octets)) > 0)
    send_raw(stream, octets, (size_t)length);
}

void e100_stream_send(struct e100_stream *stream, const uint8_t *octets, size_t length) {
  if (stream->gone || !stream->open || length == 0)
    return;
  if (stream->tls == NULL) {
    send_raw(stream, octets, length);
    return;
  }
  (void)SSL_write(stream->tls, octets, (int)length);
  flush_tls(stream);
}

static void on_shut(uv_shutdown_t *request, int status) {
  struct e100_stream *stream = request->data;
  (void)status;
  stream->requests--;
  free_unused(stream);
}

void e100_stream_shut(struct e100_stream *stream) {
  if (stream->gone || !stream->open)
    return;
  if (stream->tls != NULL) {
    (void)SSL_shutdown(stream->tls);
    flush_tls(stream);
  }
  stream->shutting.data = stream;
  if (uv_shutdown(&stream->shutting, &stream->socket.stream, on_shut) == 0)
    stream->requests++;
}

static void opened(struct e100_stream *stream) {
  stream->open = true;
  (void)uv_timer_stop(&stream->timer);
  stream->calls->opened(stream->user);
}

static void shake_hands(struct e100_stream *stream) {
  int done = SSL_do_handshake(stream->tls);
  flush_tls(stream);
  if (done == 1) {
    stream->shaken = true;
    if (!stream->accepted)
      opened(stream);
  } else if (SSL_get_error(stream->tls, done) != SSL_ERROR_WANT_READ) {
    const char *why = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    fail(stream, "TLS could not be agreed on; is it plain HTTP", why != NULL ? why : "no reason given");
  }
}

static void receive_tls(struct e100_stream *stream, const void *octets, size_t length) {
  char plain[16384];
  int count = 0;
  (void)BIO_write(SSL_get_rbio(stream->tls), octets, (int)length);
  if (!stream->shaken)
    shake_hands(stream);
  while (stream->shaken && !stream->gone && (count = SSL_read(stream->tls, plain, sizeof plain)) > 0)
    stream->calls->received(stream->user, (const uint8_t *)plain, (size_t)count);
  if (stream->gone || !stream->shaken)
    return;
  flush_tls(stream);
  if ((SSL_get_shutdown(stream->tls) & SSL_RECEIVED_SHUTDOWN) != 0)
    end(stream, E100_STEP_HALF_CLOSE);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct e100_stream *stream = handle->data;
  (void)suggested;
  *buffer = uv_buf_init(stream->read_room, sizeof stream->read_room);
}

static void on_read(uv_stream_t *handle, ssize_t length, const uv_buf_t *buffer) {
  struct e100_stream *stream = handle->data;
  if (stream->gone || length == 0)
    return;
  if (length < 0) {
    (void)uv_read_stop(handle);
    if (!stream->open)
      fail(stream, "the connection was ended before TLS was agreed on", uv_strerror((int)length));
    else
      end(stream, length == UV_EOF ? E100_STEP_HALF_CLOSE : E100_STEP_RESET);
  } else if (stream->tls != NULL) {
    receive_tls(stream, buffer->base, (size_t)length);
  } else {
    stream->calls->received(stream->user, (const uint8_t *)buffer->base, (size_t)length);
  }
}

/* ---- the beginning ---------------------------------------------------------------------------------------
 */

static SSL_CTX *tls_context(void) {
  static SSL_CTX *context; /* one a process */
  if (context == NULL)
    context = SSL_CTX_new(TLS_client_method());
  E100_CHECK(context != NULL, "OpenSSL can be used");
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
  return context;
}

static void begin_tls(struct e100_stream *stream, SSL_CTX *context) {
  stream->tls = SSL_new(context);
  BIO *in = BIO_new(BIO_s_mem());
  BIO *out = BIO_new(BIO_s_mem());
  E100_CHECK(stream->tls != NULL && in != NULL && out != NULL, "out of memory");
  SSL_set_bio(stream->tls, in, out);
}

static void start_tls(struct e100_stream *stream) {
  static const unsigned char http11[] = "\x08http/1.1";
  begin_tls(stream, tls_context());
  SSL_set_connect_state(stream->tls);
  (void)SSL_set_tlsext_host_name(stream->tls, stream->address.host);
  (void)SSL_set_alpn_protos(stream->tls, http11, sizeof http11 - 1);
  shake_hands(stream);
}

static void on_connected(uv_connect_t *request, int status) {
  struct e100_stream *stream = request->data;
  stream->requests--;
  if (stream->gone) {
    free_unused(stream);
    return;
  }
  if (status != 0) {
    fail(stream, "could not connect", uv_strerror(status));
    return;
  }
  if (stream->address.kind != E100_ADDRESS_UNIX)
    (void)uv_tcp_nodelay(&stream->socket.tcp, 1);
  (void)uv_read_start(&stream->socket.stream, on_room, on_read);
  if (stream->address.kind == E100_ADDRESS_TLS)
    start_tls(stream);
  else
    opened(stream);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found) {
  struct e100_stream *stream = request->data;
  stream->requests--;
  if (stream->gone) {
    uv_freeaddrinfo(found);
    free_unused(stream);
    return;
  }
  if (status == 0) {
    stream->requests++;
    status = uv_tcp_connect(&stream->connecting, &stream->socket.tcp, found->ai_addr, on_connected);
    if (status != 0)
      stream->requests--;
  }
  uv_freeaddrinfo(found);
  if (status != 0)
    fail(stream, "could not connect", uv_strerror(status));
}

static void on_late(uv_timer_t *timer) {
  struct e100_stream *stream = timer->data;
  bool greeted = stream->tls != NULL;
  fail(stream, greeted ? "TLS could not be agreed on; is it plain HTTP" : "could not connect",
       "no answer in time");
}

static void begin(struct e100_stream *stream, uv_loop_t *loop) {
  const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  stream->connecting.data = stream->resolving.data = stream;
  if (stream->address.kind == E100_ADDRESS_UNIX) {
    (void)uv_pipe_init(loop, &stream->socket.pipe, 0);
    stream->requests++;
    uv_pipe_connect(&stream->connecting, &stream->socket.pipe, stream->address.path, on_connected);
  } else {
    (void)uv_tcp_init(loop, &stream->socket.tcp);
    stream->requests++;
    int status = uv_getaddrinfo(loop, &stream->resolving, on_resolved, stream->address.host,
                                stream->address.port, &wanted);
    E100_CHECK(status == 0, "a name can be looked up");
  }
  stream->socket.handle.data = stream;
}

struct e100_stream *e100_stream_open(uv_loop_t *loop, const struct e100_address *address,
                                     unsigned milliseconds, const struct e100_stream_calls *calls,
                                     void *user) {
  struct e100_stream *stream = calloc(1, sizeof *stream);
  E100_CHECK(stream != NULL, "out of memory");
  stream->calls = calls;
  stream->user = user;
  stream->address = *address;
  stream->handles = 2;
  begin(stream, loop);
  (void)uv_timer_init(loop, &stream->timer);
  stream->timer.data = stream;
  (void)uv_timer_start(&stream->timer, on_late, milliseconds, 0);
  return stream;
}

struct e100_stream *e100_stream_accept(uv_stream_t *listening, const struct e100_stream_calls *calls,
                                       void *user) {
  struct e100_stream *stream = calloc(1, sizeof *stream);
  E100_CHECK(stream != NULL, "out of memory");
  stream->calls = calls;
  stream->user = user;
  stream->address.kind = E100_ADDRESS_TCP;
  stream->handles = 2;
  (void)uv_tcp_init(listening->loop, &stream->socket.tcp);
  (void)uv_timer_init(listening->loop, &stream->timer);
  stream->socket.handle.data = stream->timer.data = stream;
  if (uv_accept(listening, &stream->socket.stream) != 0) {
    e100_stream_close(stream);
    return NULL;
  }
  stream->open = stream->accepted = true;
  (void)uv_tcp_nodelay(&stream->socket.tcp, 1);
  (void)uv_read_start(&stream->socket.stream, on_room, on_read);
  return stream;
}

void e100_stream_secure(struct e100_stream *stream) {
  begin_tls(stream, e100_certificate_context());
  SSL_set_accept_state(stream->tls);
}
