# What each part costs (docs/cost.md): the program whose instructions bench/cost.sh counts. It is built with
# everything else, so that it cannot rot.
add_executable(cost ${PROJECT_SOURCE_DIR}/bench/cost.c)
target_link_libraries(cost PRIVATE e100_options e100_checks)
set_target_properties(cost PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
