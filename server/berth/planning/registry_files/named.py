"""The registries that a file names, as hosts. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from berth.planning.forwarding import HOST_NAME
from berth.planning.reason import Reason
from berth.planning.registries import url_host
from berth.planning.registry_files.files import TOOLS, RegistryFile
from berth.planning.registry_files.urls import NotUnderstood, urls_in
from berth.settings.network import EcosystemName, parse_rule

MOST = 32
"""Hosts of one file. A person is to read those of a workspace before saying yes."""

NOT_LISTED = "registries in it are not listed by themselves."

_STRANGE = "has a variable, an address or a name of this machine for a registry's host"
_LONGER = re.compile(r"[\w.:/-]")


@dataclass(frozen=True, slots=True)
class NamedRegistry:
    """A host and port that a tool fetches from, since a file says so; never more of the URL than these."""

    tool: EcosystemName
    host: str
    port: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Registries:
    """What files name, and sentences about what in them could not be used."""

    named: tuple[NamedRegistry, ...] = ()
    notes: tuple[str, ...] = ()


def registries_in(file: RegistryFile, text: str) -> Registries:
    """The registries of one file. Never raises, whatever the text is."""
    try:
        urls = [url for url in urls_in(file.form, text) if _is_remote(url)]
    except NotUnderstood:
        return Registries(notes=(f"{file.path} is not written as {TOOLS[file.form]} wants it: {NOT_LISTED}",))
    hosts: dict[tuple[str, int], str] = {}
    for url in urls:
        if found := _public(url):
            hosts.setdefault(found, url)
    strange = dict.fromkeys(url for url in urls if _public(url) is None)
    notes = [f"{_place(file, text, url)} {_STRANGE}: it is not listed by itself." for url in islice(strange, MOST)]
    if len(hosts) > MOST:
        notes.append(f"{file.path} names more than {MOST} hosts: the others are not listed by themselves.")
    return Registries(tuple(_named(file, text, hosts)), tuple(notes))


def _named(file: RegistryFile, text: str, hosts: dict[tuple[str, int], str]) -> Iterator[NamedRegistry]:
    tool = TOOLS[file.form]
    layer = "user" if file.is_users else "workspace"
    for (host, port), url in islice(hosts.items(), MOST):
        why = f"{tool} fetches from it, as {file.path.name} says"
        yield NamedRegistry(tool, host, port, Reason(layer, _place(file, text, url), why, trusted=file.is_users))


def _is_remote(url: str) -> bool:
    """Whether it is fetched over the network, as far as one can tell: a registry may be a folder as well."""
    return url.lower().startswith(("http://", "https://")) or "$" in url


def _public(url: str) -> tuple[str, int] | None:
    """Host and port, where the host is a name, and not one of this machine's."""
    found = url_host(url)
    if found is None or found[0] in ("localhost", HOST_NAME) or found[0].endswith(".localhost"):
        return None
    return None if ":" in found[0] or parse_rule(found[0]).is_address else found


def _place(file: RegistryFile, text: str, url: str) -> str:
    """``file:line``, or the file alone where the URL is written in another way than it reads."""
    number = next((number for number, line in _lines(text) if _has(line, url)), None)
    return f"{file.path}:{number}" if number else str(file.path)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Those that are no comments, from 1."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.lstrip().startswith(("#", ";")):
            yield number, line


def _has(line: str, url: str) -> bool:
    """Whether the URL stands there, and not a longer one that begins with it."""
    _, found, rest = line.partition(url)
    return bool(found) and not _LONGER.match(rest)
