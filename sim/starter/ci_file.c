#include "ci_file.h"

#include <stddef.h>

static const char github[] =
    "# Runs the scenarios in a simulated ESP32 and publishes what came of them: the page with pictures and "
    "the\n"
    "# JUnit report as an artifact, findings under \"Security\", a summary beside the run.\n"
    "name: ota-sim\n"
    "on: [push, pull_request]\n"
    "\n"
    "permissions:\n"
    "  contents: read\n"
    "  security-events: write # for the findings; pull requests from forks do without\n"
    "\n"
    "env:\n"
    "  OTA_SIM_URL: %s\n"
    "  SCENARIOS: %s\n"
    "\n"
    "jobs:\n"
    "  ota-sim:\n"
    "    runs-on: ubuntu-latest\n"
    "    steps:\n"
    "      - uses: actions/checkout@v4\n"
    "      - name: Get ota-sim\n"
    "        run: git clone --depth 1 \"$OTA_SIM_URL\" .ota-sim\n"
    "      - name: Run the scenarios\n"
    "        run: |\n"
    "          mkdir -p ota-sim-reports\n"
    "          .ota-sim/tools/ota-sim run \"$SCENARIOS\" --json ota-sim-reports/report.json \\\n"
    "              --html ota-sim-reports/report.html --junit ota-sim-reports/junit.xml \\\n"
    "              --sarif ota-sim-reports/report.sarif --markdown ota-sim-reports/summary.md\n"
    "      - name: Summary\n"
    "        if: always()\n"
    "        run: cat ota-sim-reports/summary.md >>\"$GITHUB_STEP_SUMMARY\"\n"
    "      - uses: actions/upload-artifact@v4\n"
    "        if: always()\n"
    "        with:\n"
    "          name: ota-sim\n"
    "          path: ota-sim-reports/\n"
    "      - uses: github/codeql-action/upload-sarif@v3\n"
    "        if: always() && github.event_name != 'pull_request'\n"
    "        with:\n"
    "          sarif_file: ota-sim-reports/report.sarif\n"
    "          category: ota-sim\n";

static const char gitlab[] =
    "# Runs the scenarios in a simulated ESP32 and publishes what came of them: the test report of the "
    "merge\n"
    "# request, and the page with pictures as an artifact.\n"
    "ota-sim:\n"
    "  stage: test\n"
    "  image: debian:12\n"
    "  variables:\n"
    "    OTA_SIM_URL: %s\n"
    "    SCENARIOS: %s\n"
    "  before_script:\n"
    "    - apt-get update\n"
    "    - apt-get install -y --no-install-recommends ca-certificates git\n"
    "    - git clone --depth 1 \"$OTA_SIM_URL\" .ota-sim\n"
    "  script:\n"
    "    - mkdir -p ota-sim-reports\n"
    "    - >-\n"
    "      .ota-sim/tools/ota-sim run \"$SCENARIOS\" --json ota-sim-reports/report.json\n"
    "      --html ota-sim-reports/report.html --junit ota-sim-reports/junit.xml\n"
    "      --sarif ota-sim-reports/report.sarif --markdown ota-sim-reports/summary.md\n"
    "  artifacts:\n"
    "    when: always\n"
    "    expose_as: ota-sim\n"
    "    paths: [ota-sim-reports/]\n"
    "    reports:\n"
    "      junit: ota-sim-reports/junit.xml\n";

const struct ci_system ci_systems[] = {
    {"github", ".github/workflows/ota-sim.yml", github},
    {"gitlab", ".gitlab-ci.yml", gitlab},
    {NULL, NULL, NULL},
};

void ci_file_print(const struct ci_system *system, const char *url, const char *scenarios,
                   struct buffer *out) {
    buffer_printf(out, system->format, url, scenarios);
}
