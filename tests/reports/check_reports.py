#!/usr/bin/env python3
"""Every report of every shipped scenario, read by somebody else.

    check_reports.py [--sample N SEED] OTA_SIM

Runs the scenarios of the checkout (those below scenarios/, and those of the command line's tests, which fail in all ways), all at once
and each by itself, and holds what comes out against: JSON, docs/report.schema.json; SARIF, its official schema; TAP, the parser of node-tap; JUnit, junit.rng;
traces, the rules of their format; annotations, GitHub's limits. Needs python3-jsonschema, xmllint, node and `npm ci` in this folder.
With --sample, those below scenarios/ that run by themselves, and those that run again with two threads, are N drawn by SEED.
Ends with a line `N passed, N failed`.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = HERE / "node_modules"
SHIPPED = sorted((ROOT / "scenarios").rglob("*.yaml"))
FAILING = sorted((ROOT / "tests/cli/data").rglob("*.yaml"))
BROKEN = sorted((ROOT / "tests/scenarios/bad").rglob("*.yaml"))[:5]
SUFFIXES = [".json", ".xml", ".sarif", ".tap", ".trace.json", ".md"]


class Wrong(Exception):
    """A report is not as it should be."""


def expect(truth, message):
    if not truth:
        raise Wrong(message)


# ---- schemas -------------------------------------------------------------------------------------


def closed(schema):
    """The schema with nothing allowed that it does not name: what a report holds has to be documented."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        schema.setdefault("additionalProperties", False)
    return schema


def validator(path, make_strict=False):
    schema = json.loads(path.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(closed(schema) if make_strict else schema)


REPORT_SCHEMA = validator(ROOT / "docs/report.schema.json", make_strict=True)
SARIF_SCHEMA = validator(MODULES / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")


def validate(schema, document):
    error = jsonschema.exceptions.best_match(schema.iter_errors(document))
    expect(error is None, error and f"{error.json_path}: {error.message[:300]}")


# ---- one check for each kind of report -----------------------------------------------------------


def check_json(path, _):
    report = json.loads(path.read_text())
    validate(REPORT_SCHEMA, report)
    verdicts = collections.Counter(scenario["verdict"] for scenario in report["scenarios"])
    totals = report["totals"]
    expect(totals["passed"] == verdicts["pass"] and totals["failed"] == verdicts["fail"], "totals do not add up")
    for scenario in report["scenarios"]:
        graph = (scenario["exploration"] or {"graph": {"nodes": [], "edges": []}})["graph"]
        for edge in graph["edges"]:
            expect(max(edge["from"], edge["to"]) < len(graph["nodes"]), "an edge leads nowhere")


def check_sarif(path, sources):
    report = json.loads(path.read_text())
    validate(SARIF_SCHEMA, report)
    run = report["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    expect(len({rule["id"] for rule in rules}) == len(rules), "two rules have one id")
    fingerprints = [json.dumps(result["partialFingerprints"]) for result in run["results"]]
    expect(len(set(fingerprints)) == len(fingerprints), "two results have one fingerprint")
    for result in run["results"]:
        expect(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex and ruleId disagree")
        place = result["locations"][0]["physicalLocation"]
        lines = sources[place["artifactLocation"]["uri"]].splitlines()
        line = place["region"]["startLine"]
        expect(line <= max(len(lines), 1), f"line {line} is not in the file")
        if "snippet" in place["region"]:
            expect(place["region"]["snippet"]["text"] == lines[line - 1], "the snippet is not that line")
        if "endColumn" in place["region"]:
            expect(place["region"]["endColumn"] <= len(lines[line - 1]) + 1, "the region ends behind its line")


def check_tap(path, _):
    parser = subprocess.run(["node", MODULES / "tap-parser/bin/cmd.cjs", "-j"], stdin=path.open(), capture_output=True, text=True)
    events = json.loads(parser.stdout)
    kinds = collections.Counter(event[0] for event in events)
    expect(kinds["version"] == 1 and kinds["plan"] == 1, "no version, or no plan")
    expect(kinds["extra"] == 0, "lines that are no TAP")
    tests = [event[1] for event in events if event[0] == "assert"]
    plan = next(event[1] for event in events if event[0] == "plan")
    expect(len(tests) == plan["end"], "the plan does not fit")
    for test in tests:
        expect(test["tapError"] is None and test["diag"], f"{test['name']}: no diagnostics")
        expect(test["ok"] or test["diag"]["message"], "a failure without a message")


def check_junit(path, _):
    lint = subprocess.run(["xmllint", "--noout", "--relaxng", HERE / "junit.rng", path], capture_output=True, text=True)
    expect(lint.returncode == 0, lint.stderr[:500])
    root = xml.etree.ElementTree.parse(path).getroot()
    names = collections.Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    expect(all(count == 1 for count in names.values()), f"two test cases are called {names.most_common(1)}")
    expect(int(root.get("tests")) == sum(names.values()), "the number of tests is wrong")
    expect(int(root.get("failures")) == len(root.findall(".//failure")), "the total of failures is wrong")
    for suite in root:
        expect(int(suite.get("failures")) == len(suite.findall("testcase/failure")), "the number of failures is wrong")
        for case in suite:
            if case.find("failure") is not None:
                expect("ota-sim run -v" in case.findtext("system-out", ""), "no command to run it again")


def check_trace(path, _):
    tracks = collections.defaultdict(list)
    labels = set()
    for event in json.loads(path.read_text())["traceEvents"]:
        track = event["pid"], event["tid"]
        expect(event["ph"] in "MXi", f"unknown phase {event['ph']}")
        if event["ph"] == "M":
            labels.add((event["name"], track))
        else:
            tracks[track].append(event)
    for track, events in tracks.items():
        expect(("thread_name", track) in labels, "a track without a name")
        check_nesting(events)
    return None


def check_nesting(events):
    """Begins in order; each span ends no later than the one that it began in."""
    open_ends, last = [], 0
    for event in events:
        start = round(event["ts"] * 1000)
        end = start + round(event.get("dur", 0) * 1000)
        if event["ph"] == "i":
            continue
        expect(start >= last, f"{event['name']} begins before the one before it")
        last = start
        while open_ends and open_ends[-1] <= start and open_ends[-1] < end:
            open_ends.pop()
        expect(not open_ends or end <= open_ends[-1], f"{event['name']} ends after the one around it")
        open_ends.append(end)


def check_markdown(path, _):
    text = path.read_text()
    expect(len(text.encode()) <= 1024 * 1024, "larger than a job summary may be")
    fences = [line for line in text.splitlines() if line.startswith("```")]
    expect(len(fences) % 2 == 0, "a block that does not end")


CHECKS = dict(zip(SUFFIXES, [check_json, check_junit, check_sarif, check_tap, check_trace, check_markdown]))

COMMAND = re.compile(r"::(error|warning|notice) (?:file=[^,:]+(?:,line=\d+(?:,col=\d+(?:,endColumn=\d+)?)?)?,)?title=[^,:]*::.+")


def check_annotations(console, verdicts_good):
    commands = [line for line in console.splitlines() if line.startswith("::")]
    counts = collections.Counter(line[2:].split(" ")[0] for line in commands)
    expect(all(COMMAND.fullmatch(line) for line in commands), "not a workflow command")
    expect(max(counts.values(), default=0) <= 10, "more than ten of a kind")
    expect(verdicts_good or counts["error"] > 0, "a failure without an annotation")


# ---- runs ----------------------------------------------------------------------------------------


def run(ota_sim, folder, paths, options=()):
    outputs = [word for suffix in SUFFIXES for word in ("-o", f"{folder}/report{suffix}")]
    environment = dict(os.environ, GITHUB_STEP_SUMMARY=f"{folder}/summary.md")
    return subprocess.run([ota_sim, "run", "--github", *options, *outputs, "--", *(os.path.relpath(path, ROOT) for path in paths)],
                          cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)


def check_run(ota_sim, paths, options=()):
    """All that is wrong with the reports of one run."""
    problems = []
    sources = {os.path.relpath(path, ROOT): path.read_text(errors="replace") for path in paths}
    with tempfile.TemporaryDirectory() as folder:
        process = run(ota_sim, folder, paths, options)
        for suffix, check in CHECKS.items():
            try:
                check(pathlib.Path(f"{folder}/report{suffix}"), sources)
            except Exception as error:  # a report that cannot be read at all is as wrong
                problems.append(f"{suffix}: {type(error).__name__}: {error}")
        try:
            check_annotations(process.stdout, process.returncode == 0)
            check_markdown(pathlib.Path(f"{folder}/summary.md"), sources)
        except (Wrong, OSError) as error:
            problems.append(f"--github: {error}")
    return problems


WALL_CLOCK = re.compile(rb'"elapsed_s": \d+|(?<=[ "])time="\d+"')


def without_clock(path):
    """A report's bytes without whole seconds of wall clock, which differ when the machine is busy."""
    return WALL_CLOCK.sub(b"", path.read_bytes())


def check_same_bytes(ota_sim, paths):
    """What the reports say does not depend on the number of threads."""
    problems = []
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        run(ota_sim, one, paths, ["-j", "1"])
        run(ota_sim, two, paths, ["-j", "2"])
        for suffix in SUFFIXES:
            if without_clock(pathlib.Path(f"{one}/report{suffix}")) != without_clock(pathlib.Path(f"{two}/report{suffix}")):
                problems.append(f"{suffix}: -j1 and -j2 differ")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", nargs=2, type=int, metavar=("N", "SEED"))
    parser.add_argument("ota_sim", type=pathlib.Path)
    options = parser.parse_args()
    ota_sim = options.ota_sim.resolve()
    drawn = SHIPPED
    if options.sample:
        count, seed = options.sample
        drawn = sorted(random.Random(seed).sample(SHIPPED, count))
        print(f"by themselves, {count} of {len(SHIPPED)} shipped scenarios, drawn by {seed}")
    jobs = {
        "all of them at once": (check_run, ota_sim, [*SHIPPED, *FAILING, *BROKEN]),
        "under two releases": (check_run, ota_sim, [*drawn, *FAILING], ["--release", "v5.5,v6.0"]),
        "one thread or two": (check_same_bytes, ota_sim, [*drawn, *FAILING]),
    }
    jobs |= {str(path.relative_to(ROOT)): (check_run, ota_sim, [path]) for path in [*drawn, *FAILING, *BROKEN]}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {name: pool.submit(*job) for name, job in jobs.items()}
        for name, future in futures.items():
            problems = future.result()
            failed += bool(problems)
            for problem in problems:
                print(f"{name}: {problem}")
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
