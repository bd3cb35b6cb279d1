cp "$DATA/fails.yaml" .
status=0
ota-sim run --json report.json fails.yaml >text || status=$?
jq '.totals, (.scenarios[0] | .verdict, .expectations, [.failures[] | {message, line}])' report.json
exit $status
#--- exit 1
#--- stdout
{
  "scenarios": 1,
  "passed": 0,
  "failed": 1,
  "incomplete": 0,
  "errors": 0
}
"fail"
{
  "met": 1,
  "failed": 1
}
[
  {
    "message": "expected booted: ota_1, got ota_0",
    "line": 21
  }
]
