# Annotations on standard output; the job's summary is appended to what other steps wrote.
cp "$DATA"/{passes,fails,known}.yaml .
echo "from the step before" >summary
export GITHUB_STEP_SUMMARY=$PWD/summary
status=0
ota-sim run --github --release v5.5 passes.yaml fails.yaml known.yaml >text || status=$?
grep '^::' text
grep -v '^<sub>' summary
exit $status
