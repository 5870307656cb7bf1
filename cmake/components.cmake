# The components: one static library for each folder of src, and the checks of fuzz. Who may use whom is
# said here and nowhere else, and data goes one way: the model can't see the machine or llhttp.

# e100_component(NAME FOLDER USES...): a library of FOLDER/*.c. While a folder has no sources it is only
# its uses.
function(e100_component name)
  cmake_parse_arguments(arg "" "FROM" "USES;LEAVE_OUT" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${arg_FROM}/*.c)
  foreach(pattern IN LISTS arg_LEAVE_OUT)
    list(FILTER sources EXCLUDE REGEX "/${pattern}\\.c$")
  endforeach()
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PRIVATE e100_options PUBLIC ${arg_USES})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_USES})
  endif()
endfunction()

configure_file(${PROJECT_SOURCE_DIR}/cmake/e100_config.h.in ${PROJECT_BINARY_DIR}/generated/e100_config.h)

e100_component(e100_exchange FROM src/exchange)
e100_component(e100_rules FROM src/rules USES e100_exchange)
e100_component(e100_model FROM src/model USES e100_rules e100_exchange)
e100_component(e100_capture FROM src/capture USES e100_model e100_rules e100_exchange)
e100_component(e100_machine FROM src/machine USES e100_rules e100_exchange e100_llhttp)
e100_component(e100_faults FROM src/faults USES e100_machine e100_rules e100_exchange)
e100_component(e100_subjects FROM src/subjects USES e100_faults e100_machine e100_exchange)
e100_component(e100_search FROM src/search USES e100_subjects e100_model e100_machine)
include(libraries)
e100_component(e100_checks FROM fuzz USES e100_libraries e100_subjects e100_capture e100_model e100_machine
  LEAVE_OUT "target_[^/]*" replay_main state_coverage cut_seeds custom_mutator afl_mutator)

# What makes and changes inputs runs before each execution, beside the target: an engine learns nothing from its
# coverage, and to take it costs more than the target itself. The sanitizers stay.
if(E100_ENGINE MATCHES "^(libfuzzer|custom)$" AND CMAKE_C_COMPILER_ID MATCHES "Clang")
  set(makers exchange_changes input_changes message_changes message_maker turn_maker custom_mutator)
  list(TRANSFORM makers PREPEND ${PROJECT_SOURCE_DIR}/fuzz/)
  list(APPEND makers ${PROJECT_SOURCE_DIR}/src/exchange/choices_written)
  list(TRANSFORM makers APPEND .c)
  set_source_files_properties(${makers} PROPERTIES COMPILE_OPTIONS
    -fno-sanitize-coverage=trace-pc-guard,inline-8bit-counters,pc-table,trace-cmp,edge)
endif()

# libFuzzer is told what code compares, for its changes to octets. Outside of the machines and llhttp what is compared is
# seldom what stands in an input, and to tell it takes half of the time of a campaign.
option(E100_TELL_COMPARISONS "Tell libFuzzer what the model and the checks compare, too" OFF)
if(E100_ENGINE MATCHES "^(libfuzzer|custom)$" AND CMAKE_C_COMPILER_ID MATCHES "Clang" AND NOT E100_TELL_COMPARISONS)
  foreach(component e100_exchange e100_rules e100_model e100_capture e100_subjects e100_faults e100_checks)
    target_compile_options(${component} PRIVATE -fno-sanitize-coverage=trace-cmp)
  endforeach()
endif()
