"""What is written to an agent's stdin: each piece once, whenever the host that writes it may be killed.

A line counts for the agent once its end is there. So a line goes in two steps: all but its end, then, when the journal
on disk says so, its end. A later host therefore knows: where the journal says that the body was written, a line's end
completes the line, or is a blank line where the end was there already; where it does not, whatever may be there of a
line is spoiled by :data:`SPOILER`, and the line is written anew. Agents of the Agent Client Protocol survive both.

Claude Code ends itself at a line that is no JSON, and a plain program may take a blank line for an order. There a piece
is written whole, and a later host that does not know whether the agent has it waits whether the agent says something:
both do, at once. One that stays silent for :data:`DOUBT_SECONDS` does not have it.

The way to the agent may break while the host lives, and what was written last be lost on it, unseen. What was written
less than :data:`FRESH_SECONDS` before is in doubt then, whatever the agent speaks, and is treated just so.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import anyio

from berth.agents.base import DialectName
from berth.engine.agent_input import Input
from berth.sessions.record import Record

SPOILER = b" }berth-spoils-this-line\n"
"""Makes any line, whole or torn, one that is no JSON."""

DOUBT_SECONDS = 10.0
"""How long an agent that may have a prompt is given to show it. Claude Code answers its first line in 0.1 s."""

FRESH_SECONDS = 10.0
"""What was written earlier than this before a connection broke has arrived: engines pass it on in a millisecond."""


@dataclass(frozen=True, slots=True)
class Written:
    """A piece, when it was written (monotonic seconds), and how much the agent had printed before."""

    piece: bytes
    at: float
    stdout: int


class Delivery:
    """The pieces that wait, and the one task that writes them."""

    def __init__(self, record: Record, dialect: DialectName) -> None:
        """Nothing waits."""
        self._record = record
        self._in_steps = dialect == "acp"
        self._by_line = dialect != "lines"
        self._waiting: deque[bytes] = deque()
        self._arrived = anyio.Event()
        self._lost = False
        self._last: Written | None = None

    def put(self, output: bytes) -> None:
        """Takes what a dialect wants written."""
        self._waiting.extend(self.pieces(output))
        self._arrived.set()

    def pieces(self, output: bytes) -> list[bytes]:
        """What is delivered as one: a line; of a plain program's prompt all of it."""
        if not output:
            return []
        return output.splitlines(keepends=True) if self._by_line else [output]

    async def run(self, agent_input: Input) -> None:
        """Writes what there is and what comes, until cancelled or :meth:`lose`. Raises what writing raises."""
        write = self._in_two_steps if self._in_steps else self._whole
        self._lost = False
        while not self._lost:
            if self._waiting:
                await write(agent_input, self._waiting[0])
                self._waiting.popleft()
            else:
                self._arrived = anyio.Event()
                await self._arrived.wait()

    def lose(self) -> None:
        """Nothing can be written any more: :meth:`run` ends, between two pieces."""
        self._lost = True
        self._arrived.set()

    async def again(self, agent_input: Input, prints: Callable[[int], Awaitable[None]]) -> None:
        """Takes up over a new way to the same agent what may have been lost on the one before.

        ``prints`` waits until the agent has printed more than so many bytes. Raises what writing raises.
        """
        last, self._last = self._last, None
        if last is not None and anyio.current_time() - last.at < FRESH_SECONDS and not await _came(last, prints):
            self._waiting.appendleft(last.piece)
            self._record.reached.sent -= 1
        if self._in_steps and self._waiting:
            self._record.reached.body = False
            await self._record.flush()
            await agent_input.write(SPOILER)

    async def go_on(self, agent_input: Input, pieces: Iterable[bytes], says: Callable[[], Awaitable[None]]) -> None:
        """Takes up what an earlier host left: ``pieces`` are those that the agent does not have for certain.

        ``says`` waits until the agent prints something new. Raises what writing raises.
        """
        self._waiting.extendleft(reversed(list(pieces)))
        if self._in_steps:
            await self._complete(agent_input)
        elif self._waiting:
            await self._doubt(says)

    async def _complete(self, agent_input: Input) -> None:
        if self._record.reached.body:
            await agent_input.write(b"\n")
            self._waiting.popleft()
            self._sent()
        elif self._waiting:  # else there is nothing that could be torn: what is written is on disk before
            await agent_input.write(SPOILER)

    async def _doubt(self, says: Callable[[], Awaitable[None]]) -> None:
        with anyio.move_on_after(DOUBT_SECONDS):
            await says()
            self._waiting.popleft()
            self._sent()

    async def _in_two_steps(self, agent_input: Input, line: bytes) -> None:
        await self._record.flush()  # what it comes from, and the end of the line before, are known before it is there
        await agent_input.write(line.removesuffix(b"\n"))
        self._record.reached.body = True
        await self._record.flush()
        before = self._record.reached.stdout
        await agent_input.write(b"\n")
        self._last = Written(line, anyio.current_time(), before)
        self._sent()

    async def _whole(self, agent_input: Input, piece: bytes) -> None:
        await self._record.flush()
        before = self._record.reached.stdout
        await agent_input.write(piece)
        self._last = Written(piece, anyio.current_time(), before)
        self._sent()

    def _sent(self) -> None:
        self._record.reached.sent += 1
        self._record.reached.body = False
        self._record.touch()


async def _came(last: Written, prints: Callable[[int], Awaitable[None]]) -> bool:
    with anyio.move_on_after(DOUBT_SECONDS) as scope:
        await prints(last.stdout)
    return not scope.cancelled_caught
