# Where llhttp comes from. It is not kept in this tree; what is needed is its generated C source, since
# the sanitizers and the engines must see into it. Taken in this order:
#
#   1. the folder E100_LLHTTP_DIR, where one is given
#   2. an installed source package (libllhttp-source, node-llhttp)
#   3. Debian's archives: the newest libllhttp-source (unstable), else this release's node-llhttp. Both are
#      plain source files; they are downloaded and unpacked into the build folder, with package lists of
#      their own there, so the machine's packages and its apt are left as they are
#   4. the upstream release, by its hash
#
# E100_LLHTTP_WANT=newest allows only libllhttp-source or upstream, =release only node-llhttp. Empty: as
# above. What was unpacked is kept: delete the build folder's llhttp/ to ask the archives again.
#
# Gives the target e100_llhttp, and E100_LLHTTP_ROOT (for other builds) and E100_LLHTTP_TEXT (for people).

set(E100_LLHTTP_DIR "" CACHE PATH "A folder with llhttp's generated C source")
set(E100_LLHTTP_WANT "" CACHE STRING "newest, release, or empty: the first that can be had")
set_property(CACHE E100_LLHTTP_WANT PROPERTY STRINGS "" newest release)
option(E100_LLHTTP_STRICT "llhttp 8: compile its strict mode (9 has only one mode)" OFF)

if(NOT E100_LLHTTP_WANT MATCHES "^(|newest|release)$")
  message(FATAL_ERROR "E100_LLHTTP_WANT=${E100_LLHTTP_WANT}: give newest, release, or nothing.")
endif()

set(e100_upstream_url https://github.com/nodejs/llhttp/archive/refs/tags/release/v9.4.2.tar.gz)
set(e100_upstream_hash ba717a2f99f340a0ee9796aaf2b1acca057e1e37682ffd2bc4def4d3b6bc4005)

# The source files and the header under FOLDER, in any of the layouts in which llhttp is handed around:
# OUT_SOURCES is empty where they are not all there.
function(e100_llhttp_layout folder out_sources out_header)
  set(${out_sources} "" PARENT_SCOPE)
  # name of the folder with the C files | of the one with the header
  foreach(layout "src|include" "usr/src/llhttp/src|usr/src/llhttp/include"
                 ".|include" ".|include/llhttp" ".|../include/llhttp" ".|../include" ".|."
                 "usr/share/llhttp|usr/share/include/llhttp"
                 "usr/share/llhttp|usr/include" "usr/share/llhttp|usr/include/llhttp")
    string(REPLACE "|" ";" layout ${layout})
    list(GET layout 0 code)
    list(GET layout 1 header)
    if(EXISTS ${folder}/${code}/llhttp.c AND EXISTS ${folder}/${code}/api.c AND EXISTS ${folder}/${code}/http.c
       AND EXISTS ${folder}/${header}/llhttp.h)
      set(found ${folder}/${code}/llhttp.c ${folder}/${code}/api.c ${folder}/${code}/http.c)
      set(${out_sources} ${found} PARENT_SCOPE)
      set(${out_header} ${folder}/${header} PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Downloads PACKAGE of SUITE from the machine's own Debian mirror and unpacks it into FOLDER. WHY is empty
# on success, else a sentence.
function(e100_llhttp_from_archive package suite folder why)
  find_program(E100_APT_GET apt-get)
  find_program(E100_DPKG dpkg)
  mark_as_advanced(E100_APT_GET E100_DPKG)
  if(NOT E100_APT_GET OR NOT E100_DPKG)
    set(${why} "no apt-get and dpkg here" PARENT_SCOPE)
    return()
  endif()
  e100_debian_mirror(mirror)
  message(STATUS "llhttp: asking ${mirror} for ${package} of ${suite}")
  set(apt ${folder}.apt)
  file(REMOVE_RECURSE ${apt} ${folder})
  file(MAKE_DIRECTORY ${apt}/lists/partial ${apt}/cache/archives/partial ${apt}/unpacked)
  set(keyring /usr/share/keyrings/debian-archive-keyring.gpg)
  set(signed "")
  if(EXISTS ${keyring})
    set(signed "[signed-by=${keyring}] ")
  endif()
  file(WRITE ${apt}/sources.list "deb ${signed}${mirror} ${suite} main\n")
  # Read after the machine's own configuration, so proxies and the like stay; hooks that would touch the
  # machine's caches do not.
  file(WRITE ${apt}/apt.conf "
Dir::Etc::sourcelist \"${apt}/sources.list\";
Dir::Etc::sourceparts \"-\";
Dir::State::Lists \"${apt}/lists\";
Dir::Cache \"${apt}/cache\";
Acquire::Languages \"none\";
Acquire::Retries \"2\";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
")
  foreach(command "update" "download;${package}")
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${E100_APT_GET} -q -c=${apt}/apt.conf ${command}
      WORKING_DIRECTORY ${apt} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 300)
    if(failed)
      break()
    endif()
  endforeach()
  file(GLOB archives ${apt}/${package}_*.deb)
  if(archives)
    execute_process(COMMAND ${E100_DPKG} -x ${archives} ${apt}/unpacked
      RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  endif()
  e100_llhttp_layout(${apt}/unpacked sources header)
  if(failed OR NOT sources)
    string(REGEX MATCHALL "[EW]: [^\n]*" complaints "${said}")
    string(JOIN " " complaints ${complaints})
    set(${why} "${package} of ${suite} could not be had from ${mirror}. ${complaints}" PARENT_SCOPE)
  else()
    # Moved into place only when whole: an interrupt leaves nothing that looks finished.
    file(RENAME ${apt}/unpacked ${folder})
    set(${why} "" PARENT_SCOPE)
  endif()
  file(REMOVE_RECURSE ${apt})
endfunction()

# The mirror from which this machine takes its Debian packages; where it is no Debian, Debian's own.
function(e100_debian_mirror out)
  e100_os_release(ID id)
  e100_os_release(VERSION_CODENAME codename)
  if(id STREQUAL "debian")
    execute_process(COMMAND ${E100_APT_GET} indextargets --format "$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
      "Created-By: Packages" OUTPUT_VARIABLE targets ERROR_QUIET)
    if(targets MATCHES "(^|\n)([^|\n]*)\\|(${codename}|stable|testing|unstable|sid)\\|main")
      set(${out} ${CMAKE_MATCH_2} PARENT_SCOPE)
      return()
    endif()
  endif()
  set(${out} http://deb.debian.org/debian/ PARENT_SCOPE)
endfunction()

# One value of /etc/os-release; empty where there is none.
function(e100_os_release key out)
  set(${out} "" PARENT_SCOPE)
  if(EXISTS /etc/os-release)
    file(STRINGS /etc/os-release lines REGEX "^${key}=")
    string(REGEX REPLACE "^${key}=\"?([^\"]*)\"?$" "\\1" value "${lines}")
    set(${out} "${value}" PARENT_SCOPE)
  endif()
endfunction()

# Unpacks the upstream release into FOLDER.
function(e100_llhttp_from_upstream folder why)
  message(STATUS "llhttp: asking ${e100_upstream_url}")
  set(archive ${folder}.tar.gz)
  file(DOWNLOAD ${e100_upstream_url} ${archive} STATUS status TIMEOUT 120 INACTIVITY_TIMEOUT 20)
  list(GET status 0 failed)
  if(NOT failed)
    file(SHA256 ${archive} hash)
  endif()
  if(failed)
    list(GET status 1 said)
    set(${why} "the upstream release could not be had: ${said}." PARENT_SCOPE)
  elseif(NOT hash STREQUAL e100_upstream_hash)
    set(${why} "what came for the upstream release is not it: its SHA-256 is ${hash}." PARENT_SCOPE)
  else()
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${folder}.new)
    file(GLOB top ${folder}.new/*)
    file(REMOVE_RECURSE ${folder})
    file(RENAME ${top} ${folder})
    file(REMOVE_RECURSE ${folder}.new)
    set(${why} "" PARENT_SCOPE)
  endif()
  file(REMOVE ${archive})
endfunction()

# Looks in the four places; sets ROOT and FROM.
function(e100_llhttp_find out_root out_from)
  set(reasons "")
  macro(settle folder from)
    e100_llhttp_layout(${folder} sources header)
    if(sources)
      set(${out_root} ${folder} PARENT_SCOPE)
      set(${out_from} "${from}" PARENT_SCOPE)
      return()
    endif()
  endmacro()

  # What failed is said at once, as another place may do, and again if none does.
  macro(remember sentence)
    if(NOT "${sentence}" STREQUAL "")
      message(STATUS "llhttp: ${sentence}")
      string(APPEND reasons "\n  ${sentence}")
    endif()
  endmacro()

  if(E100_LLHTTP_DIR)
    settle(${E100_LLHTTP_DIR} "the given folder ${E100_LLHTTP_DIR}")
    message(FATAL_ERROR "E100_LLHTTP_DIR=${E100_LLHTTP_DIR} has no llhttp source: it needs llhttp.c, api.c, http.c "
      "(in it or in src/) and llhttp.h (in it or in include/). The upstream tags named release/... have them.")
  endif()
  if(NOT E100_LLHTTP_WANT STREQUAL "release")
    settle(/usr/src/llhttp "the installed libllhttp-source")
  endif()
  if(NOT E100_LLHTTP_WANT STREQUAL "newest")
    settle(/usr/share/llhttp "the installed node-llhttp")
  endif()

  set(kept ${PROJECT_BINARY_DIR}/llhttp)
  if(NOT E100_LLHTTP_WANT STREQUAL "release")
    if(NOT EXISTS ${kept}/newest)
      e100_llhttp_from_archive(libllhttp-source unstable ${kept}/newest why)
      remember("${why}")
    endif()
    settle(${kept}/newest "Debian's archive, libllhttp-source of unstable")
  endif()
  if(NOT E100_LLHTTP_WANT STREQUAL "newest")
    e100_os_release(VERSION_CODENAME codename)
    e100_os_release(ID id)
    if(NOT id STREQUAL "debian")
      set(codename bookworm)
    endif()
    if(NOT EXISTS ${kept}/release)
      e100_llhttp_from_archive(node-llhttp ${codename} ${kept}/release why)
      remember("${why}")
    endif()
    settle(${kept}/release "Debian's archive, node-llhttp of ${codename}")
  endif()
  if(NOT E100_LLHTTP_WANT STREQUAL "release")
    if(NOT EXISTS ${kept}/upstream)
      e100_llhttp_from_upstream(${kept}/upstream why)
      remember("${why}")
    endif()
    settle(${kept}/upstream "the upstream release v9.4.2")
  endif()
  message(FATAL_ERROR "llhttp's source could not be had:${reasons}\n"
    "Try again when the network is there, install libllhttp-source or node-llhttp, or give a folder: "
    "-DE100_LLHTTP_DIR=FOLDER.")
endfunction()

e100_llhttp_find(E100_LLHTTP_ROOT e100_llhttp_from)
e100_llhttp_layout(${E100_LLHTTP_ROOT} e100_llhttp_sources e100_llhttp_header)

set(E100_LLHTTP_TEXT "")
foreach(part MAJOR MINOR PATCH)
  file(STRINGS ${e100_llhttp_header}/llhttp.h line REGEX "#define LLHTTP_VERSION_${part} +[0-9]+")
  string(REGEX REPLACE ".* ([0-9]+).*" "\\1" E100_LLHTTP_${part} "${line}")
  list(APPEND E100_LLHTTP_TEXT "${E100_LLHTTP_${part}}")
endforeach()
string(REPLACE ";" "." E100_LLHTTP_TEXT "${E100_LLHTTP_TEXT}")
if(E100_LLHTTP_MAJOR LESS 8)
  message(FATAL_ERROR "llhttp ${E100_LLHTTP_TEXT} from ${e100_llhttp_from} is too old: 8.1.0 or newer is needed.")
endif()

add_library(e100_llhttp STATIC ${e100_llhttp_sources})
target_include_directories(e100_llhttp SYSTEM PUBLIC ${e100_llhttp_header})
target_link_libraries(e100_llhttp PRIVATE e100_instrumentation)
target_compile_options(e100_llhttp PRIVATE -w)
if(E100_ENGINE STREQUAL "afl" AND E100_SANITIZE MATCHES "undefined")
  # These three on each of its thousands of pointer steps make AFL++'s compiler take a minute for this one
  # file instead of a quarter of that. The libFuzzer build has them, and the engines share what they find.
  target_compile_options(e100_llhttp PRIVATE -fno-sanitize=alignment,null,pointer-overflow)
endif()
if(E100_LLHTTP_MAJOR EQUAL 8)
  # The header's structures depend on the mode too: everybody who includes it must know.
  target_compile_definitions(e100_llhttp PUBLIC LLHTTP_STRICT_MODE=$<BOOL:${E100_LLHTTP_STRICT}>)
  if(E100_LLHTTP_STRICT)
    string(APPEND E100_LLHTTP_TEXT " (strict)")
  else()
    string(APPEND E100_LLHTTP_TEXT " (loose)")
  endif()
endif()
message(STATUS "llhttp: ${E100_LLHTTP_TEXT}, from ${e100_llhttp_from}")
# In a folder of its own, for the builds that `expect100 ossfuzz` makes.
file(COPY ${e100_llhttp_sources} ${e100_llhttp_header}/llhttp.h DESTINATION ${PROJECT_BINARY_DIR}/llhttp/taken)
