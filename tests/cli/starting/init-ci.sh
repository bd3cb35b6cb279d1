# The files are YAML, stand where CI looks for them, and never replace one that is there.
ota-sim init ci github --url https://git.example.com/tools/ota-sim --scenarios tests/ota
ota-sim init ci gitlab
for file in .github/workflows/ota-sim.yml .gitlab-ci.yml; do
    python3 -c 'import sys, yaml; print(sorted(map(str, yaml.safe_load(open(sys.argv[1])))))' $file
done
grep -E 'SCENARIOS: |OTA_SIM_URL: ' .github/workflows/ota-sim.yml .gitlab-ci.yml
echo mine >.gitlab-ci.yml
ota-sim init ci gitlab || echo "exit status $?"
cat .gitlab-ci.yml
ota-sim init ci gitlab -o ci/ota-sim.yml
ota-sim init ci gitlab --force
ls -A . ci .github/workflows
