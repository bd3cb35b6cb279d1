# The files are YAML, stand where CI looks for them, and never replace one that is there.
ota-sim init ci github --from https://git.example.com/tools/ota-sim@v0.1.0 --scenarios tests/ota
ota-sim init ci gitlab --from ota-sim==0.1.0
for file in .github/workflows/ota-sim.yml .gitlab-ci.yml; do
    python3 -c 'import sys, yaml; print(sorted(map(str, yaml.safe_load(open(sys.argv[1])))))' $file
done
grep -E 'SCENARIOS: |ota-sim==|fetch' .github/workflows/ota-sim.yml .gitlab-ci.yml
echo mine >.gitlab-ci.yml
ota-sim init ci gitlab --from ota-sim==0.1.0 || echo "exit status $?"
cat .gitlab-ci.yml
ota-sim init ci gitlab --from ota-sim==0.1.0 -o ci/ota-sim.yml
ota-sim init ci gitlab --from ota-sim==0.1.0 --force
ls -A . ci .github/workflows
for from in ota_sim-0.1.0-py3-none-any.whl packages/ota-sim_0.1.0_amd64.deb https://pypi.example.com/simple git@host:tools/ota-sim.git@4f2d; do
    ota-sim init ci gitlab --from $from -o - | sed -n '/before_script/,/script:/p'
done
#--- stdout
.github/workflows/ota-sim.yml is written: it runs tests/ota
.gitlab-ci.yml is written: it runs scenarios
['True', 'env', 'jobs', 'name', 'permissions']
['ota-sim']
.github/workflows/ota-sim.yml:  SCENARIOS: tests/ota
.github/workflows/ota-sim.yml:          git -C .ota-sim fetch --quiet --depth 1 https://git.example.com/tools/ota-sim v0.1.0
.gitlab-ci.yml:    SCENARIOS: scenarios
.gitlab-ci.yml:    - .ota-sim/bin/pip install --quiet ota-sim==0.1.0
exit status 2
mine
ci/ota-sim.yml is written: it runs scenarios
.gitlab-ci.yml is written: it runs scenarios
.:
.github
.gitlab-ci.yml
ci

.github/workflows:
ota-sim.yml

ci:
ota-sim.yml
  before_script:
    - apt-get update
    - apt-get install -y --no-install-recommends ca-certificates python3-venv
    - python3 -m venv .ota-sim
    - .ota-sim/bin/pip install --quiet ota_sim-0.1.0-py3-none-any.whl
    - export PATH="$PWD/.ota-sim/bin:$PATH"
  script:
  before_script:
    - apt-get update
    - apt-get install -y --no-install-recommends ca-certificates
    - $(command -v sudo) apt-get update
    - $(command -v sudo) apt-get install -y --no-install-recommends packages/ota-sim_0.1.0_amd64.deb
  script:
  before_script:
    - apt-get update
    - apt-get install -y --no-install-recommends ca-certificates python3-venv
    - python3 -m venv .ota-sim
    - .ota-sim/bin/pip install --quiet --index-url https://pypi.example.com/simple ota-sim==0.1.0
    - export PATH="$PWD/.ota-sim/bin:$PATH"
  script:
  before_script:
    - apt-get update
    - apt-get install -y --no-install-recommends ca-certificates git
    - git init --quiet .ota-sim
    - git -C .ota-sim fetch --quiet --depth 1 git@host:tools/ota-sim.git 4f2d
    - git -C .ota-sim checkout --quiet FETCH_HEAD
    - export PATH="$PWD/.ota-sim/tools:$PATH"
  script:
#--- stderr
ota-sim init: .gitlab-ci.yml exists already and stays as it is (--force replaces it)
