"""Ends the processes of a host that died without a word.

A container outlives its host; a plain process must not, for nobody could stop it. So one small shell of its own waits
on a pipe that only the host holds open, and is told which process groups there are. When the pipe ends, so do they.
"""

import contextlib
import subprocess

import anyio
from anyio.abc import Process

from berth.engine.process.tree import MARK

_SCRIPT = r"""
groups=
while read -r sign group; do
  kept=
  for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
  groups=$kept
  [ "$sign" = + ] && groups="$groups $group"
done
for each in $groups; do kill -KILL "-$each"; done
for each in $(grep -ls "$1" /proc/[0-9]*/environ); do
  each=${each#/proc/}
  kill -KILL "${each%/environ}"
done
"""


class Keeper:
    """Watches over the processes of one host, from the first of them on."""

    def __init__(self, mark: str) -> None:
        """Every process of the host carries a mark that begins with this one."""
        self._mark = mark
        self._process: Process | None = None
        self._starting = anyio.Lock()

    async def watch(self, group: int) -> None:
        """A process group is there."""
        async with self._starting:
            if self._process is None:
                self._process = await self._start()
        await self._say(f"+ {group}\n")

    async def forget(self, group: int) -> None:
        """A process group has ended."""
        await self._say(f"- {group}\n")

    async def aclose(self) -> None:
        """Lets it end what is left, and waits for it."""
        if self._process is not None:
            await self._process.aclose()
            self._process = None

    async def _start(self) -> Process:
        # A session of its own, so that a terminal's Ctrl-C and a hang-up do not end it before the others.
        command = ["/bin/sh", "-c", _SCRIPT, "berth-keeper", f"{MARK}={self._mark}"]
        quiet = subprocess.DEVNULL
        return await anyio.open_process(command, stdout=quiet, stderr=quiet, cwd="/", start_new_session=True)

    async def _say(self, line: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
            await self._process.stdin.send(line.encode())
