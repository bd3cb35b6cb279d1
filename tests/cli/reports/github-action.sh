# What the GitHub Action runs, without GitHub: reports, annotations, summary, the verdict as an output; what fails is what is asked.
mkdir scenarios
cp "$DATA/passes.yaml" scenarios/
export GITHUB_OUTPUT=$PWD/output GITHUB_STEP_SUMMARY=$PWD/summary.md
"$TOP/tools/packaging/action.sh" >text && ls ota-sim-reports && cat output
cp "$DATA/fails.yaml" scenarios/
for fail_on in violation never always; do
    rm -rf output summary.md
    OTA_SIM_RELEASES=v5.5 OTA_SIM_FAIL_ON=$fail_on "$TOP/tools/packaging/action.sh" >text 2>&1 || echo "exit status $?"
    grep -c '^::error' text || true
    cat output summary.md 2>/dev/null | grep -E 'verdict|^#' || true
done
cat text
#--- stdout
junit.xml
report.html
report.json
report.sarif
summary.md
verdict=passed
exit status 1
1
verdict=failed
## ota-sim: 1 passed, 1 failed, 0 errors
### scenarios/fails.yaml \[v5.5\]
1
verdict=failed
## ota-sim: 1 passed, 1 failed, 0 errors
### scenarios/fails.yaml \[v5.5\]
exit status 2
1
::error::fail-on is 'always'; it has to be violation, incomplete or never
