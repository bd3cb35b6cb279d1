# --fail-fast runs nothing after the first failure, and says that not all was run.
cp "$DATA/fails.yaml" a.yaml
cp "$DATA/passes.yaml" b.yaml
ota-sim run --fail-fast --json report.json a.yaml b.yaml >text || echo "status $?"
jq -r '.partial, (.scenarios | length)' report.json
tail -n 1 text | grep -o 'not all of it was run'
ota-sim run --fail-fast b.yaml a.yaml >text || echo "status $?"
#--- stdout
status 1
true
1
not all of it was run
status 1
