# What is written is a scenario with comments, which runs and passes.
# Not under Valgrind: it explores, twice.
ota-sim new
ota-sim run update.yaml | tail -n 1 | sed 's/, in .*//'
grep -E '^[a-z]+:' update.yaml
