# The command that a report names is one that works, whatever the file is called.
for name in -x.yaml 'a b.yaml' "it's.yaml" "$(printf 'two\nlines.yaml')"; do
    cp "$TOP/scenarios/selftest/boot.yaml" "./$name" 2>/dev/null || cp "$TOP/scenarios/powerloss.yaml" "./$name"
    ota-sim run --strict "./$name" >out || true
    hint=$(sed -n 's/^  replay: //p' out | sed -n 1p)
    eval "$hint" | tail -n 3 | grep -c verdict
done
#--- stdout
1
1
1
1
