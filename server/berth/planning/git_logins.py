"""Git over HTTPS with the user's login, which stays outside: git is led to the broker, and told what to show. Pure.

Git's own configuration does both, so that every program that runs git is meant: ``insteadOf`` leads, ``extraHeader``
shows.
"""

from collections.abc import Iterator, Mapping, Sequence

from berth.planning.credentials_plan import BROKER, KeySource, PlannedKey
from berth.planning.reasons import reason
from berth.settings.origin import Sourced

MOST_PUSHED = 64 * 1024 * 1024
"""Bytes of one request, as the broker has it. Git sends more only in pieces of unknown number, which it refuses."""

_REQUESTS = (("GET", "info/refs"), ("POST", "git-upload-pack"), ("POST", "git-receive-pack"))
_DEEPEST = 4
"""Groups and a repository: what GitLab nests is rarely deeper."""


def git_key(entry: Sourced[str], sentinel_digest: str) -> PlannedKey:
    """The login for a host, or for what is below one of its paths."""
    host, _, path = entry.value.partition("/")
    return PlannedKey(
        variable=f"git {entry.value}",
        sentinel=sentinel_digest,
        url=f"https://{host}",
        base=f"/git/{host}",
        routes=tuple(_routes(path)),
        header="authorization",
        prefix="Basic ",
        reason=reason(entry.origin),
        source=KeySource(git=host),
    )


def git_variables(shown: Sequence[tuple[str, str]], variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that lead git. ``shown`` are entries with their sentinels; what is configured already stays."""
    first = int(variables.get("GIT_CONFIG_COUNT", "") or 0)
    pairs = [pair for entry, sentinel in shown for pair in _configuration(entry, sentinel)]
    told = {"GIT_CONFIG_COUNT": str(first + len(pairs))}
    for number, (name, value) in enumerate(pairs, first):
        told |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return told


def _configuration(entry: str, sentinel: str) -> Iterator[tuple[str, str]]:
    host, _, path = entry.partition("/")
    if path and "/" not in path:
        path += "/"  # an owner, and nobody whose name begins so
    led = f"{BROKER}/git/{host}/{path}"
    for written in (f"https://{host}/", f"git@{host}:", f"ssh://git@{host}/"):
        yield f"url.{led}.insteadOf", f"{written}{path}"
    for place in (led,) if led.endswith("/") else (led, f"{led}.git"):
        yield f"http.{place}.extraHeader", f"x-api-key: {sentinel}"
        yield f"http.{place}.postBuffer", str(MOST_PUSHED)


def _routes(path: str) -> Iterator[str]:
    """The three requests of git's protocol for every repository below a path, or for the one that it is."""
    named = [part for part in path.split("/") if part]
    for depth in range(max(2, len(named)), _DEEPEST + 1):
        places = [*named, *["*"] * (depth - len(named))]
        for method, what in _REQUESTS:
            yield f"{method} /{'/'.join(places)}/{what}"
            if places[-1] != "*":
                yield f"{method} /{'/'.join(places)}.git/{what}"
