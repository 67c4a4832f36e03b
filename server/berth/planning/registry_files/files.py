"""Which files of package tools name registries: the user's and a workspace's. Pure.

Where each lies is from the tools' own documentation. Only what the tool itself reads for everybody who uses it counts:
pip knows no file of a project, and apt's sources are an image's affair.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from berth.planning.paths import Places
from berth.settings.network import EcosystemName

Form = Literal["npmrc", "yarnrc", "pip", "uv", "pyproject", "cargo", "go"]
"""How a file is written."""

TOOLS: Mapping[Form, EcosystemName] = {
    "npmrc": "npm",
    "yarnrc": "npm",
    "pip": "pip",
    "uv": "pip",
    "pyproject": "pip",
    "cargo": "cargo",
    "go": "go",
}
"""Whose registries stand in a file."""

_Named = tuple[tuple[str, Form], ...]

_IN_WORKSPACE: _Named = (
    (".npmrc", "npmrc"),
    (".yarnrc.yml", "yarnrc"),
    ("pyproject.toml", "pyproject"),
    ("uv.toml", "uv"),
    (".cargo/config.toml", "cargo"),
    (".cargo/config", "cargo"),
)
_OF_MACHINE: _Named = (("/etc/pip.conf", "pip"), ("/etc/uv/uv.toml", "uv"))
_IN_HOME: _Named = (
    (".npmrc", "npmrc"),
    (".yarnrc.yml", "yarnrc"),
    (".pip/pip.conf", "pip"),
    ("pip/pip.ini", "pip"),
)
_IN_CARGO: _Named = (("config.toml", "cargo"), ("config", "cargo"))
_IN_CONFIGURATION: _Named = (("pip/pip.conf", "pip"), ("pip/pip.ini", "pip"), ("uv/uv.toml", "uv"), ("go/env", "go"))
_BY_VARIABLE: _Named = (
    ("NPM_CONFIG_USERCONFIG", "npmrc"),
    ("npm_config_userconfig", "npmrc"),
    ("PIP_CONFIG_FILE", "pip"),
    ("UV_CONFIG_FILE", "uv"),
    ("GOENV", "go"),
)


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """A file that may be there. ``is_users``: it lies outside of the workspace, where only the user writes."""

    path: Path
    form: Form
    is_users: bool


def files_in_workspace(workspace: Path) -> Iterator[RegistryFile]:
    """Those of a workspace, in its root."""
    for name, form in _IN_WORKSPACE:
        yield RegistryFile(workspace / name, form, is_users=False)


def files_of_user(places: Places) -> Iterator[RegistryFile]:
    """Those of the user and the machine, but none in the workspace: there an agent can write."""
    for path, form in dict.fromkeys(_of_user(places)):
        if path.is_absolute() and not path.is_relative_to(places.workspace):
            yield RegistryFile(path, form, is_users=True)


def _of_user(places: Places) -> Iterator[tuple[Path, Form]]:
    environment, home = places.environment, places.home
    folders = [environment.get("XDG_CONFIG_HOME"), environment.get("APPDATA")]
    if home is not None:
        # macOS has a place of its own for them, and some tools look into both
        folders += [str(home / ".config"), str(home / "Library" / "Application Support")]
        yield from _within(home, _IN_HOME)
        yield from _within(Path(environment.get("CARGO_HOME") or home / ".cargo"), _IN_CARGO)
    for folder in filter(None, folders):
        yield from _within(Path(folder), _IN_CONFIGURATION)
    yield from ((Path(environment[name]), form) for name, form in _BY_VARIABLE if environment.get(name))
    yield from ((Path(name), form) for name, form in _OF_MACHINE)


def _within(folder: Path, names: _Named) -> Iterator[tuple[Path, Form]]:
    return ((folder / name, form) for name, form in names)
