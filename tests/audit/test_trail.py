"""What sessions do is noted, by whom and with what; what nobody may know is not."""

import errno
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from berth.audit import trail as trail_module
from berth.audit.chain import verified
from berth.audit.entry import Entry
from berth.audit.folder import AuditFolder
from berth.audit.trail import Trail
from berth.errors import TrustError
from berth.host.audited import entry_of
from berth.protocol import commands as wire
from berth.protocol.container_events import IsolationProved, NetworkAllowed, NetworkBlocked
from berth.protocol.session import SessionInfo, State
from berth.protocol.trust import TrustArguments
from tests.host.test_host import House, house_in

pytestmark = pytest.mark.anyio

CANARY = "canary-of-the-audit"


async def noted(house: House) -> list[dict[str, Any]]:
    await house.host.trail.flush()
    folder = AuditFolder(house.host.folder.audit)
    found = [(place, line) for place, line in folder.lines()]
    assert verified(found).faults == []
    return [json.loads(line) for _, line in found]


async def test_a_session_from_its_start_to_its_removal_is_noted(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        session = await house.start(env={"SECRET": CANARY}, prompt=CANARY)
        await house.until(session, State.IDLE)
        await house.commands.stop(house.editor, wire.StopArguments(session=session))
        await house.until(session, State.STOPPED)
        await house.commands.remove(house.editor, wire.RemoveArguments(session=session))
        found = await noted(house)
        assert CANARY not in json.dumps(found)
    events = [entry["event"] for entry in found]
    wanted = ["session.created", "container.created", "container.started", "session.stopping", "container.exited"]
    assert [event for event in events if event in wanted] == wanted
    assert events[-1] == "session.removed"
    created = found[events.index("session.created")]
    assert (created["actor"], created["session"], created["decision"]) == (house.editor.name, session, "allowed")
    assert len(created["policy_digest"]) == 64
    assert created["workspace"] == str(house.editor.folder)
    assert created["request_digest"]
    assert "process=of the fake" in found[events.index("container.started")]["subject"]


async def test_a_refusal_is_entrieswith_what_was_wanted_and_by_whom(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        house.editor.settings = {"docker": {"profiles": {"p": {"dockerArgs": ["--cap-add", "SYS_ADMIN"]}}}}
        with pytest.raises(TrustError):
            await house.start(profile="p")
        [entry] = await noted(house)
    assert (entry["event"], entry["decision"], entry["code"]) == ("gate.refused", "refused", "policy-breach")
    assert (entry["actor"], "docker --cap-add" in entry["subject"]) == (house.editor.name, True)


async def test_a_yes_taken_back_is_noted(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        arguments = TrustArguments(workspace_folder=str(house.editor.folder), revoke="all")
        await house.commands.trust(house.editor, arguments)
        [entry] = await noted(house)
    assert (entry["event"], entry["decision"], entry["actor"]) == ("trust.revoked", "none", house.editor.name)


class RefusingFolder(AuditFolder):
    """A disk that is full for a while."""

    refusals = 2

    def append(self, entries: Sequence[Entry]) -> None:
        self.refusals -= 1
        if self.refusals >= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().append(entries)


async def test_a_disk_that_refuses_loses_nothing_but_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_module, "MOST_WAITING", 10)
    monkeypatch.setattr(trail_module, "RETRY_SECONDS", 0.01)
    folder = RefusingFolder(tmp_path / "audit")
    trail = Trail(folder)
    for number in range(15):
        trail.note(Entry("x", subject=str(number)))
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(trail.run)
            await trail.flush()
            trail.note(Entry("y"))
            await trail.flush()
            tasks.cancel_scope.cancel()
    found = [json.loads(line) for _, line in folder.lines()]
    assert [entry["subject"] for entry in found[:10]] == [str(number) for number in range(10)]
    assert [(entry["event"], entry["bytes"]) for entry in found[10:]] == [("audit.gap", 5), ("y", 0)]


def test_what_a_session_reached_and_was_kept_from_is_noted() -> None:
    info = SessionInfo(id="s1", name="n", workspace_folder="/w", agent="a", started_at=1)
    reached = entry_of(info, NetworkAllowed(host="a.example", port=443))
    kept_from = entry_of(info, NetworkBlocked(host="evil.example", port=22, why="not-listed", count=10))
    proved = entry_of(info, IsolationProved(checks=("one", "two")))
    entries = [(each.event, each.decision, each.code, each.subject) for each in (reached, kept_from, proved) if each]
    assert entries == [
        ("network.allowed", "allowed", "", "a.example:443"),
        ("network.blocked", "refused", "not-listed", "evil.example:22"),
        ("isolation.proved", "allowed", "", "one; two"),
    ]
    assert kept_from is not None
    assert kept_from.bytes == 10
