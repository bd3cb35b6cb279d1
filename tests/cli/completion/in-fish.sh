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
