ota-sim selftest
#--- exit 2
#--- stderr
usage: tools/ota-sim selftest [-k GLOB] [--list] [--json FILE] [--docs]

Builds the firmware once with each defect of tools/mutants, and shows which scenario and
which invariant notice it. Exit status: 0 all were noticed, 1 some were not.
It needs the sources: run it from a checkout, through tools/ota-sim or tools/selftest.
