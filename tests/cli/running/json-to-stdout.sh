# Standard output is the report and nothing else.
cp "$DATA/passes.yaml" .
ota-sim run --json - passes.yaml >report.json
jq -r '.format, .totals, (.scenarios[] | .name, .release, .verdict, .expectations)' report.json
