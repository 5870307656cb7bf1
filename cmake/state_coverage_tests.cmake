# Every engine build of every target that has states shows that its engine takes them for coverage.
if(TARGET seeds)
  foreach(engine IN LISTS E100_ENGINES)
    foreach(target origin raw judge client response proxy chain)
      # Seeds of a chain only ask: what else happens in one is in those of proxies and clients, which it takes as well.
      set(folders ${target})
      if(target STREQUAL "chain")
        list(APPEND folders proxy client)
      endif()
      list(TRANSFORM folders PREPEND ${PROJECT_BINARY_DIR}/share/expect100/seeds/)
      e100_test(states.${engine}.${target} seeds 300 ${PROJECT_SOURCE_DIR}/tests/state_coverage.sh ${engine}
        ${PROJECT_BINARY_DIR}/libexec/expect100/${engine}/${target} ${folders})
    endforeach()
  endforeach()
endif()

# Several machines share a corpus, and lose nothing.
if(TARGET seeds AND "libfuzzer" IN_LIST E100_ENGINES)
  e100_test(shared_corpus.origin smoke 300 ${PROJECT_SOURCE_DIR}/tests/shared_corpus.sh
    ${PROJECT_BINARY_DIR}/libexec/expect100/libfuzzer/origin ${PROJECT_BINARY_DIR}/share/expect100/seeds/origin)
endif()

# ... and with AFL++. Each of its runs takes seconds to start, so this takes half a minute.
if(TARGET seeds AND "afl" IN_LIST E100_ENGINES)
  e100_test(shared_queues.origin smoke 300 ${PROJECT_SOURCE_DIR}/tests/shared_queues.sh
    ${PROJECT_BINARY_DIR}/libexec/expect100/afl/origin ${PROJECT_BINARY_DIR}/share/expect100/seeds/origin)
endif()
