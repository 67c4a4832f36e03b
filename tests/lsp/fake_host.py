"""The real host on an engine in memory, with scripted agents; flags make it misbehave."""

import asyncio
import logging
import os
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio import to_thread

from berth.errors import WorkspaceError
from berth.host.host import Host
from berth.host.opening import open_host
from berth.host.places import StateFolder
from tests.fakes.agent_programs.acp_agent import ScriptedAgent
from tests.fakes.agent_programs.on_fake_engine import host_path
from tests.fakes.engine import FakeEngine
from tests.fakes.process import FakeProcess

SETTINGS = {
    "agent": "scripted",
    "agents": {
        "scripted": {"command": ["scripted"], "dialect": "acp"},
        "silent": {"command": ["scripted", "--silent"], "dialect": "acp"},
    },
    "docker": {"defaultImage": "berth-test"},
}
"""The section ``berth`` that makes the fake engine run the scripted agent."""

STREAM_PERIOD = 0.004
WATCH_PERIOD = 0.005
WATCH_REPORT = 0.5


class StreamingAgent(ScriptedAgent):
    """The scripted agent with one more word: ``stream N`` prints N chunks of 300 bytes, 250 a second."""

    async def do_stream(self, count: str) -> None:
        for number in range(int(count)):
            await self.say(f"{number:06d} ".ljust(300, "."))
            await asyncio.sleep(STREAM_PERIOD)


async def scripted(process: FakeProcess) -> int:
    flags = process.argv[1:]
    return await StreamingAgent(process.stdin.read_line, process.print, host_path(process), flags).run()


@asynccontextmanager
async def open_fake_host(flags: frozenset[str]) -> AsyncIterator[Host]:
    if "--broken" in flags:
        raise WorkspaceError("state-unwritable", "The state folder cannot be written.", "Free some space.")
    engine = FakeEngine({"scripted": scripted})
    async with engine, open_host(lambda: engine, StateFolder.of_user()) as host, anyio.create_task_group() as tasks:
        if "--print" in flags:
            await to_thread.run_sync(print_strays)
        if "--watch-loop" in flags:
            tasks.start_soon(watch_loop)
        yield host
        tasks.cancel_scope.cancel()
        if "--hang" in flags:
            with anyio.CancelScope(shield=True):
                await anyio.sleep_forever()


async def watch_loop() -> None:
    """Logs, twice a second, for how long the event loop took no turn at most.

    The time in which the machine gave this thread no processor is not counted, where the kernel tells it.
    """
    longest, reported = 0.0, time.monotonic()
    while True:
        before, held_up = time.monotonic(), run_delay()
        await asyncio.sleep(WATCH_PERIOD)
        longest = max(longest, time.monotonic() - before - WATCH_PERIOD - (run_delay() - held_up))
        if before - reported >= WATCH_REPORT:
            logging.getLogger("watch").info("the loop stood still for %.4f s", longest)
            longest, reported = 0.0, before


def run_delay() -> float:
    """Seconds this thread was ready to run and was not let; 0 where nobody counts them."""
    counted = Path("/proc/thread-self/schedstat")
    return int(counted.read_text().split()[1]) / 1e9 if counted.exists() else 0.0


def print_strays() -> None:
    """Prints as Python does, as a C library does, and as a child process does, which reads its stdin as well."""
    print("a stray print", flush=True)  # noqa: T201 - the very thing that is tested
    os.write(1, b"a stray write\n")
    subprocess.run(["sh", "-c", "echo a stray child; cat"], check=True)
