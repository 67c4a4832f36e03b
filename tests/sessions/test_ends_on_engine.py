"""The stop ladder in real containers."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from berth.protocol.container_events import StopStep
from berth.protocol.events import Noise, PartDelta
from berth.protocol.session import State
from tests.sessions.on_engine import SECONDS, Ground, begun, on_ground, until

pytestmark = [pytest.mark.anyio, pytest.mark.engine]

FAMILY = """
exec 3>held
stubborn='trap "" INT TERM HUP; while :; do sleep 0.1; done'
sh -c "$stubborn" &
sh -c "sh -c '$stubborn' & wait" &
setsid sh -c "$stubborn" &
%s
echo ready
while :; do sleep 0.05; done
"""
"""A child that takes no signal, such a grandchild, and one that left the session: all hold a pipe open."""


@pytest.fixture
async def ground(tmp_path: Path) -> AsyncIterator[Ground]:
    async with on_ground(tmp_path) as ground:
        yield ground


def steps_of(bodies: list[StopStep]) -> list[tuple[str, str]]:
    return [(step.step, step.outcome) for step in bodies]


@pytest.mark.parametrize(
    ("trap", "last"), [("", "SIGINT"), ("trap '' INT", "SIGTERM"), ("trap '' INT TERM", "SIGKILL")]
)
async def test_the_whole_tree_is_gone_whatever_it_takes(ground: Ground, trap: str, last: str) -> None:
    pipe = ground.workspace / "held"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        async with begun(ground, ground.plan(FAMILY % trap)) as stage:
            await stage.audience.until(lambda: stage.audience.bodies(PartDelta) or stage.audience.bodies(Noise))
            os.set_blocking(reading, True)
            stage.session.stop()
            await until(stage, State.STOPPED)
            with anyio.fail_after(SECONDS):
                # the end of a pipe comes when nobody is left who could write to it
                assert await anyio.to_thread.run_sync(os.read, reading, 1, abandon_on_cancel=True) == b""
            walked = steps_of(stage.audience.bodies(StopStep))
            assert walked[-1] == (last, "ended")
            assert [step for step, _ in walked] == ["SIGINT", "SIGTERM", "SIGKILL"][: len(walked)]
            assert "ready" in await stage.session.logs(100)
    finally:
        os.close(reading)
