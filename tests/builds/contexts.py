"""Contexts made of a few words, and what Berth lists of them."""

from collections.abc import Mapping
from pathlib import Path

from berth.builds.dockerfile import read_dockerfile
from berth.builds.ignore import read_ignore
from berth.builds.listing import Listing, Wanted, list_context
from berth.builds.stat_cache import StatCache
from berth.builds.usage import Build, Usage, usage_of

ALL = "FROM scratch\nCOPY . /\n"


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Files by path; a path that ends in a slash is an empty folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_text(text)
    return root


def used(text: str, build: Build | None = None) -> Usage:
    return usage_of(read_dockerfile(text.encode(), "Dockerfile"), build or Build())


def wanted(root: Path, text: str = ALL, ignore: str = "") -> Wanted:
    return Wanted(str(root), used(text).copied, read_ignore(ignore.encode(), ".dockerignore"))


def listed(root: Path, text: str = ALL, ignore: str = "") -> list[str]:
    return sorted(list_context(wanted(root, text, ignore)).found.paths)


def listing(root: Path, cache: StatCache | None = None) -> Listing:
    return list_context(wanted(root), cache)
