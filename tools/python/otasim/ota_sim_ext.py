"""`idf.py ota-sim`: what power cuts do to an update of this project. idf.py loads it by its entry point.

The commands of idf.py are functions of the build folder: `scenario` and `explore` here do not know idf.py, and
`python -m otasim.ota_sim_ext BUILD_FOLDER` does the same for builds of PlatformIO, Arduino and ESPHome.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Any, Dict, List, Optional

from ._command import CommandFailed, call, find_program

SCENARIO = "ota-sim.yaml"
_STAMP = "ota-sim.sha256"  # in the build folder: the scenario as it was written


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def scenario(build: Path, project: Path, fresh: bool = False) -> Path:
    """The project's ota-sim.yaml, written from its build folder; one that somebody has edited stays as it is."""
    path, stamp = project / SCENARIO, build / _STAMP
    ours = stamp.is_file() and path.is_file() and stamp.read_text() == _digest(path)
    if path.is_file() and not (ours or fresh):
        print(f"{path} is not as ota-sim wrote it and stays as it is (--fresh writes it anew)")
        return path
    # Said from the project's folder, so that the file names its build by a way that holds on other machines.
    call("new", "--force", "--from", os.path.relpath(build, project), "--", SCENARIO, folder=project)
    stamp.write_text(_digest(path))
    print(f"{path} is {'up to date' if ours else 'written'}, from {build}")
    return path


def explore(build: Path, project: Path, options: List[str], fresh: bool = False, show: bool = False) -> int:
    """Writes the scenario, runs it, writes the page with pictures into the build folder. The exit status of the run."""
    file, page = scenario(build, project, fresh), build / "ota-sim.html"
    status = subprocess.run([find_program(), "run", "--html", page, *options, "--", file], check=False).returncode
    if page.is_file():
        print(f"the report is {page}")
        if show:
            webbrowser.open(page.as_uri())
    return status


def _fail(message: str) -> None:
    try:
        from idf_py_actions.errors import FatalError  # type: ignore[import-not-found]
    except ImportError:
        raise SystemExit(f"ota-sim: {message}") from None
    raise FatalError(message)


def _explore_project(_name: str, _context: Any, arguments: Any, **options: Any) -> None:
    build, project = Path(arguments.build_dir), Path(arguments.project_dir)
    if not build.is_dir():
        _fail(f"{build} does not exist: `idf.py build` comes first")
    release = options.get("ota_sim_release")
    try:
        status = explore(build, project, ["--release", release] if release else [], options["fresh"], not options["no_open"])
    except (CommandFailed, FileNotFoundError) as error:
        _fail(str(error))
    else:
        if status != 0:
            _fail(f"ota-sim run ended with exit status {status}")


def _inspect_dump(_name: str, _context: Any, _arguments: Any, **options: Any) -> None:
    try:
        status = subprocess.run([find_program(), "inspect", "--", options["dump"]], check=False).returncode
    except FileNotFoundError as error:
        _fail(str(error))
    else:
        if status not in (0, 1):
            _fail(f"ota-sim inspect ended with exit status {status}")


def action_extensions(base_actions: Dict[str, Any], project_path: str) -> Dict[str, Any]:
    """What idf.py asks an extension for."""
    return {
        "version": "1",
        "actions": {
            "ota-sim": {
                "callback": _explore_project,
                "short_help": "Cut the power at every instant of an update.",
                "help": "Reads the build, writes ota-sim.yaml unless it was edited, explores power cuts, opens the report.",
                "options": [
                    {"names": ["--fresh"], "is_flag": True, "default": False, "help": "Write ota-sim.yaml anew."},
                    {"names": ["--no-open"], "is_flag": True, "default": False, "help": "Do not open the report."},
                    {"names": ["--ota-sim-release"], "default": None, "help": "ESP-IDF releases, separated by commas."},
                ],
            },
            "ota-sim-inspect": {
                "callback": _inspect_dump,
                "short_help": "What a flash dump tells.",
                "help": "Partition table, otadata, images, and what the device boots next.",
                "arguments": [{"names": ["dump"]}],
            },
        },
    }


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m otasim.ota_sim_ext", description="As `idf.py ota-sim`, for any build folder.")
    parser.add_argument("build", type=Path, help="build folder of ESP-IDF, PlatformIO, Arduino-CLI or ESPHome")
    parser.add_argument("--project", type=Path, default=Path.cwd(), help="where ota-sim.yaml lies (here)")
    parser.add_argument("--fresh", action="store_true", help="write ota-sim.yaml anew")
    parser.add_argument("--open", action="store_true", help="open the report in a browser")
    parser.add_argument("options", nargs="*", help="of `ota-sim run`, after --")
    wish = parser.parse_args(arguments)
    try:
        return explore(wish.build, wish.project, wish.options, wish.fresh, wish.open)
    except (CommandFailed, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
