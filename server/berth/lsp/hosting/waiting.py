"""Waits for the first of several things."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def first_of(*events: Coroutine[Any, Any, object], within: float | None = None) -> bool:
    """Whether one of them came in time; the others are given up. ``within`` is in seconds, None for ever."""
    tasks = [asyncio.ensure_future(event) for event in events]
    try:
        done, _ = await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
