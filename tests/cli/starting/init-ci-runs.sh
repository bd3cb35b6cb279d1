# The commands in the files do what they say: they are run here, with a repository that holds this ota-sim.
mkdir -p tool/tools scenarios
cp "$DATA/passes.yaml" scenarios/
printf '#!/bin/sh\nexec ota-sim "$@"\n' >tool/tools/ota-sim
chmod +x tool/tools/ota-sim
(cd tool && git init -q && git add . && git -c user.name=n -c user.email=e@example.com commit -q -m tool)
cat >commands.py <<'END'
import sys, yaml
file = yaml.safe_load(open(sys.argv[1]))
if "jobs" in file:
    steps = file["jobs"]["ota-sim"]["steps"]
    print("\n".join(step["run"] for step in steps if "run" in step))
else:
    job = file["ota-sim"]
    print("\n".join([line for line in job["before_script"] if "apt-get" not in line] + job["script"]))
END
export OTA_SIM_URL=$PWD/tool SCENARIOS=scenarios GITHUB_STEP_SUMMARY=$PWD/summary.md
for system in github gitlab; do
    rm -rf .ota-sim ota-sim-reports
    ota-sim init ci $system -o $system.yml >text
    python3 commands.py $system.yml >commands
    bash -euo pipefail commands >text 2>&1
    echo "$system: $(ls ota-sim-reports | tr '\n' ' ')"
done
[ -s summary.md ]
#--- stdout
github: junit.xml report.html report.json report.sarif summary.md 
gitlab: junit.xml report.html report.json report.sarif summary.md 
