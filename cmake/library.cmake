# libexpect100_origin: the machines of the reference origin server and client for other programs, with a header, a pkg-config file
# and a CMake package (docs/library.md). `cmake --install BUILD --component library` installs nothing else.
#
# The archive holds the machine and the llhttp that it was built with, as one object in which only the names of
# ours (e100_...) can be seen: a program may use another llhttp beside it.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# ---- one object ------------------------------------------------------------------------------------
add_library(e100_impossible OBJECT ${PROJECT_SOURCE_DIR}/src/exchange/impossible.c)
target_link_libraries(e100_impossible PRIVATE e100_options)

if(NOT CMAKE_LINKER OR NOT CMAKE_OBJCOPY)
  message(FATAL_ERROR "The library needs a linker and objcopy: install binutils.")
endif()
set(whole ${PROJECT_BINARY_DIR}/CMakeFiles/expect100_whole.o)
set(object ${PROJECT_BINARY_DIR}/CMakeFiles/expect100_origin.o)
add_custom_command(OUTPUT ${object}
  COMMAND ${CMAKE_LINKER} -r -o ${whole}
    $<TARGET_OBJECTS:e100_machine> $<TARGET_OBJECTS:e100_llhttp> $<TARGET_OBJECTS:e100_impossible>
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=e100_* ${whole} ${object}
  DEPENDS e100_machine e100_llhttp e100_impossible
    $<TARGET_OBJECTS:e100_machine> $<TARGET_OBJECTS:e100_llhttp> $<TARGET_OBJECTS:e100_impossible>
  COMMAND_EXPAND_LISTS VERBATIM
  COMMENT "Making one object of the machine and llhttp ${E100_LLHTTP_TEXT}")
add_library(expect100_origin STATIC ${object})
set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
set_target_properties(expect100_origin PROPERTIES LINKER_LANGUAGE C EXPORT_NAME origin)

# What the sanitizers of this build, if there are any, ask of whoever links it.
get_target_property(instrumentation e100_instrumentation INTERFACE_LINK_OPTIONS)
if(NOT instrumentation)
  set(instrumentation "")
endif()
target_link_options(expect100_origin INTERFACE ${instrumentation})

# ---- headers: the same files, under a name of their own -----------------------------------------------
set(include ${PROJECT_BINARY_DIR}/include)
foreach(header machine/origin machine/engine machine/heads machine/lines machine/content machine/expect_field
               machine/coding_list machine/length_field machine/host_field machine/option_list machine/client
               machine/pool machine/response_heads machine/name_pieces machine/field_names exchange/timers)
  set(source ${PROJECT_SOURCE_DIR}/src/${header}.h)
  get_filename_component(name ${header} NAME)
  file(READ ${source} text)
  string(REGEX REPLACE "#include \"(machine|exchange)/" "#include \"expect100/" text "${text}")
  file(CONFIGURE OUTPUT ${include}/expect100/${name}.h CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
endforeach()
target_include_directories(expect100_origin INTERFACE
  $<BUILD_INTERFACE:${include}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

# ---- pkg-config and CMake -----------------------------------------------------------------------------
string(JOIN " " instrumentation ${instrumentation})
file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" up ${up})
configure_file(${PROJECT_SOURCE_DIR}/cmake/expect100-origin.pc.in
  ${PROJECT_BINARY_DIR}/generated/expect100-origin.pc @ONLY)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/expect100)
install(TARGETS expect100_origin EXPORT expect100 ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(DIRECTORY ${include}/expect100 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT expect100 NAMESPACE expect100:: FILE expect100Library.cmake DESTINATION ${package} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/generated/expect100-origin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT library)
install(DIRECTORY docs/examples/origin-server docs/examples/client DESTINATION share/doc/expect100/examples COMPONENT library)
