"""The tar of a context carries what was hashed, or ends in an error."""

import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from berth.builds.context import STAMP, stream
from berth.builds.listing import Listing
from berth.errors import ImageError
from tests.builds.contexts import listing, write

FILES = {"a": "1", "src/b": "2" * 700_000, "src/empty": "", "hollow/": ""}


@pytest.fixture
def here(tmp_path: Path) -> Listing:
    write(tmp_path, FILES)
    (tmp_path / "src" / "link").symlink_to("../a")
    (tmp_path / "a").chmod(0o754)
    return listing(tmp_path)


def members(pieces: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(pieces)) as tar:
        return {member.name: member for member in tar}


def test_the_tar_holds_the_listing(here: Listing) -> None:
    raw = b"".join(stream(here))
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        names = tar.getnames()
        opened = tar.extractfile("src/b")
        assert opened is not None
        assert opened.read() == b"2" * 700_000
    assert names == here.found.paths
    found = members(raw)
    assert (found["a"].mode, found["a"].mtime, found["a"].uid, found["a"].gid) == (0o754, STAMP, 0, 0)
    assert (found["src/link"].issym(), found["src/link"].linkname) == (True, "../a")
    assert (found["hollow"].isdir(), found["src/empty"].size) == (True, 0)


def test_the_same_files_are_the_same_bytes(here: Listing, tmp_path: Path) -> None:
    os.utime(tmp_path / "a", (1, 1))
    assert (
        hashlib.sha256(b"".join(stream(here))).digest() == hashlib.sha256(b"".join(stream(listing(tmp_path)))).digest()
    )


def test_pieces_stay_small(here: Listing) -> None:
    assert max(map(len, stream(here))) <= 256 * 1024


def test_long_and_odd_names_survive(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\n") + "é" * 60
    write(tmp_path, {f"{'d' * 120}/{name}": "x"})
    (tmp_path / "l").symlink_to("t" * 200)
    raw = b"".join(stream(listing(tmp_path)))
    with tarfile.open(fileobj=io.BytesIO(raw), errors="surrogateescape") as tar:
        assert sorted(tar.getnames()) == sorted(["d" * 120, f"{'d' * 120}/{name}", "l"])


def test_extra_files_stand_in_for_those_of_the_folder(here: Listing) -> None:
    raw = b"".join(stream(here, {"a": b"other", "ca.crt": b"x"}))
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        texts = [opened.read() for name in ("a", "ca.crt") if (opened := tar.extractfile(name))]
        assert texts == [b"other", b"x"]
        assert tar.getnames().count("a") == 1


@pytest.mark.parametrize("change", ["content", "longer", "shorter", "gone", "a link", "a link's text"])
def test_a_file_that_changed_since_it_was_hashed_ends_the_stream(here: Listing, tmp_path: Path, change: str) -> None:
    file = tmp_path / "src" / "b"
    if change == "content":
        file.write_text("3" * 700_000)
    elif change in ("longer", "shorter"):
        file.write_text("2" * (700_001 if change == "longer" else 5))
    elif change == "a link's text":
        (tmp_path / "src" / "link").unlink()
        (tmp_path / "src" / "link").symlink_to("elsewhere")
    else:
        file.unlink()
        if change == "a link":
            file.symlink_to("/etc/passwd")
    with pytest.raises(ImageError) as caught:
        b"".join(stream(here))
    assert caught.value.kind == "context-changed"


def test_a_folder_swapped_for_a_link_is_not_followed(here: Listing, tmp_path: Path) -> None:
    outside = write(tmp_path.parent / f"{tmp_path.name}-outside", {"b": "2" * 700_000, "empty": ""})
    (tmp_path / "src").rename(tmp_path / "moved")
    (tmp_path / "src").symlink_to(outside)
    with pytest.raises(ImageError) as caught:
        b"".join(stream(here))
    assert caught.value.kind == "context-changed"
