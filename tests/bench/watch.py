"""Watches an event loop from inside: how late does it come to what is due?"""

import asyncio
import signal
import sys
import time

EVERY = 0.001
"""Seconds between two looks."""


class LoopWatch:
    """Runs as a task. SIGUSR1 begins a measurement, SIGUSR2 tells the worst on stderr.

    By the clock, and by what the loop's thread used of the processor meanwhile: on a machine with other work the first
    is mostly the others'.
    """

    def __init__(self) -> None:
        self._late = 0.0
        self._work = 0.0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._begin)
        loop.add_signal_handler(signal.SIGUSR2, self._tell)
        while True:
            due, used = time.perf_counter() + EVERY, time.thread_time()
            await asyncio.sleep(EVERY)
            self._late = max(self._late, time.perf_counter() - due)
            self._work = max(self._work, time.thread_time() - used)

    def _begin(self) -> None:
        self._late = self._work = 0.0

    def _tell(self) -> None:
        sys.stderr.write(f"watch {self._late:.6f} {self._work:.6f}\n")
        sys.stderr.flush()
