"""What a client is told about one session, when it reads and when it does not."""

import asyncio
import json
from typing import Any

import anyio
import pytest

from berth.lsp.chores import Chores
from berth.lsp.feed import PULL, Feed
from berth.lsp.server import Server
from berth.lsp.surroundings import Surroundings
from berth.protocol.events import PartDelta
from berth.protocol.session import SessionInfo
from berth.sessions.published import Published, publish

pytestmark = pytest.mark.anyio


class MemoryOutlet:
    """An outlet that keeps what was sent, and stalls when told to."""

    def __init__(self) -> None:
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.bodies: list[dict[str, Any]] = []
        self.gate = anyio.Event()
        self.gate.set()
        self.news = anyio.Event()

    @property
    def stalled(self) -> bool:
        return not self.gate.is_set()

    @property
    def pending(self) -> int:
        return 0

    def send(self, body: bytes) -> None:
        self.bodies.append(json.loads(body))
        self.news.set()

    async def writable(self) -> None:
        await self.gate.wait()

    async def close(self, *, within: float) -> None:
        assert within

    def numbers(self) -> list[int]:
        """The numbers of all events sent, as the envelopes say and as the events themselves say."""
        told = [message["params"] for message in self.bodies if message["method"] == "agent/events"]
        for params in told:
            assert [event["seq"] for event in params["events"]] == list(
                range(params["first"], params["first"] + len(params["events"]))
            )
        return [event["seq"] for params in told for event in params["events"]]


class Story:
    """A session's events, and a feed over them."""

    def __init__(self, chores: Chores) -> None:
        self.outlet = MemoryOutlet()
        self.events: list[Published] = []
        self.reads: list[tuple[int, int]] = []
        self.feed = Feed("s1", Server(self.outlet, chores, Surroundings.own()).protocol, read=self.read, chores=chores)

    async def read(self, session: str, first: int, limit_bytes: int) -> list[bytes]:
        assert session == "s1"
        self.reads.append((first, limit_bytes))
        await anyio.lowlevel.checkpoint()
        return [event.json for event in self.events[first - 1 :]][:50]

    def publish(self, count: int = 1, *, text: str = "x") -> None:
        for _ in range(count):
            event = publish(PartDelta(part="p", text=text), seq=len(self.events) + 1, turn=None)
            self.events.append(event)
            self.feed.happened(event)

    async def sent(self, count: int) -> None:
        with anyio.fail_after(5):
            while len(self.outlet.numbers()) < count:
                self.outlet.news = anyio.Event()
                await self.outlet.news.wait()


async def test_the_first_event_goes_out_at_once_and_a_burst_in_one_message() -> None:
    async with Chores() as chores:
        story = Story(chores)
        story.publish()
        assert len(story.outlet.bodies) == 1
        story.publish(100)
        assert len(story.outlet.bodies) == 1
        await story.sent(101)
        assert len(story.outlet.bodies) == 2


async def test_a_burst_of_many_bytes_does_not_wait_for_the_tick() -> None:
    async with Chores() as chores:
        story = Story(chores)
        story.publish()
        story.publish(10, text="x" * 10_000)
        assert len(story.outlet.bodies) >= 3


async def test_a_client_that_stalls_gets_everything_later_and_nothing_is_kept_meanwhile() -> None:
    async with Chores() as chores:
        story = Story(chores)
        story.publish(3)
        await story.sent(3)
        story.outlet.gate = anyio.Event()
        story.publish(500, text="y" * 1000)
        await anyio.sleep(0.05)
        story.publish(500, text="y" * 1000)
        assert story.outlet.numbers() == [1, 2, 3]
        assert story.feed._batch == []
        story.outlet.gate.set()
        await story.sent(1003)
        story.publish(2)
        await story.sent(1005)
        assert story.outlet.numbers() == list(range(1, 1006))
        assert {limit for _, limit in story.reads} == {PULL}


async def test_events_that_come_while_it_catches_up_are_neither_lost_nor_repeated() -> None:
    async with Chores() as chores:
        story = Story(chores)
        story.outlet.gate = anyio.Event()
        story.publish(200)
        await anyio.sleep(0.03)
        story.outlet.gate.set()
        for _ in range(50):
            story.publish(7)
            await anyio.lowlevel.checkpoint()
        await story.sent(550)
        assert story.outlet.numbers() == list(range(1, 551))


async def test_a_feed_that_begins_late_begins_with_the_next_event() -> None:
    async with Chores() as chores:
        story = Story(chores)
        story.events += [publish(PartDelta(part="p", text="x"), seq=seq, turn=None) for seq in range(1, 8)]
        story.publish()
        assert story.outlet.numbers() == [8]


async def test_only_the_newest_state_of_a_session_is_sent() -> None:
    async with Chores() as chores:
        story = Story(chores)
        infos = [
            SessionInfo(id="s1", name="n", workspace_folder="/w", agent="a", started_at=1, seq=n) for n in range(9)
        ]
        for info in infos:
            story.feed.changed(info)
        await anyio.sleep(0.05)
        assert [message["params"]["seq"] for message in story.outlet.bodies] == [0, 8]
