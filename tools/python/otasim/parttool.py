"""ESP-IDF's parttool on a flash file: the classes and methods that scripts import from `parttool`."""

import os
from typing import NamedTuple

from ._command import call


class PartitionName(NamedTuple):
    """The partition of that name."""

    name: str


class PartitionType:
    """The first partition of that type and subtype or, with `part_list`, all of them."""

    def __init__(self, type, subtype, part_list=False):  # noqa: A002 - the original's name
        self.type = type
        self.subtype = subtype
        self.part_list = part_list


class _BootDefault:
    """The app that boots by default: factory, else the first OTA slot."""


PARTITION_BOOT_DEFAULT = _BootDefault()


class PartitionInfo(NamedTuple):
    """What the partition table says of a partition; offset and size in bytes."""

    name: str
    type: int
    subtype: int
    offset: int
    size: int
    encrypted: bool
    readonly: bool


class FlashFile:
    """What both tools share: a flash file in place of a serial port, and the options before the command.

    baud and the esptool arguments are taken so that scripts run unchanged; no esptool is started.
    """

    def __init__(self, tool, port, partition_table_offset=0x8000, partition_table_file=None):
        if port is None:
            raise ValueError("port: the path of a flash file is wanted")
        self._tool = tool
        self.port = os.fspath(port)
        self.offset = partition_table_offset
        self.partition_table_file = partition_table_file

    def _call(self, *arguments):
        options = ["--quiet", "--port", self.port, "--partition-table-offset", hex(self.offset)]
        if self.partition_table_file is not None:
            options += ["--partition-table-file", os.fspath(self.partition_table_file)]
        return call(self._tool, *options, *map(str, arguments))


def _choice(partition_id):
    if isinstance(partition_id, PartitionName):
        return [f"--partition-name={partition_id.name}"]
    if isinstance(partition_id, PartitionType):
        return ["--partition-type", str(partition_id.type), "--partition-subtype", str(partition_id.subtype)]
    if partition_id is PARTITION_BOOT_DEFAULT:
        return ["--partition-boot-default"]
    raise TypeError(f"{partition_id!r} names no partition: PartitionName, PartitionType or PARTITION_BOOT_DEFAULT does")


class ParttoolTarget(FlashFile):
    """Reads, writes and erases partitions of a flash file."""

    def __init__(
        self,
        port=None,
        baud=None,
        partition_table_offset=0x8000,
        primary_bootloader_offset=None,
        recovery_bootloader_offset=None,
        partition_table_file=None,
        esptool_args=(),
        esptool_write_args=(),
        esptool_read_args=(),
        esptool_erase_args=(),
    ):
        super().__init__("parttool", port, partition_table_offset, partition_table_file)
        self._bootloaders = []
        if primary_bootloader_offset is not None:
            self._bootloaders += ["--primary-bootloader-offset", hex(primary_bootloader_offset)]
        if recovery_bootloader_offset is not None:
            self._bootloaders += ["--recovery-bootloader-offset", hex(recovery_bootloader_offset)]

    def get_partition_info(self, partition_id):
        """The partition's entry; None when there is none. With a PartitionType's `part_list`: a list."""
        wanted_all = isinstance(partition_id, PartitionType) and partition_id.part_list
        fields = ["type", "subtype", "offset", "size", "encrypted", "readonly"]
        options = [*self._bootloaders, *_choice(partition_id)] + (["--part_list"] if wanted_all else [])
        names = self._info_names(options)
        words = self._call("get_partition_info", *options, "--info", *fields).decode().split()
        found = [
            _partition(name, words[i * len(fields) : (i + 1) * len(fields)]) for i, name in enumerate(names)
        ]
        if wanted_all:
            return found
        return found[0] if found else None

    def read_partition(self, partition_id, output):
        """Writes the partition's contents to the file `output`, which is replaced."""
        self._call("read_partition", *self._bootloaders, *_choice(partition_id), "--force", "--output", output)

    def write_partition(self, partition_id, input, ignore_readonly=False):  # noqa: A002 - the original's name
        """Erases the partition, then writes the file `input` into it."""
        extra = ["--ignore-readonly"] if ignore_readonly else []
        self._call("write_partition", *self._bootloaders, *_choice(partition_id), "--input", input, *extra)

    def erase_partition(self, partition_id):
        """Erases the partition."""
        self._call("erase_partition", *self._bootloaders, *_choice(partition_id))

    def _info_names(self, options):
        """The names alone, in order. Several are told apart by asking for each one's offset beside it: names may
        have blanks in them."""
        text = self._call("get_partition_info", *options, "--info", "name", "offset").decode().rstrip("\n")
        names = []
        while text:
            name, _, rest = text.partition(" 0x")
            names.append(name)
            text = rest.partition(" ")[2]
        return names


def _partition(name, words):
    type_, subtype, offset, size, encrypted, readonly = words
    return PartitionInfo(
        name, int(type_), int(subtype), int(offset, 16), int(size, 16), encrypted == "True", readonly == "True"
    )
