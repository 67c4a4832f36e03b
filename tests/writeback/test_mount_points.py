"""What is made for the mounts to lie on: there while somebody runs, the workspace owner's, and gone afterwards."""

import shutil
from pathlib import Path

import pytest

from berth.protocol.session import State
from tests.writeback.ground import Ground, give_to, ground, has_git, repository

pytestmark = [pytest.mark.anyio, pytest.mark.engine]
COVERED = {".vscode", ".devcontainer", ".berth", ".idea"}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def until(place: Ground, session: str, state: State) -> None:
    await place.house.editor.until(lambda: place.house.host.info(session).state is state, seconds=60)


async def test_an_empty_workspace_is_empty_again(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        assert names(place.workspace) == COVERED
        owners = {(path.stat().st_uid, path.stat().st_mode & 0o777) for path in place.workspace.iterdir()}
        assert owners == {(place.workspace.stat().st_uid, 0o755)}
        await place.stop()
        assert names(place.workspace) == set()


@pytest.mark.skipif(not has_git(), reason="needs git to make a repository with")
async def test_a_repository_is_as_it_was(tmp_path: Path) -> None:
    def prepare(workspace: Path) -> None:
        repository(workspace)
        shutil.rmtree(workspace / ".git" / "hooks")

    async with ground(tmp_path, 1000, prepare) as place:
        assert {"hooks", "config.worktree"} <= names(place.workspace / ".git")
        await place.stop()
        assert not {"hooks", "config.worktree"} & names(place.workspace / ".git")
        assert names(place.workspace) == {".git", "a.txt"}


async def test_what_a_person_puts_there_meanwhile_stays_and_is_seen_inside(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        (place.workspace / ".vscode" / "settings.json").write_text("{}")
        give_to(place.workspace, 1000)
        assert "settings.json" in await place.turn("ls .vscode /workspace/.vscode; touch .vscode/x")
        await place.stop()
        assert names(place.workspace / ".vscode") == {"settings.json"}
        assert names(place.workspace) == {".vscode", "do.sh", "out.txt"}


async def test_nothing_is_taken_away_while_another_session_runs_there(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        other = await place.house.start()
        await until(place, other, State.IDLE)
        await place.stop()
        assert names(place.workspace) == COVERED
        await place.stop(other)
        assert names(place.workspace) == set()


async def test_a_restart_is_protected_like_the_first_start(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000) as place:
        await place.stop()
        place.house.host.session(place.session).restart()
        await until(place, place.session, State.IDLE)
        printed = await place.turn("touch .vscode/tasks.json .idea/x")
        assert printed.count("Read-only file system") == 2


async def test_what_a_crash_left_behind_is_taken_away_by_the_next_session(tmp_path: Path) -> None:
    async with ground(tmp_path, 1000, lambda workspace: (workspace / ".idea").mkdir()) as place:
        await place.stop()
        assert names(place.workspace) == set()
