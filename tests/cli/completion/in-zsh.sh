# A zsh on a terminal of its own; what it shows once Tab has been pressed, without the terminal's escapes.
cat >press-tab <<'END'
zmodload zsh/zpty
export TERM=vt100
zpty shell zsh -f -i
zpty -w shell "PS1=; PROMPT=; fpath=($1 \$fpath); autoload -U compinit; compinit -D -u; LISTMAX=1000; stty cols 200; print REA''DY"
while zpty -r shell line && [[ $line != *READY* ]]; do :; done
zpty -n -w shell "$2"$'\t\t'
shown=
repeat 200; do
    sleep 0.1
    while zpty -r -t shell line; do shown+=$line; done
    [[ $shown != *$3* ]] || break
done
print -r -- $shown
END
offer() {
    local typed=$1
    shift # the last word is what is waited for
    timeout 60 zsh -f press-tab "$TOP/tools/completion" "$typed" "${!#}" | tr -d '\000\007\r' |
        sed -E 's/\x1b\[[0-9;?]*[a-zA-Z]//g' | tr '\b' ' ' >shown
    for word in "$@"; do
        grep -qF -- "$word" shown || { echo "$typed: no $word in" && cat -v shown; }
    done
}
offer "ota-sim re" replay
offer "ota-sim run --js" --json
offer "ota-sim run --release v5" v5.1 v5.5
offer "ota-sim run --faults " clean partial-erase
offer "ota-sim init " ci github gitlab
offer "ota-sim explain E031" E0310 E0312
