"""What a program of the FakeEngine sees of its world."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import anyio

from berth.planning.plan import ContainerPlan


class FakeStdin:
    """Bytes that arrive over time. Never ends by itself, as a container with ``StdinOnce=false``."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._arrived = anyio.Event()

    def feed(self, data: bytes) -> None:
        self._buffer += data
        arrived, self._arrived = self._arrived, anyio.Event()
        arrived.set()

    async def read(self) -> bytes:
        """Whatever is there, at least one byte."""
        while not self._buffer:
            await self._arrived.wait()
        data = bytes(self._buffer)
        self._buffer.clear()
        return data

    async def read_line(self) -> bytes:
        """The next line, with its newline."""
        while b"\n" not in self._buffer:
            await self._arrived.wait()
        end = self._buffer.index(b"\n") + 1
        line = bytes(self._buffer[:end])
        del self._buffer[:end]
        return line


@dataclass
class FakeProcess:
    """The main process of a fake container.

    A program prints with :meth:`print` and :meth:`print_error`, reads ``stdin``, and ends by returning its exit code
    (None is 0); an exception is exit code 1 with its text on stderr. A signal in ``handled`` is put into ``signals``
    for the program to see; any other ends it as the kernel would. ``door`` asks for a way out (``host:port``) and
    answers the status of the session's proxy, or raises ``ConnectionRefusedError``.
    """

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    workdir: str
    plan: ContainerPlan
    stdin: FakeStdin
    write: Callable[[str, bytes], None]
    door: "Door"
    handled: set[str] = field(default_factory=set)
    signals: list[str] = field(default_factory=list)
    signalled: anyio.Event = field(default_factory=anyio.Event)

    def print(self, text: str | bytes) -> None:
        """Prints on stdout; no newline is added."""
        self.write("stdout", text.encode() if isinstance(text, str) else text)

    def print_error(self, text: str | bytes) -> None:
        """Prints on stderr; no newline is added."""
        self.write("stderr", text.encode() if isinstance(text, str) else text)


Door = Callable[[str], Awaitable[int]]

Program = Callable[[FakeProcess], Awaitable[int | None]]
"""A program that a fake container can run."""


class KilledError(Exception):
    """The kernel ended the program: out of memory or a signal."""

    def __init__(self, exit_code: int, *, out_of_memory: bool = False) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code
        self.out_of_memory = out_of_memory
