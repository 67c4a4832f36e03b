"""What is told of a Dockerfile before a person says yes to it."""

from pathlib import Path

import pytest

from berth.builds.stat_cache import StatCache
from berth.host.building import look_at_build
from berth.planning.builds import BuildWish
from berth.planning.facts import BuildFacts
from berth.planning.reason import Reason


def seen(folder: Path, text: str, **arguments: str) -> BuildFacts:
    path = folder / "Dockerfile"
    path.write_text(text)
    wish = BuildWish(path, folder, Reason("test"), is_named=True, arguments=arguments)
    found = look_at_build(wish, folder, "amd64", StatCache(folder / "cache"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "arguments", "remotes"),
    [
        ("FROM base\nRUN true\n", {}, ()),
        ("FROM base\nADD https://example.org/x /x\n", {}, ("https://example.org/x",)),
        ("# syntax=evil/frontend:1\nFROM base\n", {}, ("the frontend evil/frontend:1",)),
        ("FROM base\n", {"BUILDKIT_SYNTAX": "evil/frontend:2"}, ("the frontend evil/frontend:2",)),
    ],
)
def test_everything_that_a_build_fetches_is_told(
    tmp_path: Path, text: str, arguments: dict[str, str], remotes: tuple[str, ...]
) -> None:
    assert seen(tmp_path, text, **arguments).remotes == remotes


def test_another_file_changes_the_content_and_not_the_instructions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    first = seen(tmp_path, "FROM base\nCOPY a.txt /\n")
    (tmp_path / "a.txt").write_text("another")
    second = seen(tmp_path, "FROM base\nCOPY a.txt /\n")
    assert (first.content != second.content, first.instructions == second.instructions) == (True, True)
