# cmake -D OUT=FILE.c -D FOLDER=sim/report/html -P embed.cmake: the page's files as C strings.
set(scripts dom.js words.js flash_map.js time_axis.js gestures.js timeline_picture.js timeline.js state_graph.js source_view.js findings.js scenario_view.js page.js)

function(add_string name)
  set(hex "")
  foreach(file IN LISTS ARGN)
    file(READ ${FOLDER}/${file} part HEX)
    string(APPEND hex ${part})
  endforeach()
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  file(APPEND ${OUT}.new "const char ${name}[] = {\n${bytes}0};\n")
endfunction()

file(WRITE ${OUT}.new "#include \"html_assets.h\"\n\n")
add_string(html_page page.html)
add_string(html_style page.css)
add_string(html_script ${scripts})
file(RENAME ${OUT}.new ${OUT})
