"""The ota-sim program as a child process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Optional, Tuple


class CommandFailed(RuntimeError):
    """ota-sim refused or could not do what was asked. `status` is its exit status, `message` what it said."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message or f"ota-sim ended with exit status {status}")
        self.status = status
        self.message = message


class ProgramMissing(FileNotFoundError):
    """There is no ota-sim program to be found."""


def find_program() -> str:
    """The path of the ota-sim program."""
    given = os.environ.get("OTA_SIM")
    if given:
        program = shutil.which(given)
        if program is None:
            raise ProgramMissing(f"the environment variable OTA_SIM names {given}, which is no program")
        return os.path.abspath(program)
    # What was installed with this module comes before another one in PATH.
    beside = Path(sysconfig.get_path("scripts")) / "ota-sim"
    found = str(beside) if beside.is_file() and _is_installed() else shutil.which("ota-sim")
    if found:
        return found
    in_checkout = Path(__file__).resolve().parents[2] / "ota-sim"  # tools/ota-sim builds when needed
    if in_checkout.is_file():
        return str(in_checkout)
    raise ProgramMissing("ota-sim is neither in PATH nor named by the environment variable OTA_SIM")


def _is_installed() -> bool:
    return Path(__file__).resolve().parent.parent == Path(sysconfig.get_path("purelib")).resolve()


def call(
    *arguments: str | os.PathLike[str],
    accept: Tuple[int, ...] = (0,),
    data: Optional[bytes] = None,
    folder: Optional[Path] = None,
) -> bytes:
    """Runs ota-sim (in `folder`) and returns what it printed, as bytes. Other exit statuses than `accept` raise."""
    process = subprocess.run(
        [find_program(), *map(os.fspath, arguments)],
        input=b"" if data is None else data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
        cwd=folder,
    )
    if process.returncode not in accept:
        raise CommandFailed(process.returncode, process.stderr.decode(errors="replace").strip())
    return process.stdout
