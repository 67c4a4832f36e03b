"""Something that is done when a time has passed, unless a block has ended before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anyio
from anyio.abc import TaskGroup


@contextmanager
def deadline(tasks: TaskGroup, seconds: float | None, then: Callable[[], None]) -> Iterator[None]:
    """Calls ``then`` once, ``seconds`` after the block began, if it still runs; never with None.

    The clock is the loop's: on Linux it stands still while the machine sleeps.
    """
    scope = anyio.CancelScope()

    async def wait(seconds: float) -> None:
        with scope:
            await anyio.sleep(seconds)
            then()

    if seconds is not None:
        tasks.start_soon(wait, seconds)
    try:
        yield
    finally:
        scope.cancel()
