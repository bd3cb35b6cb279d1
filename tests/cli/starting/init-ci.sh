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
#--- stdout
.github/workflows/ota-sim.yml is written: it runs tests/ota
.gitlab-ci.yml is written: it runs scenarios
next: set OTA_SIM_URL in it to where you keep ota-sim (or use --url)
['True', 'env', 'jobs', 'name', 'permissions']
['ota-sim']
.github/workflows/ota-sim.yml:  OTA_SIM_URL: https://git.example.com/tools/ota-sim
.github/workflows/ota-sim.yml:  SCENARIOS: tests/ota
.gitlab-ci.yml:    OTA_SIM_URL: https://git.example.org/ota-sim.git
.gitlab-ci.yml:    SCENARIOS: scenarios
exit status 2
mine
ci/ota-sim.yml is written: it runs scenarios
next: set OTA_SIM_URL in it to where you keep ota-sim (or use --url)
.gitlab-ci.yml is written: it runs scenarios
next: set OTA_SIM_URL in it to where you keep ota-sim (or use --url)
.:
.github
.gitlab-ci.yml
ci

.github/workflows:
ota-sim.yml

ci:
ota-sim.yml
#--- stderr
ota-sim init: .gitlab-ci.yml exists already and stays as it is (--force replaces it)
