"""What the user allowed which workspace: the store, and the commands that ask it."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from berth.errors import InvalidArguments, TrustError
from berth.host.trust import MOST, Trust
from berth.planning.breach import Consent
from berth.protocol import commands as wire
from berth.protocol.plans import PlanArguments, PlanResult
from berth.protocol.session import State
from berth.protocol.trust import TrustArguments, TrustResult
from tests.host.test_host import SETTINGS, House

HERE, THERE = Path("/home/ada/project"), Path("/home/ada/other")
WISH = Consent("a" * 64, ("image: x:1",), ("env KEY",), 60.0)
OTHER = replace(WISH, digest="b" * 64)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trust(tmp_path: Path, clock: Clock) -> Trust:
    return Trust(tmp_path / "trust", clock)


def test_a_yes_holds_for_its_workspace_and_its_wish(trust: Trust) -> None:
    assert not trust.allows(HERE, WISH)
    trust.allow(HERE, WISH)
    assert trust.allows(HERE, WISH)
    assert not trust.allows(HERE, OTHER)
    assert not trust.allows(THERE, WISH)


def test_a_yes_expires_and_is_no_older_than_its_clock(trust: Trust, clock: Clock) -> None:
    trust.allow(HERE, WISH)
    clock.now = 1059.9
    assert trust.allows(HERE, WISH)
    clock.now = 1060.0
    assert not trust.allows(HERE, WISH)
    clock.now = 999.0
    assert not trust.allows(HERE, WISH)


def test_a_yes_is_kept_for_the_user_only(trust: Trust, tmp_path: Path) -> None:
    trust.allow(HERE, WISH)
    [file] = (tmp_path / "trust").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", [b"", b"{", b"[{}]", b'"x"', b"\xff", b'[{"digest": "a"}]'])
def test_a_file_that_cannot_be_read_holds_no_yes(trust: Trust, tmp_path: Path, text: bytes) -> None:
    trust.allow(HERE, WISH)
    [file] = (tmp_path / "trust").iterdir()
    file.write_bytes(text)
    assert not trust.allows(HERE, WISH)
    trust.allow(HERE, WISH)
    assert trust.allows(HERE, WISH)


def test_the_oldest_of_too_many_is_forgotten(trust: Trust) -> None:
    wishes = [replace(WISH, digest=f"{number:064x}") for number in range(MOST + 1)]
    for wish in wishes:
        trust.allow(HERE, wish)
    assert [trust.allows(HERE, wish) for wish in wishes] == [False, *[True] * MOST]


def test_a_yes_is_taken_back_alone_or_with_all_others(trust: Trust, tmp_path: Path) -> None:
    trust.allow(HERE, WISH)
    trust.allow(HERE, OTHER)
    trust.allow(THERE, WISH)
    assert trust.revoke(HERE, WISH.digest) == 1
    assert [grant.digest for grant in trust.grants(HERE)] == [OTHER.digest]
    assert (trust.revoke(HERE), trust.revoke(HERE)) == (1, 0)
    assert [grant.workspace for grant in trust.all()] == [str(THERE)]
    assert len(list((tmp_path / "trust").iterdir())) == 1


@pytest.fixture
def asking(own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without settings: what an editor says takes a yes."""
    assert own_settings.is_file()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


async def explained(house: House) -> PlanResult:
    return await house.commands.plan(house.editor, PlanArguments())


async def trusted(house: House, **fields: Any) -> TrustResult:
    return await house.commands.trust(house.editor, TrustArguments.model_validate(fields))


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_a_workspace_is_asked_about_once(house: House) -> None:
    assert not (await explained(house)).trusted
    first = await house.start()
    await house.until(first, State.WAITING)
    [asked] = house.host.info(first).input_needed
    await house.commands.respond(
        house.editor, wire.RespondArguments(session=first, request=asked.request, option="always")
    )
    await house.until(first, State.IDLE)
    assert (await explained(house)).trusted
    second = await house.start()
    await house.until(second, State.IDLE)
    house.editor.settings = {**SETTINGS, "docker": {"defaultImage": "another"}}
    third = await house.start()
    await house.until(third, State.WAITING)


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_a_yes_is_listed_and_taken_back_by_command(house: House) -> None:
    session = await house.start()
    await house.until(session, State.WAITING)
    [asked] = house.host.info(session).input_needed
    arguments = wire.RespondArguments(session=session, request=asked.request, option="allow_always")
    await house.commands.respond(house.editor, arguments)
    await house.until(session, State.IDLE)
    [grant] = (await trusted(house)).grants
    assert grant.workspace_folder == str(house.editor.folder)
    assert any(line.startswith("command: scripted") for line in grant.asks)
    assert "env SCRIPTED_API_KEY" in grant.receives
    taken = await trusted(house, workspaceFolder=str(house.editor.folder), revoke=grant.digest)
    assert (taken.grants, taken.revoked) == ((), 1)
    assert not (await explained(house)).trusted
    with pytest.raises(InvalidArguments):
        await trusted(house, revoke="all")


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_where_nobody_can_be_asked_the_start_is_refused(house: House) -> None:
    house.editor.asks = False
    with pytest.raises(TrustError) as caught:
        await house.start()
    assert caught.value.kind == "untrusted-workspace"
    assert "nobody can be asked" in caught.value.message
    assert house.host.sessions() == ()


@pytest.mark.anyio
@pytest.mark.usefixtures("asking")
async def test_each_breach_is_in_the_plan_with_its_place(house: House) -> None:
    docker = {"defaultImage": "another", "share": ["gitconfig"], "resources": {"gpus": 1}}
    house.editor.environment = {**house.editor.environment, "HOME": str(house.editor.folder.parent)}
    (house.editor.folder.parent / ".gitconfig").write_text("")
    house.editor.settings = {**SETTINGS, "docker": docker}
    result = await explained(house)
    found = {(breach.level, breach.what): breach.place for breach in result.breaches}
    assert found["ask", "image"] == "berth.docker.defaultImage"
    assert found["user", "graphics cards"] == "berth.docker.resources.gpus"
    assert found["user", "mount /home/agent/.gitconfig"] == "berth.docker.share"
    assert "## Needs your yes" in result.markdown
    with pytest.raises(TrustError) as caught:
        await house.start()
    assert caught.value.kind == "policy-breach"
    assert "(berth.docker.share) is the user's own to decide" in caught.value.message
    assert "and 1 more" in caught.value.message
