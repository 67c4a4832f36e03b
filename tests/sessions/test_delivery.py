"""What is written to an agent reaches it once, wherever the host was killed between two steps."""

from pathlib import Path

import anyio
import pytest

from berth.sessions.delivery import SPOILER, Delivery
from berth.sessions.past import Past
from berth.sessions.reached import Reached
from berth.sessions.record import Record
from berth.sessions.writer import Writer
from tests.sessions.audience import RememberingAudience, record_in

pytestmark = pytest.mark.anyio

LINES = [b'{"id":1}\n', b'{"id":2}\n', b'{"id":3}\n']
NEVER = 10**9


class Killed(Exception):
    """The host is no more."""


class World:
    """A disk and an agent's stdin. The host is killed after so many steps; of its last write ``torn`` bytes arrive.

    ``mark`` is what the journal on disk says.
    """

    def __init__(self, steps: int, torn: int) -> None:
        self.left = steps
        self.torn = torn
        self.stdin = b""
        self.mark = Reached().mark()

    def delivery(self, folder: Path) -> Delivery:
        record = record_in(folder, RememberingAudience())
        record.reached = Reached.read(self.mark)

        async def flush(seconds: float | None = None) -> bool:
            assert seconds is None
            self._step()
            self.mark = record.reached.mark()
            return True

        record.flush = flush  # type: ignore[method-assign]  # the disk is this world's
        return Delivery(record, "acp")

    async def write(self, data: bytes) -> None:
        try:
            self._step()
        except Killed:
            self.stdin += data[: min(self.torn, len(data) - 1)]
            raise
        self.stdin += data

    async def until_lost(self) -> None:
        await anyio.sleep_forever()

    async def aclose(self) -> None:
        """Nothing."""

    def taken(self) -> list[bytes]:
        """The lines that an agent takes for messages."""
        return [line + b"\n" for line in self.stdin.split(b"\n") if line.startswith(b"{") and line.endswith(b"}")]

    def _step(self) -> None:
        if not self.left:
            raise Killed
        self.left -= 1


@pytest.mark.parametrize("torn", [0, 1, 7, 100])
@pytest.mark.parametrize("steps", range(13))
async def test_each_line_arrives_once_wherever_the_host_was_killed(tmp_path: Path, steps: int, torn: int) -> None:
    world = World(steps, torn)
    first = world.delivery(tmp_path)
    for line in LINES:
        first.put(line)
    with anyio.move_on_after(0.05), pytest.raises(Killed):
        await first.run(world)
    world.left = NEVER
    later = world.delivery(tmp_path)
    await later.go_on(world, LINES[int(world.mark["sent"]) :], anyio.sleep_forever)
    with anyio.move_on_after(0.05):
        await later.run(world)
    assert world.taken() == LINES


async def test_a_torn_line_is_spoiled_before_anything_else_is_said(tmp_path: Path) -> None:
    world = World(NEVER, 0)
    world.stdin = b'{"id":1,"text":"to'
    await world.delivery(tmp_path).go_on(world, LINES[:1], anyio.sleep_forever)
    assert world.stdin.endswith(SPOILER)
    assert world.taken() == []


async def test_nothing_is_written_to_an_agent_that_has_everything(tmp_path: Path) -> None:
    world = World(NEVER, 0)
    await world.delivery(tmp_path).go_on(world, [], anyio.sleep_forever)
    assert world.stdin == b""


@pytest.mark.parametrize(("is_silent", "arrives"), [(True, LINES[:1]), (False, [])])
async def test_claude_is_given_a_doubtful_line_again_only_when_it_stays_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arrives: list[bytes], *, is_silent: bool
) -> None:
    monkeypatch.setattr("berth.sessions.delivery.DOUBT_SECONDS", 0.01)
    world = World(NEVER, 0)
    async with anyio.create_task_group() as tasks:
        delivery, record = claude(tmp_path, Writer())
        tasks.start_soon(record._writer.run)
        await delivery.go_on(world, LINES[:1], anyio.sleep_forever if is_silent else anyio.lowlevel.checkpoint)
        tasks.start_soon(delivery.run, world)
        with anyio.fail_after(5):
            while record.reached.sent != 1:
                await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert world.taken() == arrives


def claude(folder: Path, writer: Writer) -> tuple[Delivery, Record]:
    record = record_in(folder, RememberingAudience())
    record._writer = writer
    return Delivery(record, "claude"), record


def test_what_a_journal_does_not_tell_is_the_beginning() -> None:
    past = Past.told_by([], {})
    assert (past.reached, past.life, past.waiting, past.running) == (Reached(), None, [], None)
