# The fuzz targets once per engine: one object file can't serve two engines, so each gets a build of the
# same sources in a folder of its own, engine/NAME, started from here. All share one llhttp.
#
#   libfuzzer   libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer
#   afl         AFL++ with the same
#   msan        libFuzzer with MemorySanitizer (nothing but our own code and llhttp is linked)

include(ExternalProject)

if(CMAKE_C_COMPILER_ID MATCHES "Clang" AND NOT CMAKE_C_COMPILER MATCHES "afl-")
  set(clang ${CMAKE_C_COMPILER})
else()
  find_program(E100_CLANG clang)
  set(clang ${E100_CLANG})
endif()
find_program(E100_AFL_CC afl-clang-fast)
mark_as_advanced(E100_CLANG E100_AFL_CC)

# Whether COMPILER can link with FLAG; its runtime libraries are a package of their own.
function(e100_links compiler flag out)
  set(${out} FALSE PARENT_SCOPE)
  if(NOT compiler)
    return()
  endif()
  set(probe ${PROJECT_BINARY_DIR}/CMakeFiles/probe)
  file(WRITE ${probe}.c
    "int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { return (int)(n ? d[0] & 0 : 0); }\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -E env AFL_QUIET=1 ${compiler} ${flag} ${probe}.c -o ${probe}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(NOT failed)
    set(${out} TRUE PARENT_SCOPE)
  endif()
endfunction()

if(NOT DEFINED E100_ENGINES)
  e100_links("${clang}" "-fsanitize=fuzzer,address" has_libfuzzer)
  e100_links("${E100_AFL_CC}" "-fsanitize=fuzzer" has_afl)
  set(found "")
  if(has_libfuzzer)
    list(APPEND found libfuzzer msan)
  endif()
  if(has_afl)
    list(APPEND found afl)
  endif()
  set(E100_ENGINES ${found} CACHE STRING "The engines to build the fuzz targets for: libfuzzer, afl, msan")
endif()

function(e100_engine_build name compiler engine sanitize)
  ExternalProject_Add(engine-${name}
    SOURCE_DIR ${PROJECT_SOURCE_DIR}
    BINARY_DIR ${PROJECT_BINARY_DIR}/engine/${name}
    PREFIX ${PROJECT_BINARY_DIR}/engine/${name}.steps
    CMAKE_CACHE_ARGS
      -DCMAKE_C_COMPILER:FILEPATH=${compiler}
      -DCMAKE_BUILD_TYPE:STRING=${CMAKE_BUILD_TYPE}
      -DE100_ENGINE:STRING=${engine}
      -DE100_SANITIZE:STRING=${sanitize}
      -DE100_WERROR:BOOL=${E100_WERROR}
      -DE100_TESTS:BOOL=OFF
      -DE100_LLHTTP_DIR:PATH=${E100_LLHTTP_ROOT}
      -DE100_LLHTTP_STRICT:BOOL=${E100_LLHTTP_STRICT}
      -DE100_TARGETS_DIR:STRING=${PROJECT_BINARY_DIR}/libexec/expect100/${name}
    # Engines are built beside each other, with few jobs each: the one large file of llhttp holds up its build.
    BUILD_COMMAND ${CMAKE_COMMAND} -E env AFL_QUIET=1 ${CMAKE_COMMAND} --build <BINARY_DIR> --parallel 2
    BUILD_ALWAYS ON
    INSTALL_COMMAND "")
endfunction()

set(campaign_engines "")
foreach(engine IN LISTS E100_ENGINES)
  if(engine STREQUAL "libfuzzer")
    e100_engine_build(libfuzzer "${clang}" libfuzzer address,undefined)
    list(APPEND campaign_engines engine-libfuzzer)
  elseif(engine STREQUAL "afl")
    e100_engine_build(afl "${E100_AFL_CC}" afl address,undefined)
    list(APPEND campaign_engines engine-afl)
  elseif(engine STREQUAL "msan")
    e100_engine_build(msan "${clang}" libfuzzer memory)
  else()
    message(FATAL_ERROR "E100_ENGINES: ${engine} is none of libfuzzer, afl, msan.")
  endif()
endforeach()
message(STATUS "Engines: ${E100_ENGINES}")

# All that a campaign needs, without the tests.
add_custom_target(campaign)
foreach(part expect100-cli seeds manual afl_mutator ${campaign_engines})
  if(TARGET ${part})
    add_dependencies(campaign ${part})
  endif()
endforeach()
