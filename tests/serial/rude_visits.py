#!/usr/bin/env python3
"""Hosts that reset, hang up and never read, one after the other: afterwards a polite one is served as if nothing had been.

Usage: rude_visits.py OTA_SIM [VISITS [SEED]]. Prints `N passed, N failed`. One device on TCP and one on a pseudo-terminal each get
VISITS (default 10000) visits; one line says what was found.
"""

import os
import random
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
import tty

SYNC = b"\xc0\x00\x08\x24\x00\x00\x00\x00\x00\x07\x07\x12\x20" + b"\x55" * 32 + b"\xc0"
ANSWER = b"\xc0\x01\x08"
PATIENCE_S = 20


def words(dice):
    """What a host says: nothing, noise, requests whose answers are long, telnet."""
    return dice.choice(
        [
            b"",
            dice.randbytes(dice.randrange(1, 300)),
            SYNC,
            SYNC * dice.randrange(2, 400),
            SYNC * 4000,
            b"\xff\xfb\x2c" + dice.randbytes(40),
            b"\xff\xfd\x2c" + SYNC * 300,
            SYNC[: dice.randrange(1, len(SYNC))],
        ]
    )


def polite(send, receive, what):
    """A host that asks once and reads: whatever lies on the line first, an answer follows."""
    end = time.monotonic() + PATIENCE_S
    send(b"\xc0" + SYNC)
    text = b""
    while ANSWER not in text:
        assert time.monotonic() < end, f"{what}: no answer, only {text[:60]}"
        text += receive()


class Device:
    def __init__(self, command, folder, name, options):
        self.process = subprocess.Popen(
            [command, "serve", "--flash", os.path.join(folder, name), "--size", "1MB", *options], stdout=subprocess.PIPE, text=True
        )
        self.port = self.process.stdout.readline().split()[-1]

    def seconds_of_cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def rests(self):
        """Nobody is there: waiting costs nothing."""
        before = self.seconds_of_cpu()
        time.sleep(0.5)
        assert self.seconds_of_cpu() - before < 0.25, "spins while nobody is there"

    def end(self):
        self.process.terminate()
        assert self.process.wait(PATIENCE_S) == 0


# ---- TCP ----------------------------------------------------------------------------------------


def connect(address):
    end = time.monotonic() + PATIENCE_S
    while True:
        line = socket.socket()
        line.settimeout(PATIENCE_S)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # answers pile up on the other side
        try:
            line.connect(address)
            return line
        except (BlockingIOError, ConnectionResetError):
            assert time.monotonic() < end, "nobody listens any more"


def visit_tcp(address, dice, lingering):
    line = connect(address)
    line.setblocking(False)
    try:
        line.send(words(dice))
    except OSError:
        pass  # the one before has not been forgotten yet, or the buffer is full: rude hosts do not care
    if dice.random() < 0.3:
        time.sleep(dice.random() / 500)
    way = dice.randrange(4)
    if way == 0:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset
    elif way == 1:
        try:
            line.shutdown(socket.SHUT_WR)  # hangs up, and takes its answers later or never
        except OSError:
            pass
        lingering.append(line)
        if len(lingering) > 3:
            lingering.pop(0).close()
        return
    line.close()


def tcp(command, folder, visits, seed):
    device = Device(command, folder, "tcp", ["--tcp", "127.0.0.1:0"])
    host, port = device.port.split("//")[-1].rsplit(":", 1)
    address = (host, int(port))
    dice, lingering = random.Random(seed), []
    for number in range(visits):
        visit_tcp(address, dice, lingering)
        if number % 500 == 0:
            be_served_tcp(address, f"after {number + 1} visits")
    be_served_tcp(address, "at the end")
    for line in lingering:
        line.close()
    device.rests()
    device.end()


def be_served_tcp(address, what):
    end = time.monotonic() + PATIENCE_S
    while True:
        with connect(address) as line:
            try:  # the line may still be taken by the one before
                return polite(line.sendall, lambda: line.recv(4096) or refuse(), what)
            except (ConnectionError, EOFError):
                assert time.monotonic() < end, f"{what}: nobody is let in"


def refuse():
    raise EOFError


# ---- pseudo-terminal ----------------------------------------------------------------------------


def visit_pty(path, dice):
    line = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        os.write(line, words(dice))
    except BlockingIOError:
        pass
    if dice.random() < 0.3:
        time.sleep(dice.random() / 500)
    os.close(line)


def pty(command, folder, visits, seed):
    device = Device(command, folder, "pty", ["--pty"])
    dice = random.Random(seed)
    for number in range(visits):
        visit_pty(device.port, dice)
        if number % 500 == 0:
            be_served_pty(device.port, f"after {number + 1} visits")
    be_served_pty(device.port, "at the end")
    device.rests()
    device.end()


def be_served_pty(path, what):
    line = os.open(path, os.O_RDWR | os.O_NOCTTY)

    def receive():
        assert select.select([line], [], [], PATIENCE_S)[0], f"{what}: nothing comes"
        return os.read(line, 4096)

    try:
        tty.setraw(line)
        polite(lambda data: os.write(line, data), receive, what)
    finally:
        os.close(line)


def main():
    command, visits, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000, int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for line in (tcp, pty):
            start = time.monotonic()
            try:
                line(command, folder, visits, seed)
                print(f"{line.__name__}: {visits} rude visits, seed {seed}, {time.monotonic() - start:.1f} s")
            except (AssertionError, OSError, subprocess.TimeoutExpired) as failure:
                print(f"{line.__name__}: FAILED, seed {seed}: {failure}")
                failed += 1
    print(f"{2 - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
