"""Collects ota-sim scenarios as tests: every *.yaml and *.yml with `steps:` at its top level.

    pytest -p otasim.pytest_plugin scenarios/

`--ota-sim-release v5.1,v6.0` runs each scenario under those releases, a test each.
"""

import re

import pytest

from ._command import CommandFailed
from .report import run

_STEPS = re.compile(rb"^steps[ \t]*:", re.MULTILINE)
_LOOKED_AT = 1 << 20  # bytes of a file; scenarios are shorter


def pytest_addoption(parser):
    group = parser.getgroup("ota-sim")
    group.addoption("--ota-sim-release", default="", metavar="NAMES", help="ESP-IDF releases, separated by commas")
    group.addoption("--ota-sim-no-explore", action="store_true", help="run the steps only, do not explore power cuts")


def pytest_collect_file(file_path, parent):
    if file_path.suffix not in (".yaml", ".yml") or not _is_scenario(file_path):
        return None
    return ScenarioFile.from_parent(parent, path=file_path)


def _is_scenario(path):
    try:
        with path.open("rb") as file:
            return _STEPS.search(file.read(_LOOKED_AT)) is not None
    except OSError:
        return False


class ScenarioFailed(Exception):
    """Expectations are not met."""


class ScenarioFile(pytest.File):
    def collect(self):
        releases = [name for name in self.config.getoption("--ota-sim-release").split(",") if name]
        for release in releases or [None]:
            yield ScenarioItem.from_parent(self, name=release or self.path.stem, release=release)


class ScenarioItem(pytest.Item):
    def __init__(self, *, release, **arguments):
        super().__init__(**arguments)
        self.release = release

    def runtest(self):
        report = run(
            self.path,
            releases=[self.release] if self.release else [],
            explore=not self.config.getoption("--ota-sim-no-explore"),
        )
        problems = [line for scenario in report.scenarios for line in _problems(scenario)]
        if problems:
            raise ScenarioFailed("\n".join(problems))

    def repr_failure(self, excinfo, style=None):
        if excinfo.errisinstance((ScenarioFailed, CommandFailed)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, 0, f"scenario {self.path.name}{f' [{self.release}]' if self.release else ''}"


def _problems(scenario):
    """What did not hold, a line or more each; nothing when the scenario passed."""
    if scenario.passed:
        return
    values = scenario.json
    title = f"{values['file']} [{values['release']}]"
    if values.get("error"):
        yield f"{title}: {values['error']}"
    for failure in values.get("failures", []):
        yield f"{values['file']}:{failure['line']}: {failure['message']}"
    for violation in values.get("violations", []):
        if not violation.get("known"):
            yield f"{title}: {violation['invariant']} is violated ({violation['states']} crash states)"
            yield f"  ota-sim replay --release {values['release']} {values['file']} {violation['address']}"
