# A declared bug is shown and does not fail the run, under the releases that have it.
cp "$DATA/known.yaml" .
ota-sim run --release v5.5,v6.0 known.yaml
