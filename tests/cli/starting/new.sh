# What is written is a scenario with comments, which runs and passes.
# Not under Valgrind: it explores, twice.
ota-sim new
ota-sim run update.yaml | tail -n 1 | sed 's/, in .*//'
grep -E '^[a-z]+:' update.yaml
#--- stdout
update.yaml is written; next: ota-sim run update.yaml
1 scenario: 1 passed, 0 failed, 0 errors
name: The power may go at any time during an update
about: >
board:
images:                              # apps, and what each does once it runs
flash:                               # before the first power-on; all else is erased
steps:
explore:
