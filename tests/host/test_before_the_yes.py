"""Before the yes nothing happens: watched are the engine's calls, name look-ups, connections, programs and files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from berth.protocol import commands as wire
from berth.protocol.session import State
from tests.host.test_host import House

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("asking")]

WATCHED = ("open", "socket.", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")
_seen: list[tuple[str, tuple[Any, ...]]] = []
_watching = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event.startswith(WATCHED):
        _seen.append((event, arguments))


sys.addaudithook(_hear)


@contextmanager
def watched() -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """Everything that is opened, looked up, connected to and started meanwhile, by any thread of this process."""
    global _watching  # noqa: PLW0603 - an audit hook stays for ever and takes no argument
    _seen.clear()
    _watching = True
    try:
        yield _seen
    finally:
        _watching = False


@pytest.fixture
def asking(own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without settings, whose HOME holds logins and keys."""
    assert own_settings.is_file()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in (".claude/.credentials.json", ".codex/auth.json", ".ssh/id_ed25519", ".aws/credentials", ".netrc"):
        file = tmp_path / "home" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("secret")


async def waiting(house: House) -> str:
    session = await house.start(prompt="look around")
    await house.until(session, State.WAITING)
    return session


async def answer(house: House, session: str, option: str) -> None:
    [asked] = house.host.info(session).input_needed
    await house.commands.respond(
        house.editor, wire.RespondArguments(session=session, request=asked.request, option=option)
    )


async def test_until_the_yes_the_engine_is_only_asked_what_it_is(house: House) -> None:
    session = await waiting(house)
    assert {call for call, _ in house.engine.calls} <= {"about"}
    await answer(house, session, "once")
    await house.until(session, State.IDLE)
    assert {"create", "start"} <= {call for call, _ in house.engine.calls}


async def test_until_the_yes_no_name_is_looked_up_and_nobody_connected_to(house: House) -> None:
    await waiting(house)  # whatever is imported late has been by now
    with watched() as seen:
        await waiting(house)
    assert [event for event, _ in seen if event.startswith("socket.")] == []
    programs = [arguments[0] for event, arguments in seen if event.startswith(("subprocess", "os."))]
    assert set(map(str, programs)) <= {"git"}, "git is asked for the user's name, in no repository"


async def test_until_the_yes_no_file_of_the_users_is_opened(house: House, tmp_path: Path) -> None:
    house.editor.environment = {**house.editor.environment, "HOME": str(tmp_path / "home")}
    await waiting(house)
    with watched() as seen:
        await waiting(house)
    opened = {str(arguments[0]) for event, arguments in seen if event == "open"}
    assert opened
    assert not {path for path in opened if path.startswith(str(tmp_path / "home"))}


async def test_after_a_no_nothing_was_made_either(house: House) -> None:
    session = await waiting(house)
    with watched() as seen:
        await answer(house, session, "no")
        await house.until(session, State.FAILED)
    assert {call for call, _ in house.engine.calls} <= {"about"}
    assert [event for event, _ in seen if event.startswith(("socket.", "subprocess"))] == []


def test_a_look_would_be_seen() -> None:
    with watched() as seen:
        Path(__file__).read_text()
    assert [event for event, _ in seen] == ["open"]
