# The run is fine, the summary is not: that must be told.
cp "$DATA/passes.yaml" .
GITHUB_STEP_SUMMARY=no/summary ota-sim run --github passes.yaml >text
#--- exit 3
#--- stderr
ota-sim run: GITHUB_STEP_SUMMARY: no/summary: No such file or directory
