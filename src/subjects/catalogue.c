/* catalogue.c - the subjects of this program: the reference machines, and a machine for each fault. */
#include <stdio.h>
#include <string.h>

#include "faults/faults.h"
#include "subjects/client_subject.h"
#include "subjects/origin_subject.h"
#include "subjects/proxy_subject.h"

enum {
  FAULTY_LIMIT = 512, /* faulty machines that there is room for: a proxy's fault makes two */
  ADDED_LIMIT = 32,   /* subjects that may be added */
  MAKERS_LIMIT = 8,   /* ... and makers of subjects */
  NAME_LIMIT = 64,
  ROWS = E100_ORIGIN_STATES * E100_ORIGIN_EVENTS,
  PROXY_ROWS = E100_PROXY_STATES * E100_PROXY_EVENTS,
  CLIENT_ROWS = E100_CLIENT_STATES * E100_CLIENT_EVENTS,
  MOST_ROWS = PROXY_ROWS > CLIENT_ROWS ? PROXY_ROWS : CLIENT_ROWS
};

/* What a fault is made into. It is made once, on first use, and stays. */
struct faulty {
  char name[NAME_LIMIT];
  struct e100_row rows[ROWS > MOST_ROWS ? ROWS : MOST_ROWS];
  struct e100_table table;
  union {
    struct e100_variation origin;
    struct e100_proxy_variation proxy;
    struct e100_client_variation client;
  } variation;
  struct e100_subject subject;
};

static const struct e100_subject *added[ADDED_LIMIT];
static size_t added_count;

void e100_subject_add(const struct e100_subject *subject) {
  E100_CHECK(added_count < ADDED_LIMIT, "there is room for every subject");
  added[added_count++] = subject;
}

static e100_subject_maker *makers[MAKERS_LIMIT];
static size_t maker_count;

void e100_subject_maker_add(e100_subject_maker *maker) {
  E100_CHECK(maker_count < MAKERS_LIMIT, "there is room for every maker of subjects");
  makers[maker_count++] = maker;
}

static struct faulty faulties[FAULTY_LIMIT];
static size_t faulty_count;

/* The table of a reference with some other rows. */
static void make_table(struct faulty *faulty, const struct e100_table *reference, const struct e100_row *rows,
                       size_t count) {
  memcpy(faulty->rows, reference->rows, sizeof faulty->rows[0] * reference->states * reference->events);
  for (size_t i = 0; i < count; i++) {
    const struct e100_row *row = &rows[i];
    faulty->rows[row->state * reference->events + row->event] = *row;
  }
  faulty->table = *reference;
  faulty->table.rows = faulty->rows;
}

static struct faulty *add_faulty(const struct e100_fault_data *fault, const struct e100_subject *reference) {
  E100_CHECK(faulty_count < FAULTY_LIMIT, "there is room for every fault");
  struct faulty *faulty = &faulties[faulty_count++];
  snprintf(faulty->name, sizeof faulty->name, "fault:%s", fault->name);
  faulty->subject = *reference;
  faulty->subject.name = faulty->name;
  faulty->subject.summary = fault->text;
  faulty->subject.data = &faulty->variation;
  return faulty;
}

static void make_origin(const struct e100_fault_data *fault) {
  const struct e100_fault_parts *parts = fault->parts;
  struct faulty *faulty = add_faulty(fault, &e100_origin_subject_reference);
  make_table(faulty, &e100_origin_table, parts->rows, parts->row_count);
  faulty->variation.origin = parts->variation;
  faulty->variation.origin.events.table = &faulty->table;
}

static void make_proxy(const struct e100_fault_data *fault, const struct e100_subject *reference) {
  const struct e100_proxy_fault_parts *parts = fault->proxy_parts;
  struct faulty *faulty = add_faulty(fault, reference);
  make_table(faulty, &e100_proxy_table, parts->rows, parts->row_count);
  faulty->variation.proxy = parts->variation;
  faulty->variation.proxy.events.table = &faulty->table;
}

static void make_client(const struct e100_fault_data *fault) {
  const struct e100_client_fault_parts *parts = fault->client_parts;
  struct faulty *faulty = add_faulty(fault, &e100_client_subject_reference);
  make_table(faulty, &e100_client_table, parts->rows, parts->row_count);
  faulty->variation.client = parts->variation;
  faulty->variation.client.events.table = &faulty->table;
}

static void make(const struct e100_fault_data *fault) {
  if (fault->client_parts != NULL)
    make_client(fault);
  if (fault->parts != NULL)
    make_origin(fault);
  if (fault->proxy_parts != NULL) {
    make_proxy(fault, &e100_proxy_subject_reference);
    make_proxy(fault, &e100_gateway_subject_reference);
  }
}

static void make_all(void) {
  static size_t made;
  for (; e100_fault_at(made) != NULL; made++)
    make(e100_fault_at(made));
}

/* The reference machines, one for each role. */
static const struct e100_subject *const references[] = {
    &e100_origin_subject_reference,
    &e100_client_subject_reference,
    &e100_proxy_subject_reference,
    &e100_gateway_subject_reference,
};
enum { REFERENCES = sizeof references / sizeof references[0] };

const struct e100_subject *e100_subject_at(size_t index) {
  make_all();
  if (index < REFERENCES)
    return references[index];
  index -= REFERENCES;
  if (index < faulty_count)
    return &faulties[index].subject;
  return index - faulty_count < added_count ? added[index - faulty_count] : NULL;
}

/* The rows of a table that can be taken. */
static size_t pairs_of(const struct e100_table *table, unsigned impossible) {
  size_t total = 0;
  for (unsigned i = 0; i < (unsigned)table->states * table->events; i++)
    total += table->rows[i].action != impossible;
  return total;
}

size_t e100_machine_pairs_total(void) {
  return pairs_of(&e100_origin_table, E100_DO_IMPOSSIBLE) +
         pairs_of(&e100_client_table, E100_CLIENT_ACTION_IMPOSSIBLE) +
         pairs_of(&e100_proxy_table, E100_PROXY_DO_IMPOSSIBLE);
}

const struct e100_subject *e100_subject_named(const char *name, enum e100_role role) {
  for (size_t i = 0; e100_subject_at(i) != NULL; i++) {
    const struct e100_subject *subject = e100_subject_at(i);
    if (strcmp(subject->name, name) == 0 && subject->role == role)
      return subject;
  }
  for (size_t i = 0; i < maker_count; i++) {
    const struct e100_subject *made = makers[i](name, role);
    if (made != NULL)
      return made;
  }
  return NULL;
}
