"""The machine's clock jumps: order and exactness depend on numbers, and times are for people."""

import itertools
import time

import pytest

from berth.protocol.events import TurnEnded
from tests.host.test_adoption import Street, chunks, events, left, said, street

__all__ = ["street"]
pytestmark = pytest.mark.anyio

HOUR = 3600.0
JUMPS = (0.0, -HOUR, 24 * HOUR, -48 * HOUR, 0.0)


async def test_nothing_is_lost_repeated_or_out_of_order_when_the_clock_jumps(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, jumps = time.time, itertools.cycle(JUMPS)
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    session = await left(street, "slow 40", chunks)
    async with street.house() as house:
        await house.editor.until(lambda: house.editor.bodies(TurnEnded))
        told = await events(house, session)
    stamps = [event["at"] for event in told]
    assert stamps != sorted(stamps)
    assert [event["seq"] for event in told] == [*range(1, len(told) + 1)]
    assert "".join(event["text"] for event in told if event["kind"] == "part.delta").split() == await said(street)
