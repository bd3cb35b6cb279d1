TERM=xterm script -qec "ota-sim run $DATA/passes.yaml" typescript >/dev/null
grep -q "$(printf '\033')" typescript
