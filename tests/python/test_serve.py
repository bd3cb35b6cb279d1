import os
import socket
import termios
import tty

import pytest

from otasim import CommandFailed, ServedDevice

# A SYNC command of the ROM loader in its frame, and how an answer to it begins.
SYNC = b"\xc0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20" + b"\x55" * 32 + b"\xc0"
ANSWER = b"\xc0\x01\x08"


def read_until(read, wanted):
    text = b""
    while wanted not in text:
        piece = read(4096)
        assert piece, "the line was closed"
        text += piece
    return text


def test_answers_on_a_pseudo_terminal(flash):
    with ServedDevice(flash) as device:
        line = os.open(device.port, os.O_RDWR | os.O_NOCTTY)
        try:
            tty.setraw(line)
            termios.tcflush(line, termios.TCIOFLUSH)
            os.write(line, SYNC)
            assert ANSWER in read_until(lambda size: os.read(line, size), ANSWER)
        finally:
            os.close(line)
    assert device.port is None


def test_answers_on_tcp(flash):
    with ServedDevice(flash, tcp="127.0.0.1:0", options=["--target", "esp32c3"]) as device:
        host, port = device.port.split("//")[-1].rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(SYNC)
            assert ANSWER in read_until(line.recv, ANSWER)


def test_the_flash_file_outlives_the_device(flash):
    before = flash.read_bytes()
    with ServedDevice(flash):
        pass
    assert flash.read_bytes() == before


def test_says_why_it_does_not_start(tmp_path):
    (tmp_path / "odd").write_bytes(b"x" * 1000)
    with pytest.raises(CommandFailed) as failure:
        ServedDevice(tmp_path / "odd").start()
    assert failure.value.status == 2
    assert "odd" in failure.value.message


def test_is_ended_by_an_exception_too(flash):
    device = ServedDevice(flash)
    with pytest.raises(KeyError):
        with device:
            raise KeyError("mine")
    assert device.port is None


def test_commands_are_carried_out_or_refused(flash, tmp_path):
    socket_path = tmp_path / "control"
    with ServedDevice(flash, options=["--control", str(socket_path)]):
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(socket_path))
            answers = control.makefile("r")
            for command in ("cut-after 5", "lines 1 0", "lines 0 0"):
                control.sendall(f"{command}\n".encode())
                assert answers.readline() == "ok\n", command
            for command in ("cut-after -5", "cut-after +5", "cut-after ", "cut-after 99999999999999999999", "lines -1 0", "lines 2 0"):
                control.sendall(f"{command}\n".encode())
                assert answers.readline().startswith(f"error: unknown command '{command}'"), command
