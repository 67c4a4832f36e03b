"""The URLs that a file of a package tool fetches from, by how the file is written. Pure.

Nothing is expanded: a value may be the name of a variable that holds a secret, and a host is shown to people.
"""

import configparser
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from berth.planning.registry_files.files import Form

Tables = Mapping[str, Any]

_NPM = re.compile(r"""["']?(?:@[^\s:="']++:)?registry["']?\s*+=\s*+["']?([^\s"';]++)""")
_YARN = re.compile(r"""\bnpmRegistryServer["']?[ \t]*+:[ \t]*+["']?([^\s"',}]++)""")
_GO = re.compile(r"GOPROXY=(.++)")
_PIP_KEYS = ("index-url", "extra-index-url", "find-links")


MOST_DOTS = 200
"""In one line of TOML. The standard library's reader takes time with the square of a dotted key's length."""


class NotUnderstood(Exception):
    """A file is not written as its tool would have it."""


def urls_in(form: Form, text: str) -> Iterator[str]:
    """What stands where a registry's URL belongs, in the order of the file.

    Raises:
        NotUnderstood: The text is not of this form.
    """
    try:
        yield from _FORMS[form](text.removeprefix("\ufeff"))
    except (ValueError, configparser.Error, RecursionError) as error:
        raise NotUnderstood from error


def _npmrc(text: str) -> Iterator[str]:
    """``registry=`` and ``@scope:registry=``, before the first section: npm reads no others."""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            return
        if found := _NPM.match(line):
            yield found[1]


def _yarnrc(text: str) -> Iterator[str]:
    """``npmRegistryServer``, for all packages or a scope, where the value is on the same line."""
    for line in text.splitlines():
        if not line.lstrip().startswith("#"):
            yield from _YARN.findall(line)


def _go(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if found := _GO.match(line):
            yield from found[1].replace(",", " ").replace("|", " ").split()


def _pip(text: str) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    for section in parser.values():
        for name, value in section.items():
            if name.replace("_", "-") in _PIP_KEYS:
                yield from value.split()


def _uv(text: str) -> Iterator[str]:
    yield from _of_uv(_toml(text))


def _pyproject(text: str) -> Iterator[str]:
    tools = _table(_toml(text), "tool")
    yield from _of_uv(_table(tools, "uv"))
    for name in ("poetry", "pdm"):
        for source in _tables(_table(tools, name).get("source")):
            yield from _texts(source.get("url"))


def _cargo(text: str) -> Iterator[str]:
    """Sources and registries. What replaces which is no matter: each is fetched from where something names it."""
    tables = _toml(text)
    for group, key in (("source", "registry"), ("registries", "index")):
        for one in _tables([*_table(tables, group).values()]):
            yield from (url.removeprefix("sparse+").removeprefix("registry+") for url in _texts(one.get(key)))


def _of_uv(tables: Tables) -> Iterator[str]:
    for table in (tables, _table(tables, "pip")):
        for index in _tables(table.get("index")):
            yield from _texts(index.get("url"))
        for key in _PIP_KEYS:
            yield from _texts(table.get(key))


def _toml(text: str) -> Tables:
    if any(line.count(".") > MOST_DOTS for line in text.splitlines()):
        raise ValueError
    return tomllib.loads(text)


def _table(tables: Tables, name: str) -> Tables:
    found = tables.get(name)
    return found if isinstance(found, dict) else {}


def _tables(value: object) -> Iterator[Tables]:
    return (one for one in (value if isinstance(value, list) else []) if isinstance(one, dict))


def _texts(value: object) -> Iterator[str]:
    return (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


_FORMS: Mapping[Form, Callable[[str], Iterator[str]]] = {
    "npmrc": _npmrc,
    "yarnrc": _yarnrc,
    "pip": _pip,
    "uv": _uv,
    "pyproject": _pyproject,
    "cargo": _cargo,
    "go": _go,
}
