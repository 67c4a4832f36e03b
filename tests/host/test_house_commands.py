"""What sessions use, other limits for them, and what is removed: the commands."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from berth.engine.base import NewFile
from berth.errors import AgentError, BerthError, EngineError, InvalidArguments, TrustError
from berth.host import litter
from berth.protocol.commands import RebuildArguments, SessionArguments, StopArguments
from berth.protocol.container_events import LimitsChanged
from berth.protocol.housekeeping import (
    DiskArguments,
    PruneArguments,
    SetLimitsArguments,
    WatchStatsArguments,
)
from berth.protocol.session import State
from tests.host.test_host import SETTINGS, Editor, House

pytestmark = pytest.mark.anyio

MIB = 2**20


def docker(**settings: Any) -> dict[str, Any]:
    section = SETTINGS["docker"]
    assert isinstance(section, dict)
    return {**SETTINGS, "docker": {**section, **settings}}


@pytest.fixture
def own_policy(own_settings: Path) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Writes a policy into the user's own file, and takes it out again."""
    before = own_settings.read_text()

    def write(policy: dict[str, Any]) -> None:
        own_settings.write_text(json.dumps({"policy": {**json.loads(before)["policy"], **policy}}))

    yield write
    own_settings.write_text(before)


async def idle(house: House, **fields: object) -> str:
    session = await house.start(**fields)
    await house.until(session, State.IDLE)
    return session


async def watch(house: House, editor: Editor, session: str, *, on: bool = True) -> None:
    await house.commands.watch_stats(editor, WatchStatsArguments(session=session, on=on))


async def limits(house: House, session: str, **given: Any) -> Any:
    return await house.commands.set_limits(house.editor, SetLimitsArguments(session=session, **given))


async def stopped(house: House, session: str) -> None:
    await house.commands.stop(house.editor, StopArguments(session=session, grace=0))
    await house.until(session, State.STOPPED)


async def nobody_measures(house: House) -> None:
    with anyio.fail_after(10):
        while house.engine.measuring:
            await anyio.lowlevel.checkpoint()


async def test_only_who_looks_is_told_and_all_share_one_stream(house: House) -> None:
    session = await idle(house)
    assert house.engine.measuring == 0
    other, third = Editor(house.editor.folder), Editor(house.editor.folder)
    for each in (other, third):
        house.host.attach(each)
    await watch(house, house.editor, session)
    await watch(house, house.editor, session)
    await watch(house, other, session)
    await house.editor.until(lambda: len(house.editor.stats) > 2)
    await other.until(lambda: other.stats)
    assert house.engine.measuring == 1
    assert [call for call, _ in house.engine.calls].count("usage") == 1
    assert third.stats == []
    assert other.stats[-1].session == session
    assert other.stats[-1].memory == 1024


async def test_measuring_ends_with_the_last_who_looks(house: House) -> None:
    session = await idle(house)
    other = Editor(house.editor.folder)
    house.host.attach(other)
    await watch(house, house.editor, session)
    await watch(house, other, session)
    await other.until(lambda: other.stats)
    await watch(house, house.editor, session, on=False)
    told = len(house.editor.stats)
    await other.until(lambda: len(other.stats) > 3)
    assert len(house.editor.stats) == told
    assert house.engine.measuring == 1
    house.host.detach(other)
    await nobody_measures(house)


async def test_a_restarted_session_is_measured_again_and_a_removed_one_no_more(house: House) -> None:
    session = await idle(house)
    await watch(house, house.editor, session)
    await house.editor.until(lambda: house.editor.stats)
    await stopped(house, session)
    await nobody_measures(house)
    house.editor.stats.clear()
    await house.commands.restart(house.editor, SessionArguments(session=session))
    await house.editor.until(lambda: house.editor.stats)
    await house.host.remove(house.host.session(session))
    await nobody_measures(house)


async def test_a_plain_process_is_not_measured_and_has_no_limits(house: House) -> None:
    house.host.session(await idle(house)).record.update(mode="host")
    [session] = house.host.sessions()
    with pytest.raises(AgentError) as caught:
        await watch(house, house.editor, session.info.id)
    assert caught.value.kind == "unsupported"
    with pytest.raises(AgentError):
        await limits(house, session.info.id, pids=64)


async def test_limits_change_at_once_are_told_and_kept_by_a_rebuild(house: House) -> None:
    session = await idle(house)
    before = house.host.info(session).limits
    assert before is not None
    result = await limits(house, session, memory="512m", pids=64)
    assert (result.memory, result.pids, result.cpus) == (512 * MIB, 64, before.cpus)
    assert house.host.info(session).limits == house.editor.bodies(LimitsChanged)[0].limits
    plan = house.host.session(session).plan
    assert plan.mode == "container"
    assert (plan.container.limits.memory, plan.container.limits.pids) == (512 * MIB, 64)
    await house.commands.rebuild(house.editor, RebuildArguments(session=session))
    await house.editor.until(lambda: house.host.info(session).state is State.STARTING)
    await house.until(session, State.IDLE)
    [container] = house.engine.session_containers()
    assert house.engine._get(container.id).plan.limits.memory == 512 * MIB


async def test_more_than_there_is_is_cut_with_a_note(house: House) -> None:
    session = await idle(house)
    result = await limits(house, session, cpus=400)
    assert result.cpus == 2.0
    assert "400" in result.notes[0]


@pytest.mark.parametrize(
    ("given", "error"), [({"memory": "12 parsecs"}, InvalidArguments), ({"pids": 1}, InvalidArguments)]
)
async def test_limits_that_cannot_be_are_refused_and_change_nothing(
    house: House, given: dict[str, Any], error: type[BerthError]
) -> None:
    session = await idle(house)
    before = house.host.info(session).limits
    with pytest.raises(error):
        await limits(house, session, **given)
    assert house.host.info(session).limits == before
    assert await limits(house, session, pids=64)


async def test_an_engine_that_refuses_leaves_everything_as_it_was(house: House) -> None:
    session = await idle(house)
    house.engine.failures["set_limits"] = EngineError("engine-failed", "It uses more than that.")
    with pytest.raises(EngineError):
        await limits(house, session, memory="64m")
    house.engine.failures.clear()
    result = await limits(house, session, pids=99)
    assert result.memory != 64 * MIB


async def test_the_policy_holds_for_changed_limits_too(house: House, own_policy: Any) -> None:
    session = await idle(house)
    own_policy({"resources": {"memory": "1g"}})
    with pytest.raises(TrustError) as caught:
        await limits(house, session, memory="2g")
    assert caught.value.kind == "policy-breach"


async def test_a_dry_run_removes_nothing(house: House) -> None:
    session = await idle(house)
    await stopped(house, session)
    result = await house.commands.prune(house.editor, PruneArguments(older_than="0s"))
    assert result.dry_run
    assert [item.name for item in result.removed] == [session]
    assert house.host.info(session).state is State.STOPPED


async def test_pruning_removes_sessions_that_ended_long_enough_ago_and_no_running_one(house: House) -> None:
    ended, running = await idle(house), await idle(house)
    await stopped(house, ended)
    result = await house.commands.prune(house.editor, PruneArguments(dry_run=False, older_than="0s"))
    assert [item.name for item in result.removed] == [ended]
    assert [session.info.id for session in house.host.sessions()] == [running]
    assert house.editor.gone == [ended]
    assert not (house.host.folder.sessions / ended).exists()
    assert len(house.engine.session_containers()) == 1


async def test_sessions_are_kept_when_nobody_says_how_long(house: House) -> None:
    session = await idle(house)
    await stopped(house, session)
    result = await house.commands.prune(house.editor, PruneArguments(dry_run=False))
    assert not result.removed
    assert await house.host.leftovers.expire() == ()


async def test_a_conversation_of_a_sessions_own_home_takes_force(house: House) -> None:
    house.editor.settings = docker(login="none")
    session = await idle(house, prompt="say hello")
    await house.editor.until(lambda: house.host.info(session).turn is not None)
    await house.until(session, State.IDLE)
    await stopped(house, session)
    soft = await house.commands.prune(house.editor, PruneArguments(dry_run=False, older_than="0s"))
    assert [item.name for item in soft.kept] == [session]
    hard = await house.commands.prune(house.editor, PruneArguments(dry_run=False, older_than="0s", force=True))
    assert [item.name for item in hard.removed] == [session]


async def test_what_the_engine_refuses_stays_with_the_reason(house: House) -> None:
    session = await idle(house)
    await stopped(house, session)
    house.engine.failures["remove"] = EngineError("engine-busy", "The engine hangs.")
    result = await house.commands.prune(house.editor, PruneArguments(dry_run=False, older_than="0s"))
    assert [(item.name, item.why) for item in result.kept] == [(session, "The engine hangs.")]
    assert result.size == 0


async def test_a_container_of_a_crashed_run_goes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litter, "YOUNG_SECONDS", -1.0)
    session = await idle(house)
    await stopped(house, session)
    lost = house.host._sessions.pop(session)
    await house.commands.prune(house.editor, PruneArguments(dry_run=False))
    assert house.engine.session_containers(), "its folder is there: another host may have it"
    await anyio.Path(lost.record.folder).rename(house.host.folder.root / "away")
    result = await house.commands.prune(house.editor, PruneArguments(dry_run=False))
    assert [item.what for item in result.removed] == ["container"]
    assert not house.engine.session_containers()


async def test_a_duration_that_is_none_is_refused(house: House) -> None:
    with pytest.raises(InvalidArguments, match="olderThan"):
        await house.commands.prune(house.editor, PruneArguments(older_than="a while"))


async def test_the_report_has_everything_of_berths(house: House) -> None:
    session = await idle(house)
    house.engine.build_cache = 77
    house.engine.written["x"] = {"f": NewFile("f", b"")}
    report = await house.commands.disk(house.editor, DiskArguments())
    containers = [item for item in report.items if item.what == "container"]
    assert {item.name[:13] for item in containers if not item.session} == {"berth-egress-", "berth-holder-"}
    assert [item.used for item in containers if item.session == session] == [True]
    volumes = sorted((item.name[:11], item.used) for item in report.items if item.what == "volume")
    assert volumes == [("berth-egres", True), ("berth-home-", True)]
    assert report.build_cache == 77
    assert report.journals > 0
