#!/usr/bin/env bash
# What the GitHub Action and the container do: runs scenarios, writes all reports into ota-sim-reports/, annotations to standard
# output and, where GITHUB_STEP_SUMMARY and GITHUB_OUTPUT name files, the summary and the verdict there.
#
#   OTA_SIM_SCENARIOS='a.yaml folder' OTA_SIM_RELEASES=v5.5,v6.0 OTA_SIM_FAIL_ON=violation|incomplete|never \
#   OTA_SIM_OPTIONS='...' OTA_SIM_VERSION=0.1.0 tools/packaging/action.sh
#
# OTA_SIM_VERSION: installs that version of the package ota-sim; empty: the ota-sim in PATH, else the one of this checkout.
# Exit status: that of `ota-sim run` as far as OTA_SIM_FAIL_ON lets it fail.
set -euo pipefail
root=$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")
reports=ota-sim-reports

program() {
    if [ -n "${OTA_SIM_VERSION-}" ]; then
        python3 -m venv "$RUNNER_TEMP/ota-sim" >&2 && "$RUNNER_TEMP/ota-sim/bin/pip" install -q "ota-sim==$OTA_SIM_VERSION" >&2 &&
            echo "$RUNNER_TEMP/ota-sim/bin/ota-sim"
    else
        command -v ota-sim || echo "$root/tools/ota-sim"
    fi
}

fail_on=${OTA_SIM_FAIL_ON:-violation}
case $fail_on in
violation | incomplete | never) ;;
*) echo "::error::fail-on is '$fail_on'; it has to be violation, incomplete or never" && exit 2 ;;
esac
RUNNER_TEMP=${RUNNER_TEMP:-$(mktemp -d)}
ota_sim=$(program)
read -r -a scenarios <<<"${OTA_SIM_SCENARIOS:-scenarios}"
read -r -a options <<<"${OTA_SIM_OPTIONS-}"
[ -z "${OTA_SIM_RELEASES-}" ] || options+=(--release "$OTA_SIM_RELEASES")

mkdir -p "$reports"
status=0
"$ota_sim" run "${options[@]}" --json "$reports/report.json" --html "$reports/report.html" --junit "$reports/junit.xml" \
    --sarif "$reports/report.sarif" --markdown "$reports/summary.md" --github -- "${scenarios[@]}" || status=$?

case $status in
0) verdict=passed ;;
1) verdict=failed ;;
4) verdict=incomplete ;;
*) verdict=error ;;
esac
[ -z "${GITHUB_OUTPUT-}" ] || echo "verdict=$verdict" >>"$GITHUB_OUTPUT"
case $fail_on-$verdict in
never-failed | never-incomplete | violation-incomplete) exit 0 ;;
*) exit "$status" ;;
esac
