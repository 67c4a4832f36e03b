"""One run of a client program: fed from a worker thread, read as it prints, killed with all its children."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

import anyio
import anyio.to_thread
from anyio.abc import Process

from berth.engine.docker.pieces import close
from berth.errors import EngineError
from berth.system.processes import KILL, signal_group


class ClientFailed(Exception):
    """The program ended with another status than 0."""


async def printed(
    argv: Sequence[str], *, environment: Mapping[str, str], stdin: Iterator[bytes] | None
) -> AsyncGenerator[bytes]:
    """What the program prints on stderr, to its end. Closing the generator kills it.

    Args:
        argv: The program and its arguments.
        environment: All of its environment.
        stdin: What it reads; blocks, and is read in a worker thread. Its errors kill the program before it could take
            what it has for all of it, and are raised here.

    Raises:
        ClientFailed: It ended with another status than 0.
        EngineError: ``engine-failed``: it cannot be started.
    """
    theirs, ours = os.pipe()
    try:
        process = await _opened(argv, environment, theirs)
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    feeding = asyncio.ensure_future(_feed(process, ours, stdin or iter(())))
    try:
        if process.stderr is not None:
            async for data in process.stderr:
                yield data
        await asyncio.shield(feeding)
        if await process.wait():
            raise ClientFailed
    finally:
        with anyio.CancelScope(shield=True):
            _kill(process)
            await process.aclose()
            await asyncio.wait([feeding])
            feeding.exception()


async def _opened(argv: Sequence[str], environment: Mapping[str, str], stdin: int) -> Process:
    try:
        return await anyio.open_process(
            list(argv),
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        message = f"{argv[0]}, which drives BuildKit, cannot be started: {error.strerror}."
        raise EngineError("engine-failed", message, "Install it anew, or set BERTH_BUILDER=classic.") from None


async def _feed(process: Process, descriptor: int, pieces: Iterator[bytes]) -> None:
    """Writes all of it; a program that reads no further knows why."""
    try:
        await anyio.to_thread.run_sync(_write, descriptor, pieces)
    except BrokenPipeError:
        pass
    except BaseException:
        _kill(process)
        with anyio.CancelScope(shield=True):
            await process.wait()
        raise
    finally:
        os.close(descriptor)


def _write(descriptor: int, pieces: Iterator[bytes]) -> None:
    try:
        for piece in pieces:
            left = memoryview(piece)
            while left:
                left = left[os.write(descriptor, left) :]
    finally:
        close(pieces)


def _kill(process: Process) -> None:
    """The group is the program's own as long as it has not been waited for."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            signal_group(process.pid, KILL)
