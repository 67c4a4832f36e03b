"""Plain processes behind :class:`berth.engine.base.Runner`. They end with the host: nobody else could stop them."""
# ruff: noqa: D102 - what each method promises stands in berth.engine.base.Runner

import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Literal

import anyio
import anyio.lowlevel
from anyio.abc import TaskGroup

from berth.engine.agent_input import Input
from berth.engine.base import ContainerFacts, Output
from berth.engine.process.keeper import Keeper
from berth.engine.process.process import PlainProcess
from berth.errors import AgentError, EngineError
from berth.planning.host_plan import ProcessPlan

_IN_WORKSPACE = 'cd -- "$1" && exec "$2"'


class Processes:
    """The plain processes of one host. Made by :func:`open_processes`."""

    def __init__(self, folder: Path, tasks: TaskGroup) -> None:
        """None yet. What they print is kept in unnamed files in ``folder``."""
        self._folder = folder
        self._tasks = tasks
        self._mark = secrets.token_hex(12)
        self._keeper = Keeper(self._mark)
        self._processes: dict[str, PlainProcess] = {}

    async def create(self, plan: ProcessPlan, *, name: str, command: tuple[str, ...]) -> str:
        """Makes a process, not yet started, and returns its id. ``command`` is the launcher.

        Raises ``unsupported`` on Windows.
        """
        if sys.platform == "win32":
            raise AgentError(
                "unsupported", "Without a container, agents run on Linux and macOS only.", "Run Berth inside WSL 2."
            )
        await anyio.lowlevel.checkpoint()
        identity = f"{self._mark}.{secrets.token_hex(6)}"
        self._processes[identity] = PlainProcess(plan, identity=identity, name=name, command=command)
        return identity

    async def start(self, container: str) -> None:
        process = self._get(container)
        with anyio.CancelScope(shield=True):
            await process.start(self._tasks, self._keeper, self._folder)

    async def inspect(self, container: str) -> ContainerFacts | None:
        await anyio.lowlevel.checkpoint()
        process = self._find(container)
        return process.facts() if process else None

    async def wait(self, container: str) -> ContainerFacts | None:
        process = self._find(container)
        if process is None:
            await anyio.lowlevel.checkpoint()
            return None
        await process.ended()
        return None if process.removed else process.facts()

    async def signal(self, container: str, signal: Literal["SIGINT", "SIGTERM", "SIGKILL"]) -> None:
        process = self._find(container)
        if process is not None:
            await process.signal(signal)

    async def remove(self, container: str) -> None:
        process = self._find(container)
        if process is not None:
            with anyio.CancelScope(shield=True):
                await self._end(process)

    @asynccontextmanager
    async def output(self, container: str, *, since: str = "") -> AsyncIterator[AsyncIterator[Output]]:
        log = self._get(container).log
        if log is None:
            raise EngineError("container-gone", "The process has not been started, so it printed nothing.")
        async with aclosing(log.follow(int(since or 0))) as outputs:
            yield outputs

    async def tail(self, container: str, *, lines: int) -> bytes:
        log = self._get(container).log
        return await log.tail(lines) if log is not None else b""

    async def open_input(self, container: str) -> Input:
        await anyio.lowlevel.checkpoint()
        return _ProcessInput(self._get(container))

    async def was_away(self, seconds: float) -> bool:  # noqa: ARG002 - there is no engine that could go away
        return False

    def shell(self, container: str, environment: Mapping[str, str]) -> tuple[str, ...]:  # noqa: ARG002 - no container's
        plan = self._get(container).plan
        return ("/bin/sh", "-c", _IN_WORKSPACE, "sh", plan.workdir, plan.shell)

    async def aclose(self) -> None:
        """Ends every process with all that came of it."""
        async with anyio.create_task_group() as tasks:
            for process in [*self._processes.values()]:
                tasks.start_soon(self._end, process)
        await self._keeper.aclose()

    async def _end(self, process: PlainProcess) -> None:
        group = await process.end()
        self._processes.pop(process.identity, None)
        if group is not None:
            await self._keeper.forget(group)

    def _find(self, container: str) -> PlainProcess | None:
        named = (found for found in self._processes.values() if found.name == container)
        return self._processes.get(container) or next(named, None)

    def _get(self, container: str) -> PlainProcess:
        found = self._find(container)
        if found is None:
            raise EngineError("container-gone", "The process is gone.", "Start the session again.")
        return found


class _ProcessInput:
    """The writing end of a process's stdin, whichever run it is in."""

    def __init__(self, process: PlainProcess) -> None:
        self._process = process

    async def write(self, data: bytes) -> None:
        await self._process.write(data)

    async def until_lost(self) -> None:
        await anyio.sleep_forever()

    async def aclose(self) -> None:
        await anyio.lowlevel.checkpoint()


@asynccontextmanager
async def open_processes(folder: Path) -> AsyncIterator[Processes]:
    """Processes for as long as the block lasts: leaving it ends them all."""
    async with anyio.create_task_group() as tasks:
        processes = Processes(folder, tasks)
        try:
            yield processes
        finally:
            with anyio.CancelScope(shield=True):
                await processes.aclose()
            tasks.cancel_scope.cancel()
