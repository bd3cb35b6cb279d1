"""Collects ota-sim scenarios as tests: every *.yaml and *.yml with `steps:` at its top level.

    pytest scenarios/

`--ota-sim-release v5.1,v6.0` runs each scenario under those releases, a test each. They carry the marker `ota_sim`:
`-m "not ota_sim"` leaves them out. For tests of host tools there is a served device:

    @pytest.mark.ota_sim_flash("flash.bin", options=["--target", "esp32c3"])
    def test_it(ota_sim_device):
        subprocess.run(["esptool", "--port", ota_sim_device.port, "flash-id"], check=True)
"""

import re
import shutil

import pytest

from ._command import CommandFailed, ProgramMissing, find_program
from .report import run
from .serve import ServedDevice

_STEPS = re.compile(rb"^steps[ \t]*:", re.MULTILINE)
_LOOKED_AT = 1 << 20  # bytes of a file; scenarios are shorter


def pytest_addoption(parser):
    group = parser.getgroup("ota-sim")
    group.addoption("--ota-sim-release", default="", metavar="NAMES", help="ESP-IDF releases, separated by commas")
    group.addoption("--ota-sim-no-explore", action="store_true", help="run the steps only, do not explore power cuts")


def pytest_configure(config):
    config.addinivalue_line("markers", "ota_sim: a scenario of ota-sim, collected from its YAML file")
    config.addinivalue_line(
        "markers",
        "ota_sim_flash(file=None, size=4194304, tcp=None, options=()): what the fixture ota_sim_device serves: a copy of "
        "the flash file, or an empty flash of that many bytes",
    )


@pytest.fixture
def ota_sim_device(request, tmp_path):
    """A served device (otasim.ServedDevice) on a copy of the flash file that the marker ota_sim_flash names."""
    marker = request.node.get_closest_marker("ota_sim_flash")
    device = _device(request, tmp_path / "flash.bin", *(marker.args if marker else ()), **(marker.kwargs if marker else {}))
    with device:
        yield device


def _device(request, copy, file=None, size=4 << 20, tcp=None, options=()):
    try:
        find_program()
    except ProgramMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    if file is None:
        copy.write_bytes(b"\xff" * size)
    else:
        source = request.path.parent / file
        if not source.is_file():
            pytest.fail(f"ota_sim_flash names {source}, and there is no such file", pytrace=False)
        shutil.copyfile(source, copy)
    return ServedDevice(copy, tcp=tcp, options=options)


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
        self.add_marker("ota_sim")

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
        if excinfo.errisinstance((ScenarioFailed, CommandFailed, ProgramMissing)):
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
