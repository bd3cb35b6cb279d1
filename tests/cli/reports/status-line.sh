# On a terminal: a line that says how far it is and how fast, wiped before the end.
# Not under Valgrind: recoveries without a memo take minutes there
cp "$TOP/scenarios/selftest/update.yaml" .
TERM=xterm script -qec "stty cols 120; ota-sim run -j1 --no-memo update.yaml" typescript >/dev/null
tr '\r' '\n' <typescript | grep -cE '\[1/1\] update.yaml \[v6.0\] [0-9]+ %, [0-9.]+[kM]? states, [0-9.]+[kM]? to do, [0-9.]+ % saved, [0-9.]+[kM]?/s, [0-9]+ MB' >count
[ "$(cat count)" -gt 0 ]
tail -n 1 typescript | grep -c 'to do' || true
#--- stdout
0
