"""What an agent writes into the workspace to have it run on the host, on the real engine."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.writeback.attacks import LANDING, STOPPED, Attack, prepare
from tests.writeback.ground import ground, has_git

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.engine,
    pytest.mark.skipif(not has_git(), reason="needs git to make repositories with"),
]


def script(attacks: Iterable[Attack]) -> str:
    """Every attack, at both places where the workspace is, each in a shell of its own."""
    pieces = [f"( cd {place} && {attack.script} )\n" for attack in attacks for place in ('"$OLDPWD"', "/workspace")]
    return "cd /; cd - >/dev/null; OLDPWD=$PWD\n" + "".join(pieces) + "true\n"


@pytest.mark.parametrize("owner", [1000, 0], ids=["a person's workspace", "root's workspace"])
async def test_what_the_mounts_protect_cannot_be_written(tmp_path: Path, owner: int) -> None:
    async with ground(tmp_path, owner, prepare) as place:
        assert not [attack.name for attack in STOPPED if attack.landed(place.workspace)]
        printed = await place.turn(script(STOPPED))
        assert not [attack.name for attack in STOPPED if attack.landed(place.workspace)], printed


@pytest.mark.parametrize("owner", [1000, 0], ids=["a person's workspace", "root's workspace"])
async def test_what_lands_is_listed_at_the_turns_end(tmp_path: Path, owner: int) -> None:
    async with ground(tmp_path, owner, prepare) as place:
        await place.turn(script(LANDING))
        listed = {attack.name: place.found().get(attack.path) for attack in LANDING if attack.landed(place.workspace)}
        assert listed == {attack.name: attack.severity for attack in LANDING}


async def test_a_repository_that_the_agent_makes_where_none_was_is_listed(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        await place.turn(
            "mkdir -p .git/hooks; echo EVIL >.git/hooks/post-checkout; printf '[core]\\nfsmonitor=x' >.git/config"
        )
        assert {".git/hooks/post-checkout", ".git/config"} <= place.found().keys()


async def test_ordinary_work_is_not_listed(tmp_path: Path) -> None:
    work = "mkdir -p src; echo 'print(1)' >src/a.py; echo '{}' >package.json; echo x >Makefile; ln -s src/a.py b"
    async with ground(tmp_path, 1000, prepare) as place:
        await place.turn(work)
        assert place.found() == {}


async def test_what_an_agent_writes_as_it_dies_is_listed(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        await place.turn("echo x >.envrc; kill -9 $PPID; sleep 30")
        assert place.found() == {".envrc": "warning"}


async def test_what_is_written_between_turns_is_listed_when_the_session_ends(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        await place.turn("true")
        (place.workspace / ".envrc").write_text("x")
        await place.stop()
        assert place.found() == {".envrc": "warning"}
