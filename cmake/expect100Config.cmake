# find_package(expect100): what is installed of it. The machines' library is the target expect100::origin; for a library
# of one's own there is expect100_add_subject_target.
foreach(part expect100Library expect100Subject)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/${part}.cmake)
    include(${CMAKE_CURRENT_LIST_DIR}/${part}.cmake)
  endif()
endforeach()
