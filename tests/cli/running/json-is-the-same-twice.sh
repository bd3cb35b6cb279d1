# Equal input, equal bytes: nothing of the clock, the address space or the thread's luck gets into a report.
cp -r "$DATA" data
for run in 1 2; do
    ota-sim run --json $run.json --release v5.5,v6.0 data >text || [ $? -eq 1 ]
done
cmp 1.json 2.json
