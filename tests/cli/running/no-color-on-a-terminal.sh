NO_COLOR=1 TERM=xterm script -qec "ota-sim run $DATA/passes.yaml" typescript >/dev/null
grep -c "$(printf '\033')\[[0-9;]*m" typescript || true
#--- stdout
0
