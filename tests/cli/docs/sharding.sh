# The page's commands, run as they stand there, and what it says that they print.
# Not under Valgrind: it explores, several times.
ln -s "$TOP/scenarios" scenarios
"$TOP/tests/docs/run-blocks" "$TOP/docs/sharding.md"
