"""Values of variables that refer to variables of the container: ``${containerEnv:NAME}``, with or without a default."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_REFERENCE = re.compile(r"\$\{containerEnv:([A-Za-z_][A-Za-z0-9_]*)(?::([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable of the container, and what stands there where it is not set."""

    name: str
    default: str = ""


def pieces(value: str) -> Iterator[str | Reference]:
    """The value taken apart, in order; text is never empty."""
    end = 0
    for match in _REFERENCE.finditer(value):
        if match.start() > end:
            yield value[end : match.start()]
        yield Reference(match[1], match[2] or "")
        end = match.end()
    if end < len(value):
        yield value[end:]


def expanded(value: str, environment: Mapping[str, str]) -> str:
    """The value in a container whose variables are known."""
    found = (it if isinstance(it, str) else environment.get(it.name, it.default) for it in pieces(value))
    return "".join(found)
