# The commands in the files do what they say: they are run here, with a repository that holds this ota-sim.
mkdir -p tool/tools scenarios
cp "$DATA/passes.yaml" scenarios/
printf '#!/bin/sh\nexec "%s" "$@"\n' "$(command -v ota-sim)" >tool/tools/ota-sim
chmod +x tool/tools/ota-sim
(cd tool && git init -q && git add . && git -c user.name=n -c user.email=e@example.com commit -q -m tool && git tag v1)
cat >commands.py <<'END'
import sys, yaml
file = yaml.safe_load(open(sys.argv[1]))
if "jobs" in file:
    job = file["jobs"]["ota-sim"]
    assert job["timeout-minutes"]
    print('\nPATH=$(cat "$GITHUB_PATH"):$PATH\n'.join(step["run"] for step in job["steps"] if "run" in step))
else:
    job = file["ota-sim"]
    print("\n".join([line for line in job["before_script"] if not line.startswith("apt-get")] + job["script"]))
END
export SCENARIOS=scenarios GITHUB_STEP_SUMMARY=$PWD/summary.md GITHUB_PATH=$PWD/path
for system in github gitlab; do
    rm -rf .ota-sim ota-sim-reports
    ota-sim init ci $system --from "file://$PWD/tool@v1" -o $system.yml >text
    python3 commands.py $system.yml >commands
    bash -euo pipefail commands >text 2>&1 || cat text
    echo "$system: $(ls .ota-sim ota-sim-reports | tr '\n' ' ')"
done
[ -s summary.md ]
#--- stdout
github: .ota-sim: tools  ota-sim-reports: junit.xml report.html report.json report.sarif summary.md 
gitlab: .ota-sim: tools  ota-sim-reports: junit.xml report.html report.json report.sarif summary.md 
