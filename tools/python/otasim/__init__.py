"""ota-sim from Python: devices on flash files, served devices, scenarios. Standard library only.

    from otasim import OtatoolTarget, ServedDevice, run

    OtatoolTarget("flash.bin").switch_ota_partition(1)

    with ServedDevice("flash.bin") as device:
        subprocess.run(["esptool.py", "--port", device.port, "flash_id"], check=True)

    for scenario in run("scenarios/powerloss.yaml").scenarios:
        print(scenario.name, scenario.verdict)

The `ota-sim` program is the one that the environment variable OTA_SIM names, else the one that was installed with
this module, else the one in PATH, else that of the checkout that this module lies in. docs/python.md tells more.
"""

from ._command import CommandFailed, ProgramMissing, find_program
from .otatool import OtatoolTarget
from .parttool import PARTITION_BOOT_DEFAULT, PartitionInfo, PartitionName, PartitionType, ParttoolTarget
from .report import Inspection, Report, Scenario, inspect, replay, run
from .serve import ServedDevice

__all__ = [
    "CommandFailed",
    "Inspection",
    "OtatoolTarget",
    "PARTITION_BOOT_DEFAULT",
    "PartitionInfo",
    "PartitionName",
    "PartitionType",
    "ParttoolTarget",
    "ProgramMissing",
    "Report",
    "Scenario",
    "ServedDevice",
    "find_program",
    "inspect",
    "replay",
    "run",
]
