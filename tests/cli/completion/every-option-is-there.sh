# Held against --help by another way than the one that made the files.
for command in $(ota-sim --help | awk '/^  [a-z]/ {print $1}'); do
    for option in $(ota-sim "$command" --help | grep -oE '^ {2,6}(-[a-z], )?--[a-z0-9_-]+' | grep -oE -- '--[a-z0-9_-]+'); do
        grep -q "^    $command) words=.*[\" ]$option[\" ]" "$TOP/tools/completion/ota-sim.bash" || echo "bash: $command $option"
        sed -n "/^    $command)/,/;;/p" "$TOP/tools/completion/_ota-sim" | grep -q -- "[')]${option}\[" || echo "zsh: $command $option"
        grep -q "from $command' .*-l ${option#--} " "$TOP/tools/completion/ota-sim.fish" || echo "fish: $command $option"
        sed -n "/^.SS \"ota-sim $command\"/,/^.S[SH]/p" "$TOP/docs/man/ota-sim.1" | tr -d '\\' | grep -qF "fB${option}fR" || echo "man: $command $option"
    done
done
