# The scenario's line, what was expected and found, the decoded otadata, the last flash operations.
cp "$DATA/fails.yaml" .
ota-sim run fails.yaml
