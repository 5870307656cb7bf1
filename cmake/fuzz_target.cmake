# One line makes a fuzz target:
#
#   e100_fuzz_target(origin)
#
# builds fuzz/target_origin.c for the engine of this build (a plain replay program in the program's own
# build) as E100_TARGETS_DIR/origin. Every fuzz/target_*.c becomes one below.

set(E100_TARGETS_DIR ${PROJECT_BINARY_DIR}/libexec/expect100/$<IF:$<STREQUAL:${E100_ENGINE},>,replay,${E100_ENGINE}>
  CACHE STRING "Where the fuzz targets go")

# The state coverage feeds the engine's map by hand and must not be instrumented itself: AFL++'s compiler
# is told so by its environment, any other by leaving the flags off and, where they came from outside, by
# taking them back.
if(EXISTS ${PROJECT_SOURCE_DIR}/fuzz/state_coverage.c)
  add_library(e100_state_coverage OBJECT ${PROJECT_SOURCE_DIR}/fuzz/state_coverage.c)
  target_include_directories(e100_state_coverage PRIVATE
    $<TARGET_PROPERTY:e100_options,INTERFACE_INCLUDE_DIRECTORIES>)
  set_target_properties(e100_state_coverage PROPERTIES
    RULE_LAUNCH_COMPILE "${CMAKE_COMMAND} -E env AFL_NOOPT=1")
  target_compile_options(e100_state_coverage PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes $<$<BOOL:${E100_WERROR}>:-Werror>
    -fno-sanitize=all
    $<$<C_COMPILER_ID:Clang>:-fno-sanitize-coverage=trace-pc-guard,inline-8bit-counters,pc-table,trace-cmp,edge>)
endif()

# Words for the engines, dictionaries/NAME.dict; a target that reads choices has them in its decoder.
set(E100_DICTIONARY_raw http)
set(E100_DICTIONARY_response http)
set(E100_DICTIONARY_expect http)
set(E100_DICTIONARY_case case)

# What other people's campaigns look for beside a target: NAME.options, NAME.dict. Its seeds come from cut_seeds.
function(e100_beside_target name)
  file(GENERATE OUTPUT ${E100_TARGETS_DIR}/${name}.options CONTENT "[libfuzzer]\nmax_len = 4096\n")
  if(E100_DICTIONARY_${name})
    file(GENERATE OUTPUT ${E100_TARGETS_DIR}/${name}.dict
      INPUT ${PROJECT_SOURCE_DIR}/dictionaries/${E100_DICTIONARY_${name}}.dict)
  endif()
endfunction()

function(e100_fuzz_target name)
  add_executable(fuzz_${name} ${PROJECT_SOURCE_DIR}/fuzz/target_${name}.c)
  target_link_libraries(fuzz_${name} PRIVATE e100_options e100_checks)
  if(TARGET e100_state_coverage)
    target_link_libraries(fuzz_${name} PRIVATE e100_state_coverage)
  endif()
  set_target_properties(fuzz_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${E100_TARGETS_DIR})
  if(E100_ENGINE MATCHES "^(libfuzzer|custom)$")
    target_sources(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/custom_mutator.c)
    target_compile_definitions(fuzz_${name} PRIVATE E100_MUTATED_TARGET="${name}")
  endif()
  if(E100_ENGINE MATCHES "^(libfuzzer|afl)$")
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  elseif(E100_ENGINE STREQUAL "custom")
    set_target_properties(fuzz_${name} PROPERTIES LINKER_LANGUAGE CXX)
    separate_arguments(engine NATIVE_COMMAND "$ENV{LIB_FUZZING_ENGINE}")
    target_link_libraries(fuzz_${name} PRIVATE ${engine})
    e100_beside_target(${name})
  else()
    target_sources(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay_main.c)
  endif()
  set_property(GLOBAL APPEND PROPERTY E100_FUZZ_TARGETS ${name})
endfunction()

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/target_*.c)
foreach(source IN LISTS sources)
  string(REGEX REPLACE ".*/target_(.*)\\.c$" "\\1" name ${source})
  e100_fuzz_target(${name})
endforeach()

# What afl-fuzz loads to change inputs by their meaning. It runs inside afl-fuzz, so only a build without
# instrumentation can make it.
if(E100_ENGINE STREQUAL "" AND E100_SANITIZE STREQUAL "none")
  add_library(afl_mutator MODULE ${PROJECT_SOURCE_DIR}/fuzz/afl_mutator.c)
  target_link_libraries(afl_mutator PRIVATE e100_options e100_checks)
  target_link_options(afl_mutator PRIVATE -Wl,-Bsymbolic -Wl,--exclude-libs,ALL) # no name meets one of afl-fuzz
  set_target_properties(afl_mutator PROPERTIES PREFIX ""
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/libexec/expect100)
endif()

if(E100_ENGINE STREQUAL "replay")
  add_executable(cut_seeds ${PROJECT_SOURCE_DIR}/fuzz/cut_seeds.c)
  target_link_libraries(cut_seeds PRIVATE e100_options e100_checks)
endif()
