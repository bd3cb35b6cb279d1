# What becomes of an installed tree: the Python wheel (scikit-build-core asks for the component `python`), the Debian package
# (cpack). tools/package makes all of them.
if(SKBUILD)
  install(TARGETS ota-sim RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT python)
  install(DIRECTORY scenarios DESTINATION ${SKBUILD_DATA_DIR}/share/ota-sim COMPONENT python)
  install(DIRECTORY docs/man/ DESTINATION ${SKBUILD_DATA_DIR}/share/man/man1 COMPONENT python)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ota-sim)
set(CPACK_PACKAGE_CONTACT "ota-sim developers <ota-sim@users.noreply.github.com>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/tools/packaging/triggers)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS python3)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "power-loss simulation of ESP32 over-the-air updates")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Runs the logic of ESP-IDF's app_update and bootloader on a simulated
flash chip, takes the power away at every instant of an update, also
while the device recovers from the last cut, and tells what can go
wrong, how likely that is, and how to replay it.")
# Debian wants manual pages compressed.
install(CODE "if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
  file(GLOB pages \"\$ENV{DESTDIR}/usr/${CMAKE_INSTALL_MANDIR}/man1/ota-sim*.1\")
  execute_process(COMMAND gzip -9nf \${pages} COMMAND_ERROR_IS_FATAL ANY)
endif()")
include(CPack)
