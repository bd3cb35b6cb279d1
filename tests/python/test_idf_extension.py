"""`idf.py ota-sim` as idf.py calls it, on a build folder that the test makes; with the genuine idf.py where IDF_PATH names one."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from conftest import TOP
from otasim._command import call as program
from otasim.ota_sim_ext import action_extensions, main

PARTITIONS = """nvs,     data, nvs,   0x9000, 0x4000
otadata, data, ota,   0xd000, 0x2000
ota_0,   app,  ota_0, ,       128K
ota_1,   app,  ota_1, ,       128K
"""


@pytest.fixture
def project(tmp_path):
    table = tmp_path / "build" / "partition_table"
    table.mkdir(parents=True)
    (tmp_path / "parts.csv").write_text(PARTITIONS)
    program("partitions", "-q", tmp_path / "parts.csv", table / "partition-table.bin")
    (tmp_path / "build" / "project_description.json").write_text('{"app_bin": "lamp.bin"}')
    program("image", "make", "--app-version", "3.1.0", tmp_path / "build" / "lamp.bin")
    return tmp_path


def idf(project, action, **options):
    """What idf.py does with a command of an extension."""
    described = action_extensions({}, str(project))
    assert described["version"] == "1"
    defaults = {
        option["names"][0].lstrip("-").replace("-", "_"): option["default"] for option in described["actions"][action].get("options", [])
    }
    arguments = SimpleNamespace(project_dir=str(project), build_dir=str(project / "build"))
    described["actions"][action]["callback"](action, None, arguments, **{**defaults, **options})


def test_a_build_becomes_a_scenario_and_a_page(project, capfd):
    idf(project, "ota-sim", no_open=True)
    assert "file: build/lamp.bin" in (project / "ota-sim.yaml").read_text()
    assert (project / "build" / "ota-sim.html").read_text().lower().startswith("<!doctype html>")
    assert "1 scenario: 1 passed" in capfd.readouterr().out


def test_what_was_edited_stays(project, capfd):
    idf(project, "ota-sim", no_open=True)
    file = project / "ota-sim.yaml"
    ours = file.read_text()
    program("image", "make", "--force", "--app-version", "3.2.0", project / "build" / "lamp.bin")
    idf(project, "ota-sim", no_open=True)
    assert file.read_text() == ours.replace("3.1.0", "3.2.0"), "as it was written: it follows the build"
    file.write_text("# mine\n" + file.read_text())
    idf(project, "ota-sim", no_open=True)
    assert file.read_text().startswith("# mine\n")
    assert "stays as it is" in capfd.readouterr().out
    idf(project, "ota-sim", no_open=True, fresh=True)
    assert not file.read_text().startswith("# mine\n")


def test_without_a_build_it_says_what_comes_first(tmp_path):
    with pytest.raises(SystemExit, match="idf.py build"):
        idf(tmp_path, "ota-sim", no_open=True)


def test_a_run_that_fails_fails(project):
    idf(project, "ota-sim", no_open=True)
    file = project / "ota-sim.yaml"
    file.write_text(file.read_text().replace("version: 3.1.0}", "version: 9.9.9}"))
    with pytest.raises(SystemExit, match="exit status 1"):
        idf(project, "ota-sim", no_open=True)


def test_a_dump_is_inspected(project, capfd):
    (project / "dump.bin").write_bytes(b"\xff" * (1 << 20))
    idf(project, "ota-sim-inspect", dump=str(project / "dump.bin"))
    assert "partition table" in capfd.readouterr().out


def test_other_builds_by_the_module(project, capfd):
    assert main([str(project / "build"), "--project", str(project)]) == 0
    assert main([str(project / "none"), "--project", str(project), "--fresh"]) == 2
    assert "cannot open" in capfd.readouterr().err


@pytest.mark.skipif("IDF_PATH" not in os.environ, reason="IDF_PATH names no ESP-IDF checkout")
def test_the_genuine_idf_py_knows_the_command(project):
    tool = os.path.join(os.environ["IDF_PATH"], "tools", "idf.py")
    (project / "CMakeLists.txt").write_text("")
    (project / "idf_ext.py").write_text("from otasim.ota_sim_ext import action_extensions\n")
    answer = subprocess.run(
        [sys.executable, tool, "-C", project, "ota-sim", "--no-open"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TOP / "tools" / "python")},
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "1 scenario: 1 passed" in answer.stdout
