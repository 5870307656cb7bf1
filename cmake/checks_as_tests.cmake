# What CTest runs.

if(E100_ENGINE STREQUAL "")
  pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

  # Each tests/NAME_test.c is a cmocka program, run in a folder of its own.
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/*_test.c)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE e100_options e100_report e100_checks PkgConfig::CMOCKA)
    target_compile_definitions(${name} PRIVATE
      E100_TEST_SOURCE="${PROJECT_SOURCE_DIR}" E100_TEST_PROGRAM="${PROJECT_BINARY_DIR}/bin/expect100")
    if(TARGET e100_state_coverage)
      target_link_libraries(${name} PRIVATE e100_state_coverage)
    endif()
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    set(scratch ${PROJECT_BINARY_DIR}/tests/scratch/${name})
    file(MAKE_DIRECTORY ${scratch})
    add_test(NAME unit.${name} COMMAND ${name} WORKING_DIRECTORY ${scratch})
    set_tests_properties(unit.${name} PROPERTIES LABELS unit TIMEOUT 300)
  endforeach()
endif()
