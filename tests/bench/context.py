"""How long it takes to know that a build context is what it was, and what it costs to look at one for the first time.

50,000 files of 4 KiB, 5,000 of them outside of ``node_modules``: a Dockerfile is read, its sources resolved, every
entry looked at, and the build's digest made. *Hashing alone* walks the same folders and hashes what it reads, nothing
more.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from berth.builds.digest import Inputs, build_digest
from berth.builds.dockerfile import read_dockerfile
from berth.builds.listing import Wanted, list_context
from berth.builds.place import find_place
from berth.builds.stat_cache import RACY, StatCache
from berth.builds.usage import Build, usage_of
from tests.bench.figures import Bar, Figure, rotations, summary

FILES, OWN, SIZE = 50_000, 5_000, 4_096
IGNORE = "node_modules\n*.log\n**/__pycache__\n.venv\ndist/**\n"


async def measure(rounds: int) -> list[Figure]:
    folder = Path(tempfile.mkdtemp(prefix="berth-bench-"))
    try:
        root = tree(folder / "context")
        return [*warm(root, folder, rounds), *cold(root, max(3, rounds // 3))]
    finally:
        shutil.rmtree(folder)


def warm(root: Path, folder: Path, rounds: int) -> list[Figure]:
    """Nothing changed: milliseconds of a check, with and without an ignore file."""
    figures = []
    for name, ignore, bar in (("5,000 of 50,000 files", IGNORE, 60), ("all 50,000 files", "", 450)):
        (root / ".dockerignore").write_text(ignore)
        time.sleep(1.5 * RACY / 1e9)  # files of a moment ago would be read again
        cache = StatCache(folder / f"cache-{bar}")
        check(root, cache)
        both = [timed(partial(check, root, cache, known=True)) for _ in range(rounds)]
        title = f"check, {name}, nothing changed"
        figures.append(summary("context", title, [1_000 * wall for wall, _ in both], "ms", bar=Bar("at most", bar)))
        figures.append(summary("context", f"{title}, processor time", [1_000 * cpu for _, cpu in both], "ms"))
    return figures


def cold(root: Path, rounds: int) -> list[Figure]:
    """Nothing remembered: the ratio to hashing alone, pair by pair."""
    ways: list[Callable[[], object]] = [lambda: check(root, None), lambda: hash_alone(root)]
    ratios = []
    for order in rotations(ways, rounds):
        times = {way: timed(way)[0] for way in order}
        ratios.append(times[ways[0]] / times[ways[1]])
    return [summary("context", "cold, 50,000 files / hashing alone", ratios, "", bar=Bar("at most", 1.2))]


def check(root: Path, cache: StatCache | None, *, known: bool = False) -> str:
    """All that a start does before it knows whether there is something to build."""
    place = find_place(root, root, root / "Dockerfile")
    usage = usage_of(read_dockerfile(place.dockerfile, place.name), Build())
    listing = list_context(Wanted(place.root, usage.copied, place.ignore, place.name), cache)
    assert not known or listing.read == 0, "something was read that had not changed"
    return build_digest(Inputs(place.dockerfile), listing)


def hash_alone(root: Path) -> list[bytes]:
    hashes = []
    for folder, _, names in os.walk(root):
        for name in names:
            with open(f"{folder}/{name}", "rb") as file:  # noqa: PTH123 - the quick way, to be fair
                hashes.append(hashlib.sha256(file.read()).digest())
    return hashes


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock, and of the processor."""
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - worked


def tree(root: Path) -> Path:
    """40 files a folder, 25 folders in each."""
    filling = os.urandom(SIZE - 8)
    for number in range(FILES):
        top = "src" if number < OWN else "node_modules"
        folder = root / top / f"d{number // 1_000}" / f"e{number // 40 % 25}"
        if number % 40 == 0:
            folder.mkdir(parents=True)
        (folder / f"file{number}.js").write_bytes(b"%08d" % number + filling)
    (root / "Dockerfile").write_text("FROM scratch\nCOPY . /app\n")
    return root
