# What CTest runs. Each test ends by itself: bounded by executions and files, with a time limit behind it.
#
#   unit      cmocka programs, tests/NAME_test.c
#   cases     the corpus through the program
#   seeds     every seed through every fuzz target, under the sanitizers
#   smoke     a short campaign of each target with each engine
#   style     formatting, clang-tidy, shellcheck, independence of the model
#   search    everything that can happen in a conversation with the machine, within bounds
#   build     the same tree with another compiler and another llhttp

# e100_test(NAME LABEL SECONDS COMMAND...)
function(e100_test name label seconds)
  add_test(NAME ${label}.${name} COMMAND ${ARGN})
  set_tests_properties(${label}.${name} PROPERTIES LABELS ${label} TIMEOUT ${seconds})
endfunction()

set(tests ${PROJECT_SOURCE_DIR}/tests)
get_property(targets GLOBAL PROPERTY E100_FUZZ_TARGETS)

# A build for one engine has no program to cut seeds with: the cases themselves are inputs too, any octets are.
if(NOT E100_ENGINE STREQUAL "")
  if(NOT E100_ENGINE STREQUAL "custom")
    foreach(target IN LISTS targets)
      e100_test(${target} seeds 600 ${tests}/run_target.sh replay $<TARGET_FILE:fuzz_${target}>
        ${PROJECT_SOURCE_DIR}/corpus)
    endforeach()
  endif()
  return()
endif()

# ---- unit: each in a folder of its own ----------------------------------------------------------
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
file(GLOB sources CONFIGURE_DEPENDS ${tests}/*_test.c)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE e100_options e100_cli PkgConfig::CMOCKA)
  target_compile_definitions(${name} PRIVATE
    E100_TEST_SOURCE="${PROJECT_SOURCE_DIR}" E100_TEST_PROGRAM="${PROJECT_BINARY_DIR}/bin/expect100")
  if(TARGET e100_state_coverage)
    target_link_libraries(${name} PRIVATE e100_state_coverage)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  set(scratch ${PROJECT_BINARY_DIR}/tests/scratch/${name})
  file(MAKE_DIRECTORY ${scratch})
  e100_test(${name} unit 300 ${name})
  set_tests_properties(unit.${name} PROPERTIES WORKING_DIRECTORY ${scratch})
endforeach()
# Scripts that try the program as a person does: tests/NAME_test.sh PROGRAM SOURCE, in a folder of its own.
file(GLOB scripts CONFIGURE_DEPENDS ${tests}/*_test.sh)
foreach(script IN LISTS scripts)
  get_filename_component(name ${script} NAME_WE)
  set(scratch ${PROJECT_BINARY_DIR}/tests/scratch/${name})
  file(MAKE_DIRECTORY ${scratch})
  e100_test(${name} unit 300 ${script} ${PROJECT_BINARY_DIR}/bin/expect100 ${PROJECT_SOURCE_DIR})
  set_tests_properties(unit.${name} PROPERTIES WORKING_DIRECTORY ${scratch})
endforeach()

# ---- cases and seeds ----------------------------------------------------------------------------
set(share ${PROJECT_BINARY_DIR}/share/expect100)
if(TARGET seeds)
  add_test(NAME cases.replay COMMAND expect100-cli replay ${PROJECT_SOURCE_DIR}/corpus)
  set_tests_properties(cases.replay PROPERTIES LABELS cases TIMEOUT 120)
  add_test(NAME cases.lint COMMAND expect100-cli lint ${PROJECT_SOURCE_DIR}/corpus)
  set_tests_properties(cases.lint PROPERTIES LABELS cases TIMEOUT 120)
  foreach(target IN LISTS targets)
    e100_test(replay.${target} seeds 300 ${tests}/run_target.sh replay $<TARGET_FILE:fuzz_${target}>
      ${share}/seeds/${target})
  endforeach()
endif()

# ---- the engines: seeds under the sanitizers, and short campaigns -----------------------------------
if(TARGET seeds)
  foreach(engine IN LISTS E100_ENGINES)
    foreach(target IN LISTS targets)
      set(binary ${PROJECT_BINARY_DIR}/libexec/expect100/${engine}/${target})
      if(NOT engine STREQUAL "afl")
        e100_test(${engine}.${target} seeds 600 ${tests}/run_target.sh replay ${binary} ${share}/seeds/${target})
      endif()
      if(engine STREQUAL "afl")
        e100_test(${engine}.${target} smoke 300 ${tests}/run_target.sh afl ${binary} ${share}/seeds/${target}
          ${share}/dictionaries/${E100_DICTIONARY_${target}}.dict 2000)
        set_tests_properties(smoke.${engine}.${target} PROPERTIES PROCESSORS 1)
      else()
        e100_test(${engine}.${target} smoke 300 ${tests}/run_target.sh libfuzzer ${binary}
          ${share}/seeds/${target} ${share}/dictionaries/${E100_DICTIONARY_${target}}.dict 20000)
      endif()
    endforeach()
  endforeach()
endif()

# Libraries in this process, each with what is known of its version.
if(TARGET seeds AND "libfuzzer" IN_LIST E100_ENGINES)
  set(rest ${E100_LIBRARY_SUBJECTS})
  while(rest)
    list(POP_FRONT rest subject target)
    string(REPLACE ":" "-" name ${subject})
    e100_test(libfuzzer.${name} smoke 300 ${tests}/library_campaign.sh ${PROJECT_BINARY_DIR}/bin/expect100
      ${PROJECT_BINARY_DIR}/libexec/expect100/libfuzzer/${target} ${subject} ${PROJECT_SOURCE_DIR}/known
      ${share}/seeds/${target} 2000)
    set_tests_properties(smoke.libfuzzer.${name} PROPERTIES SKIP_RETURN_CODE 77)
  endwhile()
endif()

# A pull request's campaign, with its budget of executions, on machines that somebody has broken.
if(TARGET seeds AND "libfuzzer" IN_LIST E100_ENGINES)
  e100_test(pull_request smoke 300 ${tests}/pull_request.sh ${PROJECT_BINARY_DIR}/bin/expect100 ${PROJECT_SOURCE_DIR})
endif()

# ---- style ------------------------------------------------------------------------------------------
# Another version of clang-format formats otherwise: without version 14 there is no such test.
function(e100_version_14 tool out)
  set(${out} "" PARENT_SCOPE)
  foreach(name ${tool}-14 ${tool})
    find_program(E100_${name} ${name})
    mark_as_advanced(E100_${name})
    if(E100_${name})
      execute_process(COMMAND ${E100_${name}} --version OUTPUT_VARIABLE version)
      if(version MATCHES "version 14\\.")
        set(${out} ${E100_${name}} PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
  message(STATUS "${tool} 14 is not here: what it checks is left out")
endfunction()

if(E100_SANITIZE STREQUAL "none" AND CMAKE_C_COMPILER_ID MATCHES "Clang")
  e100_version_14(clang-format clang_format)
  if(clang_format)
    e100_test(format style 300 ${tests}/style.sh format ${PROJECT_SOURCE_DIR} ${clang_format})
  endif()
  e100_version_14(clang-tidy clang_tidy)
  if(clang_tidy)
    e100_test(tidy style 1500 ${tests}/style.sh tidy ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR} ${clang_tidy})
    set_tests_properties(style.tidy PROPERTIES PROCESSORS 2 COST 1000)
  endif()
  find_program(E100_SHELLCHECK shellcheck)
  mark_as_advanced(E100_SHELLCHECK)
  if(E100_SHELLCHECK)
    e100_test(shell style 300 ${tests}/style.sh shell ${PROJECT_SOURCE_DIR})
  endif()
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/src/model/judge.c AND E100_SANITIZE STREQUAL "none")
  e100_test(independence style 300 ${tests}/independence.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
    ${CMAKE_C_COMPILER})
endif()

# ---- build: gcc, and the llhttp that this build does not use -------------------------------------------
find_program(E100_GCC gcc)
mark_as_advanced(E100_GCC)
if(E100_GCC AND E100_ENGINES)
  if(E100_LLHTTP_DIR)
    set(other_llhttp -DE100_LLHTTP_DIR=${E100_LLHTTP_DIR})
  elseif(E100_LLHTTP_MAJOR EQUAL 8)
    set(other_llhttp -DE100_LLHTTP_WANT=newest)
  else()
    set(other_llhttp -DE100_LLHTTP_WANT=release)
  endif()
  e100_test(gcc build 1200 ${tests}/other_build.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/other/gcc
    -DCMAKE_C_COMPILER=${E100_GCC} ${other_llhttp})
  set_tests_properties(build.gcc PROPERTIES PROCESSORS 2 COST 900)
endif()

# ---- build: as OSS-Fuzz does, with the real build.sh -----------------------------------------------------
if("libfuzzer" IN_LIST E100_ENGINES AND "afl" IN_LIST E100_ENGINES)
  add_test(NAME build.ossfuzz COMMAND expect100-cli ossfuzz)
  set_tests_properties(build.ossfuzz PROPERTIES LABELS build TIMEOUT 1800 PROCESSORS 2 COST 800 ENVIRONMENT
    "E100_OSS_FUZZ_TREE=${PROJECT_SOURCE_DIR};E100_OSS_FUZZ_LLHTTP=${PROJECT_BINARY_DIR}/llhttp/taken")
endif()

# ---- search: everything that can happen, within bounds; under every policy where nothing slows it down --------
if(TARGET expect100-cli)
  set(policy all)
  set(client_policy all)
  set(proxy_policy all)
  set(shared_policy all)
  if(NOT E100_SANITIZE STREQUAL "none")
    set(policy late-100,discard)
    set(client_policy halves)
    set(proxy_policy discard)
    set(shared_policy none)
  endif()
  e100_test(check search 600 $<TARGET_FILE:expect100-cli> check --role origin --policy ${policy})
  e100_test(check_proxy search 600 $<TARGET_FILE:expect100-cli> check --role proxy --clients 1 --policy ${proxy_policy})
  e100_test(check_gateway search 600 $<TARGET_FILE:expect100-cli> check --role gateway --clients 1 --policy ${proxy_policy})
  e100_test(check_shared_proxy search 600 $<TARGET_FILE:expect100-cli> check --role proxy --clients 2 --policy ${shared_policy})
  e100_test(check_shared_gateway search 600 $<TARGET_FILE:expect100-cli> check --role gateway --clients 2 --policy ${shared_policy})
  e100_test(check_client search 600 $<TARGET_FILE:expect100-cli> check --role client --policy ${client_policy})
endif()

# ---- coverage: the lines that all of the above reached ---------------------------------------------------
if(E100_SANITIZE STREQUAL "coverage")
  get_property(all DIRECTORY PROPERTY TESTS)
  # %m merges the runs of a program in place: one file a program, not one a run.
  set_tests_properties(${all} PROPERTIES
    ENVIRONMENT LLVM_PROFILE_FILE=${PROJECT_BINARY_DIR}/profiles/%m.profraw)
  e100_test(lines coverage 120 ${tests}/coverage.sh ${PROJECT_BINARY_DIR})
  set_tests_properties(coverage.lines PROPERTIES DEPENDS "${all}")
endif()
