# What of the web layer is generated: structs and writers of the pages, compiled templates, static files.
set(GEN ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${GEN})
foreach(tool pagegen tmplgen assetgen)
    add_executable(${tool} tools/${tool}.c)
    target_link_libraries(${tool} PRIVATE base)
endforeach()
target_link_libraries(assetgen PRIVATE dep::z)

# Templates are named from the root, so that the compiler's messages name web/templates/X.html.
file(GLOB pages RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS web/pages/*.page)
file(GLOB templates RELATIVE ${CMAKE_SOURCE_DIR} CONFIGURE_DEPENDS web/templates/*.html)
file(GLOB css CONFIGURE_DEPENDS web/css/*.css)
file(GLOB ts CONFIGURE_DEPENDS web/ts/*.ts)
list(TRANSFORM pages PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE page_files)
list(TRANSFORM templates PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE template_files)
add_custom_command(OUTPUT ${GEN}/pages.h ${GEN}/pages.c
    COMMAND pagegen ${GEN} ${pages} DEPENDS pagegen ${page_files} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_custom_command(OUTPUT ${GEN}/templates.h ${GEN}/templates.c
    COMMAND tmplgen ${GEN} ${templates} DEPENDS tmplgen ${template_files} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})

# The browsers of the field: Chromium 86. esbuild comes with package.json.
if(NOT EXISTS ${CMAKE_SOURCE_DIR}/node_modules/.bin/esbuild)
    message(STATUS "installing the npm packages of package-lock.json")
    execute_process(COMMAND npm ci --no-audit --no-fund WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
        RESULT_VARIABLE npm_status OUTPUT_QUIET)
    if(npm_status)
        message(FATAL_ERROR "npm ci failed: esbuild and htmx are needed to build the pages")
    endif()
endif()
set(ESBUILD ${CMAKE_SOURCE_DIR}/node_modules/.bin/esbuild --log-level=warning --minify --charset=utf8 --target=chrome86)
foreach(js app more live hand pick desk)
    add_custom_command(OUTPUT ${GEN}/${js}.js
        COMMAND ${ESBUILD} --bundle --legal-comments=none web/ts/${js}.ts --outfile=${GEN}/${js}.js
        DEPENDS ${ts} ${CMAKE_SOURCE_DIR}/package.json WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endforeach()
foreach(sheet app more all desk)
    add_custom_command(OUTPUT ${GEN}/${sheet}.css COMMAND ${ESBUILD} --bundle web/css/${sheet}.css --outfile=${GEN}/${sheet}.css
        DEPENDS ${css} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endforeach()
# What a phone gets of them on the move: the rules that those pages use.
file(GLOB hand_words CONFIGURE_DEPENDS src/web/page_item*.c src/web/page_duty*.c src/web/page_remark*.c src/web/*_rows.c)
foreach(c page_portal page_box page_ask page_notice page_original page_climb page_oral item_fields item_verbs item_history rows names)
    list(APPEND hand_words ${CMAKE_SOURCE_DIR}/src/web/${c}.c)
endforeach()
foreach(t hand ui watch box keep act matrix copy remark duty item suggest)
    list(APPEND hand_words ${CMAKE_SOURCE_DIR}/web/ts/${t}.ts)
endforeach()
file(GLOB front_words CONFIGURE_DEPENDS src/web/*_rows.c) # those of the portal, which is where one begins
list(APPEND front_words ${CMAKE_SOURCE_DIR}/src/web/page_portal.c ${CMAKE_SOURCE_DIR}/src/web/rows.c ${CMAKE_SOURCE_DIR}/src/web/names.c)
foreach(t hand ui watch box keep act matrix copy remark duty item suggest)
    list(APPEND front_words ${CMAKE_SOURCE_DIR}/web/ts/${t}.ts)
endforeach()
add_custom_command(OUTPUT ${GEN}/front.css ${GEN}/hand.css ${GEN}/hand-print.css
    COMMAND node tools/handcss.mjs ${GEN}/all.css web/templates ${hand_words} -- ${front_words} -- ${GEN}/front.css ${GEN}/hand.css ${GEN}/hand-print.css
    DEPENDS ${GEN}/all.css ${template_files} ${hand_words} tools/handcss.mjs WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set(asset_files ${GEN}/desk.js ${GEN}/desk.css ${GEN}/hand.js ${GEN}/pick.js ${GEN}/front.css ${GEN}/hand.css ${GEN}/hand-print.css ${GEN}/app.js ${GEN}/more.js ${GEN}/live.js ${GEN}/app.css ${GEN}/more.css ${CMAKE_SOURCE_DIR}/web/icons/icons.svg ${CMAKE_SOURCE_DIR}/web/icons/icon.svg)
add_custom_command(OUTPUT ${GEN}/assets.S ${GEN}/assets.c
    COMMAND assetgen ${GEN} app.js=${GEN}/app.js more.js=${GEN}/more.js live.js=${GEN}/live.js
        app.css=${GEN}/app.css more.css=${GEN}/more.css front.css=${GEN}/front.css hand.css=${GEN}/hand.css hand-print.css=${GEN}/hand-print.css
        hand.js=${GEN}/hand.js pick.js=${GEN}/pick.js desk.js=${GEN}/desk.js desk.css=${GEN}/desk.css
        icons.svg=${CMAKE_SOURCE_DIR}/web/icons/icons.svg icon.svg=${CMAKE_SOURCE_DIR}/web/icons/icon.svg
    DEPENDS assetgen ${asset_files})
set_property(SOURCE ${GEN}/assets.S APPEND PROPERTY OBJECT_DEPENDS "${asset_files}")
target_sources(web PRIVATE ${GEN}/pages.c ${GEN}/pages.h ${GEN}/templates.c ${GEN}/templates.h ${GEN}/assets.c ${GEN}/assets.S)
target_include_directories(web PUBLIC ${GEN})
