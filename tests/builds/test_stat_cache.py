"""What is remembered of files saves reading them, and is never believed when it could be wrong."""

import os
import time
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.builds import stat_cache
from berth.builds.listing import Listing
from berth.builds.stat_cache import RACY, StatCache
from tests.builds.contexts import listing, write

FILES = {"a": "1", "src/b": "2", "src/deep/c": "3"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "context", FILES)


@pytest.fixture
def cache(tmp_path: Path) -> StatCache:
    return StatCache(tmp_path / "caches")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks happen long after the files were written."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 2 * RACY)


@pytest.mark.usefixtures("later")
def test_files_that_are_as_they_were_are_not_read_again(root: Path, cache: StatCache) -> None:
    first, second = listing(root, cache), listing(root, cache)
    assert (first.read, second.read) == (3, 0)
    assert (second.digest, second.hashes, second.found.paths) == (first.digest, first.hashes, first.found.paths)


@pytest.mark.usefixtures("later")
def test_only_what_changed_is_read(root: Path, cache: StatCache) -> None:
    listing(root, cache)
    (root / "src" / "b").write_text("9")
    assert same_as_cold(listing(root, cache)).read == 1
    write(root, {"another": "x", "src/more": "y"})
    assert same_as_cold(listing(root, cache)).read == 2
    (root / "a").unlink()
    assert same_as_cold(listing(root, cache)).read == 0


def test_files_written_a_moment_ago_are_read_again(root: Path, cache: StatCache) -> None:
    listing(root, cache)
    assert listing(root, cache).read == 3


def test_a_change_that_leaves_size_and_times_alone_is_seen_while_it_could_happen(root: Path, cache: StatCache) -> None:
    listing(root, cache)
    before = (root / "a").stat()
    (root / "a").write_text("2")
    os.utime(root / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
    same_as_cold(listing(root, cache))


@pytest.mark.usefixtures("later")
def test_a_changed_file_with_its_old_size_and_mtime_is_seen_by_its_ctime(root: Path, cache: StatCache) -> None:
    listing(root, cache)
    before = (root / "a").stat()
    (root / "a").write_text("2")
    os.utime(root / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert same_as_cold(listing(root, cache)).read == 1


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: raw[:0],
    "cut": lambda raw: raw[:-1],
    "longer": lambda raw: raw + b"x",
    "a bit turned": lambda raw: raw[:-5] + bytes([raw[-5] ^ 1]) + raw[-4:],
    "of another version": lambda raw: raw.replace(b"context 1", b"context 0", 1),
    "zeroes": lambda raw: bytes(len(raw)),
}


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_no_cache(root: Path, cache: StatCache, tmp_path: Path, damage: str) -> None:
    listing(root, cache)
    (file,) = (tmp_path / "caches").iterdir()
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    assert listing(root, cache).read == 3


@given(st.binary(max_size=200))
def test_no_bytes_at_all_make_a_cache_raise(raw: bytes) -> None:
    assert stat_cache._unpacked(stat_cache._MAGIC + raw) is None
    assert stat_cache._unpacked(raw) is None


@pytest.mark.usefixtures("later")
def test_a_cache_that_cannot_be_written_only_costs_time(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert listing(root, StatCache(tmp_path / "file" / "caches")).read == 3


@pytest.mark.usefixtures("later")
def test_caches_are_private_and_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stat_cache, "MOST_CACHES", 3)
    cache = StatCache(tmp_path / "caches")
    remembered = stat_cache.Remembered(b"", array("q"), b"", bytes(32))
    for number in range(6):
        cache.save(str(number), remembered, read_at=0)
    files = list((tmp_path / "caches").iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "caches").stat().st_mode & 0o777 == 0o700


def same_as_cold(warm: Listing) -> Listing:
    cold = listing(Path(warm.root))
    assert (warm.found.paths, warm.hashes, warm.digest) == (cold.found.paths, cold.hashes, cold.digest)
    return warm
