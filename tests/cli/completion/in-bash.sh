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
