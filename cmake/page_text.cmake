# The style and the script of the HTML report, as arrays: files that people can edit become texts of the program.

function(e100_page_text name file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} octets HEX)
  string(REGEX REPLACE "(..)" "0x\\1," octets "${octets}")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${name}.h
    CONTENT "/* Made from ${file}. */\nstatic const char ${name}[] = {${octets}0x00};\n" @ONLY)
endfunction()

e100_page_text(page_css ${PROJECT_SOURCE_DIR}/src/report/page.css)
e100_page_text(page_js ${PROJECT_SOURCE_DIR}/src/report/page.js)
