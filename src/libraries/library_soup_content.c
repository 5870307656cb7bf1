/* library_soup_content.c - a stream of octets in memory that can hold some of them back. It reads in the
 * thread that asks. */
#include "libraries/soup_content.h"

G_DECLARE_FINAL_TYPE(E100SoupContent, e100_soup_content, E100, SOUP_CONTENT, GMemoryInputStream)

struct _E100SoupContent {
  GMemoryInputStream parent;
  size_t length, now;
  bool over;
  GTask *waiting; /* NULL: nobody does */
  void *room;
  size_t room_length;
};

G_DEFINE_TYPE(E100SoupContent, e100_soup_content, G_TYPE_MEMORY_INPUT_STREAM)

static size_t given(E100SoupContent *content) {
  return (size_t)g_seekable_tell(G_SEEKABLE(content));
}

static void answer(E100SoupContent *content, GTask *task, void *room, size_t length) {
  size_t most = content->now - given(content);
  gssize read = G_INPUT_STREAM_GET_CLASS(content)->read_fn(G_INPUT_STREAM(content), room,
                                                           length < most ? length : most, NULL, NULL);
  content->over |= read == 0;
  g_task_return_int(task, read);
  g_object_unref(task);
}

static void read_async(GInputStream *stream, void *room, gsize length, int priority,
                       GCancellable *cancellable, GAsyncReadyCallback done, gpointer user) {
  E100SoupContent *content = E100_SOUP_CONTENT(stream);
  GTask *task = g_task_new(stream, cancellable, done, user);
  g_task_set_priority(task, priority);
  if (given(content) < content->now || content->now == content->length) {
    answer(content, task, room, length);
    return;
  }
  content->waiting = task;
  content->room = room;
  content->room_length = length;
}

static gssize read_finish(GInputStream *stream, GAsyncResult *result, GError **error) {
  (void)stream;
  return g_task_propagate_int(G_TASK(result), error);
}

static void e100_soup_content_class_init(E100SoupContentClass *class) {
  G_INPUT_STREAM_CLASS(class)->read_async = read_async;
  G_INPUT_STREAM_CLASS(class)->read_finish = read_finish;
}

static void e100_soup_content_init(E100SoupContent *content) {
  (void)content;
}

GInputStream *e100_soup_content_new(const void *octets, size_t length, size_t now) {
  E100SoupContent *content = g_object_new(e100_soup_content_get_type(), NULL);
  g_memory_input_stream_add_data(G_MEMORY_INPUT_STREAM(content), octets, (gssize)length, NULL);
  content->length = length;
  content->now = now;
  return G_INPUT_STREAM(content);
}

bool e100_soup_content_is_wanted(GInputStream *content) {
  return given(E100_SOUP_CONTENT(content)) > 0;
}

bool e100_soup_content_is_over(GInputStream *content) {
  return E100_SOUP_CONTENT(content)->over;
}

bool e100_soup_content_give_rest(GInputStream *stream) {
  E100SoupContent *content = E100_SOUP_CONTENT(stream);
  GTask *waiting = content->waiting;
  content->now = content->length;
  content->waiting = NULL;
  if (waiting != NULL)
    answer(content, waiting, content->room, content->room_length);
  return waiting != NULL;
}
