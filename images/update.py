"""Moves the pins of `images/agent` to what the registries have, for `make update-images`.

Asks pip and npm, with whatever indexes they are set to. Prints what changed; never goes back to an older version. With
`--check` nothing is written, and the status is 1 when something is newer.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AGENT_IMAGE = Path(__file__).resolve().parent / "agent"
NODE_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64")
SECONDS = 300  # for one answer of a registry, or one lock file


class CannotUpdate(Exception):
    """A registry does not answer, or what it says does not fit together."""


@dataclass(frozen=True)
class Change:
    """One pin that moves, or that would have to go back and therefore stays."""

    what: str
    before: str
    after: str

    @property
    def is_newer(self) -> bool:
        """Whether it goes forward."""
        return order(self.after) > order(self.before)

    def __str__(self) -> str:
        """A line for people."""
        if self.is_newer:
            return f"{self.what}: {self.before} → {self.after}"
        return f"{self.what}: stays at {self.before}, the registry's newest is the older {self.after}"


def main() -> int:
    """Answers the status for the shell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--image", type=Path, default=AGENT_IMAGE, help="the folder of the image")
    options = parser.parse_args()
    try:
        changes = list(update(options.image, write=not options.check))
    except CannotUpdate as error:
        say(f"Nothing was changed further: {error}")
        return 2
    for change in changes:
        say(str(change))
    newer = [change for change in changes if change.is_newer]
    say(f"Pins with something newer: {len(newer)}." if newer else "Everything is the newest.")
    return 1 if newer and options.check else 0


def update(image: Path, *, write: bool) -> Iterator[Change]:
    """Updates Node, then each agent.

    Raises:
        CannotUpdate: Files that were updated before stay so; each is consistent by itself.
    """
    yield from update_node(image / "node.txt", write=write)
    for folder in sorted(path for path in (image / "agents").iterdir() if path.is_dir()):
        yield from update_agent(folder, write=write)


def update_node(pins: Path, *, write: bool) -> Iterator[Change]:
    """The newest Node of the same major version, as wheels with a checksum for each processor."""
    text = pins.read_text()
    comments = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    name, _, version = text.removeprefix(comments).split()[0].partition("==")
    found = [
        wheel(f"{name}>={version.split('.')[0]},<{order(version)[0] + 1}", platform) for platform in NODE_PLATFORMS
    ]
    versions = {each["metadata"]["version"] for each in found}
    if len(versions) != 1:
        raise CannotUpdate(f"{name} has not the same version for both processors: {', '.join(sorted(versions))}.")
    change = Change(name, version, versions.pop())
    if change.before != change.after:
        yield change
    if change.is_newer and write:
        hashes = sorted(each["download_info"]["archive_info"]["hashes"]["sha256"] for each in found)
        lines = " \\\n".join([f"{name}=={change.after}", *(f"    --hash=sha256:{digest}" for digest in hashes)])
        pins.write_text(f"{comments}{lines}\n")


def wheel(requirement: str, platform: str) -> dict[str, Any]:
    """What pip would install for a platform. Older pips fetch the wheel for that."""
    asked = ["--dry-run", "--ignore-installed", "--no-deps", "--only-binary=:all:", "--quiet", "--report", "-"]
    with tempfile.TemporaryDirectory() as folder:
        answer = run(
            [sys.executable, "-m", "pip", "install", *asked, "--platform", platform, "--target", folder, requirement]
        )
    installed: list[dict[str, Any]] = json.loads(answer)["install"]
    return installed[0]


def update_agent(folder: Path, *, write: bool) -> Iterator[Change]:
    """One agent's packages and their lock file.

    Packages whose names differ only in the processor get the same version, and so does what stands in for them in
    ``overrides``: adapter and program must not come from different releases on different machines.
    """
    package = json.loads((folder / "package.json").read_text())
    wanted = [*pinned(package)]
    newest = {family: newest_of(names) for family, names in families(wanted).items()}
    changes = [Change(name, version, newest[family_of(name)]) for _, name, version in wanted]
    yield from (change for change in changes if change.before != change.after)
    moved = {change.what: change.after for change in changes if change.is_newer}
    if moved and write:
        for place, name, _ in wanted:
            if name in moved:
                place.put(moved[name])
        lock(folder, package)


@dataclass(frozen=True)
class Place:
    """Where in ``package.json`` a version stands. ``alias`` is the package that stands in for ``key``."""

    section: dict[str, str]
    key: str
    alias: str = ""

    def put(self, version: str) -> None:
        """Writes another version."""
        self.section[self.key] = f"npm:{self.alias}@{version}" if self.alias else version


def pinned(package: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Each pin with the package that it is about and its version."""
    for section in ("dependencies", "optionalDependencies"):
        for name, version in package.get(section, {}).items():
            yield Place(package[section], name), name, version
    for key, value in package.get("overrides", {}).items():
        alias, _, version = value.removeprefix("npm:").rpartition("@")
        yield Place(package["overrides"], key, alias), alias, version


def families(wanted: list[tuple[Place, str, str]]) -> dict[str, list[str]]:
    """The packages by their name without the processor."""
    found: dict[str, list[str]] = {}
    for _, name, _ in wanted:
        found.setdefault(family_of(name), []).append(name)
    return found


def family_of(name: str) -> str:
    """A package's name without the processor."""
    return name.removesuffix("-x64").removesuffix("-arm64")


def newest_of(names: list[str]) -> str:
    """The newest version that all packages of a family have: one of them may be published minutes later."""
    versions: list[str] = [json.loads(run(["npm", "view", f"{name}@latest", "version", "--json"])) for name in names]
    return min(versions, key=order)


def lock(folder: Path, package: dict[str, Any]) -> None:
    """Writes ``package.json`` with a lock file made anew, both or neither."""
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "package.json").write_text(text)
        flags = ["--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts", "--no-audit"]
        run(["npm", "install", "--prefix", str(scratch), *flags, "--no-fund"], cwd=scratch)
        check_lock(package, json.loads((scratch / "package-lock.json").read_text()))
        for made in ("package-lock.json", "package.json"):
            shutil.copyfile(scratch / made, folder / made)


def check_lock(package: Mapping[str, Any], locked: Mapping[str, Any]) -> None:
    """Whether npm did what was asked: an override whose key no longer fits would be passed over without a word."""
    for place, name, version in pinned(package):
        entry = locked["packages"].get(f"node_modules/{place.key}", {})
        if entry.get("version") != version or entry.get("name", name) != name:
            raise CannotUpdate(f"the lock file has no {place.key} that is {name} {version}.")
    bare = [path for path, entry in locked["packages"].items() if path and "integrity" not in entry]
    if bare:
        raise CannotUpdate(f"the lock file has no checksum for {', '.join(bare[:5])}.")


def order(version: str) -> tuple[int, ...]:
    """Versions in their order. Pins are releases: a pre-release is told as older than everything."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else (-1,)


def run(command: list[str], cwd: Path | None = None) -> str:
    """What a program prints.

    Raises:
        CannotUpdate: It failed, or took too long.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS, cwd=cwd)
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout).strip().splitlines()[-1:]
        raise CannotUpdate(f"{' '.join(command[:3])} failed: {' '.join(last)}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotUpdate(f"{command[0]}: {error}") from error
    return done.stdout


def say(line: str) -> None:
    """For people."""
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
