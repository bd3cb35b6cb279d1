touch one.yaml
export HOME=$PWD
offer() { echo "$1: $(fish -c "source $TOP/tools/completion/ota-sim.fish; complete -C '$1'" | cut -f 1 | tr '\n' ' ')"; }
offer "ota-sim re"
offer "ota-sim run --js"
offer "ota-sim run o"
offer "ota-sim run --release v5"
offer "ota-sim replay -r v4"
offer "ota-sim init gi"
offer "ota-sim image ma"
offer "ota-sim explain E031"
#--- stdout
ota-sim re: replay 
ota-sim run --js: --json 
ota-sim run o: one.yaml 
ota-sim run --release v5: v5.0 v5.1 v5.2 v5.3 v5.4 v5.5 
ota-sim replay -r v4: v4.4 
ota-sim init gi: github gitlab 
ota-sim image ma: make 
ota-sim explain E031: E0310 E0311 E0312 E0313 E0314 E0315 E0316 
