"""Which entries of a folder a build is given, and when their digest changes."""

import hashlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from berth.builds import hashing, walk
from berth.builds import listing as listing_module
from berth.builds.digest import Inputs, build_digest
from berth.builds.dockerfile import read_dockerfile
from berth.builds.folders import Folders
from berth.builds.hashing import LARGE
from berth.builds.listing import list_context
from berth.builds.stat_cache import StatCache
from berth.errors import ImageError
from tests.builds.contexts import listed, listing, wanted, write

FILES = {"a": "1", "src/b": "2", "src/deep/c": "3", "docs/d.md": "4", "docs/e.txt": "5"}


def copying(*sources: str) -> str:
    return f"FROM scratch\nCOPY {' '.join(sources)} /x/\n"


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["a"], ["a"]),
        (["src"], ["src", "src/b", "src/deep", "src/deep/c"]),
        (["src/deep/c"], ["src", "src/deep", "src/deep/c"]),
        (["src/deep", "src/b"], ["src", "src/b", "src/deep", "src/deep/c"]),
        (["docs/*.md", "[b-z]*/b"], ["docs", "docs/d.md", "src", "src/b"]),
        (["src", "src/deep/c", "src"], ["src", "src/b", "src/deep", "src/deep/c"]),
        (["nothing*", "a"], ["a"]),
        (["../a"], ["a"]),
    ],
)
def test_only_what_is_copied_is_listed(tmp_path: Path, sources: list[str], expected: list[str]) -> None:
    assert listed(write(tmp_path, FILES), copying(*sources)) == expected


def test_folders_come_before_what_is_in_them_and_nothing_twice(tmp_path: Path) -> None:
    paths = list_context(wanted(write(tmp_path, FILES), copying("src/deep", ".", "docs/*"))).found.paths
    assert len(set(paths)) == len(paths)
    assert all(path.rpartition("/")[0] in ["", *paths[:at]] for at, path in enumerate(paths))


def test_a_folder_that_is_ignored_is_listed_when_something_in_it_is_not(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    assert listed(tmp_path, ignore="*\n!src/deep/c\n!docs/*.md") == [
        "docs",
        "docs/d.md",
        "src",
        "src/deep",
        "src/deep/c",
    ]
    assert listed(tmp_path, copying("src/deep"), ignore="src\n!src/deep/c") == ["src", "src/deep", "src/deep/c"]


def test_links_stay_links_and_lead_on_only_where_they_are_copied(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    (tmp_path / "src" / "link").symlink_to("../docs")
    (tmp_path / "top").symlink_to("/src/link")
    assert "docs" not in listed(tmp_path, copying("src"))
    assert listed(tmp_path, copying("top/d.md")) == ["docs", "docs/d.md", "src", "src/link", "top"]


def test_a_link_never_leads_out(tmp_path: Path) -> None:
    inside = write(tmp_path / "inside", {"a": ""})
    write(tmp_path, {"outside/secret": "x"})
    (inside / "up").symlink_to("../outside/secret")
    (inside / "round").symlink_to("round")
    for source in ("up", "round"):
        with pytest.raises(ImageError, match=f"Dockerfile:2 copies {source}, which is not in the build context"):
            listed(inside, copying(source))


def test_sockets_and_pipes_are_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        assert listed(tmp_path) == []


def test_names_of_any_bytes_are_listed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\n *[")).write_text("x")
    assert listed(tmp_path) == [os.fsdecode(b"\xff\n *[")]


def test_a_source_that_is_ignored_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        listed(write(tmp_path, {".env": ""}), copying(".env"))
    assert caught.value.message == "Dockerfile:2 copies .env, which an ignore pattern leaves out."
    assert caught.value.hint == "Add !.env to .dockerignore."


def test_too_much_names_the_biggest_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MOST_ENTRIES", 20)
    write(tmp_path, {"a/x": "", **{f"data/{number}": "" for number in range(30)}})
    with pytest.raises(ImageError, match=r"is in data\. Name data in \.dockerignore"):
        listed(tmp_path)


def test_folders_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "/".join(["d"] * 300)).mkdir(parents=True)
    with pytest.raises(ImageError, match="nested deeper than 200 folders") as caught:
        listed(tmp_path)
    assert caught.value.kind == "bad-context"


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)

    def refused(_folders: Folders, path: str) -> int:
        raise PermissionError(13, "Permission denied", path.rpartition("/")[2])

    monkeypatch.setattr(Folders, "file", refused)
    with pytest.raises(ImageError, match="src/b in the build context cannot be read: Permission denied") as caught:
        listed(tmp_path, copying("src/b"))
    assert caught.value.kind == "bad-context"


def replace_by_link(path: Path, target: str) -> None:
    path.unlink()
    path.symlink_to(target)


CHANGES: dict[str, Callable[[Path], object]] = {
    "content": lambda root: (root / "src/b").write_text("9"),
    "name": lambda root: (root / "src/b").rename(root / "src/z"),
    "new file": lambda root: (root / "new").touch(),
    "new folder": lambda root: (root / "new").mkdir(),
    "mode": lambda root: (root / "src/b").chmod(0o755),
    "folder's mode": lambda root: (root / "src").chmod(0o700),
    "link's text": lambda root: replace_by_link(root / "link", "docs"),
    "kind": lambda root: replace_by_link(root / "a", "1"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_digest_changes_with(tmp_path: Path, change: str) -> None:
    write(tmp_path, FILES)
    (tmp_path / "link").symlink_to("src")
    before = listing(tmp_path).digest
    CHANGES[change](tmp_path)
    assert listing(tmp_path).digest != before


def test_the_digest_does_not_change_with_times_or_places(tmp_path: Path) -> None:
    before = listing(write(tmp_path / "one", FILES)).digest
    os.utime(tmp_path / "one" / "a", (1, 1))
    assert listing(tmp_path / "one").digest == before
    assert listing(write(tmp_path / "two", FILES)).digest == before


def test_every_input_of_a_build_changes_its_digest(tmp_path: Path) -> None:
    here = listing(write(tmp_path, FILES))
    variants = [
        Inputs(b"FROM a"),
        Inputs(b"FROM b"),
        Inputs(b"FROM a", {"X": "1"}),
        Inputs(b"FROM a", target="t"),
        Inputs(b"FROM a", platform="linux/arm64"),
        Inputs(b"FROM a", bases={"a": "sha256:1"}),
        Inputs(b"FROM a", overlay="sha256:1"),
    ]
    digests = [build_digest(inputs, here) for inputs in variants]
    assert len(set(digests)) == len(variants)
    (tmp_path / "a").write_text("other")
    assert build_digest(variants[0], listing(tmp_path)) not in digests


def test_large_files_have_the_hash_that_they_have_alone(tmp_path: Path) -> None:
    write(tmp_path, {"small": "x"})
    (tmp_path / "large").write_bytes(b"ab" * LARGE * 3)
    found = listing(tmp_path)
    hashes = {path: found.hash(at) for at, path in enumerate(found.found.paths)}
    assert hashes["large"] == hashlib.sha256(b"ab" * LARGE * 3).digest()
    assert hashes["small"] == hashlib.sha256(b"x").digest()


def test_a_file_that_changes_once_while_it_is_read_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, FILES)
    changes = iter([True])
    real = hashing.hashes_of

    def meddling(root: str, found: walk.Found, unknown: list[int]) -> list[bytes]:
        if next(changes, False):
            (tmp_path / "a").write_text("changed")
        return real(root, found, unknown)

    monkeypatch.setattr(listing_module, "hashes_of", meddling)
    assert listing(tmp_path).read == 5


def test_files_that_keep_changing_end_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    real = hashing.hashes_of

    def meddling(root: str, found: walk.Found, unknown: list[int]) -> list[bytes]:
        (tmp_path / "a").rename(tmp_path / "b")
        (tmp_path / "b").rename(tmp_path / "a")
        return real(root, found, unknown)

    monkeypatch.setattr(listing_module, "hashes_of", meddling)
    with pytest.raises(ImageError, match="a changed while the build context was read") as caught:
        listing(tmp_path)
    assert caught.value.kind == "context-changed"


@pytest.mark.parametrize("source", ["a\\u0000b", "\\ud800", "\\ud800*", "\\udcff"])
def test_names_that_no_file_can_have_are_missing(tmp_path: Path, source: str) -> None:
    cache = StatCache(tmp_path / "caches")
    with pytest.raises(ImageError) as caught:
        list_context(
            wanted(write(tmp_path / "here", FILES), f'FROM scratch\nCOPY ["{source}", "nothing", "/x/"]\n'), cache
        )
    caught.value.message.encode()
    assert caught.value.kind == "bad-context"
    assert (
        list_context(wanted(tmp_path / "here", f'FROM scratch\nCOPY ["{source}*", "/x/"]\n'), cache).found.paths == []
    )


def test_what_a_message_shows_of_a_repository_is_short_and_unicode() -> None:
    with pytest.raises(ImageError) as caught:
        read_dockerfile(b"FROM a\nENV " + b"\xff" * 9_000, "Dockerfile").wrong(2, "x\udcff" * 900)
    assert len(caught.value.message.encode()) < 1_000
