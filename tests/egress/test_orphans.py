"""Holders of a host that was killed go away with the next one; those that somebody needs stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from berth.engine.base import ContainerFacts
from berth.planning.labels import LABEL
from berth.sessions.egress import orphans
from berth.sessions.egress.containers import holder_command, holder_plan, proxy_command, proxy_plan
from tests.fakes.engine import FakeEngine, FakeProcess

HOLDER = ContainerFacts("1", "h", "i", "running", None, out_of_memory=False, error="", labels={})


async def sleeping(process: FakeProcess) -> int:
    await process.stdin.read_line()
    return 0


@pytest.mark.anyio
async def test_only_old_holders_that_nobody_joined_are_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeEngine({"python3": sleeping}, images=["egress"]) as engine:
        for lane in ("joined", "alone"):
            made = await engine.create(holder_plan("p", "egress", lane), name=lane, command=holder_command(lane))
            await engine.start(made)
        session = proxy_plan("p", "egress")
        session = replace(session, labels={LABEL: "1", f"{LABEL}.lane": "joined"})
        await engine.create(session, name="session", command=proxy_command())
        await orphans.remove_orphans(engine, "p")
        assert await engine.inspect("alone") is not None
        monkeypatch.setattr(orphans, "is_old", lambda *_: True)
        await orphans.remove_orphans(engine, "other")
        await orphans.remove_orphans(engine, "p")
        assert await engine.inspect("alone") is None
        assert await engine.inspect("joined") is not None


@pytest.mark.parametrize(
    ("started_at", "old"),
    [("2026-11-21T10:00:00.123456789Z", True), ("2026-11-21T10:55:00Z", False), ("", False), ("yesterday", False)],
)
def test_age_is_read_from_the_engines_time(started_at: str, old: bool) -> None:  # noqa: FBT001 - a case of the table
    now = datetime(2026, 11, 21, 11, tzinfo=UTC)
    assert orphans.is_old(replace(HOLDER, started_at=started_at), now) is old
    assert not orphans.is_old(replace(HOLDER, started_at=started_at), now - timedelta(days=1))
