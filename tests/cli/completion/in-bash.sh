# As bash does it: the words so far in COMP_WORDS, what may follow in COMPREPLY.
. "$TOP/tools/completion/ota-sim.bash"
complete -p ota-sim
touch one.yaml
offer() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _ota_sim 2>errors || true
    echo "$*: ${COMPREPLY[*]}"
}
offer ota-sim re
offer ota-sim run --js
offer ota-sim run o
offer ota-sim run --release v5
offer ota-sim run --release v4.4,v6.
offer ota-sim run --json o
offer ota-sim replay -r v4
offer ota-sim init c
offer ota-sim image m
offer ota-sim explain E031
offer ota-sim no-such-command --x
#--- stdout
complete -F _ota_sim ota-sim
ota-sim re: replay
ota-sim run --js: --json
ota-sim run o: one.yaml
ota-sim run --release v5: v5.0 v5.1 v5.2 v5.3 v5.4 v5.5
ota-sim run --release v4.4,v6.: v4.4,v6.0 v4.4,v6.1 v4.4,v6.2
ota-sim run --json o: one.yaml
ota-sim replay -r v4: v4.4
ota-sim init c: ci
ota-sim image m: make
ota-sim explain E031: E0310 E0311 E0312 E0313 E0314 E0315 E0316
ota-sim no-such-command --x: 
