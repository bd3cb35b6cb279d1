#include "ci_file.h"

#include <stddef.h>
#include <string.h>

#define MINUTES 30 // after which a job is ended: an exploration that takes longer wants a budget of its own

// The same run everywhere; what the system itself reads besides stands in `more`.
#define RUN                                                                                                  \
    "ota-sim run%s --json ota-sim-reports/report.json --html ota-sim-reports/report.html"                    \
    " --junit ota-sim-reports/junit.xml --sarif ota-sim-reports/report.sarif"                                \
    " --markdown ota-sim-reports/summary.md -- \"$SCENARIOS\""

// Each line of `text` behind `before`.
static void lines(const char *before, const char *text, struct buffer *out) {
    for (size_t length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        buffer_printf(out, "%s%.*s\n", before, (int)length, text);
    }
}

static void print_github(const struct ci_source *source, const char *scenarios, struct buffer *out) {
    buffer_printf(
        out,
        "# Runs the scenarios in a simulated ESP32 and publishes what came of them: annotations, a "
        "summary beside\n# the run, all reports as an artifact, findings under \"Security\" where that is "
        "allowed.\n"
        "name: ota-sim\n"
        "on: [push, pull_request]\n"
        "\n"
        "permissions:\n"
        "  contents: read\n"
        "  security-events: write # for the findings; pull requests from forks do without\n"
        "\n"
        "env:\n"
        "  SCENARIOS: %s\n"
        "\n"
        "jobs:\n"
        "  ota-sim:\n"
        "    runs-on: ubuntu-24.04\n"
        "    timeout-minutes: %d\n"
        "    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "      - name: Install ota-sim\n"
        "        run: |\n",
        scenarios, MINUTES);
    lines("          ", source->commands, out);
    if (source->folder != NULL)
        buffer_printf(out, "          echo \"$PWD/%s\" >>\"$GITHUB_PATH\"\n", source->folder);
    buffer_text(out, "      - name: Run the scenarios\n"
                     "        run: |\n"
                     "          mkdir -p ota-sim-reports\n");
    buffer_printf(out, "          " RUN "\n", " --github");
    buffer_text(out, "      - uses: actions/upload-artifact@v4\n"
                     "        if: always()\n"
                     "        with:\n"
                     "          name: ota-sim\n"
                     "          path: ota-sim-reports/\n"
                     "      - uses: github/codeql-action/upload-sarif@v3\n"
                     "        if: always() && github.event_name != 'pull_request' && "
                     "hashFiles('ota-sim-reports/report.sarif') != ''\n"
                     "        continue-on-error: true # private repositories without code scanning\n"
                     "        with:\n"
                     "          sarif_file: ota-sim-reports/report.sarif\n"
                     "          category: ota-sim\n");
}

static void print_gitlab(const struct ci_source *source, const char *scenarios, struct buffer *out) {
    buffer_printf(
        out,
        "# Runs the scenarios in a simulated ESP32 and publishes what came of them: the test report of the "
        "merge\n# request, and the page with pictures as an artifact.\n"
        "ota-sim:\n"
        "  stage: test\n"
        "  image: debian:12\n"
        "  timeout: %d minutes\n"
        "  variables:\n"
        "    SCENARIOS: %s\n"
        "  before_script:\n"
        "    - apt-get update\n"
        "    - apt-get install -y --no-install-recommends %s\n",
        MINUTES, scenarios, source->packages);
    lines("    - ", source->commands, out);
    if (source->folder != NULL)
        buffer_printf(out, "    - export PATH=\"$PWD/%s:$PATH\"\n", source->folder);
    buffer_text(out, "  script:\n"
                     "    - mkdir -p ota-sim-reports\n");
    buffer_printf(out, "    - " RUN "\n", "");
    buffer_text(out, "  artifacts:\n"
                     "    when: always\n"
                     "    expose_as: ota-sim\n"
                     "    paths: [ota-sim-reports/]\n"
                     "    reports:\n"
                     "      junit: ota-sim-reports/junit.xml\n");
}

const struct ci_system ci_systems[] = {
    {"github", ".github/workflows/ota-sim.yml", print_github},
    {"gitlab", ".gitlab-ci.yml", print_gitlab},
    {NULL, NULL, NULL},
};
