# `cmake --install`: the program with everything that its subcommands look for, in the layout that the
# build folder has too (cmake/e100_config.h.in).

if(TARGET expect100-cli)
  install(TARGETS expect100-cli RUNTIME DESTINATION bin)
endif()
# Engines that were not built are left out.
foreach(engine IN LISTS E100_ENGINES)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/libexec/expect100/${engine} DESTINATION libexec/expect100
    USE_SOURCE_PERMISSIONS OPTIONAL)
endforeach()
if(TARGET afl_mutator)
  install(TARGETS afl_mutator LIBRARY DESTINATION libexec/expect100)
endif()
if(TARGET seeds)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/share/expect100/seeds DESTINATION share/expect100)
endif()
foreach(folder dictionaries corpus/cases corpus/found corpus/survey corpus/survey-client corpus/survey-gateway corpus/survey-proxy)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${folder})
    install(DIRECTORY ${folder} DESTINATION share/expect100
      FILES_MATCHING PATTERN "*.dict" PATTERN "*.case")
  endif()
endforeach()
install(PROGRAMS oss-fuzz/check_builds.sh DESTINATION share/expect100/oss-fuzz)
install(FILES oss-fuzz/checked_build.sh DESTINATION share/expect100/oss-fuzz)
install(FILES ${PROJECT_BINARY_DIR}/share/man/man1/expect100.1 DESTINATION share/man/man1)
install(FILES docs/expect100.bash DESTINATION share/bash-completion/completions RENAME expect100)
install(DIRECTORY known DESTINATION share/expect100 FILES_MATCHING PATTERN "*.known")
install(DIRECTORY recipes DESTINATION share/expect100 USE_SOURCE_PERMISSIONS)
install(FILES LICENSE DESTINATION share/doc/expect100)
