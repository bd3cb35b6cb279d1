"""What is assembled for each chip passes esptool's image-info, and each chip that is served is one to esptool and espefuse.

usage: against_esptool.py OTA_SIM
"""

import contextlib
import io
import pathlib
import re
import subprocess
import sys
import tempfile

import espefuse
import esptool

OTA_SIM = sys.argv[1]
# Chip, where its bootloader lies, crystal in MHz, and whether its MAC is an EUI-64.
CHIPS = [
    ("esp32", 0x1000, 40, False),
    ("esp32s2", 0x1000, 40, False),
    ("esp32s3", 0, 40, False),
    ("esp32c2", 0, 40, False),
    ("esp32c3", 0, 40, False),
    ("esp32c5", 0x2000, 48, True),
    ("esp32c6", 0, 40, True),
    ("esp32c61", 0, 40, False),
    ("esp32h2", 0, 32, True),
    ("esp32h21", 0, 32, True),
    ("esp32h4", 0x2000, 32, True),
    ("esp32p4", 0x2000, 40, False),
    ("esp32s31", 0x2000, 40, False),
]
SCENARIO = """name: A flash to look at
board:
  target: {chip}
  release: v6.2
  size: 4M
  bootloader: {{flash_size: 4M}}
  partition_table_offset: 0x10000
  partitions: |
    otadata, data, ota,   0x11000, 0x2000
    ota_0,   app,  ota_0, 0x20000, 256K
    ota_1,   app,  ota_1, ,        256K
images:
  app: {{version: 1.0.0, size: 48K}}
flash:
  ota_0: app
steps:
  - boot:
"""


def said(main, arguments):
    """What a tool prints; an error is told in its text."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        try:
            main(arguments)
        except SystemExit as end:
            if end.code not in (None, 0):
                text.write(f"\nexit status {end.code}")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test says it
            text.write(f"\n{type(error).__name__}: {error}")
    return text.getvalue()


def without(text, *words):
    return [word for word in words if word not in text]


def image_is_good(path, chip):
    text = said(esptool.main, ["--chip", chip, "image-info", str(path)])
    missing = without(text, "(valid)", "Validation hash")
    return missing or (["invalid"] if "invalid" in text.lower().replace("invalid header", "") else []), text


def flash_is_good(chip, offset, folder):
    scenario = folder / f"{chip}.yaml"
    (folder / chip).mkdir()
    scenario.write_text(SCENARIO.format(chip=chip))
    run = subprocess.run([OTA_SIM, "run", "--no-explore", "--save-flash", str(folder / chip), str(scenario)], capture_output=True, text=True, timeout=100)
    found = sorted(path for path in (folder / chip).rglob("*") if path.is_file())
    if run.returncode != 0 or not found:
        return ["no flash"], run.stdout + run.stderr
    flash = found[0].read_bytes()
    for name, at in (("bootloader", offset), ("app", 0x20000)):
        part = folder / f"{chip}-{name}.bin"
        part.write_bytes(flash[at : at + 0xF000])
        missing, text = image_is_good(part, chip)
        if missing:
            return [f"{name}: {word}" for word in missing], text
    return [], ""


def without_bits(summary, **fields):
    return [name for name, bits in fields.items() if not re.search(rf"^{name} .*{re.escape(bits)}", summary, re.M)]


def served_is_good(chip, crystal, extended, folder):
    port = folder / f"{chip}-tty"
    command = [OTA_SIM, "serve", "--flash", str(folder / f"{chip}-flash.bin"), "--target", chip, "--mac", "24:0A:C4:12:34:56", "--block-revision", "v1.2", "--pty", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            server.stdout.readline()
            text = said(esptool.main, ["--chip", "auto", "--port", str(port), "flash-id"])
            mac = "24:0a:c4:ff:fe:12:34:56" if extended else "24:0a:c4:12:34:56"
            missing = without(text, f"{crystal}MHz", mac, "Detected flash size: 4MB")
            text += said(espefuse.main, ["--port", str(port), "--do-not-confirm", "burn-custom-mac", "02:11:22:33:44:55"])
            text += said(espefuse.main, ["--port", str(port), "--do-not-confirm", "burn-bit", "BLOCK2" if chip == "esp32" else "BLOCK0", "3"])
            missing += [word for word in ("exit status", "rror: ", "imeout") if word in text]
            more = said(espefuse.main, ["--port", str(port), "get-custom-mac"])
            summary = said(espefuse.main, ["--port", str(port), "summary"])
            if chip != "esp32": # it has none
                missing += without_bits(summary, BLK_VERSION_MAJOR="(0b01)", BLK_VERSION_MINOR="(0b010)")
            return missing + without(more, "02:11:22:33:44:55"), text + more + summary
        finally:
            server.terminate()


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for chip, offset, crystal, extended in CHIPS:
            for what, (missing, text) in (
                ("image", flash_is_good(chip, offset, folder)),
                ("served", served_is_good(chip, crystal, extended, folder)),
            ):
                passed += not missing
                failed += bool(missing)
                if missing:
                    print(f"{chip}, {what}: without {missing}\n{text}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
