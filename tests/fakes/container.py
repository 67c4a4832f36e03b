"""One container of the FakeEngine: its program, its log, its life."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Literal

import anyio

from berth.engine.base import ContainerFacts
from berth.engine.launcher import launch_command
from berth.planning.plan import ContainerPlan
from tests.fakes.launch import run_launcher
from tests.fakes.process import Door, FakeProcess, FakeStdin, KilledError, Program

EXIT_CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGKILL": 137}


class FakeContainer:
    """Created by ``FakeEngine.create``; its program is a task of the running loop."""

    def __init__(self, plan: ContainerPlan, *, identity: str, name: str, command: tuple[str, ...]) -> None:
        self.plan = plan
        self.id = identity
        self.name = name
        self.command = command
        self.status: Literal["created", "running", "paused", "exited"] = "created"
        self.exit_code: int | None = None
        self.out_of_memory = False
        self.removed = False
        self.started_at = self.finished_at = ""
        self.created_at = datetime.now(UTC).isoformat()
        self.log: list[tuple[Literal["stdout", "stderr"], bytes]] = []
        self.stdin = FakeStdin()
        self.process: FakeProcess | None = None
        self.changed = anyio.Event()
        self._task: asyncio.Task[None] | None = None
        self._killed_by = ""

    def facts(self) -> ContainerFacts:
        return ContainerFacts(
            id=self.id,
            name=self.name,
            image=self.plan.image,
            status=self.status,
            exit_code=self.exit_code,
            out_of_memory=self.out_of_memory,
            error="",
            labels=dict(self.plan.labels),
            started_at=self.started_at,
            finished_at=self.finished_at,
            created_at=self.created_at,
        )

    def start(self, programs: Mapping[str, Program], unwritable: Collection[str], door: Door) -> None:
        if self.status in ("running", "paused"):
            return
        if self.status == "exited":
            self.stdin = FakeStdin()
        self.status, self.exit_code, self.out_of_memory, self._killed_by = "running", None, False, ""
        self.started_at = datetime.now(UTC).isoformat()
        process = FakeProcess(self.command, {}, self.plan.workdir, self.plan, self.stdin, self._write, door)
        self.process = process
        self._task = asyncio.create_task(self._run(process, programs, unwritable), name=f"fake {self.name}")
        self._announce()

    def signal(self, name: str) -> None:
        process = self.process
        if self.status not in ("running", "paused") or process is None or self._task is None:
            return
        if name in process.handled and name != "SIGKILL":
            process.signals.append(name)
            signalled, process.signalled = process.signalled, anyio.Event()
            signalled.set()
            return
        self._killed_by = name
        self._task.cancel()

    def pause(self) -> None:
        self.status = "paused"
        self._announce()

    def unpause(self) -> None:
        self.status = "running"
        self._announce()

    async def ended(self) -> None:
        """Waits until it no longer runs."""
        while self.status in ("running", "paused") and not self.removed:
            await self.changed.wait()

    async def end(self) -> None:
        """Kills it and waits for its task."""
        self.signal("SIGKILL")
        if self._task is not None:
            await asyncio.wait([self._task])
        self.removed = True
        self._announce()

    def _write(self, stream: str, data: bytes) -> None:
        if data:
            self.log.append(("stderr" if stream == "stderr" else "stdout", data))
            self._announce()

    def _announce(self) -> None:
        changed, self.changed = self.changed, anyio.Event()
        changed.set()

    async def _run(self, process: FakeProcess, programs: Mapping[str, Program], unwritable: Collection[str]) -> None:
        code: int = 0
        try:
            code = await self._main(process, programs, unwritable)
        except asyncio.CancelledError:
            code = EXIT_CODES.get(self._killed_by, 137)
        except KilledError as killed:
            code, self.out_of_memory = killed.exit_code, killed.out_of_memory
        except Exception as error:  # noqa: BLE001 - a program may fail in any way, as a real one may
            process.print_error(f"{type(error).__name__}: {error}\n")
            code = 1
        self.exit_code, self.status, self.finished_at = code, "exited", datetime.now(UTC).isoformat()
        self._announce()

    async def _main(self, process: FakeProcess, programs: Mapping[str, Program], unwritable: Collection[str]) -> int:
        if self.command[: len(launch_command())] == launch_command():
            return await run_launcher(process, programs, unwritable)
        return await programs[self.command[0]](process) or 0
