"""Asking the person at the terminal."""

import asyncio
import sys

from berth.demo.screen import INDENT, Screen


def somebody_is_there() -> bool:
    """Whether a person can be asked: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


async def allowed(screen: Screen, purpose: str) -> bool:
    """Asks for a yes or no; no is the safe answer and what Enter means.

    Without a terminal it is a yes for what the agent wants to do, said aloud, and a no for a workspace's settings.
    """
    if not somebody_is_there() and purpose == "trust":
        screen.line(f"{INDENT}not allowed: nobody is at the terminal to ask")
        return False
    if not somebody_is_there():
        screen.line(f"{INDENT}allowed: nobody is at the terminal to ask")
        return True
    screen.text("Allow this? [y/N] ", "yellow")
    answer = await _line()
    return answer.strip().lower() in {"y", "yes"}


async def _line() -> str:
    """One line from the terminal, without a thread that an interrupt would have to wait for."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def ready() -> None:
        if not typed.done():
            typed.set_result(sys.stdin.readline())

    loop.add_reader(sys.stdin.fileno(), ready)
    try:
        return await typed
    finally:
        loop.remove_reader(sys.stdin.fileno())
