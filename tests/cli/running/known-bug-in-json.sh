cp "$DATA/known.yaml" .
ota-sim run --release v5.5 --json - known.yaml 2>text | jq '.scenarios[0] | .verdict, .known_bugs'
#--- stdout
"pass"
[
  "the record of the running app is lost (https://example.org/1): expected otadata[0].seq: 1, got 2"
]
