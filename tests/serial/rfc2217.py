#!/usr/bin/env python3
"""pyserial's own rfc2217:// client on a served device: DTR, RTS and data through telnet.

Usage: rfc2217.py OTA_SIM. Prints `N passed, N failed`; needs Debian's python3-serial.
"""

import os
import subprocess
import sys
import tempfile
import time

import serial

SYNC = bytes([0, 8, 36, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20]) + b"\x55" * 32


def frame(payload):
    return b"\xc0" + payload.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def hard_reset(port):
    port.dtr = False
    port.rts = True
    time.sleep(0.1)
    port.rts = False


def classic_reset(port):
    port.dtr = False
    port.rts = True
    time.sleep(0.1)
    port.dtr = True
    port.rts = False
    time.sleep(0.05)
    port.dtr = False


def read_for(port, seconds):
    end = time.monotonic() + seconds
    text = b""
    while time.monotonic() < end:
        text += port.read(4096)
    return text


def an_app_does_not_answer(port):
    hard_reset(port)
    text = read_for(port, 1)
    assert b"boot:0x13" in text, text
    port.write(frame(SYNC))
    assert b"\xc0\x01\x08" not in read_for(port, 0.5)


def dtr_and_rts_lead_to_download_mode(port):
    classic_reset(port)
    text = read_for(port, 0.5)
    assert b"waiting for download" in text, text
    port.reset_input_buffer()
    port.write(frame(SYNC))
    assert read_for(port, 0.5).count(b"\xc0\x01\x08\x04\x00") == 8


def bytes_of_all_values_come_through(port):
    # WRITE_REG and READ_REG of a register that keeps what is written, with a value full of telnet's own byte
    address = (0x60001000).to_bytes(4, "little")
    write = bytes([0, 9, 16, 0, 0, 0, 0, 0]) + address + b"\xff\xf0\xff\xff" + b"\xff" * 4 + bytes(4)
    port.write(frame(write))
    assert b"\xc0\x01\x09" in read_for(port, 0.3)
    port.write(frame(bytes([0, 10, 4, 0, 0, 0, 0, 0]) + address))
    answer = read_for(port, 0.3)
    assert answer == b"\xc0\x01\x0a\x04\x00\xff\xf0\xff\xff" + bytes(4) + b"\xc0", answer


def the_baud_rate_can_be_set(port):
    port.baudrate = 921600
    port.write(frame(SYNC))
    assert read_for(port, 0.3).count(b"\xc0\x01\x08\x04\x00") == 8


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.argv[1], "serve", "--flash", os.path.join(folder, "flash.bin"), "--boot"]
        server = subprocess.Popen([*command, "--tcp", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        address = server.stdout.readline().removeprefix("serving socket://").strip()
        with serial.serial_for_url(f"rfc2217://{address}", 115200, timeout=0.05) as port:
            for test in (
                an_app_does_not_answer,
                dtr_and_rts_lead_to_download_mode,
                bytes_of_all_values_come_through,
                the_baud_rate_can_be_set,
            ):
                try:
                    test(port)
                    passed += 1
                except AssertionError as error:
                    failed += 1
                    print(f"{test.__name__}: {error!r}")
        server.terminate()
        if server.wait(10) != 0:
            failed += 1
            print("the server did not end well")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
