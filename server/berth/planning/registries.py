"""Where package tools fetch from: what their own variables say, else the place that each has by default. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from berth.settings.network import EcosystemName, parse_rule

Variables = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Registry:
    """A host and port that a tool fetches from; ``variable`` names it, empty where it is the tool's own default."""

    host: str
    port: int
    variable: str = ""


def registries(ecosystem: EcosystemName, variables: Variables) -> tuple[Registry, ...]:
    """The registries of a tool with these variables."""
    return tuple(dict.fromkeys(_TOOLS[ecosystem](variables)))


def url_host(url: str) -> tuple[str, int] | None:
    """Host and port of an ``http`` or ``https`` URL; None for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        rule = parse_rule(f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or "")
    except ValueError:
        return None
    if port is None or parts.scheme not in ("http", "https") or rule.host.startswith("*"):
        return None
    return rule.host, port


def _named(variables: Variables, *names: str) -> Iterator[Registry]:
    lowered = {name.lower(): (name, value) for name, value in variables.items()}
    for wanted in names:
        name, value = lowered.get(wanted.lower(), ("", ""))
        for url in value.replace(",", " ").replace("|", " ").split():
            found = url_host(url.removeprefix("sparse+"))
            if found is not None:
                yield Registry(*found, variable=name)


def _npm(variables: Variables) -> Iterator[Registry]:
    found = list(_named(variables, "npm_config_registry", "YARN_NPM_REGISTRY_SERVER", "YARN_REGISTRY"))
    yield from found or [Registry("registry.npmjs.org", 443), Registry("registry.yarnpkg.com", 443)]


def _pip(variables: Variables) -> Iterator[Registry]:
    found = list(_named(variables, "PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"))
    yield from found or [Registry("pypi.org", 443), Registry("files.pythonhosted.org", 443)]
    yield from _named(variables, "PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX")


def _cargo(variables: Variables) -> Iterator[Registry]:
    own = [name for name in variables if name.startswith("CARGO_REGISTRIES_") and name.endswith("_INDEX")]
    yield from _named(variables, *own)
    yield from (Registry(host, 443) for host in ("index.crates.io", "static.crates.io", "crates.io"))


def _go(variables: Variables) -> Iterator[Registry]:
    found = list(_named(variables, "GOPROXY"))
    yield from found or [Registry("proxy.golang.org", 443)]
    if variables.get("GOSUMDB") != "off":
        yield Registry("sum.golang.org", 443)


def _apt(_: Variables) -> Iterator[Registry]:
    for host in ("deb.debian.org", "security.debian.org", "archive.ubuntu.com", "security.ubuntu.com"):
        yield from (Registry(host, 80), Registry(host, 443))


_TOOLS: Mapping[EcosystemName, Callable[[Variables], Iterator[Registry]]] = {
    "npm": _npm,
    "pip": _pip,
    "cargo": _cargo,
    "go": _go,
    "apt": _apt,
}
