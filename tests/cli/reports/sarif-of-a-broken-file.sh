# A file that is no scenario is a result at the line that is at fault.
printf 'name: x\nboard:\n  colour: blue\n' >broken.yaml
status=0
ota-sim run --sarif report.sarif broken.yaml >text 2>&1 || status=$?
jq -c '.runs[0].results[] | .ruleId, .message.text, .locations[0].physicalLocation.region' report.sarif
exit $status
#--- exit 2
#--- stdout
"scenario/runs"
"broken.yaml:1:1: the scenario has no `steps`"
{"startLine":1,"startColumn":1}
