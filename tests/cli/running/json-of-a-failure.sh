cp "$DATA/fails.yaml" .
status=0
ota-sim run --json report.json fails.yaml >text || status=$?
jq '.totals, (.scenarios[0] | .verdict, .expectations, [.failures[] | {message, line}])' report.json
exit $status
