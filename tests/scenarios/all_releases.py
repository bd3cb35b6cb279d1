#!/usr/bin/env python3
"""Every shipped scenario under every release: what it declares holds there, and a hazard of the catalogue is found in exactly
the releases that docs/hazards.md names. A scenario whose chip a release does not know is left out under it.

    all_releases.py BINARY [SCENARIO...]     with scenarios: those only, and the page is not looked at
"""
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
UNKNOWN_CHIP = "does not know the"


def page():
    """The releases, and for each hazard whether it is there, as the page has them."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in (TOP / "docs/hazards.md").read_text().splitlines() if line.startswith("|")]
    releases = rows[0][1:]
    return releases, {row[0]: dict(zip(releases, row[1:])) for row in rows[2:]}


def hazards_of(scenario):
    """Those that the run of a scenario shows: what the tool calls by its name, and what the scenario declares as one."""
    text = " ".join(scenario["known_bugs"])
    for violation in scenario["violations"]:
        text += " " + (violation["hazard"]["id"] if violation["hazard"] else "")
        text += " " + (violation["why"] or "")
    return set(re.findall(r"\bZ\d+\b", text))


def run(binary, path, releases):
    done = subprocess.run([binary, "run", "--json", "-", "--release", ",".join(releases), path], cwd=TOP,
                          capture_output=True, text=True)
    if done.returncode > 2 or not done.stdout:
        sys.exit(f"{path}: exit status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["scenarios"]


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    chosen = sys.argv[2:] or sorted(str(path.relative_to(TOP)) for path in (TOP / "scenarios").rglob("*.yaml"))
    releases, promised = page()
    passed = failed = 0
    found, shows, ran = {}, {}, {}  # releases of a hazard, its scenarios, releases of a scenario
    for path in chosen:
        for scenario in run(binary, path, releases):
            release, shown = scenario["release"], hazards_of(scenario)
            if UNKNOWN_CHIP in (scenario["error"] or ""):
                continue
            ran.setdefault(path, set()).add(release)
            good = scenario["verdict"] == "pass"
            passed, failed = passed + good, failed + (not good)
            if not good:
                print(f"FAILED {path} under {release}: {scenario['error'] or ''}",
                      *[failure["message"] for failure in scenario["failures"]],
                      *[f"{violation['invariant']} at {violation['address']}" for violation in scenario["violations"]
                        if not violation["known"]], sep="\n    ")
            for hazard in shown:
                found.setdefault(hazard, set()).add(release)
                shows.setdefault(hazard, set()).add(path)
    for hazard, cells in promised.items() if len(sys.argv) == 2 else ():
        judged = set().union(*[ran[path] for path in shows.get(hazard, ())])
        wrong = [release for release in judged or releases
                 if (cells[release] == "yes") != (release in found.get(hazard, set()))]
        passed, failed = passed + (not wrong), failed + bool(wrong)
        if wrong:
            print(f"FAILED {hazard}: the page is wrong about {', '.join(sorted(wrong))}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
