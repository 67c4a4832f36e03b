"""One plain process that can be started again and again, as a container can, with one log over all its runs."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import anyio
from anyio.abc import Process, TaskGroup

from berth.engine.base import ContainerFacts
from berth.engine.process.keeper import Keeper
from berth.engine.process.output_log import OutputLog
from berth.engine.process.pipes import Pipes
from berth.engine.process.run import Run
from berth.engine.process.tree import MARK
from berth.errors import EngineError, WorkspaceError
from berth.planning.host_plan import ProcessPlan


class PlainProcess:
    """What stands for a container where there is none. ``identity`` is its mark."""

    def __init__(self, plan: ProcessPlan, *, identity: str, name: str, command: tuple[str, ...]) -> None:
        """Not started yet."""
        self.plan = plan
        self.identity = identity
        self.name = name
        self.removed = False
        self.log: OutputLog | None = None
        self._command = command
        self._run: Run | None = None
        self._status: Literal["created", "running", "exited"] = "created"
        self._exit_code: int | None = None
        self._started_at = self._finished_at = ""
        self._ended = anyio.Event()

    def facts(self) -> ContainerFacts:
        """It as it is."""
        return ContainerFacts(
            id=self.identity,
            name=self.name,
            image="",
            status=self._status,
            exit_code=self._exit_code,
            out_of_memory=False,
            error="",
            labels={},
            started_at=self._started_at,
            finished_at=self._finished_at,
        )

    async def start(self, tasks: TaskGroup, keeper: Keeper, folder: Path) -> None:
        """Starts it; no effect while it runs. ``folder`` is where its log's files are made.

        Raises:
            WorkspaceError: ``workspace-missing``: its working folder is gone or closed.
            EngineError: ``engine-failed``: the system does not start it.
        """
        if self._status == "running":
            return
        self.log = self.log or OutputLog(folder)
        pipes = Pipes.open()
        try:
            process = await self._open(pipes)
        except BaseException:
            pipes.close()
            raise
        finally:
            pipes.hand_over()
        self.log.begin()
        self._run = Run(process, pipes, self.log, mark=self.identity)
        self._status, self._exit_code, self._ended = "running", None, anyio.Event()
        self._started_at, self._finished_at = _now(), ""
        tasks.start_soon(self._run.live, self._on_end)
        await keeper.watch(process.pid)

    async def write(self, data: bytes) -> None:
        """Writes to the stdin of the present run.

        Raises:
            EngineError: ``container-gone``: it does not run.
        """
        if self._run is None or self._status != "running" or not await self._run.write(data):
            message = f"The process {self.name} no longer takes input."
            raise EngineError("container-gone", message, "Restart the session.")

    async def signal(self, name: Literal["SIGINT", "SIGTERM", "SIGKILL"]) -> None:
        """Sends a signal to its whole tree; no effect when it does not run."""
        if self._run is not None and self._status == "running":
            await self._run.signal(name)

    async def ended(self) -> None:
        """Waits until it no longer runs."""
        if self._status == "running":
            await self._ended.wait()

    async def end(self) -> int | None:
        """Kills it, waits for its end and lets its log go; answers the group that it had."""
        await self.signal("SIGKILL")
        await self.ended()
        self.removed = True
        if self.log is not None:
            await self.log.aclose()
        return self._run.group if self._run else None

    async def _open(self, pipes: Pipes) -> Process:
        stdin, stdout, stderr = pipes.theirs
        try:
            return await anyio.open_process(
                list(self._command),
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                cwd=self.plan.workdir,
                env=self._environment(),
                start_new_session=True,
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            raise WorkspaceError(
                "workspace-missing",
                f"The folder {self.plan.workdir} does not exist or cannot be entered.",
                "Open an existing folder.",
            ) from None
        except (OSError, subprocess.SubprocessError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise EngineError("engine-failed", f"The system does not start a process: {why}.", "Try again.") from None

    def _environment(self) -> Mapping[str, str]:
        return {**self.plan.inherited, "PWD": self.plan.workdir, MARK: self.identity}

    async def _on_end(self, code: int) -> None:
        self._exit_code, self._status, self._finished_at = code, "exited", _now()
        if self.log is not None:
            self.log.finish()
        self._ended.set()


def _now() -> str:
    return datetime.now(UTC).isoformat()
