"""A simulated device on a serial port, as long as a `with` block lasts."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from typing import Iterable, Optional, Union

from ._command import CommandFailed, find_program

_ANNOUNCEMENT = b"serving "


class ServedDevice:
    """`ota-sim serve` on a flash file. Inside the block `port` is what --port of esptool takes.

    tcp: "127.0.0.1:0" serves on a TCP port instead of a pseudo-terminal. `options`: further arguments of
    `ota-sim serve`, such as ["--target", "esp32c3", "--boot"]. After the block the flash file is saved.
    """

    port: Optional[str]

    def __init__(
        self,
        flash: Union[str, os.PathLike[str]],
        tcp: Optional[str] = None,
        options: Iterable[Union[str, os.PathLike[str]]] = (),
        timeout: float = 30.0,
    ) -> None:
        self._arguments = ["serve", "--flash", os.fspath(flash)]
        self._arguments += ["--pty"] if tcp is None else ["--tcp", tcp]
        self._arguments += [*map(os.fspath, options)]
        self._timeout = timeout
        self._process = None
        self._messages = None
        self.port = None

    def start(self) -> ServedDevice:
        """Starts the device and waits until hosts can connect."""
        self._messages = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [find_program(), *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._messages,
        )
        try:
            self.port = self._wait_for_port()
        except BaseException:
            self._process.kill()
            self._finish()
            raise
        return self

    def stop(self) -> None:
        """Ends the device. The flash file is saved; raises CommandFailed when that did not work."""
        if self._process is None:
            return
        process = self._process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            process.kill()
        status, message = self._finish()
        if status != 0:
            raise CommandFailed(status, message)

    def __enter__(self) -> ServedDevice:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _finish(self):
        process, self._process, self.port = self._process, None, None
        status = process.wait()
        process.stdout.close()
        self._messages.seek(0)
        message = self._messages.read().decode(errors="replace").strip()
        self._messages.close()
        return status, message

    def _wait_for_port(self):
        """Reads the line `serving PORT`, which may come in pieces."""
        end = time.monotonic() + self._timeout
        text = b""
        descriptor = self._process.stdout.fileno()
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(descriptor, 4096) if ready else b""
            if not piece:
                self._process.kill()
                self._process.wait()
                self._messages.seek(0)
                said = self._messages.read().decode(errors="replace").strip()
                raise CommandFailed(self._process.returncode, said or "ota-sim serve did not start in time")
            text += piece
        for line in text.splitlines():
            if line.startswith(_ANNOUNCEMENT):
                return line[len(_ANNOUNCEMENT) :].decode()
        raise CommandFailed(0, f"ota-sim serve said {text!r} instead of its port")
