# Other people's libraries in this process, as subjects "lib:NAME": those whose development package is
# here. MemorySanitizer can't see into them, and a foreign engine's image need not have them.

option(E100_LIBRARIES "Make subjects of the libraries that are installed" ON)

set(absent "")
set(found "")
set(linked "")
set(E100_LIBRARY_SUBJECTS "") # each with the fuzz target that plays it
set(subjects_evhttp lib:evhttp origin)
set(subjects_microhttpd lib:microhttpd origin)
set(subjects_soup lib:soup origin lib:soup-client client)
set(subjects_curl lib:curl client)
find_package(PkgConfig)
foreach(pair "evhttp libevent" "microhttpd libmicrohttpd" "soup libsoup-3.0" "curl libcurl")
  separate_arguments(pair)
  list(GET pair 0 name)
  list(GET pair 1 package)
  string(TOUPPER ${name} upper)
  if(PkgConfig_FOUND AND E100_LIBRARIES AND NOT E100_SANITIZE MATCHES "memory" AND NOT E100_ENGINE STREQUAL "custom")
    pkg_check_modules(E100_${upper} QUIET IMPORTED_TARGET ${package})
  endif()
  if(TARGET PkgConfig::E100_${upper})
    list(APPEND found E100_HAS_${upper})
    list(APPEND linked PkgConfig::E100_${upper})
    list(APPEND E100_LIBRARY_SUBJECTS ${subjects_${name}})
  else()
    list(APPEND absent "library_${name}[^/]*")
  endif()
endforeach()

e100_component(e100_libraries FROM src/libraries LEAVE_OUT ${absent} USES e100_subjects e100_exchange ${linked})
target_compile_definitions(e100_libraries PRIVATE ${found})
