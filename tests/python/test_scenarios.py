import os
import subprocess
import sys

import pytest

from conftest import TOP
from otasim import CommandFailed, run

PASSES = TOP / "tests/cli/data/passes.yaml"
FAILS = TOP / "tests/cli/data/fails.yaml"


def test_a_report_is_objects():
    report = run(PASSES)
    assert report.passed
    assert report.totals.passed == 1
    (scenario,) = report.scenarios
    assert scenario.passed and scenario.verdict == "pass"
    assert scenario.flash.operations == scenario.json["flash"]["operations"]
    with pytest.raises(AttributeError, match="colour"):
        scenario.colour


def test_a_failure_is_a_report_too():
    report = run(FAILS)
    assert not report.passed
    assert report.scenarios[0].failures[0].message
    assert report.scenarios[0].failures[0].line > 0


def test_releases_are_a_scenario_each():
    report = run(PASSES, releases=["v5.1", "v6.0"])
    assert [scenario.release for scenario in report.scenarios] == ["v5.1", "v6.0"]


def test_bad_usage_is_an_exception(tmp_path):
    with pytest.raises(CommandFailed, match="v0.9"):
        run(PASSES, releases=["v0.9"])


def pytest_on(folder, *options):
    """pytest with the plug-in, as a user runs it."""
    command = [sys.executable, "-m", "pytest", "-p", "otasim.pytest_plugin", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "--rootdir", folder, *options, folder],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TOP / "tools" / "python")},
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.yaml").write_text(PASSES.read_text())
    (tmp_path / "no-scenario.yaml").write_text("key: value\nnested:\n  steps: []\n")
    return tmp_path


def test_the_plug_in_collects_scenarios_only(folder):
    process = pytest_on(folder)
    assert process.returncode == 0, process.stdout
    assert "1 passed" in process.stdout


def test_the_plug_in_tells_what_failed(folder):
    (folder / "bad.yaml").write_text(FAILS.read_text())
    process = pytest_on(folder)
    assert process.returncode == 1
    assert "1 failed, 1 passed" in process.stdout
    assert run(FAILS).scenarios[0].failures[0].message in process.stdout


def test_the_plug_in_runs_releases(folder):
    process = pytest_on(folder, "--ota-sim-release", "v5.1,v6.0")
    assert "2 passed" in process.stdout


def test_a_file_that_is_no_scenario_after_all_fails(folder):
    (folder / "broken.yaml").write_text("steps: [\n")
    process = pytest_on(folder)
    assert process.returncode == 1
    assert "broken.yaml" in process.stdout
