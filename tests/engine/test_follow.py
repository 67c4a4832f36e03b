"""A log that is followed over connections that end, on an engine whose clock is set back."""

import asyncio
import re
import struct
from email.utils import formatdate
from pathlib import Path

import anyio
import pytest

from berth.engine.base import ContainerFacts
from berth.engine.docker.api import Api
from berth.engine.docker.endpoint import Endpoint
from berth.engine.docker.follow import follow

pytestmark = pytest.mark.anyio

BEFORE = (b"2027-01-15T08:00:00.1Z one\n", b"2027-01-15T08:00:00.2Z two\n")
AFTER = (b"2027-01-15T07:00:00.1Z three\n", b"2027-01-15T07:00:00.2Z four\n")
EIGHT = 1_800_000_000
SINCE = re.compile(rb"since=([\d.]+)")


class SetBack:
    """An engine that has two more entries, an hour earlier, when it is asked again."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found = SINCE.search(head)
        assert found
        now = EIGHT - 3600 if self.asked else EIGHT
        entries = (*BEFORE, *AFTER) if self.asked else BEFORE
        self.asked.append(found[1])
        served = b"".join(struct.pack(">BxxxI", 1, len(entry)) + entry for entry in entries)
        lines = (b"HTTP/1.1 200 OK", b"Date: " + formatdate(now, usegmt=True).encode(), b"Transfer-Encoding: chunked")
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(served), served))
        await writer.drain()
        writer.close()

    async def inspect(self, container: str) -> ContainerFacts:
        status = "running" if len(self.asked) < 3 else "exited"
        return ContainerFacts(container, "c", "i", status, None, out_of_memory=False, error="", labels={})  # type: ignore[arg-type]  # one of two


async def test_what_was_printed_after_the_engines_clock_was_set_back_is_told_once(tmp_path: Path) -> None:
    engine = SetBack()
    async with await asyncio.start_unix_server(engine.serve, tmp_path / "socket"):
        with anyio.fail_after(10):
            api = Api(Endpoint("unix", "test", path=str(tmp_path / "socket")))
            outputs = [output async for output in follow(api, engine.inspect, "c", since="")]
    assert b"".join(output.data for output in outputs) == b"one\ntwo\nthree\nfour\n"
    assert (engine.asked[0], engine.asked[1] != b"0", set(engine.asked[2:])) == (b"0", True, {b"0"})
