# By option and by ending, several in one run; the console is as without.
cp "$DATA/passes.yaml" .
ota-sim run passes.yaml -o r.json -o r.xml -o r.sarif -o r.tap -o r.md -o r.trace.json -o r.html --json other >text
jq -r .format r.json
cmp r.json other
xmllint --xpath 'count(//testcase)' r.xml
jq -r .version r.sarif
head -n 1 r.tap
head -n 1 r.md
jq -r '.otherData.clock' r.trace.json
head -c 15 r.html && echo
#--- stdout
ota-sim-report/2
1
2.1.0
TAP version 14
## ota-sim: 1 passed, 0 failed, 0 errors
simulated
<!DOCTYPE html>
