"""ota-sim from Python: devices on flash files, served devices, scenarios. Standard library only.

    from otasim import OtatoolTarget, ServedDevice, run

    OtatoolTarget("flash.bin").switch_ota_partition(1)

    with ServedDevice("flash.bin") as device:
        subprocess.run(["esptool.py", "--port", device.port, "flash_id"], check=True)

    for scenario in run("scenarios/powerloss.yaml").scenarios:
        print(scenario.name, scenario.verdict)

The `ota-sim` program is found through the environment variable OTA_SIM, else in PATH, else in the checkout that
this module lies in. docs/python.md tells more.
"""

from ._command import CommandFailed, find_program
from .otatool import OtatoolTarget
from .parttool import PARTITION_BOOT_DEFAULT, PartitionInfo, PartitionName, PartitionType, ParttoolTarget
from .report import Report, Scenario, run
from .serve import ServedDevice

__all__ = [
    "CommandFailed",
    "OtatoolTarget",
    "PARTITION_BOOT_DEFAULT",
    "PartitionInfo",
    "PartitionName",
    "PartitionType",
    "ParttoolTarget",
    "Report",
    "Scenario",
    "ServedDevice",
    "find_program",
    "run",
]
