"""One run of a process: from its start until it, all that came of it, and all that it printed are accounted for."""

import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Literal

import anyio
from anyio import to_thread
from anyio.abc import Process

from berth.engine.process import tree
from berth.engine.process.output_log import OutputLog
from berth.engine.process.pipes import Pipes, read, write

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 3.0
"""How long the pipes of an ended process are read. Only who hides from its mark and its group can hold them open."""


class Run:
    """A started process. ``on_end`` is awaited with the exit code, as the shell has it: 128 and the signal's number."""

    def __init__(self, process: Process, pipes: Pipes, log: OutputLog, *, mark: str) -> None:
        """The process was started in a session of its own with these pipes and this mark."""
        self.group = process.pid
        self._process = process
        self._pipes = pipes
        self._log = log
        self._mark = mark
        self._writing = anyio.Lock()
        self._is_over = False

    async def live(self, on_end: Callable[[int], Awaitable[None]]) -> None:
        """Reads what it prints until its end; what is left of its tree ends with it, as in a container."""
        drained = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._drain, drained)
            code = await self._process.wait()
            if not await to_thread.run_sync(tree.sweep, self.group, self._mark):
                logger.warning("Something that the agent started could not be ended")
            with anyio.move_on_after(DRAIN_SECONDS):
                await drained.wait()
            tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            await self._close()
            await on_end(code if code >= 0 else 128 - code)

    async def write(self, data: bytes) -> bool:
        """Writes to its stdin; False when it no longer takes it."""
        async with self._writing:
            if self._is_over:
                return False
            try:
                await write(self._pipes.stdin, data)
            except BrokenPipeError:
                return False
        return True

    async def signal(self, name: Literal["SIGINT", "SIGTERM", "SIGKILL"]) -> None:
        """Sends a signal to its whole tree. No effect when it has ended."""
        if not self._is_over and self._process.returncode is None:
            await to_thread.run_sync(tree.send, self.group, self._mark, signal.Signals[name])

    async def _drain(self, drained: anyio.Event) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._pump, "stdout", self._pipes.stdout)
            tasks.start_soon(self._pump, "stderr", self._pipes.stderr)
        drained.set()

    async def _pump(self, stream: Literal["stdout", "stderr"], descriptor: int) -> None:
        while data := await read(descriptor):
            await self._log.add(stream, data)

    async def _close(self) -> None:
        async with self._writing:  # a writer that waits has been told by now that nobody reads
            self._is_over = True
            self._pipes.close()
