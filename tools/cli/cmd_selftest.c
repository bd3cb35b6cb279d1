// ota-sim selftest: breaks the firmware on purpose, which takes its sources and a compiler. So it is a script
// of the checkout; the command by itself says where that is.
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const char selftest_about[] =
    "usage: tools/ota-sim selftest [-k GLOB] [--list] [--json FILE] [--docs]\n\n"
    "Builds the firmware once with each defect of tools/mutants, and shows which scenario and\n"
    "which invariant notice it. Exit status: 0 all were noticed, 1 some were not.\n"
    "It needs the sources: run it from a checkout, through tools/ota-sim or tools/selftest.\n";

int cmd_selftest(int argc, char **argv) {
    bool help = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
    fputs(selftest_about, help ? stdout : stderr);
    return help ? EXIT_MET : EXIT_USAGE;
}
