# The program `expect100`, and the seeds that it cuts from the cases.

find_package(PkgConfig REQUIRED)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(LIBMD REQUIRED IMPORTED_TARGET libmd)

include(page_text)
e100_component(e100_report FROM src/report
  USES e100_checks e100_subjects e100_model e100_rules e100_exchange PkgConfig::JANSSON PkgConfig::LIBMD)

pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl)
e100_component(e100_live FROM src/live USES e100_subjects e100_exchange PkgConfig::LIBUV PkgConfig::OPENSSL)
e100_component(e100_record FROM src/record USES e100_live e100_capture e100_model e100_exchange PkgConfig::LIBUV)
e100_component(e100_serving FROM src/serving USES e100_machine e100_exchange PkgConfig::LIBUV)
e100_component(e100_survey FROM src/survey USES e100_live e100_report e100_subjects e100_model e100_exchange)

# The subcommands are a library, so that tests can call them.
e100_component(e100_cli FROM src/cli LEAVE_OUT main
  USES e100_survey e100_record e100_serving e100_live e100_report e100_checks e100_search PkgConfig::LIBUV PkgConfig::LIBMD)
# Captures of packets.
pkg_check_modules(LIBPCAP REQUIRED IMPORTED_TARGET libpcap)
target_link_libraries(e100_cli PUBLIC e100_capture PkgConfig::LIBPCAP)

add_executable(expect100-cli src/cli/main.c)
target_link_libraries(expect100-cli PRIVATE e100_options e100_cli)
if(TARGET e100_state_coverage)
  target_link_libraries(expect100-cli PRIVATE e100_state_coverage)
endif()
set_target_properties(expect100-cli PROPERTIES
  OUTPUT_NAME expect100 RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# The build folder mirrors the installed layout: data are links to the sources, so never stale.
set(share ${PROJECT_BINARY_DIR}/share/expect100)
file(MAKE_DIRECTORY ${share})
foreach(pair "dictionaries dictionaries" "cases corpus/cases" "found corpus/found" "survey corpus/survey" "survey-gateway corpus/survey-gateway"
             "survey-client corpus/survey-client" "survey-proxy corpus/survey-proxy" "recipes recipes" "known known"
             "oss-fuzz oss-fuzz")
  separate_arguments(pair)
  list(GET pair 0 name)
  list(GET pair 1 from)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${from} ${share}/${name} SYMBOLIC)
endforeach()

# Seeds of each target, cut anew whenever a case or the program changes.
if(TARGET expect100-cli AND EXISTS ${PROJECT_SOURCE_DIR}/src/cli/seeds_command.c)
  file(GLOB_RECURSE cases CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/corpus/*.case)
  add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/seeds.stamp
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${share}/seeds
    COMMAND expect100-cli seeds ${share}/seeds
    COMMAND ${CMAKE_COMMAND} -E touch ${PROJECT_BINARY_DIR}/seeds.stamp
    DEPENDS expect100-cli ${cases}
    COMMENT "Cutting seeds from the cases")
  add_custom_target(seeds ALL DEPENDS ${PROJECT_BINARY_DIR}/seeds.stamp)
endif()

# The manual page, from its frame and the program's own help.
if(TARGET expect100-cli)
  set(manual ${PROJECT_BINARY_DIR}/share/man/man1/expect100.1)
  set(manual_parts ${PROJECT_SOURCE_DIR}/docs/expect100.1.in ${PROJECT_SOURCE_DIR}/cmake/manual.sh)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/man/man1)
  add_custom_command(OUTPUT ${manual}
    COMMAND ${PROJECT_SOURCE_DIR}/cmake/manual.sh ${PROJECT_SOURCE_DIR}/docs/expect100.1.in
      $<TARGET_FILE:expect100-cli> ${PROJECT_VERSION} > ${manual}
    DEPENDS expect100-cli ${manual_parts}
    COMMENT "Making the manual page")
  add_custom_target(manual ALL DEPENDS ${manual})
endif()
