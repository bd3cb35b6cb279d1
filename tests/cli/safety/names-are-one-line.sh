# No name of a scenario, of a file or in a dump begins a line of its own, moves the cursor or turns the direction of writing; no line is
# a CI system's command.
absent() {
    if LC_ALL=C grep -n "$@"; then exit 1; fi
}
esc=$(printf '\033') bidi=$(printf '\342\200\256')
for name in '"one\nPASS  forged.yaml"' '"\e[31mred"' "\"abc${bidi}def\"" '"line\u2028separator"'; do
    { printf 'name: %s\n' "$name" && tail -n +2 "$DATA/passes.yaml"; } >x.yaml
    status=0
    ota-sim run x.yaml >/dev/null 2>err || status=$?
    [ "$status" -eq 2 ]
    sed -n 1p err
done
forged=$(printf 'a\n::error::forged\nPASS  b.yaml')
for name in "$forged" "::stop-commands::x.yaml" "##vso[task.complete]x.yaml" "${esc}[2J.yaml" "${bidi}x.yaml"; do
    cp "$DATA/fails.yaml" "$name" 2>/dev/null || { mkdir -p "$(dirname "$name")" && cp "$DATA/fails.yaml" "$name"; }
    ota-sim run --no-explore "$name" >>out 2>&1 || true
    ota-sim run --list "$name" >>out 2>&1
    ota-sim run --no-explore --junit - "$name" >>out 2>&1 || true
    ota-sim run --no-explore --markdown - "$name" >>out 2>&1 || true
    ota-sim run "$name.missing" >>out 2>&1 || true
    ota-sim inspect "$name" >>out 2>&1 || true
    ota-sim partitions "$name" >>out 2>&1 || true
    ota-sim merge "$name" >>out 2>&1 || true
    ota-sim image info "$name" >>out 2>&1 || true
done
absent -E '^[[:space:]]*::|^PASS|(^|[^\\])##[a-z]*\[' out
absent "$esc\|$bidi" out

# Labels and texts of a dump are as foreign.
printf 'nvs,data,nvs,0x9000,16K\notadata,data,ota,0xd000,8K\nLABEL,app,ota_0,0x10000,64K\n' >t.csv
ota-sim image make app.bin --app-version VERSION --project PROJECT
ota-sim flash --table t.csv --part LABEL=app.bin --boot LABEL --size 1MB dump.bin
LC_ALL=C sed -i "s/LABEL/A\\n${esc}[1/; s/VERSION/V\\n::w::/; s/PROJECT/P\\n##c[x/" dump.bin
ota-sim inspect dump.bin >out 2>&1 || true
ota-sim inspect --what-if-power-fails dump.bin >>out 2>&1 || true
ota-sim image info dump.bin >>out 2>&1 || true
grep -cF 'A\n\x1b[1' out >/dev/null
absent -E '^[[:space:]]*::|(^|[^\\])##[a-z]*\[' out
absent "$esc" out
#--- stdout
x.yaml:1:7: error[E0004]: `name` is one line of characters that can be seen; this one holds U+000A
x.yaml:1:7: error[E0004]: `name` is one line of characters that can be seen; this one holds U+001B
x.yaml:1:7: error[E0004]: `name` is one line of characters that can be seen; this one holds U+202E
x.yaml:1:7: error[E0004]: `name` is one line of characters that can be seen; this one holds U+2028
