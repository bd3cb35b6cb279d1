"""ESP-IDF's otatool on a flash file: the class that scripts import from `otatool`."""

import tempfile

from .parttool import FlashFile


class OtatoolTarget(FlashFile):
    """otadata and OTA slots of a flash file. `ota_id` is a slot's number or its partition's name."""

    def __init__(
        self,
        port=None,
        baud=None,
        partition_table_offset=0x8000,
        partition_table_file=None,
        spi_flash_sec_size=0x2000,
        esptool_args=(),
        esptool_write_args=(),
        esptool_read_args=(),
        esptool_erase_args=(),
    ):
        super().__init__("otatool", port, partition_table_offset, partition_table_file)
        self.spi_flash_sec_size = spi_flash_sec_size
        self._otadata = self._read()  # once, as the original: what it changes later it does not see

    def _read(self):
        arguments = ["--partition-type=data", "--partition-subtype=ota", "--output", "-"]
        target = FlashFile("parttool", self.port, self.offset, self.partition_table_file)
        return target._call("read_partition", *arguments)

    def _with_otadata(self, *arguments):
        with tempfile.NamedTemporaryFile(prefix="otadata") as kept:
            kept.write(self._otadata)
            kept.flush()
            return self._call(*arguments, "--otadata", kept.name)

    def read_otadata(self):
        """The two lines that the tool prints, as a text."""
        return self._with_otadata("read_otadata", *self._sectors()).decode()

    def erase_otadata(self):
        """Erases otadata: the device then boots its factory app or its first slot."""
        self._call("erase_otadata")

    def switch_ota_partition(self, ota_id, safe=False):
        """Selects a slot as the original does, by the records that were there when this object was made.

        `safe` looks at those that are there now, and never erases the one that is in force.
        """
        arguments = ["switch_ota_partition", *_slot(ota_id), *self._sectors()]
        if safe:
            self._call(*arguments, "--safe")
        else:
            self._with_otadata(*arguments)

    def read_ota_partition(self, ota_id, output):
        """Writes the slot's contents to the file `output`, which is replaced."""
        self._call("read_ota_partition", *_slot(ota_id), "--force", "--output", output)

    def write_ota_partition(self, ota_id, input):  # noqa: A002 - the original's name
        """Erases the slot, then writes the file `input` into it."""
        self._call("write_ota_partition", *_slot(ota_id), "--input", input)

    def erase_ota_partition(self, ota_id):
        """Erases the slot."""
        self._call("erase_ota_partition", *_slot(ota_id))

    def _sectors(self):
        return ["--spi-flash-sec-size", hex(self.spi_flash_sec_size)]


def _slot(ota_id):
    if isinstance(ota_id, int) and not isinstance(ota_id, bool):
        return [f"--slot={ota_id}"]
    return [f"--name={ota_id}"]
