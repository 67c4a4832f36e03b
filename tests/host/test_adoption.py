"""What a new host makes of what the last one left. The engine outlives both; the real thing is in ``tests/faults``."""

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from berth.errors import EngineError, SessionError
from berth.host.commands import Commands
from berth.host.opening import open_host
from berth.host.places import StateFolder
from berth.protocol import commands as wire
from berth.protocol.events import PartDelta, TurnEnded
from berth.protocol.housekeeping import SetLimitsArguments
from berth.protocol.session import State
from berth.sessions.journal_lines import decoded
from tests.fakes.agent_programs.on_fake_engine import scripted_acp
from tests.fakes.engine import FakeEngine
from tests.host.test_host import SETTINGS, Editor, House

pytestmark = pytest.mark.anyio


class Street:
    """One engine and one workspace, and houses after one another."""

    def __init__(self, folder: Path, engine: FakeEngine) -> None:
        self.folder = folder
        self.engine = engine
        self.state = StateFolder(folder / "state")

    @property
    def found(self) -> StateFolder:
        """What the next house finds."""
        return StateFolder(self.folder / "found")

    @asynccontextmanager
    async def house(self) -> AsyncIterator[House]:
        if await anyio.Path(self.found.root).exists():
            await anyio.to_thread.run_sync(shutil.rmtree, self.state.root)
            await anyio.Path(self.found.root).rename(self.state.root)
        for path in (self.folder / "workspace", self.state.sessions, self.state.accounts, self.state.trust):
            path.mkdir(parents=True, exist_ok=True)
        async with open_host(lambda: self.engine, self.state) as host:
            editor = Editor(self.folder / "workspace")
            host.attach(editor)
            yield House(host, Commands(host), editor, self.engine)

    async def die(self) -> None:
        """The next house finds the state as it is on disk now: what the present one writes later never was."""
        sockets = shutil.ignore_patterns(self.state.desk.name)
        copied = partial(shutil.copytree, self.state.root, self.found.root, ignore=sockets)
        await anyio.to_thread.run_sync(copied)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with FakeEngine(programs={"scripted": scripted_acp}) as engine:
        yield Street(tmp_path, engine)


async def left(street: Street, prompt: str, until: Callable[[House, str], Awaitable[object]]) -> str:
    """A house that dies when something holds of its session."""
    async with street.house() as house:
        session = await house.start(prompt=prompt)
        await until(house, session)
        await street.die()
    return session


async def events(house: House, session: str) -> list[dict[str, Any]]:
    answer = await house.commands.replay(
        house.editor, wire.ReplayArguments.model_validate({"session": session, "from": 1})
    )
    return list(answer.events)


async def idle(house: House, session: str) -> None:
    await house.editor.until(lambda: house.editor.bodies(TurnEnded))
    await house.until(session, State.IDLE)
    await house.host.session(session).record.flush()


async def chunks(house: House, _: str) -> None:
    await house.editor.until(lambda: len(house.editor.bodies(PartDelta)) > 5)


async def waits(house: House, session: str) -> None:
    await house.until(session, State.WAITING)
    await house.host.session(session).record.flush()


async def test_a_turn_goes_on_and_every_word_of_it_is_there_once(street: Street) -> None:
    session = await left(street, "slow 40", chunks)
    async with street.house() as house:
        await house.editor.until(lambda: house.editor.bodies(TurnEnded))
        told = await events(house, session)
    assert [event["seq"] for event in told] == [*range(1, len(told) + 1)]
    text = "".join(event["text"] for event in told if event["kind"] == "part.delta")
    assert text.split() == (await said(street))


async def said(street: Street) -> list[str]:
    """What the agent printed, by the engine's log."""
    container = street.engine.session_containers()[0].id
    words = ""
    async with street.engine.output(container) as outputs:
        with anyio.move_on_after(0.2):
            async for output in outputs:
                words += output.data.decode() if output.stream == "stdout" else ""
    frames = [json.loads(line) for line in words.splitlines()]
    updates = [frame["params"]["update"] for frame in frames if frame.get("method") == "session/update"]
    said = [each["content"]["text"] for each in updates if each["sessionUpdate"] == "agent_message_chunk"]
    return "".join(said).split()


async def test_a_host_that_closes_in_good_order_ends_nothing_either(street: Street) -> None:
    async with street.house() as house:
        session = await house.start(prompt="slow 40")
        await chunks(house, session)
    async with street.house() as house:
        await house.editor.until(lambda: house.editor.bodies(TurnEnded))
        told = await events(house, session)
    text = "".join(event["text"] for event in told if event["kind"] == "part.delta")
    assert text.split() == (await said(street))


async def test_an_open_permission_is_asked_again_and_a_late_answer_counts(street: Street) -> None:
    session = await left(street, "ask permission; say done", waits)
    async with street.house() as house:
        await house.until_adopted(session)
        info = house.host.info(session)
        assert info.state is State.WAITING
        answer = wire.RespondArguments(session=session, request=info.input_needed[0].request, option="allow_once")
        await house.commands.respond(house.editor, answer)
        await house.editor.until(lambda: house.editor.bodies(TurnEnded))
        kinds = [event["kind"] for event in await events(house, session)]
    assert (kinds.count("input.requested"), kinds.count("input.resolved")) == (1, 1)


async def test_prompts_that_waited_are_carried_out_in_their_order(street: Street) -> None:
    async with street.house() as house:
        session = await house.start(prompt="ask permission")
        await house.until(session, State.WAITING)
        for text in ("say second", "say third"):
            await house.commands.prompt(house.editor, wire.PromptArguments(session=session, text=text))
        await street.die()
    async with street.house() as house:
        await house.until_adopted(session)
        assert house.host.info(session).queued == 2
        request = house.host.info(session).input_needed[0].request
        await house.commands.respond(
            house.editor, wire.RespondArguments(session=session, request=request, option="allow_once")
        )
        await house.editor.until(lambda: len(house.editor.bodies(TurnEnded)) == 3)
        turns = [event for event in await events(house, session) if event["kind"] == "turn.started"]
    assert [turn["prompt"] for turn in turns] == ["ask permission", "say second", "say third"]


async def test_the_transcript_is_the_same_as_if_nothing_had_happened(street: Street) -> None:
    session = await left(street, "say hello; say you", idle)
    before = (street.folder / "found" / "sessions" / session / "transcript.md").read_text()
    async with street.house() as house:
        await house.until_adopted(session)
        snapshot = await house.commands.snapshot(house.editor, wire.SessionArguments(session=session))
    assert snapshot.transcript == before
    assert "hello" in before


async def test_an_end_that_nobody_watched_is_told(street: Street) -> None:
    session = await left(street, "say hello", idle)
    await street.engine.signal(street.engine.session_containers()[0].id, "SIGKILL")
    async with street.house() as house:
        await house.until(session, State.FAILED)
        info = house.host.info(session)
    assert info.exit is not None
    assert info.exit.code == 137


async def test_a_container_that_is_gone_is_told_with_a_way_out(street: Street) -> None:
    session = await left(street, "say hello", idle)
    await street.engine.remove(street.engine.session_containers()[0].id)
    async with street.house() as house:
        await house.until(session, State.FAILED)
        error = house.host.info(session).error
    assert error is not None
    assert error.kind == "container-gone"
    assert "Rebuild" in error.hint


async def test_a_start_that_was_cut_short_says_so_and_can_be_repeated(street: Street) -> None:
    async with street.house() as house:
        street.engine.gates["create"] = anyio.Event()
        session = await house.start(prompt="say hello")
        await street.die()
        street.engine.gates.pop("create").set()
    async with street.house() as house:
        await house.until(session, State.FAILED)
        error = house.host.info(session).error
        assert error is not None
        assert (error.kind, error.message[:17]) == ("host-ended", "Berth ended while")
        await house.commands.restart(house.editor, wire.SessionArguments(session=session))
        await house.until(session, State.IDLE)
    assert len(street.engine.session_containers()) == 1


async def stopped(house: House, session: str) -> None:
    await idle(house, session)
    await house.commands.stop(house.editor, wire.StopArguments(session=session, grace=0))
    await house.until(session, State.STOPPED)
    await house.host.session(session).record.flush()


async def test_a_stopped_session_is_restarted_with_the_values_of_the_editor_that_asks(street: Street) -> None:
    session = await left(street, "say hello", stopped)
    async with street.house() as house:
        await house.until_adopted(session)
        assert house.host.info(session).state is State.STOPPED
        await house.commands.restart(house.editor, wire.SessionArguments(session=session))
        await house.until(session, State.IDLE)
        plan = house.host.session(session).plan
    assert {variable.value for variable in plan.agent.environment} >= {"sk-secret"}
    assert len(street.engine.session_containers()) == 1


async def test_a_restart_after_the_settings_changed_says_what_changed(street: Street) -> None:
    session = await left(street, "say hello", stopped)
    async with street.house() as house:
        await house.until_adopted(session)
        house.editor.settings = {**SETTINGS, "docker": {"defaultImage": "berth-test", "resources": {"memory": "3g"}}}
        with pytest.raises(SessionError, match="limits changed") as caught:
            await house.commands.restart(house.editor, wire.SessionArguments(session=session))
        assert caught.value.kind == "plan-changed"
        await house.commands.rebuild(house.editor, wire.RebuildArguments(session=session))
        await house.until(session, State.IDLE)


async def test_sessions_are_listed_while_the_engine_is_away_and_go_on_when_it_is_back(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("berth.sessions.left.FIRST_WAIT", 0.01)
    session = await left(street, "say hello", idle)
    street.engine.failures["inspect"] = EngineError("engine-unreachable", "Nobody answers.")
    async with street.house() as house:
        await house.editor.until(lambda: house.editor.infos and house.editor.infos[-1].activity)
        assert [info.activity for info in (await listed(house))] == ["Waiting for the engine"]
        street.engine.failures.pop("inspect")
        await house.until_adopted(session)
        await house.commands.prompt(house.editor, wire.PromptArguments(session=session, text="say again"))
        await house.editor.until(lambda: house.editor.bodies(TurnEnded))


async def test_what_outlived_its_session_because_the_engine_was_away_is_ended(street: Street) -> None:
    async with street.house() as house:
        session = await house.start(prompt="say back")
        await idle(house, session)
        street.engine.failures["signal"] = EngineError("engine-unreachable", "Away.", "")
        house.host.session(session).stop(0.01)
        await house.until(session, State.STOPPED)
        await house.host.session(session).record.flush()
        await street.die()
    (container,) = street.engine.session_containers()
    assert container.status == "running"
    del street.engine.failures["signal"]
    async with street.house() as house:
        await house.until(session, State.STOPPED)
        with anyio.fail_after(5):
            await street.engine.container(container.id).ended()


async def listed(house: House) -> list[Any]:
    return list((await house.commands.list(house.editor, wire.NoArguments())).root)


async def test_a_second_host_leaves_the_sessions_of_the_first_alone(street: Street) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(street.house())
        session = await first.start(prompt="say hello")
        await idle(first, session)
        second = await stack.enter_async_context(street.house())
        assert await listed(second) == []
        with pytest.raises(SessionError, match="another Berth process"):
            second.host.session(session)
        assert first.host.info(session).state is State.IDLE
        assert len(street.engine.session_containers()) == 1


async def test_what_another_host_leaves_later_is_taken_up_without_a_new_start(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("berth.host.adoption.LOOK_AGAIN_SECONDS", 0.02)
    has_begun, may_go, sessions = anyio.Event(), anyio.Event(), []

    async def earlier() -> None:
        async with street.house() as house:
            sessions.append(await house.start(prompt="say hello"))
            await stopped(house, sessions[0])
            has_begun.set()
            await may_go.wait()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(earlier)
        await has_begun.wait()
        async with street.house() as house:
            assert await listed(house) == []
            may_go.set()
            await house.editor.until(lambda: [info for info in house.editor.infos if info.id == sessions[0]])
            assert house.host.info(sessions[0]).state is State.STOPPED


async def test_a_restart_by_another_host_keeps_the_limits_that_were_set_while_it_ran(street: Street) -> None:
    async with street.house() as house:
        session = await house.start(prompt="say hello")
        await idle(house, session)
        wanted = SetLimitsArguments.model_validate({"session": session, "memory": "3g"})
        await house.commands.set_limits(house.editor, wanted)
        await stopped(house, session)
        await street.die()
    async with street.house() as house:
        await house.until_adopted(session)
        await house.commands.restart(house.editor, wire.SessionArguments(session=session))
        await house.until(session, State.IDLE)
        assert (limits := house.host.info(session).limits) is not None
        assert limits.memory == 3 * 1024**3


async def test_a_container_without_a_session_goes_and_a_foreign_one_stays(street: Street) -> None:
    session = await left(street, "say hello", idle)
    shutil.rmtree(street.found.sessions / session)
    container = street.engine.session_containers()[0]
    plan = replace(container.plan, labels={**container.plan.labels, "dev.berth.seal": "guessed"})
    foreign = await street.engine.create(plan, name=f"berth-w-{session}-2", command=())
    async with street.house() as house:
        await house.host.tidy.wait()
        assert await listed(house) == []
    assert [container.id for container in street.engine.session_containers()] == [foreign]


async def test_a_folder_that_cannot_be_read_keeps_no_other_from_being_taken_up(street: Street) -> None:
    session = await left(street, "say hello", idle)
    found, broken = street.found.sessions / session, street.found.sessions / "broken"
    shutil.copytree(found, broken)
    (broken / "events.jsonl").write_text("berth-journal 9\n")
    async with street.house() as house:
        assert [info.id for info in await listed(house)] == [session]
    assert (street.state.sessions / "broken" / "events.jsonl").read_text() == "berth-journal 9\n"


async def test_a_session_of_another_version_stays_as_it_is_with_its_container(street: Street) -> None:
    session = await left(street, "say hello", idle)
    file = street.found.sessions / session / "session.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": 99}))
    async with street.house() as house:
        assert await listed(house) == []
        await house.host.tidy.wait()
    assert json.loads((street.state.sessions / session / "session.json").read_text())["format"] == 99
    assert len(street.engine.session_containers()) == 1


async def test_a_removal_that_was_cut_short_is_finished(street: Street) -> None:
    session = await left(street, "say hello", idle)
    (street.found.sessions / session / "removing").touch()
    async with street.house() as house:
        assert await listed(house) == []
        await house.host.tidy.wait()
    assert not street.engine.session_containers()
    assert not (street.state.sessions / session).exists()


async def test_nothing_that_is_kept_is_a_secret_and_all_of_it_is_private(street: Street) -> None:
    session = await left(street, "say hello", idle)
    kept = [path for path in (street.state.sessions / session).iterdir() if path.is_file()]
    assert {"events.jsonl", "session.json", "transcript.md"} <= {path.name for path in kept}
    for path in kept:
        assert b"sk-secret" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0, path.name
    journal = (street.state.sessions / session / "events.jsonl").read_bytes().splitlines(keepends=True)
    assert all(decoded(line) is not None for line in journal[1:])


async def test_what_was_paused_stays_so_and_is_asked_about_again(street: Street) -> None:
    async with street.house() as house:
        session = await house.start()
        await house.until(session, State.IDLE)
        await street.engine.looked(2)
        street.engine.refused += 1
        await waits(house, session)
        await street.die()
    async with street.house() as house:
        await house.until_adopted(session)
        await house.editor.until(lambda: house.host.info(session).input_needed)
        [asked] = house.host.info(session).input_needed
        assert asked.purpose == "ceiling"
        assert street.engine.container(str(house.host.info(session).container)).status == "paused"
        await house.commands.respond(
            house.editor, wire.RespondArguments(session=session, request=asked.request, option="go-on")
        )
        await house.until(session, State.IDLE)
        await house.commands.prompt(house.editor, wire.PromptArguments(session=session, text="slow 3"))
        await idle(house, session)
