"""The ota-sim program as a child process."""

import os
import shutil
import subprocess
from pathlib import Path


class CommandFailed(RuntimeError):
    """ota-sim refused or could not do what was asked. `status` is its exit status, `message` what it said."""

    def __init__(self, status, message):
        super().__init__(message or f"ota-sim ended with exit status {status}")
        self.status = status
        self.message = message


def find_program():
    """The path of the ota-sim program."""
    given = os.environ.get("OTA_SIM")
    if given:
        return given
    found = shutil.which("ota-sim")
    if found:
        return found
    in_checkout = Path(__file__).resolve().parents[2] / "ota-sim"  # tools/ota-sim builds when needed
    if in_checkout.is_file():
        return str(in_checkout)
    raise FileNotFoundError("ota-sim is neither in PATH nor named by the environment variable OTA_SIM")


def call(*arguments, accept=(0,), data=None):
    """Runs ota-sim and returns what it printed, as bytes. Other exit statuses than `accept` raise."""
    process = subprocess.run(
        [find_program(), *map(os.fspath, arguments)],
        input=b"" if data is None else data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if process.returncode not in accept:
        raise CommandFailed(process.returncode, process.stderr.decode(errors="replace").strip())
    return process.stdout
