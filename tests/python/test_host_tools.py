import subprocess
import json

import pytest

import otasim
from otasim import OtatoolTarget, ParttoolTarget, PartitionName, PartitionType, PARTITION_BOOT_DEFAULT


def boots(flash):
    """What boots from the file, under every release and build."""
    text = subprocess.run([otasim.find_program(), "inspect", "--json", "-", flash], check=True, capture_output=True)
    return {answer["boots"] for answer in json.loads(text.stdout)["boot"]}


def test_switches_by_number_and_by_name(flash):
    target = OtatoolTarget(str(flash))
    assert boots(flash) == {"ota_0"}
    target.switch_ota_partition(1)
    assert boots(flash) == {"ota_1"}
    target.switch_ota_partition("ota_0")
    assert boots(flash) == {"ota_0"}
    target.switch_ota_partition(1, safe=True)
    assert boots(flash) == {"ota_1"}


def test_reads_otadata_as_the_original_prints_it(flash):
    lines = OtatoolTarget(flash).read_otadata().splitlines()
    assert lines[1] == "Firmware:  0x000001 \t0x4743989a | \t0xffffffff \t 0xffffffff"


def test_erases_otadata(flash):
    OtatoolTarget(flash).erase_otadata()
    assert flash.read_bytes()[0xD000:0xF000] == b"\xff" * 0x2000


def test_reads_writes_and_erases_slots(flash, tmp_path):
    target = OtatoolTarget(port=flash, baud=115200, esptool_args=["before=no_reset"])
    target.write_ota_partition("ota_1", tmp_path / "one.bin")
    target.read_ota_partition(1, tmp_path / "out")
    image = (tmp_path / "one.bin").read_bytes()
    assert (tmp_path / "out").read_bytes() == image + b"\xff" * (0x10000 - len(image))
    target.erase_ota_partition(1)
    assert flash.read_bytes()[0x20000:0x30000] == b"\xff" * 0x10000


def test_unknown_slots_are_refused(flash):
    before = flash.read_bytes()
    with pytest.raises(otasim.CommandFailed, match="Partition to switch to not found"):
        OtatoolTarget(flash).switch_ota_partition(5)
    with pytest.raises(otasim.CommandFailed):
        OtatoolTarget(flash).switch_ota_partition(-1)
    with pytest.raises(otasim.CommandFailed):
        OtatoolTarget(flash, partition_table_offset=0x9000).switch_ota_partition(0)
    assert flash.read_bytes() == before


def test_partition_info(flash):
    target = ParttoolTarget(flash)
    info = target.get_partition_info(PartitionName("locked up"))
    assert info == ("locked up", 1, 0x81, 0xF000, 0x1000, False, True)
    assert target.get_partition_info(PARTITION_BOOT_DEFAULT).name == "ota_0"
    assert target.get_partition_info(PartitionName("none")) is None
    assert target.get_partition_info(PartitionType("app", "ota_1")).offset == 0x20000
    assert [p.name for p in target.get_partition_info(PartitionType("data", "nvs", part_list=True))] == ["nvs"]
    assert target.get_partition_info(PartitionType("data", "phy", part_list=True)) == []


def test_partition_contents(flash, tmp_path):
    target = ParttoolTarget(flash)
    (tmp_path / "in").write_bytes(b"hello")
    target.write_partition(PartitionName("nvs"), tmp_path / "in")
    target.read_partition(PartitionName("nvs"), tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"hello" + b"\xff" * (0x4000 - 5)
    with pytest.raises(otasim.CommandFailed, match="read-only"):
        target.write_partition(PartitionName("locked up"), tmp_path / "in")
    target.write_partition(PartitionName("locked up"), tmp_path / "in", ignore_readonly=True)
    target.erase_partition(PartitionName("nvs"))
    assert flash.read_bytes()[0x9000:0xD000] == b"\xff" * 0x4000


def test_otadata_is_read_when_the_object_is_made(flash):
    """As the original does: after erase_otadata the switch still writes the records that were there before."""
    records = flash.read_bytes()[0xD000:0xF000]
    target = OtatoolTarget(flash)
    target.erase_otadata()
    target.switch_ota_partition(1)
    assert flash.read_bytes()[0xD000:0xE000] == records[:0x1000]
    assert "0x000002" in OtatoolTarget(flash).read_otadata()
    assert "0x000002" not in target.read_otadata()


def test_any_partition_by_name(flash, tmp_path):
    target = OtatoolTarget(flash)
    target.read_ota_partition("nvs", tmp_path / "nvs.bin")
    assert (tmp_path / "nvs.bin").read_bytes() == flash.read_bytes()[0x9000:0xD000]
    target.erase_ota_partition("nvs")
    assert flash.read_bytes()[0x9000:0xD000] == b"\xff" * 0x4000
    with pytest.raises(otasim.CommandFailed, match="no partition called"):
        target.erase_ota_partition("nowhere")
