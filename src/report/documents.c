/* documents.c - which documents are made. */
#include "report/documents.h"

static const struct e100_document documents[] = {
    {"rules.md", e100_write_rule_book},           {"readings-and-policies.md", e100_write_readings_book},
    {"faults.md", e100_write_fault_book},         {"llhttp.md", e100_write_llhttp_book},
    {"origin-table.md", e100_write_origin_table}, {"origin-states.svg", e100_write_origin_states},
    {"client-table.md", e100_write_client_table}, {"client-states.svg", e100_write_client_states},
    {"proxy-table.md", e100_write_proxy_table},   {"proxy-states.svg", e100_write_proxy_states},
};

const struct e100_document *e100_document_at(size_t index) {
  return index < sizeof documents / sizeof documents[0] ? &documents[index] : NULL;
}
