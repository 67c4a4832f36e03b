"""What is found in a workspace that must be kept from the agent, and what planning makes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from berth.host.protection import protection_facts
from berth.planning.facts import ProtectionFacts, WorkspaceFacts
from tests.planning.plans import Case


def made(folder: Path, **files: str) -> ProtectionFacts:
    """The facts about a workspace with these files; ``__`` stands for a slash, ``_`` for a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return protection_facts(folder)


def mounts(folder: Path, facts: ProtectionFacts) -> dict[str, bool]:
    """Paths in the workspace that are mounted, and whether read-only."""
    about: dict[str, Any] = {"workspace": WorkspaceFacts(folder, 1000, 1000), "protection": facts}
    found = Case(facts=about).mounts().values()
    both = {mount.target: mount.read_only for mount in found if mount.source != str(folder)}
    at_alias = {name.removeprefix("/workspace/"): ro for name, ro in both.items() if name.startswith("/workspace/")}
    at_own = {name.removeprefix(f"{folder}/"): ro for name, ro in both.items() if name.startswith(f"{folder}/")}
    assert at_alias == at_own
    return {name: ro for name, ro in at_own.items() if name not in (".vscode", ".devcontainer", ".idea", ".berth")}


def test_a_git_folder_is_held_and_what_git_obeys_is_read_only(tmp_path: Path) -> None:
    facts = made(tmp_path, _git__config="", _git__HEAD="")
    expected = {".git": False, ".git/config": True, ".git/config.worktree": True, ".git/hooks": True}
    assert mounts(tmp_path, facts) == expected


def test_every_folder_down_to_a_submodule_is_held(tmp_path: Path) -> None:
    found = mounts(tmp_path, made(tmp_path, _git__HEAD="", _git__modules__a__b__HEAD="", lib___git="gitdir: x"))
    assert {".git", ".git/modules", ".git/modules/a", ".git/modules/a/b"} == {n for n, ro in found.items() if not ro}
    assert found["lib/.git"]
    assert found[".git/modules/a/b/hooks"]


def test_a_linked_worktree_cannot_be_led_elsewhere(tmp_path: Path) -> None:
    facts = made(tmp_path, _git__HEAD="", _git__worktrees__w__commondir="../..", _git__worktrees__w__gitdir="x")
    found = mounts(tmp_path, facts)
    assert (found[".git/worktrees/w/commondir"], found[".git/worktrees/w/gitdir"]) == (True, True)
    assert ".git/worktrees/w/hooks" not in found


@pytest.mark.parametrize(
    ("text", "path"),
    [("[core]\nhooksPath = .husky/x", ".husky/x"), ("[include]\npath = ../.husky/x", ".husky/x")],
)
def test_where_the_configuration_leads_is_read_only(tmp_path: Path, text: str, path: str) -> None:
    found = mounts(tmp_path, made(tmp_path, _git__config=text, _husky__x=""))
    assert (found[".husky"], found[path]) == (False, True)


@pytest.mark.parametrize("value", ["/etc", "../..", "~/hooks", "link", "gone", ""])
def test_it_is_not_followed_out_of_the_workspace(tmp_path: Path, value: str) -> None:
    (tmp_path / "link").symlink_to("/etc")
    found = mounts(tmp_path, made(tmp_path, _git__config=f"[core]\nhooksPath = {value}\n"))
    assert {name.partition("/")[0] for name in found} == {".git"}


def act_on_links(folder: Path) -> None:
    (folder / ".git").symlink_to("/etc")
    (folder / ".vscode").symlink_to("/etc")
    (folder / ".idea").symlink_to("/gone")


def act_on_files(folder: Path) -> None:
    (folder / ".vscode").write_text("")
    (folder / ".idea").mkdir()
    (folder / ".idea" / "x").write_text("")


@pytest.mark.parametrize(("act", "left"), [(act_on_links, {".devcontainer", ".berth"}), (act_on_files, None)])
def test_only_what_is_not_there_is_made(tmp_path: Path, act: Callable[[Path], None], left: set[str] | None) -> None:
    act(tmp_path)
    facts = protection_facts(tmp_path)
    assert facts.git_folders == ()
    expected = left or {".devcontainer", ".berth", ".vscode"}
    assert {path.name for path in facts.bare} - {".vscode"} == expected - {".vscode"}


def test_a_plan_names_what_must_be_there(tmp_path: Path) -> None:
    facts = made(tmp_path, _git__HEAD="")
    about: dict[str, Any] = {"workspace": WorkspaceFacts(tmp_path, 1000, 1000), "protection": facts}
    points = {str(point.path.relative_to(tmp_path)): point.kind for point in Case(facts=about).plan().mount_points}
    folders = dict.fromkeys((".vscode", ".devcontainer", ".idea", ".berth", ".git/hooks"), "folder")
    assert points == {**folders, ".git/config.worktree": "file"}


def test_a_worktree_that_an_agent_adds_makes_no_session_outdated(tmp_path: Path) -> None:
    def label(facts: ProtectionFacts) -> str:
        about: dict[str, Any] = {"workspace": WorkspaceFacts(tmp_path, 1000, 1000), "protection": facts}
        return Case(facts=about).plan().container.labels["dev.berth.plan"]

    before = label(made(tmp_path, _git__HEAD=""))
    assert before == label(made(tmp_path, _git__worktrees__w__commondir="../.."))


def test_more_repositories_than_can_be_mounted_are_told(tmp_path: Path) -> None:
    facts = made(tmp_path, **{f"r{number}___git__HEAD": "" for number in range(23)})
    about: dict[str, Any] = {"workspace": WorkspaceFacts(tmp_path, 1000, 1000), "protection": facts}
    assert any(note.startswith("3 of the workspace's git folders") for note in Case(facts=about).plan().notes)
