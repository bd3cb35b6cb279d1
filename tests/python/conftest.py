"""Flash files to work on. The ota-sim program comes from the environment variable OTA_SIM."""

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools" / "python"))

import otasim  # noqa: E402 - its folder has to be known first

TABLE = """\
nvs,data,nvs,0x9000,16K
otadata,data,ota,0xd000,8K
locked up,data,fat,0xf000,4K,readonly
ota_0,app,ota_0,0x10000,64K
ota_1,app,ota_1,0x20000,64K
"""


def ota_sim(*arguments):
    subprocess.run([otasim.find_program(), *map(str, arguments)], check=True)


@pytest.fixture
def flash(tmp_path):
    """Version 1.0.0 in ota_0 and 2.0.0 in ota_1, ota_0 selected, 1 MiB."""
    (tmp_path / "table.csv").write_text(TABLE)
    for version, name in (("1.0.0", "one.bin"), ("2.0.0", "two.bin")):
        ota_sim("image", "make", tmp_path / name, "--app-version", version, "--size", 20000)
    parts = [f"--part=ota_0={tmp_path}/one.bin", f"--part=ota_1={tmp_path}/two.bin"]
    table = tmp_path / "table.csv"
    ota_sim("flash", tmp_path / "flash.bin", "--size", "1MB", "--table", table, *parts, "--boot", "ota_0")
    return tmp_path / "flash.bin"
