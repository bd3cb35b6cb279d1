cp "$DATA"/{passes,fails}.yaml .
status=0
ota-sim run --junit report.xml passes.yaml fails.yaml >text || status=$?
xmllint --noout report.xml
xmllint --xpath 'concat(count(//testcase), " test cases, ", count(//failure), " failure")' report.xml
echo
exit $status
#--- exit 1
#--- stdout
2 test cases, 1 failure

