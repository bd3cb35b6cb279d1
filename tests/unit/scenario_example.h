// Scenarios for the tests of running: a small board with two slots, written as people write it.
#ifndef TESTS_UNIT_SCENARIO_EXAMPLE_H
#define TESTS_UNIT_SCENARIO_EXAMPLE_H

#include <string.h>

#include <cmocka.h>

#include "sim/base/buffer.h"
#include "sim/language/diagnostic.h"
#include "sim/language/diagnostic_render.h"
#include "sim/language/reader.h"

// 1 MiB, ota_0 running "old", which confirms itself. What follows in a test are `steps:` and more.
#define BOARD_WITH(release, config)                                                                          \
    "name: example\n"                                                                                        \
    "board:\n"                                                                                               \
    "  size: 1M\n"                                                                                           \
    "  release: " release "\n"                                                                               \
    "  partitions: |\n"                                                                                      \
    "    otadata, data, ota,   0xd000,  0x2000\n"                                                            \
    "    ota_0,   app,  ota_0, 0x10000, 64K\n"                                                               \
    "    ota_1,   app,  ota_1, ,        64K\n"                                                               \
    "  config: {" config "}\n"                                                                               \
    "images:\n"                                                                                              \
    "  old: {version: 1.0.0, at_boot: confirm}\n"                                                            \
    "  new: {version: 2.0.0, at_boot: confirm, size: 20K}\n"                                                 \
    "  crashes: {version: 3.0.0, at_boot: crash}\n"                                                          \
    "  hangs: {version: 4.0.0, at_boot: hang}\n"                                                             \
    "  fails: {version: 5.0.0, at_boot: self_test_fails}\n"                                                  \
    "  silent: {version: 6.0.0, at_boot: nothing}\n"                                                         \
    "flash:\n"                                                                                               \
    "  ota_0: old\n"                                                                                         \
    "  otadata: [{seq: 1, state: VALID}, blank]\n"
#define BOARD BOARD_WITH("v6.0", "rollback: true")

// Reads a scenario that has to be right.
static inline void read_example(const char *text, struct scenario *scenario) {
    struct diagnostics diagnostics = {0};
    bool fine = scenario_read_text("example.yaml", text, strlen(text), &diagnostics, scenario);
    if (!fine) { // with its warnings: unused images are all right here
        struct buffer out = {0};
        diagnostics_render(&diagnostics, false, &out);
        print_error("%s\n", buffer_string(&out));
        buffer_free(&out);
    }
    diagnostics_free(&diagnostics);
    assert_true(fine);
}

#endif
