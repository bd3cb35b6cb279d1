# Standard output is the report and nothing else.
cp "$DATA/passes.yaml" .
ota-sim run --json - passes.yaml >report.json
jq -r '.format, .totals, (.scenarios[] | .name, .release, .verdict, .expectations)' report.json
#--- stdout
ota-sim-report/2
{
  "scenarios": 1,
  "passed": 1,
  "failed": 0,
  "incomplete": 0,
  "errors": 0
}
An update arrives
v6.0
pass
{
  "met": 5,
  "failed": 0
}
#--- stderr glob
PASS  passes.yaml [v6.0]                          5 expectations, 2 boots

1 scenario: 1 passed, 0 failed, 0 errors, in * s
