"""What becomes of sessions when their last editor goes."""

from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from berth.host import departures
from berth.protocol.commands import PromptArguments, RespondArguments
from berth.protocol.events import InputRequested
from berth.protocol.session import State
from tests.host.test_host import SETTINGS, Editor, House, house_in

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "RETURN_SECONDS", 0.05)


async def begun(house: House, rule: str) -> str:
    docker = SETTINGS["docker"]
    assert isinstance(docker, dict)
    house.editor.settings = {**SETTINGS, "docker": {**docker, "onEditorExit": rule}}
    session = await house.start()
    await house.until(session, State.IDLE)
    return session


async def test_closing_an_editor_ends_nothing_by_default(house: House) -> None:
    session = await begun(house, "keep")
    house.host.detach(house.editor)
    other = Editor(house.editor.folder)
    house.host.attach(other)
    assert house.host.info(session).state is State.IDLE


async def test_the_last_editor_stops_what_is_to_be_stopped(house: House) -> None:
    session = await begun(house, "stop")
    witness = Editor(house.editor.folder / "elsewhere")
    house.host.attach(witness)
    house.host.detach(house.editor)
    await witness.until(lambda: house.host.info(session).state is State.STOPPED)
    found = house.host.info(session).exit
    assert found is not None
    assert "Its last editor has gone" in found.reason


async def test_an_editor_that_comes_back_finds_its_session(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "RETURN_SECONDS", 600)
    session = await begun(house, "stop")
    house.host.detach(house.editor)
    house.host.attach(house.editor)
    await house.commands.prompt(house.editor, prompt(session))
    await house.until(session, State.IDLE)


async def test_another_editor_of_the_workspace_is_enough(house: House) -> None:
    session = await begun(house, "stop")
    other = Editor(house.editor.folder)
    house.host.attach(other)
    house.host.detach(house.editor)
    await house.commands.prompt(other, prompt(session))
    await other.until(lambda: house.host.info(session).turn is not None)
    assert house.host.info(session).state in (State.WORKING, State.IDLE)


@pytest.mark.parametrize(("option", "state"), [("stop", State.STOPPED), ("keep", State.IDLE)])
async def test_the_next_editor_is_asked(house: House, option: str, state: State) -> None:
    session = await begun(house, "ask")
    house.host.detach(house.editor)
    other = Editor(house.editor.folder)
    await gone(house, session)
    house.host.attach(other)
    await other.until(lambda: other.bodies(InputRequested))
    [question] = other.bodies(InputRequested)
    assert "Keep it running?" in question.input.title
    answer = RespondArguments(session=session, request=question.input.request, option=option)
    await house.commands.respond(other, answer)
    await other.until(lambda: house.host.info(session).state is state)
    house.host.attach(Editor(house.editor.folder))
    assert len(other.bodies(InputRequested)) == 1


async def test_whose_editor_never_went_is_not_asked(house: House) -> None:
    await begun(house, "ask")
    other = Editor(house.editor.folder)
    house.host.attach(other)
    assert not other.bodies(InputRequested)
    assert not house.editor.bodies(InputRequested)


async def test_a_host_that_ends_with_its_editor_stops_it_before(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        session = await begun(house, "stop")
        host = house.host
        host.detach(house.editor)
        await host.departures.close()
        assert host.info(session).state is State.STOPPED
        journal = await anyio.Path(host.folder.sessions / session / "events.jsonl").read_text()
        assert '"to":"stopped"' in journal


def prompt(session: str) -> PromptArguments:
    return PromptArguments(session=session, text="say hello")


async def gone(house: House, session: str) -> None:
    """Waits until the session counts as left."""
    with anyio.fail_after(10):
        while house.host.departures.is_attended(session):
            await anyio.lowlevel.checkpoint()
