"""Pipes between Berth and a process, read and written without ever blocking the loop."""

import contextlib
import os
import sys
from dataclasses import dataclass

import anyio

CHUNK = 64 * 1024
"""A pipe of Linux holds so much."""


@dataclass(frozen=True, slots=True)
class Pipes:
    """Our ends of the three pipes of one run, and the other ones until the process has them. All are descriptors."""

    stdin: int
    stdout: int
    stderr: int
    theirs: tuple[int, int, int]

    @classmethod
    def open(cls) -> "Pipes":
        """Three pipes; our ends do not block and are not inherited."""
        (their_stdin, stdin), (stdout, their_stdout), (stderr, their_stderr) = os.pipe(), os.pipe(), os.pipe()
        for ours in (stdin, stdout, stderr):
            if sys.platform != "win32":  # no agent runs without a container there
                os.set_blocking(ours, False)
        return cls(stdin, stdout, stderr, (their_stdin, their_stdout, their_stderr))

    def hand_over(self) -> None:
        """The process has its ends."""
        for descriptor in self.theirs:
            os.close(descriptor)

    def close(self) -> None:
        """Closes our ends. Nobody may read or write them any more."""
        for descriptor in (self.stdin, self.stdout, self.stderr):
            os.close(descriptor)


async def read(descriptor: int) -> bytes:
    """The next bytes; nothing at the end."""
    while True:
        with contextlib.suppress(BlockingIOError):
            return os.read(descriptor, CHUNK)
        await anyio.wait_readable(descriptor)


async def write(descriptor: int, data: bytes) -> None:
    """Writes all of it. Raises ``BrokenPipeError`` when nobody reads any more."""
    view = memoryview(data)
    while view:
        with contextlib.suppress(BlockingIOError):
            view = view[os.write(descriptor, view[:CHUNK]) :]
            continue
        await anyio.wait_writable(descriptor)
