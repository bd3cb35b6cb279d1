# As in `ota-sim ... | head -1`: the reader has what it wanted.
cp "$DATA/passes.yaml" .
(ota-sim run -v passes.yaml || true) | head -n 1
#--- stdout
passes.yaml [v6.0]: An update arrives
