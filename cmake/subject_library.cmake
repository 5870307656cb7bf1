# libexpect100_subject: what somebody needs to play, judge and fuzz a library of their own (docs/your-library.md): the
# exchange, the rules, the model, the checks, the player, the main of a replay program. With headers, the cases, and a
# CMake function. `cmake --install BUILD --component subject` installs nothing else.
#
# It is there in the program's own build, and in one for a foreign engine (E100_ENGINE=custom), whose flags it has then.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(NOT CMAKE_NM OR NOT CMAKE_OBJCOPY OR NOT CMAKE_AR)
  message(FATAL_ERROR "The library needs nm, ar and objcopy: install binutils.")
endif()

# The main, with what it needs of the program, and nothing that needs another library.
add_library(e100_outside OBJECT
  ${PROJECT_SOURCE_DIR}/src/outside/subject_main.c ${PROJECT_SOURCE_DIR}/src/outside/subject_fuzz.c
  ${PROJECT_SOURCE_DIR}/src/cli/options.c ${PROJECT_SOURCE_DIR}/src/cli/complain.c
  ${PROJECT_SOURCE_DIR}/src/cli/case_file.c ${PROJECT_SOURCE_DIR}/src/cli/files.c ${PROJECT_SOURCE_DIR}/src/cli/known.c
  ${PROJECT_SOURCE_DIR}/src/report/finding_text.c
  # Without the libraries that the program itself can play: it adds none.
  ${PROJECT_SOURCE_DIR}/src/libraries/libraries_added.c)
target_link_libraries(e100_outside PRIVATE e100_options)

# A program may have another llhttp beside it: the names of ours begin with e100_ in here.
set(archive ${PROJECT_BINARY_DIR}/CMakeFiles/libexpect100_subject.a)
set(objects "")
foreach(component outside exchange rules model capture machine faults subjects checks llhttp state_coverage)
  list(APPEND objects $<TARGET_OBJECTS:e100_${component}>)
endforeach()
add_custom_command(OUTPUT ${archive}
  COMMAND ${PROJECT_SOURCE_DIR}/cmake/renamed_archive.sh ${CMAKE_AR} ${CMAKE_NM} ${CMAKE_OBJCOPY} ${archive} llhttp_
    ${objects}
  DEPENDS ${objects} ${PROJECT_SOURCE_DIR}/cmake/renamed_archive.sh
  COMMAND_EXPAND_LISTS VERBATIM
  COMMENT "Making the library for subjects of others")
add_custom_target(expect100_subject_archive ALL DEPENDS ${archive})

# Headers under expect100/, as with the machines' library.
set(subject_include ${PROJECT_BINARY_DIR}/include-subject)
foreach(header subjects/subject exchange/exchange exchange/impossible exchange/timers outside/outside)
  set(source ${PROJECT_SOURCE_DIR}/src/${header}.h)
  get_filename_component(name ${header} NAME)
  file(READ ${source} text)
  string(REGEX REPLACE "#include \"(subjects|exchange)/" "#include \"expect100/" text "${text}")
  file(CONFIGURE OUTPUT ${subject_include}/expect100/${name}.h CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
endforeach()

# What the sanitizers of this build, if there are any, ask of whoever links it.
get_target_property(E100_SUBJECT_LINK e100_instrumentation INTERFACE_LINK_OPTIONS)
if(NOT E100_SUBJECT_LINK)
  set(E100_SUBJECT_LINK "")
endif()
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/expect100)
set(subject_library ${CMAKE_INSTALL_LIBDIR}/libexpect100_subject.a)
set(subject_includes ${CMAKE_INSTALL_INCLUDEDIR})
set(subject_data share/expect100)
set(generated ${PROJECT_BINARY_DIR}/generated)
configure_package_config_file(cmake/expect100Subject.cmake.in ${generated}/expect100Subject.cmake
  INSTALL_DESTINATION ${package} PATH_VARS subject_library subject_includes subject_data
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${generated}/expect100ConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(FILES ${archive} DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT subject)
install(DIRECTORY ${subject_include}/expect100 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT subject)
install(FILES ${generated}/expect100Subject.cmake DESTINATION ${package} COMPONENT subject)
foreach(component library subject)
  install(FILES cmake/expect100Config.cmake ${generated}/expect100ConfigVersion.cmake DESTINATION ${package}
    COMPONENT ${component})
endforeach()
install(FILES src/outside/target_of_subject.c src/outside/main_of_subject.c DESTINATION ${subject_data}/subject
  COMPONENT subject)
install(DIRECTORY corpus/cases corpus/found DESTINATION ${subject_data} COMPONENT subject FILES_MATCHING
  PATTERN "*.case")
install(DIRECTORY docs/examples/own-server DESTINATION share/doc/expect100/examples COMPONENT subject)
