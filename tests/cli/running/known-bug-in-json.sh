cp "$DATA/known.yaml" .
ota-sim run --release v5.5 --json - known.yaml 2>text | jq '.scenarios[0] | .verdict, .known_bugs'
