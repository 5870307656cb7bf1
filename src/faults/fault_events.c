/* fault_events.c - machines that make other events of the same facts. */
#include "faults/fault_parts.h"

static enum e100_origin_event asks_in_10(const struct e100_request_facts *facts) {
  bool asks = facts->wrong == 0 && facts->framing != E100_CONTENT_NONE && facts->asks;
  return asks ? E100_HEAD_ASKS : e100_origin_reference.head_event(facts);
}

const struct e100_fault_parts e100_fault_parts_interim_to_10 = {
    .variation = {.events = {.head_event = asks_in_10}}};

static enum e100_origin_event content_by_expect(const struct e100_request_facts *facts) {
  bool asks = facts->wrong == 0 && facts->minor > 0 && facts->asks;
  return asks ? E100_HEAD_ASKS : e100_origin_reference.head_event(facts);
}

const struct e100_fault_parts e100_fault_parts_content_by_expect = {
    .variation = {.events = {.head_event = content_by_expect}}};
