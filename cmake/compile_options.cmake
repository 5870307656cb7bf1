# How our own code, and llhttp with it, is compiled.
#
# Two interface targets: e100_instrumentation (sanitizers, coverage, the engine's instrumentation) goes on
# every file, llhttp's too: a parser without it would make the sanitizers blind to the overreads that
# matter. e100_options adds the warnings and is for our own code only.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # POSIX declarations; -Wpedantic keeps the language itself standard
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# The custom engine's flags come from outside, all of them: nothing is added there.
if(NOT CMAKE_BUILD_TYPE AND NOT E100_ENGINE STREQUAL "custom")
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "The kind of build" FORCE)
endif()

add_library(e100_instrumentation INTERFACE)
add_library(e100_options INTERFACE)
target_link_libraries(e100_options INTERFACE e100_instrumentation)
target_compile_options(e100_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
  $<$<BOOL:${E100_WERROR}>:-Werror>)
target_include_directories(e100_options INTERFACE
  ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)

# Sanitizer flags for both compiling and linking. The first report ends the process: a campaign counts
# on it, and a test would pass otherwise.
function(e100_instrument)
  target_compile_options(e100_instrumentation INTERFACE ${ARGN})
  target_link_options(e100_instrumentation INTERFACE ${ARGN})
endfunction()

if(E100_ENGINE STREQUAL "custom")
  if(NOT E100_SANITIZE STREQUAL "none")
    message(FATAL_ERROR "E100_ENGINE=custom takes its sanitizers from CFLAGS: leave E100_SANITIZE alone.")
  endif()
elseif(E100_SANITIZE STREQUAL "coverage")
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "E100_SANITIZE=coverage needs clang: configure with -DCMAKE_C_COMPILER=clang.")
  endif()
  e100_instrument(-fprofile-instr-generate -fcoverage-mapping)
elseif(E100_SANITIZE STREQUAL "memory")
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "E100_SANITIZE=memory needs clang: configure with -DCMAKE_C_COMPILER=clang.")
  endif()
  e100_instrument(-fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer)
elseif(E100_SANITIZE MATCHES "^(address|undefined|address,undefined)$")
  e100_instrument(-fsanitize=${E100_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(NOT E100_SANITIZE STREQUAL "none")
  message(FATAL_ERROR "E100_SANITIZE=${E100_SANITIZE}: give address,undefined | memory | undefined | "
                      "address | coverage | none.")
endif()

if(E100_ENGINE STREQUAL "libfuzzer")
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "E100_ENGINE=libfuzzer needs clang: configure with -DCMAKE_C_COMPILER=clang.")
  endif()
  target_compile_options(e100_instrumentation INTERFACE -fsanitize=fuzzer-no-link)
elseif(E100_ENGINE STREQUAL "afl")
  if(NOT CMAKE_C_COMPILER MATCHES "afl-clang")
    message(FATAL_ERROR "E100_ENGINE=afl needs AFL++: configure with -DCMAKE_C_COMPILER=afl-clang-fast.")
  endif()
elseif(E100_ENGINE STREQUAL "custom")
  # The engine may be C++ (a flag under one fuzzer, a path to an archive under another): link as C++.
  enable_language(CXX)
  if("$ENV{LIB_FUZZING_ENGINE}" STREQUAL "")
    message(FATAL_ERROR "E100_ENGINE=custom: set LIB_FUZZING_ENGINE to the engine's flag or archive.")
  endif()
elseif(NOT E100_ENGINE MATCHES "^(|replay)$")
  message(FATAL_ERROR "E100_ENGINE=${E100_ENGINE}: give libfuzzer, afl, replay, custom, or nothing.")
endif()
